"""Fictional people and companies, each of its own name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from gnetics.demo import words
from gnetics.domain.folding import fold

_PHONE_BLOCKS = ("1 99 00", "2 61 91", "3 53 01", "4 65 71", "5 36 49")  # kept for fiction by the French regulator


@dataclass(frozen=True)
class Company:
    name: str
    sector: str
    domain: str


@dataclass(frozen=True)
class Person:
    first: str
    last: str
    woman: bool
    job: str
    company: Company

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def civility(self) -> str:
        return f"{'Madame' if self.woman else 'Monsieur'} {self.last}"


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text) or "").strip("-")


def phone(rng: Random) -> str:
    return f"+33 {rng.choice(_PHONE_BLOCKS)} {rng.randrange(100):02d} {rng.randrange(100):02d}"


def email(person: Person, rng: Random) -> str:
    first, last = slug(person.first), slug(person.last)
    local = rng.choice((f"{first}.{last}", f"{first}.{last}", f"{first[0]}.{last}", first))
    return f"{local}@{person.company.domain}"


class Crowd:
    """Draws people and companies, never the same twice."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._names: set[str] = set()
        self._companies: set[str] = set()

    def company(self) -> Company:
        while True:
            sector = self._rng.choice(list(words.SECTORS))
            pattern = self._rng.choice(words.SECTORS[sector][0])
            name = pattern.format(n=self._rng.choice(words.SURNAMES).replace("-", " "), r=self._rng.choice(words.REGIONS))
            if name not in self._companies:
                self._companies.add(name)
                return Company(name, sector, f"{slug(name)}.example")

    def person(self, company: Company | None = None) -> Person:
        while True:
            woman = self._rng.random() < 0.45
            first = self._rng.choice(words.WOMEN if woman else words.MEN)
            last = self._rng.choice(words.SURNAMES).replace("-", " ")
            if f"{first} {last}" not in self._names:
                self._names.add(f"{first} {last}")
                job = self._rng.choice(words.JOBS)[0 if woman else 1]
                return Person(first, last, woman, job, company or self.company())
