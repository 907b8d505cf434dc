"""A consent has the day and the source that are its own, whoever changes it, merges it or takes a change back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gnetics.actions.leads import restore_field, save_lead
from gnetics.actions.merging import merge_leads, undo_merge
from gnetics.actions.restoring import undo
from gnetics.errors import Conflict, Refused
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.reading.history import history_of

TODAY, BEFORE = date(2026, 11, 24), date(2026, 1, 5)
GIVEN = {"consent": "donné", "consent_on": BEFORE, "consent_source": "formulaire du site"}


@pytest.fixture
def snapshot(crm: Crm) -> Snapshot:
    """With one contact, key 1, who agreed."""
    mine = crm.snapshot()
    save_lead(crm, "Ana", None, {"name": "Zoé", "email": "zoe@client.example", "legal_basis": "consentement", **GIVEN}, None, mine)
    return mine


def told(snapshot: Snapshot, key: int = 1) -> tuple[Any, ...]:
    return tuple(snapshot.lead(key)[name] for name in GIVEN)


def test_a_consent_that_changes_has_its_own_day_and_source(crm: Crm, snapshot: Snapshot) -> None:
    assert told(snapshot) == tuple(GIVEN.values())
    rev = save_lead(crm, "Ana", 1, {"consent": "retiré"}, None, snapshot).rev
    assert told(snapshot) == ("retiré", TODAY, "saisi à la main")
    assert set(history_of(crm, 1)["field"]) >= set(GIVEN)
    assert rev
    undo(crm, "Ana", 1, rev, snapshot)
    assert told(snapshot) == tuple(GIVEN.values())
    save_lead(crm, "Ana", 1, {"consent": "refusé", "consent_on": BEFORE, "consent_source": "appel"}, None, snapshot)
    assert told(snapshot) == ("refusé", BEFORE, "appel")
    save_lead(crm, "Ana", 1, {"consent": None}, None, snapshot)
    assert told(snapshot) == (None, None, None)


def test_an_undone_change_of_the_same_day_keeps_that_day(crm: Crm, snapshot: Snapshot) -> None:
    save_lead(crm, "Ana", 1, {"consent": "refusé", "consent_source": "appel"}, None, snapshot)
    rev = save_lead(crm, "Ana", 1, {"consent": "retiré", "consent_source": "appel"}, None, snapshot).rev
    assert rev
    undo(crm, "Ana", 1, rev, snapshot)
    assert told(snapshot) == ("refusé", TODAY, "appel")


def test_a_word_that_is_no_choice_is_refused_naming_them(crm: Crm, snapshot: Snapshot) -> None:
    with pytest.raises(Refused) as refusal:
        save_lead(crm, "Ana", 1, {"consent": "peut-être", "legal_basis": "amitié"}, None, snapshot)
    assert refusal.value.sentences.keys() == {"consent", "legal_basis"}
    assert refusal.value.sentences["consent"].endswith("choisissez parmi donné, refusé, retiré.")


def test_two_people_who_say_it_otherwise_are_asked(crm: Crm, snapshot: Snapshot) -> None:
    save_lead(crm, "Bruno", 1, {"consent": "retiré"}, {"consent": "donné"}, crm.snapshot())
    with pytest.raises(Conflict) as conflict:
        save_lead(crm, "Ana", 1, {"consent": "refusé"}, {"consent": "donné"}, snapshot)
    assert [each.field for each in conflict.value.fields] == ["consent"]


def test_a_value_of_before_comes_back_with_the_day_on_which_it_did(crm: Crm, snapshot: Snapshot) -> None:
    save_lead(crm, "Ana", 1, {"consent": "retiré"}, None, snapshot)
    lines = history_of(crm, 1)
    (line,) = lines["key"][(lines["field"] == "consent") & (lines["before"] == "donné")]
    restore_field(crm, "Ana", int(line), snapshot)
    assert told(snapshot) == ("donné", TODAY, "saisi à la main")


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        ({"consent": "retiré", "consent_on": BEFORE, "consent_source": "lien"}, ("retiré", BEFORE, "lien")),
        ({"consent": "refusé", "consent_on": None, "consent_source": "appel"}, ("refusé", None, "appel")),
        ({"consent": None}, tuple(GIVEN.values())),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_of_two_leads_made_one_the_more_restrictive_consent_stays_whole(
    crm: Crm, snapshot: Snapshot, other: dict[str, Any], kept: tuple[Any, ...], first: bool
) -> None:
    second = save_lead(crm, "Ana", None, {"name": "Zoé", **other}, None, snapshot).key
    keys = [1, second] if first else [second, 1]
    done = merge_leads(crm, "Ana", keys, {}, {}, snapshot)
    assert told(snapshot, keys[0]) == kept
    before = {1: tuple(GIVEN.values()), second: tuple(other.get(name) for name in GIVEN)}
    undo_merge(crm, "Ana", keys[0], done.rev, snapshot)
    assert {key: told(snapshot, key) for key in keys} == before


def test_whoever_merges_may_keep_the_other_consent_which_brings_its_own_day(crm: Crm, snapshot: Snapshot) -> None:
    second = save_lead(crm, "Ana", None, {"name": "Zoé", "consent": "retiré"}, None, snapshot).key
    merge_leads(crm, "Ana", [second, 1], {"consent": 1}, {}, snapshot)
    assert told(snapshot, second) == tuple(GIVEN.values())
