"""What a row of the store and an event of a server say, in one form: field by field, so that both sides can be compared and merged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from gnetics.domain.events import NO_ANSWER
from gnetics.domain.regions import Region
from gnetics.domain.wall_clocks import walls, written
from gnetics.exports.icalendar import CONTACT_LINE
from gnetics.imports.ics.events import TIMES, Entry, place_in_series
from gnetics.store.unit_of_work import Row

Said = dict[str, Any]  # by field; JSON holds it
_PLAIN = ("title", "description", "place", "category", "kind", "video_url", "recurrence")
FILLED = frozenset(("title", "description", "place", "category", "kind", "video_url", "reminder", "participants"))
_ODD = "Ses parties ne font pas un seul événement."


def of_row(row: Row, region: Region) -> Said:
    """`row` has `lead`, its contact in words."""
    start, end, zone = walls(row, region)
    said: Said = {name: row[name] or None for name in _PLAIN}
    return said | {
        "reminder": row["reminder"],
        "times": _times(start, end, zone, row["all_day"]),
        "excluded": sorted((row["excluded"] or "").split()),
        "occurrence": row["occurrence"] if row["series_key"] is not None else None,
        "cancelled": bool(row["cancelled"]),
        "participants": _participants(row["participants"]),
        "sequence": row["sequence"],
        "contact": row["lead"],
    }


def of_entry(entry: Entry, at: str | None, contact: str, region: Region) -> Said:
    """`contact` is what we said of it: some programs keep its line, and not the property that tells it from the description."""
    values = entry.values
    start, end = (datetime.fromisoformat(values[name]) for name in ("wall_start", "wall_end"))
    said: Said = {name: values[name] or None for name in _PLAIN}
    return said | {
        "description": _without(values["description"], contact),
        "reminder": values["reminder"],
        "times": _times(start, end, values["zone"] or region.zone_name, values["all_day"]),
        "excluded": sorted((values["excluded"] or "").split()),
        "occurrence": at,
        "cancelled": values["cancelled"],
        "participants": _participants(values["participants"]),
        "sequence": entry.sequence,
        "contact": contact,
    }


def columns(entry: Entry, said: Said, fields: Iterable[str]) -> Row:
    """What the store writes of these fields of an event that a server has; `said` is what `of_entry` made of it."""
    row: Row = {}
    for name in fields:
        if name == "times":
            row |= {each: entry.values[each] for each in TIMES}
        elif name in ("excluded", "participants"):
            row[name] = entry.values[name]
        elif name != "contact":
            row[name] = said[name]
    return row


@dataclass(frozen=True)
class Merge:
    """Fields: `taken` from the server as they are there, `clashing` changed differently on both sides, `ours` to be sent."""

    taken: frozenset[str]
    clashing: frozenset[str]
    ours: frozenset[str]


def merge(ours_then: Said, ours: Said, theirs_then: Said, theirs: Said) -> Merge:
    """By what each side changed since they agreed; the kind, which is a word of ours, is never emptied by a program that drops it."""
    moved = {name for name in theirs if theirs[name] != theirs_then.get(name)} - {"contact"}
    moved -= {"kind"} if theirs["kind"] is None else set()
    moved -= {"sequence"} if theirs["sequence"] <= ours["sequence"] else set()
    mine = {name for name in ours if ours[name] != ours_then.get(name)}
    clashing = {name for name in moved & mine if ours[name] != theirs[name]}
    return Merge(frozenset(moved - mine), frozenset(clashing), frozenset(clashing | (mine - moved)))


def joined(ours: Said, theirs: Said) -> Merge:
    """Of an event that both had before they were ever compared: the server's word, and ours where it has none."""
    differing = {name for name in theirs if theirs[name] != ours[name]} - {"contact"}
    filled = {name for name in differing & FILLED if not theirs[name]}
    differing -= {"sequence"} if theirs["sequence"] <= ours["sequence"] else set()
    return Merge(frozenset(differing - filled), frozenset(), frozenset(filled))


@dataclass
class Reading:
    """One object of a server: its parts by occurrence ("" for the whole), the place of each VEVENT in the text, or why it is not taken.

    `cut`: it did not come whole, so that nobody knows what it says.
    """

    uid: str = ""
    parts: dict[str, Entry] = field(default_factory=dict)
    blocks: dict[str, int] = field(default_factory=dict)
    refusal: str = ""
    cut: bool = False

    @property
    def title(self) -> str:
        return next((entry.title for entry in self.parts.values()), "")


def reading(entries: list[Entry], region: Region) -> Reading:
    """Of a series the whole comes with it; one occurrence alone, as an invitation to it is, is an event of its own."""
    found = Reading(uid=entries[0].uid if entries else "")
    master = next((entry for entry in entries if entry.recurs is None), None)
    for block, entry in enumerate(entries):
        if entry.refusal:
            return Reading(entry.uid, {"": entry}, refusal=entry.refusal)
        at = ""
        if entry.recurs is not None and master is not None:
            at = place_in_series(entry.recurs, master.values, region)
        elif entry.recurs is not None:
            found.uid = f"{entry.uid}#{place_in_series(entry.recurs, entry.values | {'all_day': True}, region)}"
        if at in found.parts or entry.uid != entries[0].uid or (at and master and not master.values["recurrence"]):
            return Reading(entry.uid, {"": entry}, refusal=_ODD)
        found.parts[at], found.blocks[at] = entry, block
    return found


def _times(start: datetime, end: datetime, zone: str, all_day: bool) -> list[Any]:
    """A day ends at the midnight after it."""
    if all_day:
        start = datetime.combine(start.date(), time())
        end = end if end.time() == time() else datetime.combine(end.date() + timedelta(days=1), time())
    return [written(start), written(end), "" if all_day else zone, all_day]


def _participants(text: str | None) -> list[list[str]]:
    return [[address, person or "", answer or NO_ANSWER] for address, person, answer in json.loads(text or "[]")]


def _without(description: str | None, contact: str) -> str | None:
    if not description or not contact:
        return description
    return description.removesuffix(CONTACT_LINE.format(contact)).rstrip() or None


def same_parts(then: Mapping[str, Any], now: Mapping[str, Any], shifted: bool) -> dict[str, str]:
    """By its occurrence then, which is which now: the same one; of a series that was `shifted` as a whole, one after the other."""
    gone, new = sorted(then.keys() - now.keys()), sorted(now.keys() - then.keys())
    moved = dict(zip(gone, new, strict=True)) if shifted and len(gone) == len(new) else {}
    return {at: at for at in then.keys() & now.keys()} | moved
