"""Errors whose message is written for the person at the screen, in French.

Anything that is not a GneticsError is a defect: the guard logs it and shows a reference only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

UNEXPECTED = "Erreur inattendue ({})\u00a0: le journal du planificateur la détaille."


class GneticsError(Exception):
    """Base of every refusal; str() is shown as it is."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it, as IPython asks: the sentence, not the code that says it."""
        return [str(self)]


class Unreadable(GneticsError):
    """A text that cannot be read as what its field expects."""


class Refused(GneticsError):
    """A save that breaks a rule; `sentences` maps a field key ("" for the whole form) to its sentence."""

    def __init__(self, sentences: dict[str, str]) -> None:
        super().__init__(" ".join(sentences.values()))
        self.sentences = sentences


class Forbidden(GneticsError):
    """The user's role does not allow the action."""


class NotFound(GneticsError):
    """The lead, event or message named does not exist (any more)."""


@dataclass(frozen=True)
class FieldConflict:
    """One field changed by two people: the three values, as Python values."""

    field: str
    mine: Any
    stored: Any
    original: Any


class Conflict(GneticsError):
    """Somebody else changed the same fields first; nothing was written."""

    def __init__(self, message: str, fields: list[FieldConflict]) -> None:
        super().__init__(message)
        self.fields = fields


class StoreError(GneticsError):
    """The store cannot answer: unreachable, locked, read-only, or of another version."""


class StoreUnreachable(StoreError):
    """No file, no server, or a wrong address."""


class StoreLocked(StoreError):
    """Another process holds the store for too long."""


class StoreReplaced(StoreError):
    """Another store, or an earlier state of it, has taken the place of the one that was read."""


class StoreReadOnly(StoreError):
    """The disk or the account does not allow writing."""


class SchemaMismatch(StoreError):
    """The store was made by an older or a newer version of the product."""


class NotAStore(SchemaMismatch):
    """What is at the address has none of our tables; a file that is moved away while it is read looks so for a moment."""


class MailError(GneticsError):
    """A message did not leave, or would not: the mail server is unreachable, or refuses."""


class CalendarError(GneticsError):
    """A calendar on another server cannot be read or written: it is unreachable, refuses, or answers what is no calendar."""


class UnreadableFile(GneticsError):
    """A file given to the import that is not a workbook we can read."""


def told(error: Exception) -> str:
    """What the Automations Log says of a failure: its own sentence, else its kind."""
    return str(error) if isinstance(error, GneticsError) else UNEXPECTED.format(type(error).__name__)
