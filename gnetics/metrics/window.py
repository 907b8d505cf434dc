"""The stretch of days that a figure looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def instants(column: pd.Series) -> NDArray[np.datetime64]:
    """A column of aware UTC instants as plain numpy times (still UTC)."""
    moments: NDArray[np.datetime64] = column.dt.tz_convert(None).to_numpy().astype("datetime64[us]")
    return moments


def local_days(moments: NDArray[np.datetime64], zone: ZoneInfo) -> NDArray[np.datetime64]:
    """The zone's calendar day of UTC instants."""
    days: NDArray[np.datetime64] = pd.DatetimeIndex(moments, tz="UTC").tz_convert(zone).tz_localize(None).to_numpy().astype("datetime64[D]")
    return days


def first_instant(day: date, zone: ZoneInfo) -> np.datetime64:
    """Midnight of a calendar day of the zone, in UTC."""
    return np.datetime64(datetime.combine(day, time.min, zone).astimezone(UTC).replace(tzinfo=None), "us")


@dataclass(frozen=True)
class Window:
    """Both ends are included; None leaves that end open. A window open at both ends holds unknown dates too."""

    start: date | None = None
    end: date | None = None

    @classmethod
    def last(cls, days: int, today: date) -> Window:
        return cls(today - timedelta(days=days - 1), today)

    @property
    def is_everything(self) -> bool:
        return self.start is None and self.end is None

    @property
    def days(self) -> int | None:
        """Length; None when an end is open."""
        return None if self.start is None or self.end is None else (self.end - self.start).days + 1

    @property
    def previous(self) -> Window | None:
        """The window of the same length just before."""
        if self.start is None or self.days is None:
            return None
        return Window(self.start - timedelta(days=self.days), self.start - timedelta(days=1))

    def holds(self, days: NDArray[np.datetime64]) -> NDArray[np.bool_]:
        return self._between(days, self.start and np.datetime64(self.start), self.end and np.datetime64(self.end + timedelta(days=1)))

    def holds_instants(self, moments: NDArray[np.datetime64], zone: ZoneInfo) -> NDArray[np.bool_]:
        """For UTC instants, by calendar day of the zone."""
        start = None if self.start is None else first_instant(self.start, zone)
        return self._between(moments, start, None if self.end is None else first_instant(self.end + timedelta(days=1), zone))

    def _between(self, values: NDArray[Any], start: Any, stop: Any) -> NDArray[np.bool_]:
        if self.is_everything:
            return np.ones(len(values), dtype=bool)
        held: NDArray[np.bool_] = ~np.isnat(values)
        if start is not None:
            held &= values >= start
        if stop is not None:
            held &= values < stop
        return held


EVERYTHING = Window()


def month_start(day: date, shift: int = 0) -> date:
    """First day of the month `shift` months away."""
    months = day.year * 12 + day.month - 1 + shift
    return date(months // 12, months % 12 + 1, 1)
