"""Where a sequence of follow-ups stands, in words."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    RUNNING = "en cours"
    STOPPED = "arrêtée"  # by what the lead did, or by somebody's hand
    OVER = "terminée"  # all was sent
