"""Times at which a person is free, from the calendar."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from gnetics.domain import dates
from gnetics.domain.calm_hours import is_working
from gnetics.domain.regions import Region
from gnetics.store.reading import occurrences

HOURS = (time(9, 30), time(11), time(14), time(16))  # those within the working hours; else when these begin
LASTS = timedelta(minutes=45)
AHEAD = 14  # days, from tomorrow on


def free_slots(connection: Connection, owner: str | None, now: datetime, region: Region, count: int = 3) -> list[str]:
    """The first ones in words; events of `owner`, of everybody where there is none, take their time."""
    planned = occurrences.between(connection, now, now + timedelta(days=AHEAD + 2), region)
    taken = [(row["starts_at"], row["ends_at"]) for row in planned if owner is None or row["owner"] == owner]
    return [dates.spoken(moment, region) for moment in free_moments(taken, now, region, count)]


def free_moments(taken: Collection[tuple[datetime, datetime]], now: datetime, region: Region, count: int = 3) -> list[datetime]:
    """The first ones of the coming working days, one a day, which no time `taken` meets."""
    found: list[datetime] = []
    hours = _hours(region)
    for day in _working_days(now.astimezone(region.zone), region):
        starts = (datetime.combine(day, hour, region.zone) for hour in hours)
        free = next((each for each in starts if not any(begin < each + LASTS and each < end for begin, end in taken)), None)
        if free:
            found.append(free)
        if len(found) == count:
            break
    return found


def _hours(region: Region) -> list[time]:
    begins, ends = region.working
    day = date(2026, 1, 1)  # any
    last = datetime.combine(day, ends) - LASTS
    return [hour for hour in HOURS if begins <= hour and datetime.combine(day, hour) <= last] or [begins]


def _working_days(now: datetime, region: Region) -> Iterator[date]:
    for ahead in range(1, AHEAD + 1):
        day = now.date() + timedelta(days=ahead)
        if is_working(day, region):
            yield day
