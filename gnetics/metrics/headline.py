"""The three figures on top of the Dashboard, and the success rate under the third."""

from __future__ import annotations

from dataclasses import dataclass

from gnetics.metrics.figure import Figure
from gnetics.metrics.measures import count, money, ratio, set_aside
from gnetics.metrics.population import Population


@dataclass(frozen=True, eq=False)
class Headline:
    pipeline: Figure
    blocked: Figure
    amount: Figure
    conversion: Figure
    success: Figure


def headline(population: Population) -> Headline:
    """A snapshot of now: no window."""
    return Headline(
        pipeline=count(population, "pipeline", population.pipeline, out=set_aside(population)),
        blocked=count(population, "pipeline_blocked", population.blocked),
        amount=money(population, "pipeline_amount", population.pipeline),
        conversion=ratio(population, "conversion", population.won, None, out=set_aside(population)),
        success=ratio(population, "success", population.won, population.won | population.lost),
    )
