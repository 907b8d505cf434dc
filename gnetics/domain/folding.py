"""Folded text: what two spellings of the same name have in common."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# What a paste brings along unseen: soft hyphens, zero-width characters, marks of direction.
_INVISIBLE = dict.fromkeys([0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF])
# Letters NFKD leaves whole, and the typographic signs people type in several ways.
_UNIFIED = str.maketrans(
    {
        "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "“": '"', "”": '"', "«": '"', "»": '"',
        "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-",
        "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d",
        **_INVISIBLE,
    }
)  # fmt: skip
_SIGNS = re.compile(f"[{''.join(map(chr, _UNIFIED))}]")
_LATIN_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]+")  # all that most texts have, taken away at once
REPEATED = 80  # characters: a longer text is hardly ever met twice


def fold(text: str | None) -> str | None:
    """Without case, accents or typographic variants, spaces collapsed; None when nothing is left."""
    if text is None:
        return None
    return _known(text) if len(text) <= REPEATED else _fold(text)


def _fold(text: str) -> str | None:
    if not text.isascii():
        if _SIGNS.search(text):  # most texts have none, and to translate takes longer than all the rest
            text = text.translate(_UNIFIED)
        text = _LATIN_MARKS.sub("", unicodedata.normalize("NFKD", text))
        if not text.isascii():
            text = "".join(mark for mark in text if not unicodedata.combining(mark))
    return " ".join(text.casefold().replace("`", "'").split()) or None


_known = lru_cache(maxsize=16_384)(_fold)  # an import folds the same companies, sources and statuses over and over


def visible(text: str) -> str:
    """The text without the characters that show nothing; for what machines read, since words of Arabic or Hebrew need some."""
    return text if text.isascii() else text.translate(_INVISIBLE)
