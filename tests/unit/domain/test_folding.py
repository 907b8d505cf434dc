"""Two spellings of the same name fold alike, and folding is stable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnetics.domain.folding import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Élodie  LEFÈVRE", "elodie lefevre"),
        ("L’Atelier d’Œuvres", "l'atelier d'oeuvres"),
        ("Jean‑Pierre", "jean-pierre"),
        ("Stra\u00dfe\u00a012", "strasse 12"),
        ("À corriger", "a CORRIGER"),
        ("Anne\u200e Petit", "anne petit"),
        ("\u202bשרה\u202c \u2068כהן\u2069", "שרה כהן"),
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("blank", [None, "", "  ", "\u00a0\u200b\t\n"])
def test_blank_folds_to_none(blank: str | None) -> None:
    assert fold(blank) is None


@given(
    st.lists(st.text("aé ", max_size=4), min_size=2, max_size=5), st.sampled_from("\u00ad\u200b\u200e\u200f\u202a\u202e\u2060\u2069\ufeff")
)
def test_what_shows_nothing_separates_nobody(parts: list[str], unseen: str) -> None:
    assert fold(unseen.join(parts)) == fold("".join(parts))


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.text()))
def test_texts_fold_together_as_they_fold_apart(texts: list[str]) -> None:
    """What one searches in is folded at once."""
    assert (fold(" ".join(texts)) or "") == " ".join(filter(None, map(fold, texts)))


@given(st.text())
def test_no_mark_is_left(text: str) -> None:
    assert not any(unicodedata.combining(sign) for sign in fold(text) or "")
