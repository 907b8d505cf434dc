"""What the store says of an automation run, in words."""

from __future__ import annotations

from enum import StrEnum


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


FAILURES = (Status.FAILED, Status.INTERRUPTED)
