"""What happened to a lead, an entry of its timeline each: saves, mails, events, automation runs."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from itertools import groupby, pairwise

from gnetics.domain import series, values
from gnetics.domain.events import outcome
from gnetics.domain.fields import BY_KEY, LEAD_FIELDS, Field
from gnetics.domain.history import Action
from gnetics.domain.leads import FOLLOWING_STATUS
from gnetics.domain.regions import Region
from gnetics.domain.statuses import default_probability
from gnetics.domain.typography import capital
from gnetics.pages.contacts.widgets.lead_sheet import TimelineEntry
from gnetics.pages.mail_words import person
from gnetics.widgets import lead_rows
from gnetics.widgets.lead_rows import Row

SIGNED = 12  # characters of a day, before the author of a note
_RANKS = {"status": 0} | {field.key: rank for rank, field in enumerate(LEAD_FIELDS, 1) if field.key != "status"}
HISTORY_ICONS = {
    Action.CREATED: "mdi-account-plus-outline",
    Action.IMPORTED: "mdi-tray-arrow-up",
    Action.RESTORED: "mdi-restore",
    Action.MERGED: "mdi-call-merge",
    Action.SEPARATED: "mdi-call-split",
}


class DatedEntry(TimelineEntry):
    """With the instant that sorts it and the transaction that wrote it, which the browser is not told."""

    at: datetime | None
    rev: int


def history_entries(lines: list[Row], key: int, undoable: Collection[int], region: Region) -> list[DatedEntry]:
    """The history of lead `key`, newest first, with that of the leads merged into it: an entry for all that one save changed.

    Each moment but the last offers to go back to the lead as it then was; merges of the transactions `undoable` to be undone.
    """
    own = [line for line in lines if line["entity_key"] == key]
    versions = {older["key"] for newer, older in pairwise(own) if older["at"] != newer["at"]}
    entries = []
    for _, group in groupby(lines, lambda line: (line["rev"], line["at"], line["entity_key"], line["who"])):
        saved = list(group)
        newest, mine = saved[0], saved[0]["entity_key"] == key
        entry = _entry(f"h{newest['key']}", newest["at"], newest["rev"], newest["who"], region)
        _tell(entry, _told(saved), region)
        if not mine:
            entry["restores"], entry["who"] = [], f"{newest['who']} (fiche fusionnée)"
        elif newest["key"] in versions:
            entry["version"] = newest["key"]
        if mine and newest["rev"] in undoable and any(line["action"] == Action.MERGED and not line["field"] for line in saved):
            entry["unmerge"] = newest["rev"]
        entries.append(entry)
    return entries


def _told(saved: list[Row]) -> list[Row]:
    """The lines of one save that say something, in the order in which they are read: what follows a status goes without saying."""
    by_field = {line["field"]: line for line in saved}
    status, chance = by_field.get("status"), by_field.get("probability")
    silent = set(FOLLOWING_STATUS) - {"probability"} if status else set()
    if status and chance and chance["after"] == values.encode("percent", default_probability(status["after"])):
        silent.add("probability")
    return sorted((line for line in saved if line["field"] not in silent), key=lambda line: (_RANKS.get(line["field"], -1), line["key"]))


def _tell(entry: DatedEntry, lines: list[Row], region: Region) -> None:
    """The first line is the title, the others stand under it; each of a field that people fill offers its earlier value."""
    entry["icon"] = HISTORY_ICONS.get(lines[0]["action"], "mdi-pencil-outline")
    sentences = []
    for line in lines:
        field = BY_KEY.get(line["field"])
        if field is None:
            sentences.append(_of_the_whole(line))
        elif _is_note(line):
            entry["icon"], entry["detail"] = "mdi-note-plus-outline", _note(line)
            sentences.append("Note ajoutée")
        else:
            before, after = (shorten(_shown(field, line[side], region)) for side in ("before", "after"))
            sentences.append(f"{field.label}\u00a0: {before or 'vide'} → {after or 'vide'}")
            if field.editable and line["action"] != Action.CREATED:
                entry["restores"].append({"key": line["key"], "label": f"Rétablir {field.label}\u00a0: {shorten(before, 40) or 'vide'}"})
    entry["title"], *entry["lines"] = sentences


def _of_the_whole(line: Row) -> str:
    return {
        Action.CREATED: "Contact créé",
        Action.IMPORTED: "Contact importé",
        Action.DELETED: "Contact supprimé",
        Action.RESTORED: "Contact restauré",
        Action.MERGED: f"Fusionné avec «\u00a0{line['after']}\u00a0»",
        Action.SEPARATED: "Fusion annulée",
    }.get(line["action"], str(line["action"]).capitalize())


def _is_note(line: Row) -> bool:
    longer = line["after"] and line["after"].startswith(line["before"] or "")
    return line["field"] == "notes" and line["action"] == Action.CHANGED and bool(longer)


def _note(line: Row) -> str:
    """What was added, without the day and the author, which its entry says."""
    added = str(line["after"])[len(line["before"] or "") :].strip()
    signature, found, text = added.partition(f", {line['who']}\u00a0: ")
    return text if found and len(signature) <= SIGNED else added


def _shown(field: Field, text: str | None, region: Region) -> str:
    return values.show(field.kind, values.decode(field.kind, text), region)


def _entry(name: str, at: datetime | None, rev: int, who: str | None, region: Region) -> DatedEntry:
    """One that says nothing yet."""
    return {
        "id": name,
        "at": at,
        "rev": rev,
        "when": lead_rows.when(at, region),
        "who": who or "",
        "icon": "",
        "title": "",
        "detail": "",
        "lines": [],
        "restores": [],
    }


def message_entry(row: Row, region: Region) -> DatedEntry:
    """A mail of the timeline, leading to the Inbox Log."""
    received = row["direction"] == "reçu"
    entry = _entry(f"m{row['key']}", row["at"], 0, person(row["sender"]), region)
    entry["icon"] = "mdi-email-outline" if received else "mdi-send-outline"
    entry["title"] = f"{'Reçu' if received else 'Envoyé'}\u00a0: {row['subject'] or '(sans objet)'}"
    entry["detail"] = shorten(re.sub(r"\s+", " ", row["text"] or ""), 140)
    entry["link"] = {"page": "inbox", "query": {"message": str(row["key"])}}
    return entry


def event_entry(row: Row, region: Region) -> DatedEntry:
    """A calendar event of the timeline, leading to the calendar."""
    entry = _entry(f"e{row['key']}", row["starts_at"], row["rev"], row["owner"], region)
    entry["icon"] = "mdi-calendar-check-outline" if row["done"] else "mdi-calendar-outline"
    entry["title"] = row["title"]
    state = capital(outcome(row)) or ("Se répète" if row["recurrence"] else "")
    entry["detail"] = shorten(" · ".join(filter(None, (state, row["description"]))), 140)
    entry["link"] = {"page": "calendrier", "query": {"event": series.ref_of(row)}}
    return entry


def run_entry(row: Row, region: Region) -> DatedEntry:
    """An automation run of the timeline, kept in the Automations Log."""
    at = row["ended_at"] or row["started_at"] or row["queued_at"]
    entry = _entry(f"r{row['key']}", at, 0, row["triggered_by"], region)
    entry["icon"] = "mdi-robot-outline"
    entry["title"] = f"{row['rule']}\u00a0: {row['status']}"
    entry["detail"] = shorten(row["error"] or row["reason"] or row["detail"] or row["subject"] or "", 140)
    return entry


def shorten(text: str, longest: int = 80) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
