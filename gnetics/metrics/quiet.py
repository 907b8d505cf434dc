"""Open leads that nobody has exchanged with for some time; the analysts' question, at any number of days."""

from __future__ import annotations

import numpy as np

from gnetics.metrics.definitions import NO_DATE
from gnetics.metrics.figure import Figure
from gnetics.metrics.measures import count, left_out
from gnetics.metrics.population import Population


def quiet(population: Population, days: int) -> Figure:
    """Those whose last contact, or creation when never contacted, is more than `days` days old; without either date, left out."""
    spoken, created = population.days("last_contact"), population.days("created_at")
    since = np.where(np.isnat(spoken), created, spoken)
    old = population.day - since > np.timedelta64(days, "D")
    return count(population, "quiet", population.open & old, out=left_out(population, NO_DATE, population.open & np.isnat(since)))
