"""The few ways a figure is made of a population; `rows` are a mask or positions of it."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gnetics import texts
from gnetics.metrics.definitions import REVERSED_DATES, UNKNOWN_DATES, UNREAL
from gnetics.metrics.figure import Figure, LeftOut, Selection, Unit
from gnetics.metrics.population import Ints, Population, exact_sum
from gnetics.metrics.window import EVERYTHING, Window

Rows = NDArray[Any]


def left_out(population: Population, reason: str, rows: Rows) -> tuple[LeftOut, ...]:
    """Nothing at all when no row is concerned."""
    selection = Selection(population.keys, rows)
    return (LeftOut(reason, selection),) if len(selection) else ()


def set_aside(population: Population) -> tuple[LeftOut, ...]:
    """The rows without identity, which no figure counts."""
    return (LeftOut(UNREAL, Selection(population.set_aside)),) if len(population.set_aside) else ()


def count(population: Population, definition: str, rows: Rows, window: Window = EVERYTHING, out: tuple[LeftOut, ...] = ()) -> Figure:
    counted = Selection(population.keys, rows)
    return Figure(definition, "count", len(counted), counted, population.size, window, out)


def ratio(
    population: Population, definition: str, rows: Rows, base: Rows | None, window: Window = EVERYTHING, out: tuple[LeftOut, ...] = ()
) -> Figure:
    """`base` None divides by the whole population."""
    counted, among = Selection(population.keys, rows), Selection(population.keys, base)
    value = len(counted) / len(among) if len(among) else None
    return Figure(definition, "ratio", value, counted, population.size, window, out, among)


def money(
    population: Population,
    definition: str,
    rows: Rows,
    window: Window = EVERYTHING,
    out: tuple[LeftOut, ...] = (),
    values: Ints | None = None,
) -> Figure:
    """Σ of the amounts (or of `values`, aligned with P). Leads without amount are left out; when all are, the sum is unknown."""
    rows = np.flatnonzero(rows) if rows.dtype == bool else rows
    counted = rows[population.has_amount[rows]]
    missing = rows[~population.has_amount[rows]]
    total = exact_sum((population.amount if values is None else values)[counted])
    known = len(counted) > 0 or len(missing) == 0
    return Figure(
        definition,
        "money",
        total if known else None,
        Selection(population.keys, counted),
        population.size,
        window,
        (*left_out(population, texts.NO_AMOUNT, missing), *out),
    )


def median(values: Ints) -> float | None:
    return float(np.median(values)) if len(values) else None


def percentile_90(values: Ints) -> int | None:
    """Nearest rank: a value that some lead really has."""
    return int(np.sort(values)[math.ceil(0.9 * len(values)) - 1]) if len(values) else None


def rounded(value: Fraction) -> int:
    """Half up, to the unit (the cent)."""
    return math.floor(value + Fraction(1, 2))


def mean_cents(values: Ints) -> int | None:
    return rounded(Fraction(exact_sum(values), len(values))) if len(values) else None


def median_cents(values: Ints) -> int | None:
    if not len(values):
        return None
    ranked, half = np.sort(values), (len(values) - 1) // 2
    return rounded(Fraction(int(ranked[half]) + int(ranked[len(values) // 2]), 2))


def statistic(
    population: Population,
    definition: str,
    unit: Unit,
    value: int | float | None,
    rows: Rows,
    window: Window = EVERYTHING,
    out: tuple[LeftOut, ...] = (),
) -> Figure:
    """A median, mean or extreme over `rows`."""
    return Figure(definition, unit, value, Selection(population.keys, rows), population.size, window, out)


def cycle_median(population: Population, definition: str, won: Rows, window: Window = EVERYTHING) -> Figure:
    """Median days from creation to closing of won leads; unknown and reversed dates are left out."""
    rows = np.flatnonzero(won) if won.dtype == bool else won
    length, known, reversed_ = population.cycle
    counted = rows[known[rows]]
    out = (
        *left_out(population, UNKNOWN_DATES, rows[~(known | reversed_)[rows]]),
        *left_out(population, REVERSED_DATES, rows[reversed_[rows]]),
    )
    return statistic(population, definition, "days", median(length[counted]), counted, window, out)
