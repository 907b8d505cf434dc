"""Whatever is written of a lead finds it, as people type it: whole, between quotation marks, the surname first."""

from __future__ import annotations

import pytest

from gnetics.domain.leads import derive
from gnetics.domain.regions import REGIONS
from gnetics.domain.searching import wanted

LEADS = [
    {"name": "Anaïs L’Hermite", "company": "100% Bois", "email": "anais_l@bois.example", "phone": "06 39 98 12 34", "notes": "remise 50 %"},
    {"name": "José Nuñez", "company": "C++ & Cie", "email": "jose@cpp.example"},
    {"name": "محمد بن علي", "company": "شركة"},
    {"name": "Œdipe Lœw", "company": "Cœur de Ville"},
    {"name": "Iñaki İnci", "company": "Straße GmbH"},
]
CELLS = [(lead, text) for lead in LEADS for text in lead.values()]


@pytest.mark.parametrize("typed", ["{}", "« {} »", '"{}"', "“{}”", "{},"])
@pytest.mark.parametrize(("lead", "text"), CELLS)
def test_a_lead_is_found_by_what_it_says(lead: dict[str, str], text: str, typed: str) -> None:
    search = derive(lead, REGIONS["FR"])["search"]
    assert all(any(writing in search for writing in word) for word in wanted(typed.format(text)))


@pytest.mark.parametrize("lead", LEADS)
def test_a_lead_is_found_by_its_surname_first(lead: dict[str, str]) -> None:
    first, _, family = lead["name"].partition(" ")
    search = derive(lead, REGIONS["FR"])["search"]
    assert all(any(writing in search for writing in word) for word in wanted(f"{family.upper()}, {first}"))


def test_signs_within_a_word_are_of_the_word() -> None:
    assert wanted("1,5 c++ a_b") == [("1,5",), ("c++",), ("a_b",)]
