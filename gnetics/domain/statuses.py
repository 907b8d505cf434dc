"""The statuses of a lead, in funnel order, and what each is worth; others name one of them only where they say something of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

StatusType = Literal["ouvert", "gagné", "perdu", "bloqué"]


@dataclass(frozen=True)
class Status:
    """`probability` in percent, None when the status is kept aside from the forecast; `expected_days` None when it may last."""

    label: str
    type: StatusType
    probability: int | None
    expected_days: int | None
    icon: str


STATUSES: tuple[Status, ...] = (
    Status("Nouveau", "ouvert", 5, 14, "mdi-star-four-points-outline"),
    Status("À contacter", "ouvert", 10, 14, "mdi-phone-outline"),
    Status("Contacté", "ouvert", 25, 14, "mdi-phone-check-outline"),
    Status("Qualifié", "ouvert", 50, 10, "mdi-account-check-outline"),
    Status("En suivi", "ouvert", 75, 10, "mdi-progress-clock"),
    Status("Clos", "gagné", 100, None, "mdi-check-circle-outline"),
    Status("Perdu", "perdu", 0, None, "mdi-close-circle-outline"),
    Status("À corriger", "bloqué", None, None, "mdi-alert-outline"),
)

BY_LABEL: dict[str, Status] = {status.label: status for status in STATUSES}
LABELS: tuple[str, ...] = tuple(BY_LABEL)
OPEN: tuple[str, ...] = tuple(s.label for s in STATUSES if s.type == "ouvert")
FIRST = "Nouveau"
WON = "Clos"
LOST = "Perdu"
BLOCKED = "À corriger"
UNKNOWN = "Statut inconnu"  # the name shown for a text the table does not know, or for none


def type_of(label: str | None) -> StatusType | None:
    """None when the status is unknown."""
    status = BY_LABEL.get(label or "")
    return status.type if status else None


def default_probability(label: str | None) -> int | None:
    """Percent; None for a blocked or unknown status, which weighs nothing."""
    status = BY_LABEL.get(label or "")
    return status.probability if status else None
