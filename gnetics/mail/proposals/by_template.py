"""Answers from templates: the package's, or those of the same name in the data folder; a missing field blocks, it is never « None »."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from gnetics.domain.folding import fold
from gnetics.domain.messages import Kind
from gnetics.mail.proposals.proposer import Asked, Proposal
from gnetics.mail.templates import Blocked, Templates, fields_of

MODELS = Path(__file__).parent / "modeles"
LONGEST = 20_000  # characters of a mail that are looked at
# the first whose words the mail has; in folded text
WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "refus",
        re.compile(
            r"\b(?:pas (?:interesse|de suite)|sans suite|ne donn\w+ pas suite"
            r"|autre (?:prestataire|fournisseur|solution)|renonc\w+|declin\w+)"
        ),
    ),
    (
        "rendez-vous",
        re.compile(r"\b(?:rendez-vous|rdv|disponib\w+|creneaux?|rencontrer|visio\w*|vous appeler|se voir|demonstration|demo)\b"),
    ),
    ("tarif", re.compile(r"\b(?:tarifs?|prix|devis|couts?|combien|budget|remise|proposition (?:commerciale|tarifaire))\b")),
    ("relance", re.compile(r"\b(?:relanc\w+|sans (?:reponse|nouvelles?)|toujours (?:pas|en attente)|avez-vous (?:pu|recu)|ou en est)")),
)
DEFAULT = "reponse"


class ByTemplate:
    """`folder`: of templates that take the place of ours."""

    def __init__(self, folder: Path) -> None:
        self._templates = Templates(folder, MODELS)

    def __call__(self, asked: Asked) -> Proposal:
        name = chosen(asked)
        text = self._templates.render(name, fields(asked))
        return Proposal(text, f"modèle «\u00a0{name}\u00a0»{' (le vôtre)' if self._templates.is_own(name) else ''}")


def chosen(asked: Asked) -> str:
    """Which template answers this mail; Blocked where none does."""
    kind = Kind(asked.mail["kind"])
    if kind is not Kind.MESSAGE:
        raise Blocked(f"rien n’est proposé à ce genre de message ({kind})")
    said = fold(f"{asked.mail['subject'] or ''}\n{(asked.mail['text'] or '')[:LONGEST]}") or ""
    return next((name for name, words in WORDS if words.search(said)), DEFAULT)


def fields(asked: Asked) -> dict[str, Any]:
    """Those of the lead, and what is known of the mail that is answered."""
    of_mail = {"objet": asked.mail["subject"], "creneaux": list(asked.slots)}
    return fields_of(asked.lead, asked.writer) | {name: value for name, value in of_mail.items() if value}
