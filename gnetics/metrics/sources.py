"""Block B: what each source brings, by creation cohort, honest about small samples and young cohorts."""

from __future__ import annotations

import numpy as np

from gnetics.domain.wilson import wilson
from gnetics.metrics.definitions import BLANK_SOURCE, NO_CREATION
from gnetics.metrics.figure import Row
from gnetics.metrics.groups import Groups
from gnetics.metrics.measures import count, cycle_median, left_out, median, money, ratio
from gnetics.metrics.population import Ints, Population
from gnetics.metrics.window import EVERYTHING, Window

SMALL = 10  # under this many leads a rate reads « 3/4 »


def _maturing(population: Population, rows: Ints, cycle: float | None) -> bool | None:
    """Younger (median age) than the median cycle of all won leads; None when either is unknown."""
    created = population.days("created_at")[rows]
    age = median(population.elapsed("created_at")[rows][~np.isnat(created)])
    return None if age is None or cycle is None else age < cycle


def sources(population: Population, window: Window = EVERYTHING) -> list[Row]:
    """Rows of {source, leads, decided, won, conversion, low, high, small, success, amount, cycle, maturing}, by conversion.

    Small samples come last, whatever they show: `small` rates are shown grey as « 3/4 »; `maturing` None means that nobody can tell.
    """
    codes, names = population.named("source")
    created = population.days("created_at")
    groups = Groups(codes, len(names) + 1, window.holds(created))
    undated = () if window.is_everything else left_out(population, NO_CREATION, np.isnat(created))
    cycle = cycle_median(population, "source_cycle", population.won).value
    decided = population.won | population.lost
    rows: list[Row] = []
    for code, label in enumerate([*names.values(), BLANK_SOURCE]):
        leads = groups[code]
        if not len(leads):
            continue
        won = leads[population.won[leads]]
        interval = wilson(len(won), len(leads)) or (None, None)
        rows.append(
            {
                "source": label,
                "leads": count(population, "source_leads", leads, window, undated),
                "decided": count(population, "source_decided", leads[decided[leads]], window),
                "won": count(population, "source_won", won, window),
                "conversion": ratio(population, "source_conversion", won, leads, window),
                "low": interval[0],
                "high": interval[1],
                "small": len(leads) < SMALL,
                "success": ratio(population, "source_success", won, leads[decided[leads]], window),
                "amount": money(population, "source_amount", won, window),
                "cycle": cycle_median(population, "source_cycle", won, window),
                "maturing": _maturing(population, leads, cycle),
            }
        )
    return sorted(rows, key=lambda row: (row["small"], -row["conversion"].value, -row["leads"].value, row["source"]))
