"""Block E: what the open leads should bring, month by month, and what stays outside. total = Σ months + overdue + undated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from gnetics.domain.statuses import STATUSES, UNKNOWN
from gnetics.metrics.definitions import TOO_LATE, UNKNOWN_STATUS
from gnetics.metrics.figure import Figure, Row
from gnetics.metrics.interval import Interval, interval
from gnetics.metrics.measures import count, left_out, money
from gnetics.metrics.population import Mask, Population
from gnetics.metrics.window import EVERYTHING, Window, month_start

MONTHS = 6  # the current one and 5 more
MONTHS_WON = 6  # the current one and 5 before, on the same axis


@dataclass(frozen=True, eq=False)
class Bucket:
    """`leads` counts all of them, with or without amount; `month` is None outside the bars."""

    month: date | None
    weighted: Figure
    gross: Figure
    leads: Figure


@dataclass(frozen=True, eq=False)
class Forecast:
    """`won` rows are {month, amount, leads}, oldest first; `probabilities` rows {status, probability, leads, weighted}."""

    months: list[Bucket]
    overdue: Bucket
    undated: Bucket
    beyond: Bucket
    total: Figure
    gross: Figure
    blocked: Figure
    won: list[Row]
    probabilities: list[Row]


def _bucket(population: Population, definition: str, chosen: Mask, month: date | None = None, window: Window = EVERYTHING) -> Bucket:
    rows = np.flatnonzero(chosen)
    return Bucket(
        month,
        money(population, definition, rows, window, values=population.weighted),
        money(population, "forecast_gross", rows, window),
        count(population, definition, rows, window),
    )


def _month(population: Population, shift: int) -> tuple[date, Window]:
    start = month_start(population.today, shift)
    return start, Window(start, month_start(start, 1) - timedelta(days=1))


def _won(population: Population) -> list[Row]:
    closed = population.days("closed_at")[population.won_leads]
    rows: list[Row] = []
    for shift in range(1 - MONTHS_WON, 1):
        month, window = _month(population, shift)
        won = population.won_leads[window.holds(closed)]
        rows.append(
            {
                "month": month,
                "amount": money(population, "forecast_won", won, window),
                "leads": count(population, "forecast_won", won, window),
            }
        )
    return rows


def _probabilities(population: Population) -> list[Row]:
    return [
        {
            "status": label,
            "probability": probability,
            "leads": count(population, "forecast_probability", population.by_status[code]),
            "weighted": money(population, "stage_weighted", population.by_status[code], values=population.weighted),
        }
        for code, (label, probability) in enumerate([*((s.label, s.probability) for s in STATUSES), (UNKNOWN, None)])
    ]


def forecast(population: Population) -> Forecast:
    planned = population.days("expected_close")
    last = np.datetime64(month_start(population.today, MONTHS))
    late = population.open & (planned < population.day)
    beyond = population.open & (planned >= last)
    counted = population.open & ~beyond
    months = []
    for shift in range(MONTHS):
        month, window = _month(population, shift)
        months.append(_bucket(population, "forecast_month", population.open & ~late & window.holds(planned), month, window))
    out = (*left_out(population, TOO_LATE, beyond), *left_out(population, UNKNOWN_STATUS, population.unknown))
    return Forecast(
        months=months,
        overdue=_bucket(population, "forecast_overdue", late),
        undated=_bucket(population, "forecast_undated", population.open & np.isnat(planned)),
        beyond=_bucket(population, "forecast_beyond", beyond),
        total=money(population, "forecast_total", counted, out=out, values=population.weighted),
        gross=money(population, "forecast_gross", counted, out=out),
        blocked=money(population, "forecast_blocked", population.blocked),
        won=_won(population),
        probabilities=_probabilities(population),
    )


def planned(population: Population, window: Window) -> Figure:
    """What the open leads that should close in the window are worth, weighted; late ones count where they were planned."""
    chosen = population.open & window.holds(population.days("expected_close"))
    return money(population, "forecast_period", chosen, window, values=population.weighted)


def planned_interval(population: Population, figure: Figure, share: float) -> Interval:
    """Between what and what it lies."""
    places = population.places(figure.keys)
    return interval(zip(population.amount[places].tolist(), population.probability[places].tolist(), strict=True), share)
