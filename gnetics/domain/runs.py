"""What the store says of an automation run, in words."""

from __future__ import annotations

from enum import StrEnum

PLANNER = "Planificateur"  # who does what nobody is there for


class Status(StrEnum):
    """An import may bring words of its own."""

    SUCCEEDED = "réussi"
    FAILED = "échec"
    IGNORED = "ignoré"
    SIMULATED = "simulé"
    CANCELLED = "annulé"
    INTERRUPTED = "interrompu"
    RUNNING = "en cours"
    TO_DO = "à faire"
    MISSED = "manqué"  # its day had passed too long ago when it was seen
    LOOP = "boucle"  # automations set one another off


FAILURES = (Status.FAILED, Status.INTERRUPTED, Status.LOOP)


def rule_key(rule: str, version: int, name: str, dry: bool = False) -> str:
    """By which a run of a rule is unique: on rule, version, lead and due date; what was simulated is still to be done."""
    return f"{rule} v{version} {'à blanc' if dry else 'fait'} {name}"
