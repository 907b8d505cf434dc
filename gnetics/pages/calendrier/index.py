"""Events and follow-ups by day of the region: built once per version of the data, asked for a period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from gnetics.domain import dates, series
from gnetics.domain.regions import Region
from gnetics.domain.statuses import LOST, WON

DAY = 1440  # minutes
_READ = ["starts_at", "ends_at", "all_day", "recurrence", "occurrence"]
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Stretch:
    """One event on the region's clock: days as ordinals, `start` minutes into `first`, `end` minutes into `last` (24 h: 1440).

    `bar`: all day, or a day long and more, so shown above the hours; `wall` names an occurrence of a series.
    """

    key: int
    first: int
    last: int
    start: int
    end: int
    bar: bool
    wall: str = ""

    @property
    def ref(self) -> str:
        return series.ref(self.key, self.wall)


class EventIndex:
    """Stretches sorted by start, the longer first. `repeated(begin, end)` gives the occurrences of series between two instants."""

    def __init__(self, events: pd.DataFrame, region: Region, repeated: Callable[[datetime, datetime], pd.DataFrame] | None = None) -> None:
        self._region, self._repeated = region, repeated
        self._count = len(events)
        self._columns = _stretches(events.loc[events["recurrence"].isna().to_numpy(), _READ], region)
        self._expanded: dict[tuple[date, date], list[Stretch]] = {}

    def __len__(self) -> int:
        return self._count

    def between(self, first: date, last: date) -> list[Stretch]:
        """Events that touch one of these days."""
        starts, ends = self._columns[1], self._columns[2]
        kept = (starts <= last.toordinal()) & (ends >= first.toordinal())
        once = [Stretch(*cells) for cells in zip(*(column[kept].tolist() for column in self._columns), strict=True)]
        return sorted([*once, *self._of_series(first, last)], key=_order) if self._repeated else once

    def next_after(self, day: date) -> date | None:
        """The first day after `day` on which an event starts."""
        starts = self._columns[1]
        place = int(np.searchsorted(starts, day.toordinal(), side="right"))
        found = [date.fromordinal(int(starts[place]))] if place < len(starts) else []
        for ahead in series.LOOKED_AHEAD if self._repeated else ():
            until = min([day + ahead, *found])
            if days := [each.first for each in self._of_series(day, until) if each.first > day.toordinal()]:
                return date.fromordinal(min([*days, *(each.toordinal() for each in found)]))
        return found[0] if found else None

    def _of_series(self, first: date, last: date) -> list[Stretch]:
        if self._repeated is None:
            return []
        for (low, high), known in self._expanded.items():
            if low <= first and last <= high:
                return [each for each in known if each.first <= last.toordinal() and each.last >= first.toordinal()]
        begin, end = (dates.first_instant(day, self._region.zone) for day in (first, last + timedelta(days=1)))
        found = self._repeated(begin, end)
        cells = zip(*(column.tolist() for column in _stretches(found, self._region)), strict=True)
        self._expanded[first, last] = [Stretch(*each) for each in cells]
        return self._expanded[first, last]


def _stretches(events: pd.DataFrame, region: Region) -> list[np.ndarray]:
    """The columns of Stretch, in order."""
    first, start = _local(events["starts_at"], region)
    last, end = _local(events["ends_at"], region)
    midnight = (end == 0) & (last > first)  # ends when its last day ends
    last, end = last - midnight, np.where(midnight, DAY, end)
    length = (events["ends_at"] - events["starts_at"]).dt.total_seconds().to_numpy()
    bar = events["all_day"].to_numpy() | (length >= DAY * 60)
    walls = events["occurrence"].where(events["recurrence"].notna(), "").fillna("").to_numpy(dtype=object)
    order = np.lexsort((-length, start, first))
    return [column[order] for column in (events.index.to_numpy(), first, last, start, end, bar, walls)]


def _order(stretch: Stretch) -> tuple[int, int, int]:
    return stretch.first, stretch.start, -(stretch.last - stretch.first) * DAY - stretch.end


class FollowUpIndex:
    """Leads by the day of their next follow-up; those won or lost have none any more."""

    def __init__(self, real: pd.DataFrame) -> None:
        still = real["next_follow_up"].notna() & ~real["status"].isin([WON, LOST])
        planned = real.loc[still, ["next_follow_up", "name_fold"]]
        planned = planned.sort_values(["next_follow_up", "name_fold"], kind="stable")
        self._days = planned["next_follow_up"].to_numpy().astype("datetime64[D]").astype(np.int64) + _EPOCH
        self._keys = planned.index.to_numpy()

    def on(self, day: date, most: int) -> tuple[list[int], int]:
        """(keys of the leads due that day, at most `most`; how many there are)."""
        low, high = np.searchsorted(self._days, [day.toordinal(), day.toordinal() + 1]).tolist()
        return self._keys[low : min(high, low + most)].tolist(), high - low

    def count(self, first: date, last: date) -> int:
        low, high = np.searchsorted(self._days, [first.toordinal(), last.toordinal() + 1]).tolist()
        return int(high - low)


def _local(moments: pd.Series, region: Region) -> tuple[np.ndarray, np.ndarray]:
    """(day as an ordinal, minute of the day), on the region's clock whatever the season."""
    clock = moments.dt.tz_convert(region.zone).dt.tz_localize(None).to_numpy().astype("datetime64[m]")
    days = clock.astype("datetime64[D]")
    return days.astype(np.int64) + _EPOCH, (clock - days).astype(np.int64)
