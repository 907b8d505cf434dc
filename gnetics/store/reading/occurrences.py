"""The stored events of a time, a series by its occurrences: for what runs without frames (store/occurrence_frames.py has these)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from gnetics.domain import series
from gnetics.domain.events import LONGEST
from gnetics.domain.regions import Region
from gnetics.store.schema import events

Taken = Mapping[int, frozenset[str]]  # by series: the occurrences that have rows of their own


def taken(series_keys: Iterable[Any], occurrences: Iterable[Any]) -> Taken:
    """Of the rows that are occurrences of series, changed."""
    found: dict[int, set[str]] = defaultdict(set)
    for key, wall in zip(series_keys, occurrences, strict=True):
        found[int(key)].add(str(wall))
    return {key: frozenset(walls) for key, walls in found.items()}


def between(connection: Connection, begin: datetime, end: datetime, region: Region, *where: ColumnElement[bool]) -> list[dict[str, Any]]:
    """The stored events that touch the instants from `begin` to `end` and take place, in order; see `in_frame`."""
    there = (~events.c.deleted, ~events.c.cancelled, *where)
    once = select(events).where(*there, events.c.recurrence.is_(None), events.c.starts_at < end, events.c.ends_at > begin)
    # by its start: the index cannot know where an event of before ends
    found = [dict(row) for row in connection.execute(once.where(events.c.starts_at > begin - LONGEST)).mappings()]
    every = select(events).where(*there, events.c.recurrence.is_not(None), events.c.starts_at < end)
    masters = [dict(row) for row in connection.execute(every).mappings()]
    changed = _changed(connection) if masters else {}
    for row in masters:
        found += [
            row | {"starts_at": each.starts_at, "ends_at": each.ends_at, "occurrence": each.wall or None}
            for each in series.occurrences(row, begin, end, region, changed.get(row["key"], ()))
        ]
    return sorted(found, key=lambda row: (row["starts_at"], row["key"]))


def at_instant(connection: Connection, row: dict[str, Any], starts_at: datetime, region: Region) -> dict[str, Any] | None:
    """What of that event begins then: itself, its occurrence, or that occurrence as it was changed; None once it was moved."""
    found = series.occurrences(row, starts_at, starts_at + timedelta(seconds=1), region, _changed(connection).get(row["key"], ()))
    if any(each.starts_at == starts_at for each in found):
        return row
    apart = select(events).where(events.c.series_key == row["key"], events.c.starts_at == starts_at, ~events.c.deleted)
    changed = connection.execute(apart).mappings().first()
    return dict(changed) if changed else None


def _changed(connection: Connection) -> Taken:
    changed = select(events.c.series_key, events.c.occurrence).where(events.c.series_key.is_not(None), ~events.c.deleted)
    rows = connection.execute(changed).all()
    return taken([row.series_key for row in rows], [row.occurrence for row in rows])
