"""What a mail that somebody decided to send is about to become, in words."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """An unknown one may have left: only a person, the folder of sent mail or a bounce settles it."""

    TO_DO = "à faire"
    RUNNING = "en cours"
    SENT = "envoyé"
    SIMULATED = "simulé"
    REFUSED = "refusé"
    CANCELLED = "annulé"
    UNKNOWN = "inconnu"


UNSETTLED = (State.TO_DO, State.RUNNING, State.UNKNOWN)
