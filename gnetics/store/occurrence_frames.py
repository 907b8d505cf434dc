"""The events of a time, a series by its occurrences, in a frame."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

import pandas as pd

from gnetics.domain import series
from gnetics.domain.regions import Region
from gnetics.domain.series import Occurrence
from gnetics.store.reading.occurrences import Taken, taken


def apart(frame: pd.DataFrame) -> pd.DataFrame:
    """What the occurrences that were changed are of their series."""
    return frame.loc[frame["series_key"].notna().to_numpy(), ["series_key", "occurrence"]]


def taken_of(*frames: pd.DataFrame) -> Taken:
    changed = pd.concat([apart(frame) for frame in frames])
    return taken(changed["series_key"].tolist(), changed["occurrence"].tolist())


def in_frame(frame: pd.DataFrame, changed: Taken, begin: datetime, end: datetime, region: Region) -> pd.DataFrame:
    """The rows of `frame` that touch the instants from `begin` to `end`, in order; an occurrence has its own times, and its series' key.

    Of those that are not occurrences of a series, the column `occurrence` is missing or names the one that was changed.
    """
    repeats = frame["recurrence"].notna().to_numpy()
    touches = ((frame["starts_at"] < end) & (frame["ends_at"] > begin)).to_numpy()
    once = frame[touches & ~repeats]
    of_series = frame[repeats]
    found = [
        (place, each)
        for place, row in enumerate(_rows(of_series))
        for each in _occurrences(tuple(row[name] for name in _READ), begin, end, region, changed.get(row["key"], frozenset()))
    ]
    if not found:
        return once.sort_values("starts_at", kind="stable")
    return pd.concat([once, _placed(of_series, found)]).sort_values("starts_at", kind="stable")


def repeated(frame: pd.DataFrame, changed: Taken, region: Region) -> Callable[[datetime, datetime], pd.DataFrame] | None:
    """`in_frame` of the series alone; None when there are none."""
    of_series = frame[frame["recurrence"].notna().to_numpy()]
    return partial(in_frame, of_series, changed, region=region) if len(of_series) else None


def coming(frame: pd.DataFrame, changed: Taken, now: datetime, region: Region, most: int) -> pd.DataFrame:
    """The next ones that are neither over nor done nor cancelled, at most `most`: looked for further ahead while there are fewer."""
    frame = frame[~frame["done"].to_numpy() & ~frame["cancelled"].to_numpy()]
    for ahead in series.LOOKED_AHEAD:
        found = in_frame(frame, changed, now, now + ahead, region)
        if len(found) >= most:
            break
    return found.head(most)


def at_their_next(frame: pd.DataFrame, changed: Taken, now: datetime, region: Region) -> pd.DataFrame:
    """The rows of `frame`, a series at its next occurrence, or the last one when it is over."""
    repeats = frame["recurrence"].notna().to_numpy()
    of_series = frame[repeats]
    every = [(place, series.next_or_last(row, now, region, changed.get(row["key"], ()))) for place, row in enumerate(_rows(of_series))]
    found = [(place, each) for place, each in every if each is not None]
    if not found:
        return frame
    left = of_series.iloc[[place for place, each in every if each is None]]
    return pd.concat([frame[~repeats], left, _placed(of_series, found)])


def _placed(of_series: pd.DataFrame, found: list[tuple[int, Occurrence]]) -> pd.DataFrame:
    """A row for each occurrence, given with the place of its series."""
    rows = of_series.iloc[[place for place, _ in found]].copy()
    rows["starts_at"] = pd.to_datetime([each.starts_at for _, each in found], utc=True).as_unit("us")
    rows["ends_at"] = pd.to_datetime([each.ends_at for _, each in found], utc=True).as_unit("us")
    rows["occurrence"] = pd.array([each.wall or None for _, each in found], dtype="str")
    return rows


@lru_cache(maxsize=2_000)
def _occurrences(cells: tuple[Any, ...], begin: datetime, end: datetime, region: Region, changed: frozenset[str]) -> tuple[Occurrence, ...]:
    """Those of a row, by what is read of it: of a thousand series the page shows again, one was changed."""
    return tuple(series.occurrences(dict(zip(_READ, cells, strict=True)), begin, end, region, changed))


_READ = ("starts_at", "ends_at", "wall_start", "wall_end", "zone", "recurrence", "excluded")


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """What domain/series.py reads of each row."""
    columns = [[None if pd.isna(value) else value for value in frame[name].tolist()] for name in _READ]
    return [{"key": key, **dict(zip(_READ, cells, strict=True))} for key, *cells in zip(frame.index.tolist(), *columns, strict=True)]
