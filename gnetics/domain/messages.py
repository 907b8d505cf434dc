"""What the store says of a mail, in words: its direction and kind, how it was filed, and the state of its answer."""

from __future__ import annotations

from email.utils import parseaddr
from enum import StrEnum

from gnetics.domain.folding import fold


class Direction(StrEnum):
    RECEIVED = "reçu"
    SENT = "envoyé"


class Kind(StrEnum):
    """A delay is a bounce that is not final."""

    MESSAGE = "message"
    AUTO_REPLY = "réponse automatique"
    BOUNCE = "rejet"
    OPT_OUT = "désinscription"
    LIST = "liste"
    COMPLAINT = "plainte"
    RECEIPT = "accusé"
    INVITATION = "invitation"


class Filed(StrEnum):
    """Every mail is in exactly one of these; a drop reason wins over a lead, since such a mail starts nothing."""

    ATTACHED = "rattachés"
    LOOSE = "non rattachés"
    IGNORED = "ignorés"
    SENT = "envoyés"


class Answer(StrEnum):
    """The first six are those of a proposal, which an import may bring in words of its own; "" of a mail that was sent."""

    PROPOSED = "proposée"
    EDITED = "modifiée"
    APPROVED = "approuvée"
    SENT = "envoyée"
    REJECTED = "rejetée"
    EXPIRED = "expirée"
    NONE = "sans réponse"
    NOT_EXPECTED = "aucune attendue"


class Matched(StrEnum):
    """How it is known whose a mail is, the surest first."""

    REFERENCE = "référence"  # the ID Lead in its subject
    REPLY = "réponse"  # it answers a mail that is known
    SENDER = "expéditeur"
    REPLY_TO = "adresse de réponse"  # a form of ours writes for its visitor
    RECIPIENT = "destinataire"
    FORWARD = "transfert"  # a colleague hands on what somebody wrote
    RETURNED = "adresse en échec"  # a bounce is about it
    BY_HAND = "manuel"


class Outcome(StrEnum):
    """What became of a mail that stands in a mailbox."""

    STORED = "rangé"
    KNOWN = "déjà connu"  # by another folder or mailbox, or sent from here
    INTERNAL = "entre collègues"
    STRANGER = "inconnu"  # in a personal mailbox: nothing of it is kept
    FAILED = "illisible"
    ERASED = "d’une personne effacée"  # nothing of it is kept


RECEIVED = (Filed.ATTACHED, Filed.LOOSE, Filed.IGNORED)
WAITING = (Answer.PROPOSED, Answer.EDITED)  # somebody has to decide


def address(sender: str | None) -> str:
    """The folded address of « Nom <adresse> »; "" when there is none."""
    return fold(parseaddr(sender or "")[1]) or ""
