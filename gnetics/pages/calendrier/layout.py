"""Where events go on a grid: lanes of a week, columns of a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gnetics.pages.calendrier.index import DAY, Stretch

SHORTEST = 30  # minutes; what an event takes on screen at least, so that short ones never cover each other


@dataclass(frozen=True, slots=True)
class Lane:
    """An event on a row of days: from day `column`, over `span` days, on line `lane`; cut when it goes on outside."""

    stretch: Stretch
    column: int
    span: int
    lane: int
    cut_before: bool
    cut_after: bool


@dataclass(frozen=True, slots=True)
class Block:
    """An event among the hours of one day: minutes, its column among `columns`, and how many of them it may take."""

    stretch: Stretch
    start: int
    end: int
    column: int
    columns: int
    span: int


@dataclass(frozen=True)
class Week:
    """`lanes` holds the first lines only; `counts` every event per day; `height` the lines that all of them would take."""

    lanes: list[Lane]
    counts: list[int]
    height: int


def week(stretches: Iterable[Stretch], first: int, days: int, most: int, fresh: str = "") -> Week:
    """Lanes for `days` days from the ordinal `first`: each event on the lowest line free on all its days, `fresh` before all."""
    taken, counts, placed, height = [0] * days, [0] * days, [], 0
    for stretch in sorted(stretches, key=lambda each: (not fresh or each.ref != fresh, *_rank(each, first))):
        begin, end = max(stretch.first - first, 0), min(stretch.last - first, days - 1)
        if begin > end:
            continue
        used = 0
        for day in range(begin, end + 1):
            used |= taken[day]
        free = ~used & (used + 1)  # lowest bit that no day has
        for day in range(begin, end + 1):
            taken[day] |= free
            counts[day] += 1
        lane = free.bit_length() - 1
        height = max(height, lane + 1)
        if lane < most:
            placed.append(Lane(stretch, begin, end - begin + 1, lane, stretch.first < first, stretch.last > first + days - 1))
    return Week(placed, counts, height)


def _rank(stretch: Stretch, first: int) -> tuple[int, bool, int, int]:
    """Order of placing: by first day shown, whole days before hours, the longer first, then by hour."""
    begin = max(stretch.first, first)
    return begin, not stretch.bar, begin - stretch.last, stretch.start


def day(stretches: Iterable[Stretch], ordinal: int) -> list[Block]:
    """Blocks of one day: those that overlap side by side, each as wide as its neighbours allow."""
    blocks: list[Block] = []
    group: list[tuple[Stretch, int, int]] = []
    until = -1
    for stretch in stretches:
        if stretch.bar or not stretch.first <= ordinal <= stretch.last:
            continue
        start = stretch.start if stretch.first == ordinal else 0
        end = stretch.end if stretch.last == ordinal else DAY
        if group and start >= until:
            blocks += _columns(group)
            group, until = [], -1
        group.append((stretch, start, max(end, start)))
        until = max(until, end, start + SHORTEST)
    return blocks + _columns(group)


def _columns(group: list[tuple[Stretch, int, int]]) -> list[Block]:
    """Blocks of events that overlap in a chain, in the fewest columns."""
    columns: list[list[tuple[int, int]]] = []
    places: list[int] = []
    for _, start, end in group:
        place = next((i for i, column in enumerate(columns) if column[-1][1] <= start), len(columns))
        if place == len(columns):
            columns.append([])
        columns[place].append((start, max(end, start + SHORTEST)))
        places.append(place)
    return [
        Block(stretch, start, end, place, len(columns), _span(columns, place, start, max(end, start + SHORTEST)))
        for (stretch, start, end), place in zip(group, places, strict=True)
    ]


def _span(columns: list[list[tuple[int, int]]], place: int, start: int, end: int) -> int:
    """Columns from `place` rightwards with nothing between start and end."""
    span = 1
    for column in columns[place + 1 :]:
        if any(low < end and start < high for low, high in column):
            break
        span += 1
    return span
