"""HTML gives way to what it shows; signs that only look like it stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnetics.domain.markup import plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("L&#039;Atelier &amp; Fils", "L'Atelier & Fils"),
        ("L&amp;#x27;Atelier", "L'Atelier"),
        ("<p>Un</p><p>Deux<br>Trois</p>", "Un\nDeux\nTrois\n"),
        ('<a href="https://x.example">ici</a>&nbsp;même', "ici même"),
        ("&lt;b&gt;gras&lt;/b&gt;", "gras"),
        ("<style>p {}</style>Vu<!-- caché -->", "Vu"),
    ],
)
def test_what_is_shown_is_kept(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize("text", ["AT&T", "R&D", "<3", "a < b > c", "<hier>", "Anne <a@b.example>", "a&copy", "<script>alert(1)</script>"])
def test_what_is_no_markup_stays(text: str) -> None:
    assert plain(text) == text


@given(st.text(alphabet=st.characters(exclude_characters="<&")))
def test_a_text_without_signs_of_it_is_left_as_it_is(text: str) -> None:
    assert plain(text) == text
