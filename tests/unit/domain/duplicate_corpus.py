"""French contacts as they are met twice: typed again, with a slip, turned round; and people who only look alike."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from gnetics.demo import words
from gnetics.domain.folding import fold

MORE = """Julie Julien Marie Marc Jean Jeanne Louis Louise Paul Paule Michel Michèle Jean-Marc Jean-Pierre Marie-Laure Anne-Sophie Zoé Noé
Léa Léo Ewen Maïwenn Lucien Lucienne Aïssatou Kerstin Bartholomé Ulysse Hadrien Adrien Emma Anna Hélène Élise Alban Alan"""
FIRST = [*words.WOMEN, *words.MEN, *MORE.split()]
ALIKE = "Julie/Julien Paul/Paule Louis/Louise Marc/Marie Michel/Michèle Jean-Marc/Jean-Pierre Lucien/Lucienne Léa/Léo Emma/Anna Thomas/Hugo"
SIBLINGS = [pair.split("/") for pair in ALIKE.split()]
FREE = ("gmail.com", "orange.fr", "free.fr", "laposte.net")


@dataclass
class Corpus:
    """`leads` by key, as a form would give them; `same` the pairs that are one person."""

    leads: dict[int, dict[str, Any]]
    same: set[tuple[int, int]]

    def add(self, **lead: Any) -> int:
        key = len(self.leads) + 1
        self.leads[key] = lead
        return key


def corpus(rng: Random, people: int) -> Corpus:
    made = Corpus({}, set())
    for number in range(people):
        company, domain = (
            f"{rng.choice(('Atelier', 'Groupe', 'Menuiserie', 'Conseil', 'Clinique'))} {rng.choice(words.SURNAMES)} {number}",
            f"soc{number}.fr",
        )
        switchboard = _phone(rng)
        team = [_person(rng, company, domain, switchboard) for _ in range(rng.choice((1, 1, 2, 4)))]
        team += _siblings(rng, company, domain, switchboard) if rng.random() < 0.08 else []
        for person in team:
            key = made.add(**person)
            if rng.random() < 0.25:
                made.same.add((key, made.add(**_again(rng, person))))
            if rng.random() < 0.05:  # a homonym elsewhere
                made.add(**_person(rng, f"Autre {number}", f"autre{number}.fr", _phone(rng)) | {"name": person["name"]})
    return made


def _person(rng: Random, company: str, domain: str, switchboard: str) -> dict[str, Any]:
    first, last = rng.choice(FIRST), rng.choice(words.SURNAMES)
    local = f"{_slug(first)}.{_slug(last)}"
    email = f"{local}@{domain}" if rng.random() < 0.85 else f"{local}{rng.randrange(100)}@{rng.choice(FREE)}"
    return {"name": f"{first} {last}", "company": company, "email": email, "phone": switchboard if rng.random() < 0.4 else _phone(rng)}


def _siblings(rng: Random, company: str, domain: str, home: str) -> list[dict[str, Any]]:
    last, pair = rng.choice(words.SURNAMES), rng.choice(SIBLINGS)
    return [{"name": f"{first} {last}", "company": company, "email": f"{_slug(first)}@{domain}", "phone": home} for first in pair]


def _again(rng: Random, person: dict[str, Any]) -> dict[str, Any]:
    """The same person met again: something of theirs stays, as it does in life."""
    name, free = _retyped(rng, person["name"]), person["email"].rpartition("@")[2] in FREE
    way = rng.choices(("email", "phone", "address", "bare"), (40, 25, 25, 10))[0]
    if way == "address" and free:
        way = "email"
    if way == "email":
        return {"name": name, "company": rng.choice((person["company"], None)), "email": person["email"].upper(), "phone": None}
    if way == "phone":
        return {"name": name, "company": person["company"], "email": None, "phone": _rewritten(rng, person["phone"])}
    if way == "address":
        domain = person["email"].rpartition("@")[2]
        return {"name": name, "company": person["company"], "email": f"contact{rng.randrange(9)}@{domain}", "phone": None}
    return {"name": name, "company": _plain(rng, person["company"]), "email": None, "phone": None}


def _retyped(rng: Random, name: str) -> str:
    way = rng.choices(("same", "plain", "swapped", "slip", "swapped slip", "initial"), (20, 25, 20, 25, 5, 5))[0]
    if way == "initial":
        first, _, last = name.partition(" ")
        return f"{first[0]}. {last}" if rng.random() < 0.5 else last
    if "slip" in way:
        name = _slip(rng, name)
    if "swapped" in way:
        first, _, last = name.partition(" ")
        name = f"{last.upper()} {first}"
    return _plain(rng, name) if way == "plain" else name


def _plain(rng: Random, text: str) -> str:
    """Without accents, in capitals, or with other signs between the words."""
    return rng.choice((lambda t: fold(t) or "", str.upper, lambda t: t.replace(" ", "  "), str.title))(text)


def _slip(rng: Random, name: str) -> str:
    """One letter of a word long enough, missing, doubled, wrong or exchanged."""
    parts = name.split(" ")
    at = max(range(len(parts)), key=lambda place: (len(parts[place]) >= 5, rng.random()))
    word = parts[at]
    place = rng.randrange(1, max(2, len(word) - 1))
    kinds = (
        word[:place] + word[place + 1 :],
        word[:place] + word[place] + word[place:],
        word[:place] + rng.choice("aeiounrst") + word[place + 1 :],
    )
    parts[at] = rng.choice((*kinds, word[:place] + word[place : place + 2][::-1] + word[place + 2 :]))
    return " ".join(parts)


def _phone(rng: Random) -> str:
    return f"0{rng.choice('123456')} {' '.join(f'{rng.randrange(100):02d}' for _ in range(4))}"


def _rewritten(rng: Random, phone: str) -> str:
    bare = phone.replace(" ", "")
    return rng.choice((bare, f"+33 {bare[1:]}", f"0033{bare[1:]}", ".".join(bare[i : i + 2] for i in range(0, 10, 2))))


def _slug(text: str) -> str:
    return (fold(text) or "").replace(" ", "").replace("'", "")
