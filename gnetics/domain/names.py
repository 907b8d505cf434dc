"""Whether two folded names are one person's: for duplicates, which are only told, and for an import, which writes over what it finds."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import token_sort_ratio

from gnetics.domain.given_names import GIVEN_NAMES
from gnetics.domain.name_parts import PARTICLES, TITLES

LIKENESS = 87  # of 100, where words are joined or cut, so that they cannot be compared one by one
SHORT, LONG = 4, 8  # letters of a word in which one slip is believed, and two
_SPACED = str.maketrans("-'.,()/", "       ")  # « Jean-Marc » and « Jean Marc » are the same words
_TITLES = re.compile(rf"^(?:m\.|(?:{'|'.join(sorted(TITLES - {'m'}))})\.?(?= ))|\b(?:nee?|epouse)\b")


def words(name: str) -> str:
    """Those that tell who it is, without titles."""
    return (_plain(name) or name).translate(_SPACED)


def alike(one: str | None, other: str | None) -> bool:
    """Whether two folded names are one name, in any order, but for slips of the pen."""
    return one is not None and other is not None and words_alike(words(one), words(other))


def may_be_one(one: str | None, other: str | None) -> bool:
    """Whether nothing in two names says that they are two people (« J. Martin », « Martin », none)."""
    if not one or not other or alike(one, other):
        return True
    mine, theirs = _unlike(words(one).split(), words(other).split())
    return _shortened(mine, theirs) or _shortened(theirs, mine)


def one_person(one: str | None, other: str | None) -> bool:
    """Whether the names allow to believe what only one person has, as an email: the same, shortened, missing, or changed by marriage."""
    if one == other:
        return True
    one, other = _plain(one), _plain(other)
    return may_be_one(one, other) or _renamed(words(one or "").split(), words(other or "").split())


def same_full_name(one: str | None, other: str | None) -> bool:
    """Whether the names by themselves are one person's, where nothing else is (a household's telephone): a surname alone is not enough."""
    one, other = _plain(one), _plain(other)
    if not one or not other:
        return False
    shorter, longer = sorted((words(one).split(), words(other).split()), key=len)
    lacking, further = _unlike(shorter, longer)
    return alike(one, other) or (len(shorter) > 1 and not lacking and not GIVEN_NAMES.intersection(further))


def _plain(name: str | None) -> str | None:
    """Without titles and « née »."""
    return name and (_TITLES.sub(" ", name).strip() or None)


def _renamed(ones: list[str], others: list[str]) -> bool:
    """Whether a same first name comes before two surnames; of a surname put first, the given name behind it says who it is."""
    first = ones[0]
    return first == others[0] and first in GIVEN_NAMES and not GIVEN_NAMES.intersection([*ones[1:], *others[1:]])


def _shortened(some: list[str], names: list[str]) -> bool:
    """Whether `some` are nothing but initials of `names`."""
    return len(some) <= len(names) and all(len(word) == 1 and any(name.startswith(word) for name in names) for word in some)


def _unlike(ones: list[str], others: list[str]) -> tuple[list[str], list[str]]:
    """The words that only one of two names has, sorted."""
    mine, theirs = [], others.copy()
    for word in ones:
        if word in theirs:
            theirs.remove(word)
        else:
            mine.append(word)
    return sorted(mine), sorted(theirs)


def words_alike(one: str, other: str) -> bool:
    """`alike` of what `words` made of two names."""
    mine, theirs = _unlike(one.split(), other.split())
    if not mine and not theirs:
        return True
    if not PARTICLES.isdisjoint((*mine, *theirs)):
        bare, others = _bare(mine), _bare(theirs)
        if one.count(" ") + 1 - len(mine) + len(bare) > 1 and _alike(bare, others, one, other):
            return True
    return _alike(mine, theirs, one, other)


def _bare(some: list[str]) -> list[str]:
    """« van der Linden » and « Linden »: particles are left out as often as not."""
    return [word for word in some if word not in PARTICLES]


def _alike(mine: list[str], theirs: list[str], one: str, other: str) -> bool:
    """Whether the words that only one of two names has may be slips of each other."""
    if GIVEN_NAMES.intersection(mine) and GIVEN_NAMES.intersection(theirs):
        return False
    if len(mine) != len(theirs):
        return token_sort_ratio(one, other) >= LIKENESS or _slip(one.replace(" ", ""), other.replace(" ", ""))
    return all(_slip(word, name) for word, name in zip(mine, theirs, strict=True))


def _slip(one: str, other: str) -> bool:
    """One letter wrong, missing, added or exchanged with its neighbour; two of them in a long word."""
    length = min(len(one), len(other))
    return length >= SHORT and OSA.distance(one, other) <= (2 if length >= LONG else 1)
