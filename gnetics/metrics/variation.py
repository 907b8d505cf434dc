"""How a figure moved: a flow against the window before, a snapshot against the state one period ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from gnetics.metrics.definitions import LEAST_BASE, LEAST_SHARE
from gnetics.metrics.figure import Figure
from gnetics.metrics.frames import Frames
from gnetics.metrics.headline import Headline, headline
from gnetics.metrics.past import counted_on, knows
from gnetics.metrics.population import Population

Word = Literal["hausse", "baisse", "stable", "nouveau", "sans base", "n/d"]


@dataclass(frozen=True, eq=False)
class Variation:
    """`change` is (current − previous) / previous, None when `word` is « nouveau » (previous 0), « sans base » or « n/d »."""

    current: Figure
    previous: Figure | None
    word: Word
    change: float | None = None

    @property
    def difference(self) -> float | None:
        """In the figure's own unit; for a ratio, the points gained."""
        if self.previous is None or self.previous.value is None or self.current.value is None:
            return None
        return self.current.value - self.previous.value


def base(figure: Figure) -> int:
    """How many leads stand behind a figure."""
    return figure.numerator if figure.denominator is None else figure.denominator


def comparable(current: Figure, previous: Figure) -> bool:
    """Whether the base says anything: percentages of a few leads, or of a store that had hardly begun, do not."""
    return base(previous) >= max(LEAST_BASE, LEAST_SHARE * base(current))


def variation(current: Figure, previous: Figure | None) -> Variation:
    if previous is None:
        return Variation(current, previous, "n/d")
    if not comparable(current, previous):
        return Variation(current, previous, "sans base")
    now, then = current.value, previous.value
    if now is None or then is None:
        return Variation(current, previous, "n/d")
    if now == then:
        return Variation(current, previous, "stable", 0.0)
    if then == 0:
        return Variation(current, previous, "nouveau")
    return Variation(current, previous, "hausse" if now > then else "baisse", (now - then) / abs(then))


@dataclass(frozen=True, eq=False)
class HeadlineVariation:
    pipeline: Variation
    amount: Variation
    conversion: Variation


def headline_variation(
    now: Headline, frames: Frames, day: date, today: date, zone: ZoneInfo, owner: str | None = None
) -> HeadlineVariation:
    """The three headline figures against the end of `day`, which is one period ago, unless the history begins later: nobody knows."""
    then = None
    if knows(frames.history_since, day, zone):
        then = headline(Population.of(counted_on(frames, day, today, zone), day, owner))
    return HeadlineVariation(
        pipeline=variation(now.pipeline, then.pipeline if then else None),
        amount=variation(now.amount, then.amount if then else None),
        conversion=variation(now.conversion, then.conversion if then else None),
    )
