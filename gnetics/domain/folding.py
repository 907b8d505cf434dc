"""Folded text: what two spellings of the same name have in common."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

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
_OTHERS = re.compile(r"[^\x00-\x7f]")
REPEATED = 80  # characters: a longer text is hardly ever met twice


def fold(text: str | None) -> str | None:
    """Without case, accents or typographic variants, spaces collapsed; None when nothing is left."""
    if text is None:
        return None
    return _known(text) if len(text) <= REPEATED else _fold(text)


def _fold(text: str) -> str | None:
    if not text.isascii():
        text = _OTHERS.sub(lambda match: _bare(match[0]), text)
    folded = " ".join(text.casefold().replace("`", "'").split())
    return text if folded == text and text else folded or None  # the same object: rows put aside, or held, have it once


@cache  # texts have few signs that are not ASCII, the same ones over and over
def _bare(sign: str) -> str:
    """One sign without its marks, in the way all its variants are written."""
    unmarked = unicodedata.normalize("NFKD", sign.translate(_UNIFIED))
    return "".join(mark for mark in unmarked if not unicodedata.combining(mark))


_known = lru_cache(maxsize=16_384)(_fold)  # an import folds the same companies, sources and statuses over and over


def visible(text: str) -> str:
    """The text without the characters that show nothing; for what machines read, since words of Arabic or Hebrew need some."""
    return text if text.isprintable() else text.translate(_INVISIBLE)
