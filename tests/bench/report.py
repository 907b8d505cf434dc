"""The lines of a bench, `area.name value unit limit ok|over`, and how kernel figures are taken: the best of five."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from time import perf_counter

TURNS = 5
RATIO = "ratio"  # the unit whose excess fails the bench: milliseconds drift with the machine
PART = 50  # of a size, in a quick run


class Report:
    """Called by an area with each of its figures; a figure without `limit` is only shown.

    A quick run shows that an area runs to its end: its figures say nothing, so none is over its limit.
    """

    def __init__(self, area: str, soak: bool = False, quick: bool = False) -> None:
        self.area = area
        self.soak = soak  # the area may lengthen its series
        self.failed = False
        self._quick = quick

    def size(self, whole: int, quick: int | None = None) -> int:
        """How many rows, visits or seconds: `whole`, unless the run is quick."""
        if not self._quick:
            return whole
        return ceil(whole / PART) if quick is None else quick

    def __call__(self, name: str, value: float, unit: str, limit: float | None = None) -> None:
        over = limit is not None and value > limit and not self._quick
        self.failed |= over and unit == RATIO
        bound = "-" if limit is None else f"{limit:g}"
        print(f"{self.area}.{name} {value:.3g} {unit} {bound} {'over' if over else 'ok'}", flush=True)


def best(work: Callable[[], object], before: Callable[[], object] = lambda: None, clock: Callable[[], float] = perf_counter) -> float:
    """Seconds by that clock of the quickest of TURNS turns of `work`, each after an untimed `before`."""
    times = []
    for _ in range(TURNS):
        before()
        start = clock()
        work()
        times.append(clock() - start)
    return min(times)
