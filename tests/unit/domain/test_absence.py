"""What says that there is nothing to say, and what only looks like it."""

from __future__ import annotations

import pytest

from gnetics.domain.absence import identifies_nobody, is_blank, is_sign


@pytest.mark.parametrize(
    "text", ["-", "--", "?", "…", "—", ".", "« »", "#", "n/a", "N.A.", "#N/D", "n.c.", "N/C", "-None-", "<null>", "n / a"]
)
def test_signs_are_no_value_of_any_field(text: str) -> None:
    assert is_sign(text) and is_blank(text) and identifies_nobody(text)


@pytest.mark.parametrize("text", ["NULL", "None", "nan", "False", "undefined"])
def test_what_programs_write_may_be_a_surname_and_nothing_else(text: str) -> None:
    assert (is_sign(text), is_blank(text), identifies_nobody(text)) == (False, True, True)


@pytest.mark.parametrize(
    "text", ["aucun", "Néant", "INCONNU", "Non renseigné", "pas d’email", "no email", "Unknown", "na", "xxx", "à compléter"]
)
def test_words_identify_nobody_and_may_be_an_answer_elsewhere(text: str) -> None:
    assert (is_sign(text), is_blank(text), identifies_nobody(text)) == (False, False, True)


@pytest.mark.parametrize(
    "text",
    [
        "Anne",
        "Na Yun",
        "N. Aubin",
        "Aucuns Travaux",
        "王小明",
        "王 na",
        "😀",
        "NC Conseil",
        "Nil Sand",
        "a@b.fr",
        "0",
        "R&D",
        "C++",
        "x" * 80,
    ],
)
def test_names_are_values(text: str) -> None:
    assert not (is_sign(text) or is_blank(text) or identifies_nobody(text))
