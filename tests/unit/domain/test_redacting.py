"""Addresses and telephones are found in texts as people write them; what is part of another one is somebody else's."""

from __future__ import annotations

import pytest

from gnetics.domain.redacting import REMOVED, Traces

JEAN = Traces(frozenset({"jean@x.fr"}), frozenset({"+33612345678"}), frozenset({"Jean Élan"}))


@pytest.mark.parametrize(
    "text",
    ["jean@x.fr", "JEAN@X.FR", "mailto:jean@x.fr", "jean%40x.fr", "06 12 34 56 78", "0612345678", "06.12.34.56.78", "06-12-34-56-78",
     "+33 6 12 34 56 78", "+33612345678", "0033612345678", "+33 (0)6 12 34 56 78", "06\u00a012\u00a034\u00a056\u00a078"],
)  # fmt: skip
def test_each_writing_is_removed_within_a_sentence(text: str) -> None:
    kept = JEAN.without(f"Écrire à {text}, ou non. ({text})")
    bare = text.removeprefix("mailto:")
    assert bare not in kept and kept.count(REMOVED) == 2 and kept.startswith("Écrire à ")


@pytest.mark.parametrize(
    "text",
    ["marie-jean@x.fr", "jean@x.fr.com", "jean@x.free", "a.jean@x.fr", "jean_jean@x.fr", "06 12 34 56 79", "106 12 34 56 78",
     "06 12 34 56 78 9", "612345678", "jean@y.fr", "le 06/12/2034"],
)  # fmt: skip
def test_what_is_another_ones_is_left(text: str) -> None:
    assert JEAN.without(text) == text


def test_an_address_after_a_sign_of_its_own_is_removed_too() -> None:
    assert JEAN.without("https://x.fr/?mail=jean@x.fr&a=1") == f"https://x.fr/?mail={REMOVED}&a=1"


def test_a_header_loses_the_name_with_the_address() -> None:
    header = 'Ana <ana@x.fr>, "Élan, Jean" <jean@x.fr>, Jean Élan <Jean@x.fr>, marie-jean@x.fr'
    assert JEAN.without_named(header) == f"Ana <ana@x.fr>, {REMOVED}, {REMOVED}, marie-jean@x.fr"


@pytest.mark.parametrize(
    ("text", "named"), [("vu JEAN ELAN hier", True), ("Élan Jean", True), ("jean-élan", True), ("Jean Élandier", False)]
)
def test_a_name_is_found_as_words_whatever_its_order_and_accents(text: str, named: bool) -> None:
    assert JEAN.named_in(text) is named
