"""Email addresses: cleaned when the intent is plain, refused with the slip named otherwise."""

from __future__ import annotations

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from gnetics.domain import emails
from gnetics.errors import Unreadable


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" anne@atelier.fr ", "anne@atelier.fr"),
        ("Anne Petit <anne@Atelier.FR>", "anne@atelier.fr"),
        ("mailto:anne@atelier.fr", "anne@atelier.fr"),
        ("\u202aanne@atelier.fr\u202c", "anne@atelier.fr"),
        ("anne@ate\u00adlier.fr\u200e", "anne@atelier.fr"),
        ("anne@xn--lphant-9uab.fr", "anne@éléphant.fr"),
    ],
)
def test_a_plain_intent_is_cleaned(text: str, address: str) -> None:
    assert emails.parse(text) == address


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("anne", "pas de «"),
        ("anne@@atelier.fr", "plusieurs"),
        ("a@b.fr, c@d.fr", "plusieurs"),
        ("anne petit@atelier.fr", "espace"),
        ("@atelier.fr", "rien avant"),
        ("anne@atelier", "domaine"),
        ("anne..petit@atelier.fr", "points de suite"),
        ("<script>@atelier.fr", "pas valide"),
        ("=1+1", "pas de «"),
        ("x" * 5000, "trop longue"),
        ("😀@", "domaine"),
    ],
)
def test_a_wrong_address_says_why_in_a_short_sentence(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why) as refusal:
        emails.parse(text)
    assert len(str(refusal.value)) < 160


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("anne@atelier.fr", ("anne@atelier.fr", "")),
        ("Petit, Anne <anne@atelier.fr>", ("anne@atelier.fr", "")),
        ("mailto:anne@atelier.fr?subject=Devis", ("anne@atelier.fr", "")),
        ("anne@atelier.fr ; bob@atelier.fr", ("anne@atelier.fr", "bob@atelier.fr")),
        ("anne@atelier.fr bob@atelier.fr", ("anne@atelier.fr", "bob@atelier.fr")),
        ("Anne <anne@atelier.fr>, mailto:bob@atelier.fr", ("anne@atelier.fr", "mailto:bob@atelier.fr")),
        ("anne petit@atelier.fr ou bob@atelier.fr", ("bob@atelier.fr", "anne petit@atelier.fr")),
        ("anne petit@atelier.fr", ("anne petit@atelier.fr", "")),
        ("anne@@atelier.fr", ("anne@@atelier.fr", "")),
    ],
)
def test_the_first_valid_address_of_a_cell_is_kept_and_nothing_lost(text: str, kept: tuple[str, str]) -> None:
    assert emails.several(text) == kept


@given(text=st.one_of(st.text(max_size=60), st.emails()))
def test_reading_twice_changes_nothing(text: str) -> None:
    try:
        once = emails.parse(text)
    except Unreadable:
        return
    assert emails.parse(once) == once


@given(st.from_regex(r"[a-z0-9-]{1,5}(\.[a-z0-9-]{1,5}){1,3}", fullmatch=True))
@example("xn--lphant-9uab.fr")
@example("a--b.fr")
@example("atelier.test")
def test_a_domain_is_judged_as_email_validator_does(domain: str) -> None:
    try:
        expected = validate_email(f"a@{domain}", check_deliverability=False).normalized
    except EmailNotValidError:
        with pytest.raises(Unreadable):
            emails.parse(f"a@{domain}")
    else:
        assert emails.parse(f"a@{domain}") == expected
