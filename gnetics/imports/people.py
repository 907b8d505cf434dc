"""People written with their address in one cell, as programs name those of a deal, or a salesperson."""

from __future__ import annotations

import re
from typing import NamedTuple

_PERSON = re.compile(r"(?P<name>[^;@()<>]*[^;@()<>\s])\s*[(<]\s*(?P<email>[^\s;()<>]+@[^\s;()<>]+)\s*[)>]")


class Person(NamedTuple):
    name: str
    email: str
    others: str  # as written


def first_of(text: str) -> Person | None:
    """The first of those named with their address, None when the text is anything else."""
    first, _, others = text.strip().partition(";")
    match = _PERSON.fullmatch(first.strip())
    return Person(match["name"].strip(), match["email"], others.strip()) if match else None


def without_address(text: str) -> str:
    """« Zoé Vidal (zoe@atelier.example) » is Zoé Vidal."""
    match = _PERSON.fullmatch(text.strip()) if "@" in text else None
    return match["name"].strip() if match else text
