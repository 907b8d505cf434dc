"""« Nouvelle affaire »: a lead of somebody who was won or lost before, linked to it, and no double of it."""

from __future__ import annotations

from datetime import date

import pytest

from gnetics.actions.deals import new_deal
from gnetics.actions.leads import save_lead
from gnetics.actions.merging import merge_leads, undo_merge
from gnetics.errors import Refused
from gnetics.exports.csv_file import csv_file
from gnetics.exports.lead_table import lead_table
from gnetics.imports.importer import import_workbook
from gnetics.metrics.duplicates import pairs, twins
from gnetics.metrics.population import Population
from gnetics.metrics.quality_masks import QualityMasks
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot

ZOE = {"name": "Zoé Lefèvre", "company": "Lumen", "email": "zoe@lumen-exemple.fr", "phone": "06 12 34 56 78"}
WON = ZOE | {"status": "Clos", "consent": "refusé", "last_contact": date(2026, 11, 2)}


@pytest.fixture
def snapshot(crm: Crm) -> Snapshot:
    """A closed contact, L-000001, and a new deal of the same person, L-000002."""
    snapshot = crm.snapshot()
    first = save_lead(crm, "Ana", None, WON, None, snapshot).key
    new_deal(crm, "Ana", first, ZOE | {"amount": 500}, snapshot)
    return snapshot


def checks(snapshot: Snapshot) -> list[str]:
    return snapshot.leads["email_check"].tolist()


def test_a_new_deal_starts_afresh_and_keeps_what_is_the_persons(snapshot: Snapshot) -> None:
    deal = snapshot.lead(2)
    assert (deal["deal_of"], deal["status"], deal["amount"], deal["closed_at"]) == ("L-000001", "Nouveau", 500, None)
    assert (deal["consent"], deal["last_contact"]) == ("refusé", date(2026, 11, 2))


def test_two_deals_of_one_person_are_no_double_but_a_third_contact_is(crm: Crm, snapshot: Snapshot) -> None:
    real = snapshot.real
    masks = QualityMasks(Population.of(snapshot.leads, crm.clock.today()), snapshot.messages, snapshot.pairs, crm.region.zone)
    assert checks(snapshot) == ["valide", "valide"]
    assert pairs(real, snapshot.pairs) == [] and twins(real, [snapshot.lead(2) | {"key": 2}])[2] == []
    assert not masks.same_identity.any() and not masks.near_identity.any()
    save_lead(crm, "Ana", None, ZOE, None, snapshot)
    assert checks(snapshot) == ["en double"] * 3
    assert [(pair.low, pair.high) for pair in pairs(snapshot.real, snapshot.pairs)] == [(1, 3), (2, 3)]
    merge_leads(crm, "Ana", [3, 2], {}, {}, snapshot)
    assert checks(snapshot) == ["valide", "valide"] and snapshot.lead(3)["deal_of"] == "L-000001"


def test_a_third_deal_is_one_of_the_same_person(crm: Crm, snapshot: Snapshot) -> None:
    save_lead(crm, "Ana", 2, {"status": "Perdu", "lost_reason": "Prix"}, None, snapshot)
    assert snapshot.lead(new_deal(crm, "Ana", 2, ZOE, snapshot).key)["deal_of"] == "L-000001"


def test_deals_follow_the_contact_into_which_the_first_is_merged_and_back(crm: Crm, snapshot: Snapshot) -> None:
    other = save_lead(crm, "Ana", None, {"name": "Z. Lefèvre", "email": "z@ailleurs-exemple.fr"}, None, snapshot).key
    merged = merge_leads(crm, "Ana", [other, 1], {}, {}, snapshot)
    assert snapshot.lead(2)["deal_of"] == "L-000003" and snapshot.lead(other)["deal_of"] is None
    assert undo_merge(crm, "Ana", other, merged.rev, snapshot) == []
    assert snapshot.lead(2)["deal_of"] == "L-000001" and snapshot.lead(other)["deal_of"] is None


def test_a_deal_merged_with_its_first_is_no_deal_of_itself(crm: Crm, snapshot: Snapshot) -> None:
    merge_leads(crm, "Ana", [2, 1], {}, {}, snapshot)
    assert snapshot.lead(2)["deal_of"] is None


def test_only_a_closed_deal_has_a_next_one(crm: Crm, snapshot: Snapshot) -> None:
    with pytest.raises(Refused, match="en cours"):
        new_deal(crm, "Ana", 2, ZOE, snapshot)


def test_without_synchronisation_a_new_deal_lives_in_the_session(crm: Crm, snapshot: Snapshot) -> None:
    crm.set_sync(False, "admin")
    snapshot.catch_up()
    saved = new_deal(crm, "Ana", 1, ZOE, snapshot)
    assert saved.session_only and checks(snapshot) == ["valide"] * 3
    crm.set_sync(True, "admin")
    stored = save_lead(crm, "Ana", saved.key, {"amount": 7}, None, snapshot)
    assert snapshot.lead(stored.key)["deal_of"] == "L-000001"


def test_a_file_of_ours_says_whose_deal_each_is(crm: Crm, snapshot: Snapshot) -> None:
    content = csv_file(lead_table(snapshot.leads), crm.region)
    assert import_workbook(crm, "Ana", content, "contacts.csv").sheets[0].unchanged == 2
    import_workbook(crm, "Ana", "ID Lead;Nom;Nouvelle affaire de\nL-000009;Zoé Lefèvre;L-000001".encode(), "affaires.csv")
    snapshot.catch_up()
    assert snapshot.leads["deal_of"].tolist()[1:] == ["L-000001"] * 2
