"""What the address of a page may say: it is typed by anybody, and sent whole with each request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

# characters of a query as it is sent: proxies take an address of 8,000, and the way by the sign-in page writes it almost twice as long
LONGEST = 2_000
NUMBER = re.compile(r"-?[0-9]{1,18}")  # digits of any number that the store can keep


def number(text: str) -> int | None:
    """The whole number that a text is; None for any other text."""
    return int(text) if NUMBER.fullmatch(text) else None


def page(text: str) -> int:
    """The page of a list, from 1; the first for what names none."""
    return max(1, number(text) or 1)


def fitting(query: Mapping[str, str]) -> dict[str, str]:
    """What an address can hold of it, the shortest values first; each whole or not at all: half a search finds something else."""
    kept, room = set(), LONGEST
    for size, name in sorted((len(urlencode({name: value}, errors="replace")) + 1, name) for name, value in query.items()):
        room -= size
        if room >= 0:
            kept.add(name)
    return {name: value for name, value in query.items() if name in kept}
