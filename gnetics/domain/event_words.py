"""When an event takes place, and how often, in French."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from gnetics.domain import dates, series
from gnetics.domain.recurrence_words import say
from gnetics.domain.regions import Region
from gnetics.errors import Unreadable


def when(event: Mapping[str, Any], region: Region) -> str:
    """« mardi 24 novembre 2026, 14:00 – 15:00 (1 h) »."""
    starts, ends = (event[name].astimezone(region.zone) for name in ("starts_at", "ends_at"))
    first, last = starts.date(), last_day(event, region)
    if event["all_day"] and first == last:
        return f"{dates.long(first, region)}, toute la journée"
    if event["all_day"]:
        return f"{dates.long(first, region)} – {dates.long(last, region)} ({(last - first).days + 1} jours)"
    if first == ends.date() or first == last:
        return f"{dates.long(first, region)}, {starts:%H:%M} – {ends:%H:%M} ({_length(event['ends_at'] - event['starts_at'])})"
    return f"{dates.long(first, region)}, {starts:%H:%M} – {dates.long(ends.date(), region)}, {ends:%H:%M}"


def _length(duration: timedelta) -> str:
    hours_, minutes = divmod(int(duration.total_seconds()) // 60, 60)
    return f"{hours_}\u00a0h\u00a0{minutes:02d}" if hours_ and minutes else f"{hours_}\u00a0h" if hours_ else f"{minutes}\u00a0min"


def repeats(event: Mapping[str, Any], region: Region) -> str:
    """« chaque semaine le mardi », "" of an event that does not repeat."""
    try:
        whole = series.of(event, region)
    except Unreadable as error:
        return f"répétition illisible\u00a0: {error}"
    return say(whole.rule, whole.start, region, whole.zone) if whole else ""


def last_day(event: Mapping[str, Any], region: Region) -> date:
    """The last day an event touches: one that ends at midnight does not touch the day that begins."""
    starts, ends = (event[name].astimezone(region.zone) for name in ("starts_at", "ends_at"))
    day: date = ends.date()
    return day - timedelta(days=1) if ends.time() == time() and day > starts.date() else day
