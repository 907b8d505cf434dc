"""The rule of a series in a file: what domain/recurrence.py reads, less the hour that many programs say again."""

from __future__ import annotations

from datetime import datetime

from gnetics.domain import recurrence

_HOURS = {"BYHOUR": "hour", "BYMINUTE": "minute", "BYSECOND": "second"}


def checked(text: str, start: datetime) -> str:
    """The rule in its usual form, from `start` on a clock of the wall; raises Unreadable."""
    return str(recurrence.read(";".join(part for part in text.upper().split(";") if not _says_again(part, start))))


def _says_again(part: str, start: datetime) -> bool:
    """At what time it starts."""
    name, _, value = part.strip().partition("=")
    return name in _HOURS and value.isdecimal() and len(value) <= 2 and int(value) == getattr(start, _HOURS[name])
