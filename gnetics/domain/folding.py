"""Folded text: what two spellings of the same name have in common."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Letters NFKD leaves whole, and the typographic signs people type in several ways.
_UNIFIED = str.maketrans(
    {
        "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "“": '"', "”": '"', "«": '"', "»": '"',
        "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-",
        "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d",
        "\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None, "\u00ad": None,
    }
)  # fmt: skip


def fold(text: str | None) -> str | None:
    """Without case, accents or typographic variants, spaces collapsed; None when nothing is left."""
    return None if text is None else _fold(text)


@lru_cache(maxsize=16_384)  # an import folds the same companies, sources and statuses over and over
def _fold(text: str) -> str | None:
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_UNIFIED))
        text = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return " ".join(text.casefold().replace("`", "'").split()) or None
