"""When nobody wants a mail that no person sent: at night, at week-ends, on public holidays."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from gnetics.domain import holidays
from gnetics.domain.regions import Region

MORNING, EVENING = time(8, 30), time(18, 30)


def is_working(day: date, region: Region) -> bool:
    return day.weekday() < 5 and not holidays.name(day, region)


def next_working(day: date, region: Region) -> date:
    """That day itself when it is one."""
    while not is_working(day, region):
        day += timedelta(days=1)
    return day


def working_days_after(day: date, count: int, region: Region) -> date:
    """The day that comes so many working days after this one."""
    for _ in range(count):
        day = next_working(day + timedelta(days=1), region)
    return day


def next_allowed(moment: datetime, region: Region) -> datetime:
    """That moment itself when it may be sent then, else the next morning of a working day."""
    local = moment.astimezone(region.zone)
    if is_working(local.date(), region) and MORNING <= local.time() < EVENING:
        return moment
    day = next_working(local.date() + timedelta(days=local.time() >= EVENING), region)
    return datetime.combine(day, MORNING, region.zone)
