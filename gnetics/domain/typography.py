"""French typography of sentences written with ordinary spaces."""

from __future__ import annotations

import re

_BEFORE = re.compile(r" (?=[:;?!»%€])")
_AFTER = re.compile(r"« ")


def spaced(text: str) -> str:
    """No-break spaces where French wants them, so that no line begins with a « : »."""
    return _AFTER.sub("«\u00a0", _BEFORE.sub("\u00a0", text))


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def counted(count: int, one: str, many: str = "") -> str:
    """« 1 échec », « 12 échecs », « 1 248 contacts »."""
    word = one if abs(count) < 2 else many or f"{one}s"
    return f"{number(count)}\u00a0{word}"


def number(count: int) -> str:
    """Thousands parted by a narrow no-break space."""
    return f"{count:,}".replace(",", "\u202f")
