"""What day and time it is for the region; replaceable in tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Clock:
    """`now()` is an aware instant in the region's zone, `today()` its calendar day.

    Hours added to `now()` are those of the wall: in the nights when clocks change they are not the hours that pass, those of `instant()`.
    """

    zone: ZoneInfo
    source: Callable[[], datetime] = _utc_now

    def now(self) -> datetime:
        return self.source().astimezone(self.zone)

    def instant(self) -> datetime:
        return self.source().astimezone(UTC)

    def today(self) -> date:
        return self.now().date()


def fixed(moment: datetime, zone: ZoneInfo) -> Clock:
    """A clock stopped at an aware `moment`."""
    return Clock(zone, lambda: moment)
