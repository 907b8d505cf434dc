"""What the two logs have in common when a row becomes cells: dates, durations, pills, links to a lead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from gnetics.domain import dates, leads
from gnetics.domain.regions import Region
from gnetics.domain.typography import counted
from gnetics.pages.logs.widgets.details import Pair
from gnetics.pages.logs.widgets.log_table import ColumnShape, LogCell, LogColumn, Tile
from gnetics.store.reading.erased import Gone
from gnetics.store.reading.logs import Log
from gnetics.widgets.given import Link
from gnetics.widgets.lead_rows import reference

Row = dict[str, Any]
UNKNOWN_LOOK = ("plain", "mdi-help-circle-outline")  # tint and icon of an imported word we do not know
SILENT_AFTER = timedelta(minutes=10)  # a worker is there every minute: what is due for longer is late
LONGEST = 240  # characters of a cell; the detail has the rest


def erased(gone: Gone | None, one: str, many: str, region: Region) -> str:
    """« 1 204 messages antérieurs au 3 mars 2025 ont été effacés (conservation : 24 mois). »; "" when nothing went."""
    if gone is None:
        return ""
    day = dates.in_words(gone.before, region)
    said = f"Les {many}" if gone.count is None else counted(gone.count, one, many)
    return f"{said.format(day=day)} (conservation\u00a0: {gone.months}\u00a0mois)."


def cell(text: str = "", sub: str = "", *, pill: str = "", icon: str = "", link: Link | None = None, tip: str = "") -> LogCell:
    """`sub` follows in grey; `pill` is a tint (done, late, soon, info, plain); `tip` what the pointer reads."""
    text, sub = one_line(text), one_line(sub)
    tip = tip or " · ".join(part for part in (text, sub) if part)
    return {"text": text, "sub": sub, "pill": pill, "icon": icon, "link": link, "tip": tip}


def sortable(log: Log, shapes: Sequence[ColumnShape]) -> list[LogColumn]:
    """The columns of a log, by which the store can sort some."""
    return [{**shape, "sort": shape["key"] in log.sorts} for shape in shapes]


def tile(value: str, label: str, count: int, tint: str = "", icon: str = "", sign: str = "", note: str = "", *, on: bool) -> Tile:
    """A counter, which filters on its `value`; `sign` stands before it (=, +, or nothing when it is apart)."""
    return {"value": value, "label": label, "count": count, "tint": tint, "icon": icon, "sign": sign, "note": note, "on": on}


def one_line(text: str | None, longest: int = LONGEST) -> str:
    line = re.sub(r"[^\S\u00a0\u202f]+", " ", (text or "")[: 2 * longest]).strip()
    return line if len(line) <= longest else line[: longest - 1] + "…"


def lead_link(lead: Row | None) -> Link | None:
    """To the lead's sheet; None when the row has no lead (any more)."""
    return {"page": "contacts", "query": {"lead": reference(lead)}} if lead else None


def lead_title(lead: Row | None) -> str:
    return leads.title(lead) if lead else ""


def lead_chip(ref: str, lead: Row | None) -> str:
    """How the filter on a lead reads."""
    return f"Contact\u00a0: {leads.title(lead)}" if lead and reference(lead) == ref else f"Contact\u00a0: {ref} (inconnu)"


def short(moment: datetime | None, today: date, region: Region) -> str:
    """« aujourd’hui 14:32 », « hier 09:10 », « 03/11/2026 14:32 »."""
    if moment is None:
        return "date inconnue"
    local = moment.astimezone(region.zone)
    day = dates.relative(local.date(), today) if abs((local.date() - today).days) < 2 else dates.show(local.date(), region)
    return f"{day} {local:%H:%M}"


def exact(moment: datetime | None, region: Region) -> str:
    """« mardi 24 novembre 2026 à 14:32:05 », "" when unknown."""
    if moment is None:
        return ""
    local = moment.astimezone(region.zone)
    return f"{dates.long(local.date(), region)} à {local:%H:%M:%S}"


def stamp(moment: datetime | None, region: Region) -> str:
    """« 24/11/2026 à 14:32:05 », "" when unknown."""
    return "" if moment is None else f"{dates.show((local := moment.astimezone(region.zone)).date(), region)} à {local:%H:%M:%S}"


def duration(seconds: float | None) -> str:
    """« 340 ms », « 1,2 s », « 2 min 05 s », « 1 h 03 min »; "" when unknown or impossible."""
    if seconds is None or seconds < 0:
        return ""
    if seconds < 1:
        return f"{round(seconds * 1000)}\u00a0ms"
    if seconds < 60:
        return f"{round(seconds, 1):g}\u00a0s".replace(".", ",")
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60}\u00a0min {whole % 60:02d}\u00a0s"
    return f"{whole // 3600}\u00a0h {whole % 3600 // 60:02d}\u00a0min"


def pair(label: str, text: str, *, link: Link | None = None, code: bool = False) -> Pair:
    """A line of a detail; `code` sets it in fixed width."""
    return {"label": label, "text": text, "link": link, "code": code}


def known(pairs: list[Pair]) -> list[Pair]:
    """The lines that have something to say."""
    return [each for each in pairs if each["text"]]
