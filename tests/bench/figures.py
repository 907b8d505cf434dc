"""All figures of both pages, recomputed from the frames: 300 ms at 100,000 leads, and a cost that grows as the leads do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from time import perf_counter
from zoneinfo import ZoneInfo

from gnetics.metrics.board import board
from gnetics.metrics.window import Window
from tests.bench.crowd import Crowd, crowd

TODAY = date(2026, 11, 24)
ZONE = ZoneInfo("Europe/Paris")
TURNS = 5


def _best(frames: Crowd) -> float:
    """Milliseconds of the best of five, each from the bare frames."""
    times = []
    for _ in range(TURNS):
        start = perf_counter()
        board(frames, TODAY, ZONE, Window.last(30, TODAY))
        times.append(perf_counter() - start)
    return 1000 * min(times)


def run(report: Callable[..., None]) -> None:
    ten, hundred = _best(crowd(10_000, TODAY)), _best(crowd(100_000, TODAY))
    million = _best(crowd(1_000_000, TODAY))
    report("all_10k", ten, "ms")
    report("all_100k", hundred, "ms", 300)
    report("all_1m", million, "ms")
    report("growth_100k_to_1m", million / hundred / 10, "ratio", 1.5)
