"""When two contacts look like one person although their emails differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from rapidfuzz import process
from rapidfuzz.fuzz import token_sort_ratio

LIKENESS = 87  # of 100, on folded names with their words sorted: one letter in eight, or two words exchanged
FEW = 10  # leads compared one by one with their whole domain
_SPACED = str.maketrans("-'.,", "    ")  # « Jean-Marc » and « Jean Marc » are the same words
BLOCK = 400  # names compared with one another at a time, so that a huge domain stays quick

_FREE = frozenset({
    "aim.com", "alice.fr", "aliceadsl.fr", "aol.com", "aol.fr", "bbox.fr", "bell.net", "bluewin.ch", "cegetel.net",
    "club-internet.fr", "duck.com", "fastmail.com", "free.fr", "gmail.com", "gmx.com", "gmx.fr", "gmx.net", "googlemail.com",
    "hey.com", "hotmail.be", "hotmail.ca", "hotmail.ch", "hotmail.com", "hotmail.fr", "icloud.com", "laposte.net",
    "libertysurf.fr", "live.be", "live.ca", "live.com", "live.fr", "mac.com", "mail.com", "me.com", "msn.com", "neuf.fr",
    "noos.fr", "numericable.fr", "orange.fr", "outlook.be", "outlook.com", "outlook.fr", "pm.me", "proton.me", "protonmail.com",
    "rogers.com", "sfr.fr", "skynet.be", "sympatico.ca", "telenet.be", "tutanota.com", "videotron.ca", "voila.fr", "wanadoo.fr",
    "yahoo.ca", "yahoo.com", "yahoo.fr", "yandex.com", "ymail.com", "zoho.com",
})  # fmt: skip


def email_domain(email_fold: str | None, email_check: str) -> str | None:
    """The domain shared by colleagues; None for an unreadable email or a free provider."""
    if email_fold is None or email_check == "invalide":
        return None
    domain = email_fold.rpartition("@")[2]
    return None if domain in _FREE else domain


def near_pairs(names: Mapping[int, str], wanted: AbstractSet[int]) -> Iterator[tuple[int, int]]:
    """(low, high) keys of leads of one domain, one of them `wanted`, whose folded names are alike or nearly."""
    if len(names) < 2:
        return
    words = {key: name.translate(_SPACED) for key, name in names.items()}
    if len(wanted) <= FEW:
        for key in wanted:
            yield from _pairs([key], list(words), words)
        return
    ordered = sorted(words, key=lambda key: (words[key], key))
    for start in range(0, len(ordered), BLOCK):  # spelt alike, they are neighbours in alphabetical order
        block = ordered[start : start + BLOCK]
        yield from (pair for pair in _pairs(block, block, words) if wanted & set(pair))


def _pairs(ones: list[int], others: list[int], words: Mapping[int, str]) -> Iterator[tuple[int, int]]:
    likeness = process.cdist([words[key] for key in ones], [words[key] for key in others], scorer=token_sort_ratio, score_cutoff=LIKENESS)
    for row, column in zip(*likeness.nonzero(), strict=True):
        one, other = ones[row], others[column]
        if one != other:
            yield min(one, other), max(one, other)
