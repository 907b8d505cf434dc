"""Names of the sheets of a workbook, as Excel accepts them."""

from __future__ import annotations

import re

from gnetics.domain.values import clean

_LONGEST = 31  # units of UTF-16
_REFUSED = re.compile(r"[\[\]:*?/\\]")
_RESERVED = {"history", "historique"}
_NAMELESS = "Feuille"


class SheetNames:
    """Of one workbook: no two of them differ by their case alone."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def fit(self, name: str) -> str:
        """`name`, or what is nearest to it and still free."""
        kept = _cut(_REFUSED.sub(" ", clean(name)), _LONGEST)
        if not kept or kept.casefold() in _RESERVED:
            kept = _NAMELESS
        fitting, number = kept, 1
        while fitting.casefold() in self._taken:
            number += 1
            mark = f" ({number})"
            fitting = _cut(kept, _LONGEST - len(mark)) + mark
        self._taken.add(fitting.casefold())
        return fitting


def _cut(name: str, length: int) -> str:
    """Of at most so many units; no half of a character, no space or apostrophe at its ends."""
    return name.strip(" '").encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore").strip(" '")
