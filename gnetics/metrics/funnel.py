"""Block D: when a lead entered its status, how far the leads of the period went, and how long each status kept them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from gnetics.domain.statuses import LABELS, OPEN, WON
from gnetics.metrics.definitions import NO_CREATION, NO_PATH, NO_STAY
from gnetics.metrics.figure import Row
from gnetics.metrics.measures import left_out, median, ratio, statistic
from gnetics.metrics.moves import Moves, status_ranks
from gnetics.metrics.population import Days, Ints, Population
from gnetics.metrics.window import Window

STEPS = (*OPEN, WON)  # each rank is also the code of the status


def entered(population: Population, moves: Moves) -> Days:
    """Day each lead entered its status: `status_since`, or where it is missing the last move, when it led to that status."""
    days = population.days("status_since").copy()
    last = moves.last()
    places = moves.places[last]
    wanted = np.isnat(days[places]) & (moves.after[last] == population.status[places])
    days[places[wanted]] = moves.days[last[wanted]]
    return days


def funnel(population: Population, moves: Moves, window: Window) -> list[Row]:
    """Rows of {status, reached, passed, days} over leads created in the window, from Nouveau to Clos.

    `reached` counts those who are or were in the status or a later one, `passed` is their share of the step before
    (None at the first), `days` the median of the stays that are over.
    """
    created = population.days("created_at")
    cohort = window.holds(created)
    furthest = _furthest(population, moves)
    unborn = () if window.is_everything else left_out(population, NO_CREATION, np.isnat(created))
    pathless = left_out(population, NO_PATH, cohort & (furthest < 0))
    spent = np.zeros((len(STEPS), population.size), dtype=np.int64)
    stayed = np.zeros_like(spent, dtype=bool)
    places, codes, days = moves.stays(created)
    counted = (codes >= 0) & (codes < len(STEPS))
    np.add.at(spent, (codes[counted], places[counted]), days[counted])
    stayed[codes[counted], places[counted]] = True
    rows: list[Row] = []
    before = cohort
    for rank, status in enumerate(STEPS):
        reached = cohort & (furthest >= rank) if rank else cohort
        told = np.flatnonzero(cohort & stayed[rank])
        untold = left_out(population, NO_STAY, cohort & (furthest > rank) & ~stayed[rank])
        rows.append(
            {
                "status": status,
                "reached": ratio(population, "funnel_reached", reached, cohort, window, (*pathless, *unborn)),
                "passed": ratio(population, "funnel_passed", reached, before, window) if rank else None,
                "days": statistic(population, "funnel_days", "days", median(spent[rank][told]), told, window, untold),
            }
        )
        before = reached
    return rows


def _furthest(population: Population, moves: Moves) -> Ints:
    """The furthest step that a lead is known to have been in; −1 when none is (Perdu, say, without a history)."""
    steps: Ints = np.array([*range(len(STEPS)), *[-1] * (len(LABELS) - len(STEPS)), -1])  # the last one answers for no status
    previous = status_ranks(*population.codes("previous_status"))
    furthest: Ints = np.maximum(steps[population.status], steps[previous])
    for codes in (moves.before, moves.after):
        np.maximum.at(furthest, moves.places, steps[codes])
    return furthest


def moves_of(population: Population, journal: pd.DataFrame, zone: ZoneInfo) -> Moves:
    return Moves.of(journal, pd.Index(population.keys), zone)
