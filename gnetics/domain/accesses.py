"""What the access log tells of: who came in, what left the store, and who may what."""

from __future__ import annotations

from enum import StrEnum


class Access(StrEnum):
    SIGNED_IN = "connexion"
    REFUSED = "connexion refusée"
    SIGNED_OUT = "déconnexion"
    PASSWORD = "mot de passe changé"  # noqa: S105 - a word of the log
    EXPORTED = "export"
    REPORT = "rapport"
    IMPORTED = "import"
    RIGHTS = "droits"
    ERASED = "effacement"
    FOLLOWED = "abonnement"  # the address of a calendar, given or taken back


COMMAND, PAGE, WORKER = "ligne de commande", "page", "automate"  # where from, when it is no address
