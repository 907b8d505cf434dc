"""When a night begins, by which what is done every night is counted."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

HOUR = time(3, 30)  # in the region's zone, after the backup of deploy/


def night(now: datetime, hour: time = HOUR) -> date:
    """The day of the last 3:30: a machine that was off then does its tasks when it is on again."""
    return now.date() - timedelta(days=now.time() < hour)


def next_night(now: datetime, hour: time = HOUR) -> datetime:
    return datetime.combine(night(now, hour) + timedelta(days=1), hour, now.tzinfo)
