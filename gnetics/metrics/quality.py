"""Block F: every rule with its leads and what to do, completeness per field, and the share of leads with a blocking anomaly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from gnetics.domain.fields import BY_KEY
from gnetics.metrics.figure import Figure, Row
from gnetics.metrics.measures import count, ratio
from gnetics.metrics.population import Mask, Population
from gnetics.metrics.quality_masks import QualityMasks
from gnetics.metrics.rules import BLOCKING, RULES, Rule, Severity

_Concerned = Callable[[QualityMasks], Mask]
_EXPECTED: dict[str, _Concerned] = {
    **dict.fromkeys(
        (
            "name",
            "company",
            "job_title",
            "email",
            "phone",
            "status",
            "source",
            "owner",
            "score",
            "created_at",
            "status_since",
            "last_contact",
        ),
        lambda of: of.everyone,
    ),
    "amount": lambda of: of.population.pipeline | of.population.won,
    "probability": lambda of: of.population.open,
    "expected_close": lambda of: of.population.open,
    "next_follow_up": lambda of: of.population.open,
    "closed_at": lambda of: of.population.won | of.population.lost,
    "lost_reason": lambda of: of.population.lost,
    "previous_status": lambda of: of.population.blocked,
}  # tags and notes are nobody's duty


@dataclass(frozen=True, eq=False)
class Finding:
    """`figure` is the rate: numerator leads found, denominator leads concerned."""

    rule: Rule
    figure: Figure

    @property
    def severity(self) -> Severity:
        return self.rule.severity


@dataclass(frozen=True, eq=False)
class Quality:
    """`completeness` rows are {field, label, filled, empty}, worst first."""

    findings: list[Finding]
    completeness: list[Row]
    blocking: Figure


def quality(population: Population, messages: pd.DataFrame, pairs: pd.DataFrame, zone: ZoneInfo) -> Quality:
    of = QualityMasks(population, messages, pairs, zone)
    masks = {rule.key: rule.find(of) for rule in RULES}
    bases = {rule.key: rule.concerns(of) for rule in RULES}
    blocking = np.logical_or.reduce([masks[rule.key] for rule in RULES if rule.severity == BLOCKING])
    return Quality(
        findings=[Finding(rule, ratio(population, "quality_rule", masks[rule.key], bases[rule.key])) for rule in RULES],
        completeness=_completeness(of),
        blocking=ratio(population, "quality_blocking", blocking, None),
    )


def _completeness(of: QualityMasks) -> list[Row]:
    rows: list[Row] = []
    for field, concerns in _EXPECTED.items():
        concerned, has = concerns(of), of.has(field)
        filled = ratio(of.population, "completeness", concerned & has, concerned)
        empty = count(of.population, "completeness_gap", concerned & ~has)
        rows.append({"field": field, "label": BY_KEY[field].label, "filled": filled, "empty": empty})
    return sorted(rows, key=lambda row: 2.0 if row["filled"].value is None else row["filled"].value)
