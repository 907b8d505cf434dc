"""Conversion by month of creation and by age: what part of those created in a month was won so many months later."""

from __future__ import annotations

from datetime import date

import numpy as np

from gnetics.metrics.definitions import NO_CLOSING
from gnetics.metrics.figure import Figure
from gnetics.metrics.measures import left_out, ratio
from gnetics.metrics.population import Population

MONTH = "datetime64[M]"


def cohorts(population: Population) -> dict[tuple[date, int], Figure]:
    """By (first day of the month of creation, age in months), oldest first; an age whose month has not ended is not there.

    Won = closed in one of the first `age` + 1 calendar months, that of the creation being the first; never falling with age.
    """
    born, closed = population.days("created_at").astype(MONTH), population.days("closed_at").astype(MONTH)
    this_month = population.day.astype(MONTH)
    age = (closed - born).astype(np.int64)
    dated = population.won & ~np.isnat(closed)
    found: dict[tuple[date, int], Figure] = {}
    for month in np.unique(born[~np.isnat(born)]):
        created = born == month
        undated = left_out(population, NO_CLOSING, created & population.won & np.isnat(closed))
        for old in range(int((this_month - month).astype(np.int64))):
            found[month.item(), old] = ratio(population, "cohort", created & dated & (age <= old), created, out=undated)
    return found
