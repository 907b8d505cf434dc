"""When two contacts look like one person, and how they are told from siblings, homonyms and colleagues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import token_sort_ratio

from gnetics.domain.given_names import GIVEN_NAMES

Kind = Literal["certain", "probable", "partagé"]
CERTAIN: Kind = "certain"
PROBABLE: Kind = "probable"
SHARED: Kind = "partagé"  # one telephone, two people: a switchboard, a family
CANDIDATES = 75  # of 100, on folded names with their words sorted: below, two names are not even compared word by word
LIKENESS = 87  # the same where words are joined or cut, so that they cannot be compared one by one
SHORT, LONG = 4, 8  # letters of a word in which one slip is believed, and two
FEW = 10  # leads compared with their whole domain
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


@dataclass(frozen=True, slots=True)
class Verdict:
    """« certain » and « probable » as rule F of the figures has them, but for the telephones that people share, and for the near
    spellings in one company, which are told and not counted."""

    kind: Kind
    reason: str


def verdict(one: Mapping[str, Any], other: Mapping[str, Any]) -> Verdict | None:
    """What two leads have in common, from their folded columns; None when nothing says they are one person."""
    reasons = ["même email"] if _same(one, other, "email_fold") else []
    phone = _same(one, other, "phone_e164")
    if phone and (reasons or _may_be_one(one["name_fold"], other["name_fold"])):
        reasons.append("même téléphone")
    if reasons:
        return Verdict(CERTAIN, ", ".join(reasons))
    if _same(one, other, "name_fold") and _same(one, other, "company_fold"):
        return Verdict(PROBABLE, "même nom et même entreprise")
    if _same(one, other, "email_domain") and alike(one["name_fold"], other["name_fold"]):
        return Verdict(PROBABLE, f"noms semblables, même domaine {one['email_domain']}")
    if _same(one, other, "company_fold") and alike(one["name_fold"], other["name_fold"]):
        return Verdict(PROBABLE, "noms semblables, même entreprise")
    return Verdict(SHARED, "même téléphone, autre nom") if phone else None


def _same(one: Mapping[str, Any], other: Mapping[str, Any], column: str) -> bool:
    return bool(one[column]) and one[column] == other[column]


def alike(one: str | None, other: str | None) -> bool:
    """Whether two folded names are one name, in any order, but for slips of the pen."""
    return one is not None and other is not None and _alike(_words(one), _words(other))


def _may_be_one(one: str | None, other: str | None) -> bool:
    """Whether people of one telephone may be one person: nothing in their names says otherwise (« J. Martin », « Martin », none)."""
    if not one or not other or alike(one, other):
        return True
    mine, theirs = _unlike(_words(one).split(), _words(other).split())
    return _shortened(mine, theirs) or _shortened(theirs, mine)


def _shortened(words: list[str], names: list[str]) -> bool:
    """Whether `words` are nothing but initials of `names`."""
    return len(words) <= len(names) and all(len(word) == 1 and any(name.startswith(word) for name in names) for word in words)


def _words(name: str) -> str:
    return name.translate(_SPACED)


def _unlike(ones: list[str], others: list[str]) -> tuple[list[str], list[str]]:
    """The words that only one of two names has, sorted."""
    mine, theirs = [], others.copy()
    for word in ones:
        if word in theirs:
            theirs.remove(word)
        else:
            mine.append(word)
    return sorted(mine), sorted(theirs)


def _alike(one: str, other: str) -> bool:
    mine, theirs = _unlike(one.split(), other.split())
    if not mine and not theirs:
        return True
    if GIVEN_NAMES.intersection(mine) and GIVEN_NAMES.intersection(theirs):
        return False
    if len(mine) != len(theirs):
        return token_sort_ratio(one, other) >= LIKENESS or _slip(one.replace(" ", ""), other.replace(" ", ""))
    return all(_slip(word, name) for word, name in zip(mine, theirs, strict=True))


def _slip(one: str, other: str) -> bool:
    """One letter wrong, missing, added or exchanged with its neighbour; two of them in a long word."""
    length = min(len(one), len(other))
    return length >= SHORT and OSA.distance(one, other) <= (2 if length >= LONG else 1)


def near_pairs(names: Mapping[int, str], wanted: AbstractSet[int]) -> Iterator[tuple[int, int]]:
    """(low, high) keys of leads of one domain or company, one of them `wanted`, whose folded names are alike."""
    if len(names) < 2:
        return
    words = {key: _words(name) for key, name in names.items()}
    if len(wanted) <= FEW:
        yield from _pairs(list(wanted), list(words), words)
        return
    ordered = sorted(words, key=lambda key: (sorted(words[key].split()), key))
    for start in range(0, len(ordered), BLOCK):  # spelt alike, they are neighbours in alphabetical order
        block = ordered[start : start + BLOCK]
        yield from (pair for pair in _pairs(block, block, words) if wanted & set(pair))


def _pairs(ones: list[int], others: list[int], words: Mapping[int, str]) -> Iterator[tuple[int, int]]:
    likeness = process.cdist([words[key] for key in ones], [words[key] for key in others], scorer=token_sort_ratio, score_cutoff=CANDIDATES)
    for row, column in zip(*likeness.nonzero(), strict=True):
        one, other = ones[row], others[column]
        if one != other and _alike(words[one], words[other]):
            yield min(one, other), max(one, other)
