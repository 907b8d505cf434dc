"""What can happen in the CRM, as the store tells it to what acts by itself, and who is told."""

from __future__ import annotations

from enum import StrEnum


class What(StrEnum):
    LEAD_CREATED = "contact créé"
    LEAD_CHANGED = "contact modifié"
    STATUS_CHANGED = "statut changé"
    LEAD_DELETED = "contact supprimé"
    LEAD_RESTORED = "contact rétabli"
    EVENT_CREATED = "événement créé"
    EVENT_CHANGED = "événement modifié"
    EVENT_DONE = "événement fait"
    EVENT_DELETED = "événement supprimé"
    MESSAGE_RECEIVED = "message reçu"
    MESSAGE_SENT = "message envoyé"
    MESSAGE_ATTACHED = "message rattaché"


class Consumer(StrEnum):
    """Each reads all that happened once, at its own pace."""

    PROPOSALS = "propositions"
    AUTOMATIONS = "automatisations"
