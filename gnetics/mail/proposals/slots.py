"""Times at which a person is free, from the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, select

from gnetics.domain import dates
from gnetics.domain.calm_hours import is_working
from gnetics.domain.regions import Region
from gnetics.store.schema import events

HOURS = (time(9, 30), time(11), time(14), time(16))
LASTS = timedelta(minutes=45)
AHEAD = 14  # days, from tomorrow on


def free_slots(connection: Connection, owner: str | None, now: datetime, region: Region, count: int = 3) -> list[str]:
    """The first ones of the coming working days, one a day, in words; events of `owner` take their time."""
    local = now.astimezone(region.zone)
    end = local + timedelta(days=AHEAD + 2)
    mine = (~events.c.deleted, ~events.c.cancelled, events.c.starts_at < end, events.c.ends_at > now)
    taken = [
        (row.starts_at, row.ends_at)
        for row in connection.execute(select(events.c.starts_at, events.c.ends_at, events.c.owner).where(*mine))
        if owner is None or row.owner == owner
    ]
    found: list[str] = []
    for day in _working_days(local, region):
        starts = (datetime.combine(day, hour, region.zone) for hour in HOURS)
        free = next((each for each in starts if not any(begin < each + LASTS and each < end for begin, end in taken)), None)
        if free:
            found.append(dates.spoken(free, region))
        if len(found) == count:
            break
    return found


def _working_days(now: datetime, region: Region) -> Iterator[date]:
    for ahead in range(1, AHEAD + 1):
        day = now.date() + timedelta(days=ahead)
        if is_working(day, region):
            yield day
