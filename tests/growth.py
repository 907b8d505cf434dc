"""Whether what takes a text takes as long for each part of it, however busy the machine."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES = 8  # a text eight times as long takes 8 times as long, or 64 where each part is compared with each other
TRIES = 5


def is_linear(work: Callable[[int], object], count: int) -> bool:
    """Whether work(8 × count) takes less than 24 × work(count), each at its best of up to five tries."""
    once, long = float("inf"), float("inf")
    for _ in range(TRIES):
        once, long = min(once, _seconds(work, count)), min(long, _seconds(work, TIMES * count))
        if long < 3 * TIMES * once:
            return True
    return False


def _seconds(work: Callable[[int], object], count: int) -> float:
    start = time.process_time()
    work(count)
    return time.process_time() - start
