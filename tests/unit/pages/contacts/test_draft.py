"""A form keeps what was typed, says why it cannot be saved, and knows what changed."""

from __future__ import annotations

from datetime import date

import pytest

from gnetics.domain.regions import REGIONS
from gnetics.pages.contacts.draft import Draft, lead_draft, lead_form

LEAD = {
    "key": 1,
    "lead_id": "L-000001",
    "name": "Alice",
    "email": "alice@exemple.fr",
    "amount": 1240000,
    "next_follow_up": date(2026, 11, 24),
}


@pytest.fixture
def draft() -> Draft:
    draft = lead_draft(REGIONS["FR"])
    draft.open(lead_form(LEAD, REGIONS["FR"]), LEAD)
    return draft


def test_an_untouched_form_has_nothing_to_save(draft: Draft) -> None:
    draft.type(draft.form)
    assert not draft.dirty and not draft.changes() and not draft.blockers()


def test_only_the_fields_touched_are_changes(draft: Draft) -> None:
    draft.type({"name": "Alice Durand", "amount": "12 500,50 €"})
    assert draft.changes() == {"name": "Alice Durand", "amount": 1250050}
    assert draft.seen(draft.changes()) == {"name": "Alice", "amount": 1240000}


def test_the_same_value_typed_otherwise_is_no_change(draft: Draft) -> None:
    draft.type({"amount": "12400", "next_follow_up": "24/11/2026"})
    assert draft.changes() == {}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("next_follow_up", "31/02/2026"),
        ("amount", "-5"),
        ("amount", "1e9"),
        ("email", "pas-une-adresse"),
        ("probability", "140"),
        ("name", "x" * 5000),
    ],
)
def test_a_bad_value_blocks_with_a_sentence_beside_its_field_and_stays_typed(draft: Draft, key: str, text: str) -> None:
    draft.type({key: text})
    assert set(draft.errors) == {key} and draft.errors[key]
    assert draft.form[key] == text


def test_a_contact_needs_an_identity() -> None:
    draft = lead_draft(REGIONS["FR"])
    draft.open({"name": "", "company": "", "email": "", "status": ""}, {})
    draft.type({"status": "Nouveau"})
    assert "" in draft.errors
    draft.type({"company": "Lumen"})
    assert not draft.errors


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=1+1", "🦊 Renard", "L’Été"])
def test_any_text_is_a_name(draft: Draft, text: str) -> None:
    draft.type({"name": text})
    assert draft.changes() == {"name": text}


def test_an_old_invalid_email_does_not_block_another_change() -> None:
    lead = LEAD | {"email": "cassé"}
    draft = lead_draft(REGIONS["FR"])
    draft.open(lead_form(lead, REGIONS["FR"]), lead)
    draft.type({"name": "Alice B."})
    assert not draft.errors
