"""Block D, first half: what each status holds and how long it has been there."""

from __future__ import annotations

import numpy as np

from gnetics.domain.statuses import STATUSES, UNKNOWN, Status
from gnetics.metrics.definitions import NO_DATE
from gnetics.metrics.figure import Row
from gnetics.metrics.measures import count, left_out, median, money, statistic
from gnetics.metrics.population import Days, Population


def pipeline(population: Population, entered: Days | None = None) -> list[Row]:
    """Rows of {status, type, expected_days, leads, amount, weighted, no_amount, days, unknown_days, on_time, amber, red}, in funnel order.

    `entered` is the day each lead entered its status (`status_since` when None). `amber` from the expected days on, `red`
    from 1.5 × on, `on_time` the others, unknown ones included; None for a status that may last.
    """
    since = population.days("status_since") if entered is None else entered
    dated = ~np.isnat(since) & (since <= population.day)
    elapsed = (population.day - since).astype(np.int64)
    listed: list[Status | None] = [*STATUSES, None]
    rows: list[Row] = []
    for code, status in enumerate(listed):
        leads = population.by_status[code]
        known = leads[dated[leads]]
        unknown = leads[~dated[leads]]
        expected = status.expected_days if status else None
        late: Row = {"on_time": None, "amber": None, "red": None}
        if expected is not None:
            red = 2 * elapsed[known] >= 3 * expected
            amber = (elapsed[known] >= expected) & ~red
            late = {
                "on_time": count(population, "stage_on_time", np.concatenate([known[~(amber | red)], unknown])),
                "amber": count(population, "stage_amber", known[amber]),
                "red": count(population, "stage_red", known[red]),
            }
        rows.append(
            {
                "status": status.label if status else UNKNOWN,
                "type": status.type if status else None,
                "expected_days": expected,
                "leads": count(population, "stage_leads", leads),
                "amount": money(population, "stage_amount", leads),
                "weighted": money(population, "stage_weighted", leads, values=population.weighted),
                "no_amount": count(population, "stage_no_amount", leads[~population.has_amount[leads]]),
                "days": statistic(
                    population, "stage_days", "days", median(elapsed[known]), known, out=left_out(population, NO_DATE, unknown)
                ),
                "unknown_days": count(population, "stage_unknown_days", unknown),
                **late,
            }
        )
    return rows
