"""A person's name in its parts, told by commas, capitals, particles and known given names: a card has a place for each of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gnetics.domain.folding import fold
from gnetics.domain.given_names import GIVEN_NAMES

TITLES = frozenset({
    "m", "mr", "mme", "mlle", "mrs", "ms", "miss", "me", "dr", "pr", "prof",
    "monsieur", "madame", "mademoiselle", "maitre", "docteur", "professeur",
})  # fmt: skip
PARTICLES = frozenset({
    "de", "du", "des", "la", "le", "les", "van", "von", "der", "den", "dem", "ten", "ter", "vander", "vanden", "zu", "zum", "zur",
    "da", "das", "do", "dos", "di", "del", "della", "dello", "degli", "el", "ben", "bin", "ibn", "bint", "abou",
})  # fmt: skip
_GIVEN_TOO = frozenset({"ben"})  # at the beginning it is as often a given name
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "esq"})
_JOINED = frozenset({"et", "&", "and"})  # « M. et Mme Durand »
# Given names that are surnames as often: behind another word they do not say that the name was turned.
_SURNAMES = frozenset({
    "adam", "albert", "alexandre", "andre", "antoine", "armand", "arnaud", "auguste", "baptiste", "benoit", "bernard", "bertrand",
    "blaise", "blanche", "brice", "bruno", "charles", "christian", "claude", "clement", "colin", "constant", "daniel", "david", "denis",
    "didier", "dominique", "etienne", "fabrice", "felix", "ferdinand", "florent", "france", "francis", "francois", "gabriel", "georges",
    "gerald", "gerard", "germain", "gilbert", "gilles", "guillaume", "guy", "henri", "hubert", "hugues", "isaac", "jacques", "jean",
    "joly", "jordan", "joseph", "jules", "julian", "julien", "laurent", "leon", "louis", "luc", "lucas", "marc", "marceau", "marcel",
    "marie", "marin", "marion", "martial", "martin", "mathieu", "mathis", "maurice", "michel", "morgan", "nathan", "nicolas", "noel",
    "olive", "oliver", "olivier", "oscar", "pascal", "patrice", "patrick", "paul", "philippe", "pierre", "prosper", "raoul", "raymond",
    "regis", "remi", "renaud", "rene", "richard", "robert", "robin", "roger", "roland", "romain", "roman", "rose", "samuel", "serge",
    "simon", "sylvain", "sylvestre", "tanguy", "thibaut", "thierry", "thomas", "tom", "valentin", "victor", "vincent", "vivien",
    "william", "xavier", "yves",
})  # fmt: skip
_INITIALS = re.compile(r"(?:[^\W\d_][.\-]+)*[^\W\d_][.\-]*")
_WRITTEN_LARGE = 4  # letters of a word in capitals that is no acronym


@dataclass(frozen=True, slots=True)
class Parts:
    """Joined they are the words of the name. `turned`: the family name surely came first."""

    title: str = ""
    given: str = ""
    family: str = ""
    suffix: str = ""
    turned: bool = False


def split(name: str) -> Parts:
    """A single word is a family name; of what nothing tells, the first word is the given name."""
    words = name.split()
    title, words = _title(words)
    words, suffix = _suffix(words)
    family, comma, given = " ".join(words).partition(",")
    if comma:
        more, rest = _title(given.split())
        if _by_comma(family.split(), rest):
            return Parts(" ".join(filter(None, (title, more))), " ".join(rest), family.strip(), suffix, turned=True)
        return Parts(title, "", " ".join(words), suffix)
    given_words, family_words, turned = _by_capitals(words) or _by_particles(words) or _by_given_names(words)
    return Parts(title, " ".join(given_words), " ".join(family_words), suffix, turned)


def natural(name: str) -> str:
    """As one says it to the person: a name that was surely turned is turned back."""
    parts = split(name)
    return " ".join(filter(None, (parts.title, parts.given, parts.family, parts.suffix))) if parts.turned else name


def _bare(word: str) -> str:
    return (fold(word) or "").strip(".,()")


def _title(words: list[str]) -> tuple[str, list[str]]:
    """The titles before a name, and what follows them."""
    count = 0
    while count < len(words) and (_bare(words[count]) in TITLES or (count and _bare(words[count]) in _JOINED)):
        count += 1
    return (" ".join(words[:count]), words[count:]) if count < len(words) else ("", words)


def _suffix(words: list[str]) -> tuple[list[str], str]:
    count = len(words)
    while count > 2 and _bare(words[count - 1]) in _SUFFIXES:
        count -= 1
    if count == len(words):
        return words, ""
    return [*words[: count - 1], words[count - 1].rstrip(",")], " ".join(words[count:])


def _by_comma(family: Sequence[str], given: Sequence[str]) -> bool:
    """« O’Connor, Siobhán », but not « Sylvain Dupré, Alpha Bois » nor a list."""
    if not family or not given or any("," in word for word in given):
        return False
    return len(family) == 1 or _bare(given[0]) in GIVEN_NAMES or _bare(family[0]) not in GIVEN_NAMES


_Split = tuple[Sequence[str], Sequence[str], bool]  # given, family, whether the family name surely came first


def _by_capitals(words: Sequence[str]) -> _Split | None:
    """« VAN DER LINDEN Pieter », « Pieter van der LINDEN »: some words are written large, at one end."""
    large = [_is_large(word) for word in words]
    if not any(large) or all(large):
        return None
    first, last = large.index(True), len(words) - large[::-1].index(True)
    if not all(large[first:last]):
        return None
    while first and _is_particle(words[first - 1]):
        first -= 1
    family, given = words[first:last], [*words[:first], *words[last:]]
    if not given or (first and last < len(words)):
        return None
    letters, known = sum(map(str.isalpha, "".join(family))), all(map(_is_given, given[0].split("-")))
    if letters < _WRITTEN_LARGE - 1 and not (known and _bare(given[0]) not in _SURNAMES):
        return None  # « JP Martin »
    return given, family, first == 0 and (letters >= _WRITTEN_LARGE or known)


def _is_large(word: str) -> bool:
    return word.isupper() and not _INITIALS.fullmatch(word) and sum(map(str.isalpha, word)) > 1


def _is_particle(word: str) -> bool:
    return _bare(word) in PARTICLES


def _is_given(word: str) -> bool:
    return _bare(word) in GIVEN_NAMES


def _by_particles(words: Sequence[str]) -> _Split | None:
    """« Pieter van der Linden », « van der Linden Pieter », « d’Artois Hélène »."""
    count = len(words)
    start = next((place for place in range(count) if not _is_particle(words[place])), count)
    if 0 < start < count and _bare(words[0]) not in _GIVEN_TOO:
        return words[start + 1 :], words[: start + 1], False
    if count > 1 and words[0].startswith(("d’", "d'")):
        return words[1:], words[:1], False
    for place in range(1, count):
        if (_is_particle(words[place]) and place < count - 1) or _bare(words[place]).startswith("d'"):
            return words[:place], words[place:], False
    return None


def _by_given_names(words: Sequence[str]) -> _Split:
    """« Marie Claire Aubin », « Dupin Claire »."""
    count = len(words)
    if count < 2:
        return (), words, False
    if not _is_given(words[0].partition("-")[0]) and _is_given(words[-1]) and _bare(words[-1]) not in _SURNAMES:
        start = count - 1
        while start > 1 and _is_given(words[start - 1]):
            start -= 1
        return words[start:], words[:start], False
    end = 1
    while _is_given(words[0]) and end < count - 1 and _is_given(words[end]):
        end += 1
    return words[:end], words[end:], False
