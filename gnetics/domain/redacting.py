"""Addresses and telephones of a person, found and removed in what others wrote, and the places that name that person.

What is part of another one is somebody else's: « jean@x.fr » is not in « marie-jean@x.fr », nor « 06 12 34 56 78 » in a longer number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import phonenumbers

from gnetics.domain.folding import fold

REMOVED = "[effacé]"
_ADDRESS = re.compile(r"[\w.!#$%&*+/=?^{|}~-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
_NAMED = re.compile(r'(?:"[^"\n]*"|[^\s,;<>"\n][^,;<>"\n]*)?\s*<([^<>\s]+)>')  # « Nom <adresse> » of a header
_NUMBER = re.compile(r"(?<![\d+])(?:\+|00)?\(?\d(?:[\s./()\u00a0\u202f-]{0,3}\d){6,15}(?!\d)")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Traces:
    """What people are known by in texts: folded addresses, E.164 numbers, names as written."""

    addresses: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def __or__(self, other: Traces) -> Traces:
        return Traces(self.addresses | other.addresses, self.phones | other.phones, self.names | other.names)

    def without(self, text: str) -> str:
        """The text, each address and telephone replaced by a word."""
        text = _ADDRESS.sub(lambda match: REMOVED if self.is_theirs(match[0]) else self._inside(match[0]), text)
        return _NUMBER.sub(lambda match: REMOVED if _digits(match[0]) in self._dialled else match[0], text)

    def without_named(self, text: str) -> str:
        """The same of a header, where « Nom <adresse> » goes whole."""
        return self.without(_NAMED.sub(lambda match: REMOVED if self.is_theirs(match[1]) else match[0], text))

    def reach_in(self, text: str) -> bool:
        """Whether an address or a telephone stands in the text."""
        return self.without(text) != text

    def named_in(self, text: str) -> bool:
        """Whether one of the names stands in the text, whatever its case and accents, as words of their own."""
        said = f" {' '.join(_WORDS.findall(fold(text) or ''))} "
        return any(f" {name} " in said for name in self._folded_names)

    @cached_property
    def patterns(self) -> list[str]:
        """Of LIKE, with « / » to escape: what holds an address or a number is like one of these."""
        addresses = ["%".join(map(_escaped, each.split("@"))) for each in sorted(self.addresses)]
        return [f"%{each}%" for each in (*addresses, *("%".join(national) for national, _ in self._numbers))]

    @cached_property
    def name_patterns(self) -> list[str]:
        """The same of the names: letters with accents are any."""
        return [f"%{'%'.join(re.findall('[A-Za-z0-9]+', name)) or _escaped(name)}%" for name in sorted(self.names)]

    def is_theirs(self, address: str) -> bool:
        """Whether it is one of the addresses."""
        return fold(address.replace("%40", "@")) in self.addresses

    def _inside(self, found: str) -> str:
        """An address that stands after a sign that may also belong to it: « mail=jean@x.fr », « a/jean@x.fr »."""
        start = max(found.rfind(sign, 0, found.find("@")) for sign in "=/?&|#!") + 1
        return found[:start] + REMOVED if start and self.is_theirs(found[start:]) else found

    @cached_property
    def _numbers(self) -> list[tuple[str, str]]:
        """The national digits of each number, and its country's prefix."""
        parsed = map(phonenumbers.parse, self.phones)
        return sorted((str(each.national_number), str(each.country_code)) for each in parsed)

    @cached_property
    def _dialled(self) -> frozenset[str]:
        """The digits of the numbers: with their prefix, or as dialled at home."""
        found: set[str] = set()
        for national, code in self._numbers:
            at_home = national if code == "1" else f"0{national}"  # without its prefix it is an amount, or a key
            found.update((at_home, f"{code}{national}", f"00{code}{national}", f"{code}0{national}", f"00{code}0{national}"))
        return frozenset(found)

    @cached_property
    def _folded_names(self) -> list[str]:
        """In both orders, when they have two words."""
        spelled = [_WORDS.findall(fold(name) or "") for name in self.names]
        return [
            " ".join(words) for each in spelled for words in ({tuple(each), tuple(reversed(each))} if len(each) == 2 else {tuple(each)})
        ]


def addresses_in(text: str) -> list[str]:
    """Those that stand in a text, as they are written."""
    return [match[0] for match in _ADDRESS.finditer(text)]


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _escaped(text: str) -> str:
    return re.sub("([%_/])", r"/\1", text)
