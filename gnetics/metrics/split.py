"""Répartition des statuts: four groups, the eight statuses under them, and the unknown; zeros kept, the sum is P."""

from __future__ import annotations

from dataclasses import dataclass

from gnetics.domain.statuses import STATUSES, UNKNOWN, StatusType
from gnetics.metrics.figure import Row
from gnetics.metrics.measures import ratio
from gnetics.metrics.population import Population

GROUPS: tuple[tuple[str, StatusType | None], ...] = (
    ("Actifs (ouverts)", "ouvert"),
    ("Clos", "gagné"),
    ("Perdus", "perdu"),
    ("Bloqués", "bloqué"),
    (UNKNOWN, None),
)


@dataclass(frozen=True, eq=False)
class Split:
    """Rows of {label, type, share}: `share` is a figure whose numerator is the count."""

    groups: list[Row]
    statuses: list[Row]


def split(population: Population) -> Split:
    statuses: list[Row] = [
        {"label": label, "type": kind, "share": ratio(population, "status_group", population.by_status[code], None)}
        for code, (label, kind) in enumerate([*((s.label, s.type) for s in STATUSES), (UNKNOWN, None)])
    ]
    groups: list[Row] = [
        {"label": label, "type": kind, "share": ratio(population, "status_group", population.of_type(kind), None)} for label, kind in GROUPS
    ]
    return Split(groups, statuses)
