"""One name for what people spell in several ways: case, accents and spaces never make two of an owner or a source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from gnetics.domain.folding import fold


def names(written: Iterable[tuple[str, int]]) -> dict[str, str]:
    """Folded text → its name, of texts and how often each is written: the spelling met most, of equals the most careful one."""
    spellings: dict[str, Counter[str]] = {}
    for text, count in written:
        if folded := fold(text):
            spellings.setdefault(folded, Counter())[" ".join(text.split())] += count
    return {folded: max(found, key=lambda text: (found[text], *_care(text))) for folded, found in spellings.items()}


def _care(text: str) -> tuple[bool, bool, str]:
    """« Léa Martin » before « Lea Martin » before « LÉA MARTIN »."""
    return not (text.isupper() or text.islower()), not text.isascii(), text
