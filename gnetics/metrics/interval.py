"""Between what and what a forecast lies, when each lead is won or not by itself, with its own probability."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

STEPS = 4_000  # the law of the sum is computed on so many steps of the whole


class Interval(NamedTuple):
    low: int
    high: int


def interval(deals: Iterable[tuple[int, int]], share: float) -> Interval:
    """`deals` are (cents, percent); `share` of the chances lies within, as much below as above. Exact to 1/STEPS of the whole.

    The law is that of a sum of independent deals, each its whole amount or nothing, convolved one after the other.
    Raises ValueError unless 0 < share < 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"interval: {share} n’est pas une part entre 0 et 1")
    known = [(cents, percent / 100) for cents, percent in deals if cents > 0 and percent > 0]
    whole = sum(cents for cents, _ in known)
    if not whole:
        return Interval(0, 0)
    law = np.zeros(STEPS + len(known) + 1)  # each rounding may add half a step
    law[0] = 1.0
    for cents, chance in known:
        steps = round(cents * STEPS / whole)
        won = law[: len(law) - steps] * chance
        law *= 1 - chance
        law[steps:] += won
    below = np.cumsum(law)
    low, high = (int(np.searchsorted(below, part - 1e-12)) for part in ((1 - share) / 2, (1 + share) / 2))
    return Interval(*(min(whole, round(step * whole / STEPS)) for step in (low, high)))
