"""Texts from templates: the package's, or those of the same name in the data folder; a missing field blocks, it is never « None »."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from gnetics.domain.name_parts import natural
from gnetics.domain.quoting import quote
from gnetics.store.people.writers import Writer

OWN = "modeles"  # within the data folder
LONGEST = 20_000  # characters of a text
NEEDED = {"nom": "le nom du contact", "signature": "la signature", "objet": "l’objet du message", "creneaux": "un créneau libre"}


class Blocked(Exception):
    """Why there is no text, as the end of a French sentence."""


class Templates:
    """`packaged`: the folder of ours, which those of `own` take the place of."""

    def __init__(self, own: Path, packaged: Path) -> None:
        self._own = own
        self._templates = SandboxedEnvironment(
            loader=FileSystemLoader([own, packaged]), undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False
        )

    def render(self, name: str, fields: Mapping[str, Any]) -> str:
        """Raises Blocked."""
        try:
            text = self._templates.get_template(f"{name}.txt").render(fields)
        except UndefinedError as error:
            raise Blocked(_missing(error)) from error
        except TemplateNotFound as error:
            raise Blocked(f"il n’y a pas de modèle «\u00a0{name}\u00a0»") from error
        except (TemplateError, OSError, ValueError, TypeError, ArithmeticError, RecursionError, UnicodeDecodeError, MemoryError) as error:
            raise Blocked(f"le modèle «\u00a0{name}\u00a0» ne peut pas être rempli\u00a0: {error}") from error
        return text.strip()[:LONGEST]

    def has(self, name: str) -> bool:
        return f"{name}.txt" in self._templates.list_templates()

    def is_own(self, name: str) -> bool:
        return (self._own / f"{name}.txt").exists()


def fields_of(lead: Mapping[str, Any], writer: Writer) -> dict[str, Any]:
    """By the names that templates use; what is not known is not there, save what may be."""
    known = {
        "nom": lead["name"] and natural(lead["name"]),
        "entreprise": lead["company"],
        "fonction": lead["job_title"],
        "statut": lead["status"],
        "expediteur": writer.shown_name,
        "signature": writer.signature or writer.shown_name,
    }
    return {"entreprise": "", "fonction": ""} | {name: value for name, value in known.items() if value}


def _missing(error: UndefinedError) -> str:
    name = re.search(r"'(\w+)'", str(error))
    if name is None:
        return "il manque un champ"
    return f"il manque {NEEDED.get(name[1]) or f'le champ {quote(name[1])}'}"
