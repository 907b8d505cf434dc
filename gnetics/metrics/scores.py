"""Block C: the score by status (set by hand, else automatic), and what looks wrong in it. A missing score is not 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gnetics.domain.statuses import STATUSES, UNKNOWN
from gnetics.metrics.definitions import NO_SCORE
from gnetics.metrics.figure import Figure, Row
from gnetics.metrics.measures import count, left_out, median, statistic
from gnetics.metrics.population import Ints, Population

HOT = 70


@dataclass(frozen=True, eq=False)
class Scores:
    """`rows` hold {status, scored, automatic, missing, min, median, mean, max, falls}; `falls` marks a median under the previous one's."""

    rows: list[Row]
    falls: Figure
    hot: Figure


def _statistics(population: Population, scores: Ints, scored: Ints, unscored: Ints) -> Row:
    out = left_out(population, NO_SCORE, unscored)
    values = scores[scored]
    found: dict[str, int | float | None] = {
        "min": int(values.min()) if len(values) else None,
        "median": median(values),
        "mean": float(values.mean()) if len(values) else None,
        "max": int(values.max()) if len(values) else None,
    }
    return {name: statistic(population, "score", "score", value, scored, out=out) for name, value in found.items()}


def scores(population: Population) -> Scores:
    values, has_score = population.numbers("any_score"), ~population.missing("any_score")
    automatic = has_score & population.missing("score")
    rows: list[Row] = []
    falling: list[Ints] = []
    previous: float | None = None
    for code, (label, kind) in enumerate([*((s.label, s.type) for s in STATUSES), (UNKNOWN, None)]):
        leads = population.by_status[code]
        scored, unscored = leads[has_score[leads]], leads[~has_score[leads]]
        row: Row = {
            "status": label,
            "scored": count(population, "score_count", scored),
            "automatic": count(population, "score_automatic", leads[automatic[leads]]),
            "missing": count(population, "score_missing", unscored),
            **_statistics(population, values, scored, unscored),
        }
        middle = row["median"].value
        in_funnel = kind in ("ouvert", "gagné")
        row["falls"] = in_funnel and middle is not None and previous is not None and middle < previous
        if row["falls"]:
            falling.append(scored)
        if in_funnel and middle is not None:
            previous = middle
        rows.append(row)
    return Scores(
        rows=rows,
        falls=count(population, "score_falls", np.concatenate(falling) if falling else np.empty(0, dtype=np.int64)),
        hot=count(population, "score_hot", has_score & (values >= HOT) & population.missing("last_contact")),
    )
