"""Which word of a name is the surname: a card has a place for each, and a mail greets nobody by a name turned round."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gnetics.domain.name_parts import natural, split


@pytest.mark.parametrize(
    ("name", "title", "first", "family"),
    [
        ("DUPRÉ Sylvain", "", "Sylvain", "DUPRÉ"),
        ("Jean-Pierre de La Roche", "", "Jean-Pierre", "de La Roche"),
        ("DE LA ROCHE Jean-Pierre", "", "Jean-Pierre", "DE LA ROCHE"),
        ("Marie Claire Aubin", "", "Marie Claire", "Aubin"),
        ("VAN DER LINDEN Pieter", "", "Pieter", "VAN DER LINDEN"),
        ("Pieter van der Linden", "", "Pieter", "van der Linden"),
        ("Pieter van der LINDEN", "", "Pieter", "van der LINDEN"),
        ("LE GOFF Yann", "", "Yann", "LE GOFF"),
        ("Le Goff Yann", "", "Yann", "Le Goff"),
        ("Yann Le Goff", "", "Yann", "Le Goff"),
        ("d’Artois Hélène", "", "Hélène", "d’Artois"),
        ("O’Connor, Siobhán", "", "Siobhán", "O’Connor"),
        ("Dr. Anne Pic", "Dr.", "Anne", "Pic"),
        ("Pic, Dr. Anne", "Dr.", "Anne", "Pic"),
        ("M. et Mme Durand", "M. et Mme", "", "Durand"),
        ("Dupin Claire", "", "Claire", "Dupin"),
        ("Yildiz Martin", "", "Yildiz", "Martin"),
        ("MARTIN J-P", "", "J-P", "MARTIN"),
        ("JP Martin", "", "JP", "Martin"),
        ("Ben Johnson", "", "Ben", "Johnson"),
        ("Madonna", "", "", "Madonna"),
        ("王小明", "", "", "王小明"),
        ("Sylvain Dupré, Alpha Bois", "", "", "Sylvain Dupré, Alpha Bois"),
        ("Dr", "", "", "Dr"),
    ],
)
def test_a_name_has_the_parts_that_its_writing_tells(name: str, title: str, first: str, family: str) -> None:
    parts = split(name)
    assert (parts.title, parts.given, parts.family) == (title, first, family)


def test_what_follows_a_name_is_no_part_of_it() -> None:
    for name in ("Paul Durand, Jr.", "Paul Durand III"):
        assert (split(name).given, split(name).family) == ("Paul", "Durand")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("VAN DER LINDEN Pieter", "Pieter VAN DER LINDEN"),
        ("O’Connor, Siobhán", "Siobhán O’Connor"),
        ("Durand, Mme Anne", "Mme Anne Durand"),
        ("Prof. Durand, Dr. Anne", "Prof. Dr. Anne Durand"),
        ("Dupin Claire", "Dupin Claire"),  # likely turned, and not surely
        ("EDF Collectivités", "EDF Collectivités"),
        ("Alice Durand", "Alice Durand"),
    ],
)
def test_only_a_name_that_is_surely_turned_is_turned_back(name: str, said: str) -> None:
    assert natural(name) == said


WORDS = st.sampled_from(["DUPRÉ", "le", "VAN", "der", "Anne", "d’Artois", ",", "Dr.", "et", "Jr.", "J.", "Claire", "III"])


@example("DR 0,DR 0")
@given(st.text(max_size=40) | st.lists(WORDS, max_size=7).map(" ".join))
def test_no_word_of_a_name_is_lost(name: str) -> None:
    parts = split(name)
    assert sorted(re.findall(r"\w+", f"{parts.title} {parts.given} {parts.family} {parts.suffix}")) == sorted(re.findall(r"\w+", name))
