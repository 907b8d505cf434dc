"""Block A: the whole base, what was created and won in the period, and the months behind."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta

import numpy as np

from gnetics import texts
from gnetics.metrics.definitions import NO_CLOSING, NO_CREATION
from gnetics.metrics.figure import Figure, Row
from gnetics.metrics.measures import count, cycle_median, left_out, mean_cents, median_cents, money, set_aside, statistic
from gnetics.metrics.population import Population
from gnetics.metrics.window import Window, month_start

MONTHS_BACK = 12


@dataclass(frozen=True, eq=False)
class Kpis:
    """open + blocked + won + lost + unknown = contacts."""

    contacts: Figure
    created: Figure
    open: Figure
    blocked: Figure
    won: Figure
    lost: Figure
    unknown: Figure
    won_amount: Figure
    basket_mean: Figure
    basket_median: Figure
    cycle: Figure

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(getattr(self, each.name) for each in fields(self))


def kpis(population: Population, window: Window) -> Kpis:
    created, closed = population.days("created_at"), population.days("closed_at")
    won = population.won & window.holds(closed)
    undated = () if window.is_everything else left_out(population, NO_CLOSING, population.won & np.isnat(closed))
    paid = won & population.has_amount & (population.amount > 0)
    unpaid = left_out(population, texts.NO_AMOUNT, won & ~paid)
    amounts = population.amount[paid]
    unborn = () if window.is_everything else left_out(population, NO_CREATION, np.isnat(created))
    return Kpis(
        contacts=count(population, "contacts", np.arange(population.size), out=set_aside(population)),
        created=count(population, "created", window.holds(created), window, unborn),
        open=count(population, "open", population.open),
        blocked=count(population, "blocked", population.blocked),
        won=count(population, "won", population.won),
        lost=count(population, "lost", population.lost),
        unknown=count(population, "unknown", population.unknown),
        won_amount=money(population, "won_amount", won, window, undated),
        basket_mean=statistic(population, "basket_mean", "money", mean_cents(amounts), paid, window, (*unpaid, *undated)),
        basket_median=statistic(population, "basket_median", "money", median_cents(amounts), paid, window, (*unpaid, *undated)),
        cycle=cycle_median(population, "cycle", won, window),
    )


def by_month(population: Population) -> list[Row]:
    """Rows of {month, created, won, won_amount}, oldest first, the current month last."""
    created, closed = population.days("created_at"), population.days("closed_at")[population.won_leads]
    rows: list[Row] = []
    for shift in range(1 - MONTHS_BACK, 1):
        start = month_start(population.today, shift)
        window = Window(start, month_start(start, 1) - timedelta(days=1))
        won = population.won_leads[window.holds(closed)]
        rows.append(
            {
                "month": start,
                "created": count(population, "month_created", window.holds(created), window),
                "won": count(population, "month_won", won, window),
                "won_amount": money(population, "forecast_won", won, window),
            }
        )
    return rows
