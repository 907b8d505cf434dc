"""Answers from templates: the package's, or those of the same name in the data folder; a missing field blocks, it is never « None »."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from gnetics.domain.folding import fold
from gnetics.domain.messages import Kind
from gnetics.domain.quoting import quote
from gnetics.mail.proposals.proposer import Asked, Blocked, Proposal

MODELS = Path(__file__).parent / "modeles"
LONGEST = 20_000  # characters of a mail that are looked at, and of an answer
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
NEEDED = {"nom": "le nom du contact", "signature": "la signature", "objet": "l’objet du message", "creneaux": "un créneau libre"}


class ByTemplate:
    """`folder`: of templates that take the place of ours."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._templates = SandboxedEnvironment(
            loader=FileSystemLoader([folder, MODELS]), undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False
        )

    def __call__(self, asked: Asked) -> Proposal:
        name = chosen(asked)
        try:
            text = self._templates.get_template(f"{name}.txt").render(fields(asked))
        except UndefinedError as error:
            raise Blocked(_missing(error)) from error
        except (TemplateError, OSError, ValueError, TypeError, ArithmeticError, RecursionError, UnicodeDecodeError) as error:
            raise Blocked(f"le modèle «\u00a0{name}\u00a0» ne peut pas être rempli\u00a0: {error}") from error
        own = " (le vôtre)" if (self._folder / f"{name}.txt").exists() else ""
        return Proposal(text.strip()[:LONGEST], f"modèle «\u00a0{name}\u00a0»{own}")


def chosen(asked: Asked) -> str:
    """Which template answers this mail; Blocked where none does."""
    kind = Kind(asked.mail["kind"])
    if kind is not Kind.MESSAGE:
        raise Blocked(f"rien n’est proposé à ce genre de message ({kind})")
    said = fold(f"{asked.mail['subject'] or ''}\n{(asked.mail['text'] or '')[:LONGEST]}") or ""
    return next((name for name, words in WORDS if words.search(said)), DEFAULT)


def fields(asked: Asked) -> dict[str, Any]:
    """By the names that templates use; what is not known is not there."""
    lead, mail = asked.lead, asked.mail
    known = {
        "nom": lead["name"],
        "entreprise": lead["company"],
        "fonction": lead["job_title"],
        "statut": lead["status"],
        "objet": mail["subject"],
        "creneaux": list(asked.slots),
        "expediteur": asked.writer.shown_name,
        "signature": asked.writer.signature or asked.writer.shown_name,
    }
    optional = {"entreprise": "", "fonction": ""}
    return optional | {name: value for name, value in known.items() if value}


def _missing(error: UndefinedError) -> str:
    name = re.search(r"'(\w+)'", str(error))
    if name is None:
        return "il manque un champ"
    return f"il manque {NEEDED.get(name[1]) or f'le champ {quote(name[1])}'}"
