"""Saving a contact: its number, its history, merges and conflicts, what follows from it."""

from __future__ import annotations

from datetime import date

import pytest

from gnetics.actions.leads import restore_field, save_lead
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.errors import Conflict, NotFound, Refused
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.reading.history import history_of

TODAY = date(2026, 11, 24)


@pytest.fixture
def snapshot(crm: Crm) -> Snapshot:
    """With one contact, key 1."""
    mine = crm.snapshot()
    new = {"name": "Zoé Petit", "company": "Ébène", "email": "zoe@ebene.fr", "phone": "06 12 34 56 78"}
    save_lead(crm, "alice", None, new, None, mine)
    return mine


def test_a_new_contact_is_given_its_number_its_date_and_the_first_status(crm: Crm) -> None:
    snapshot = crm.snapshot()
    saved = save_lead(crm, "alice", None, {"name": "  Zoé Petit ", "email": "", "amount": None}, None, snapshot)
    assert (saved.key, saved.lead_id, saved.session_only) == (1, "L-000001", False)
    lead = snapshot.lead(1)
    assert (lead["name"], lead["email"], lead["status"], lead["probability"]) == ("Zoé Petit", None, "Nouveau", 5)
    assert (lead["created_at"], lead["status_since"], lead["last_contact"], lead["closed_at"]) == (TODAY, TODAY, None, None)
    assert (lead["real"], lead["name_fold"], lead["email_check"]) == (True, "zoe petit", "manquant")


def test_a_number_is_above_all_those_that_a_workbook_brought(crm: Crm) -> None:
    snapshot = crm.snapshot()
    with crm.write("import", Verb.SAVE_LEAD) as uow:
        uow.insert_many("leads", [{"lead_id": f"L-{number:06d}"} for number in (1, 2, 4, *range(5, 700))], Action.IMPORTED)
        uow.commit()
    given = [save_lead(crm, "alice", None, {"name": "Nom"}, None, snapshot).lead_id for _ in range(2)]
    assert given == ["L-000700", "L-000701"]


def test_a_contact_without_identity_is_refused_and_nothing_is_written(crm: Crm) -> None:
    snapshot = crm.snapshot()
    with pytest.raises(Refused) as refusal:
        save_lead(crm, "alice", None, {"phone": "06 12 34 56 78", "name": "   "}, None, snapshot)
    assert "" in refusal.value.sentences
    assert crm.latest_rev() == 0


def test_only_the_touched_fields_are_checked(crm: Crm) -> None:
    snapshot = crm.snapshot()
    with crm.write("import", Verb.SAVE_LEAD) as uow:
        uow.insert("leads", {"name": "Nom", "email": "pas une adresse", "lead_id": "X1"})
        uow.commit()
    snapshot.refresh()
    assert save_lead(crm, "alice", 1, {"notes": "appelé"}, None, snapshot).merged == []
    with pytest.raises(Refused) as refusal:
        save_lead(crm, "alice", 1, {"email": "toujours pas", "amount": -5}, None, snapshot)
    assert refusal.value.sentences.keys() == {"email", "amount"}


def test_a_field_kept_by_the_product_cannot_be_written(crm: Crm, snapshot: Snapshot) -> None:
    with pytest.raises(ValueError, match="lead_id"):
        save_lead(crm, "alice", 1, {"lead_id": "L-1"}, None, snapshot)


def test_two_people_changing_different_fields_are_merged(crm: Crm, snapshot: Snapshot) -> None:
    opened = snapshot.lead(1)
    seen = {name: opened[name] for name in ("phone", "company", "notes")}
    save_lead(crm, "bruno", 1, {"company": "Chêne"}, {"company": "Ébène"}, crm.snapshot())
    saved = save_lead(crm, "alice", 1, {"phone": "01 23 45 67 89"}, seen, snapshot)
    assert saved.merged == ["company"]
    assert (snapshot.lead(1)["company"], snapshot.lead(1)["phone"]) == ("Chêne", "01 23 45 67 89")


def test_two_people_changing_the_same_field_conflict_and_nothing_is_written(crm: Crm, snapshot: Snapshot) -> None:
    save_lead(crm, "bruno", 1, {"company": "Chêne"}, {"company": "Ébène"}, crm.snapshot())
    before = crm.latest_rev()
    with pytest.raises(Conflict) as conflict:
        save_lead(crm, "alice", 1, {"company": "Hêtre", "notes": "vu"}, {"company": "Ébène", "notes": None}, snapshot)
    (field,) = conflict.value.fields
    assert (field.field, field.mine, field.stored, field.original) == ("company", "Hêtre", "Chêne", "Ébène")
    assert crm.latest_rev() == before
    saved = save_lead(crm, "alice", 1, {"company": "Hêtre", "notes": "vu"}, {"company": "Chêne", "notes": None}, snapshot)
    assert (snapshot.lead(saved.key)["company"], snapshot.lead(saved.key)["notes"]) == ("Hêtre", "vu")


def test_the_same_change_made_twice_is_no_conflict(crm: Crm, snapshot: Snapshot) -> None:
    save_lead(crm, "bruno", 1, {"company": "Chêne"}, {"company": "Ébène"}, crm.snapshot())
    assert save_lead(crm, "alice", 1, {"company": "Chêne"}, {"company": "Ébène"}, snapshot).key == 1
    assert history_of(crm, 1)["field"].tolist() == ["company", ""]


def test_a_save_without_change_writes_nothing(crm: Crm, snapshot: Snapshot) -> None:
    before = crm.latest_rev()
    save_lead(crm, "alice", 1, {"name": "Zoé Petit", "amount": None}, {"name": "Zoé Petit"}, snapshot)
    assert crm.latest_rev() == before
    assert len(history_of(crm, 1)) == 1


def test_frame_values_are_accepted_as_seen(crm: Crm, snapshot: Snapshot) -> None:
    save_lead(crm, "alice", 1, {"next_follow_up": date(2026, 12, 1), "amount": 5}, None, snapshot)
    row = snapshot.leads.loc[1]
    changes = {"next_follow_up": date(2026, 12, 2), "amount": 6, "score": 50}
    saved = save_lead(crm, "alice", 1, changes, {name: row[name] for name in changes}, snapshot)
    assert saved.merged == []
    assert snapshot.lead(1)["next_follow_up"] == date(2026, 12, 2)


def test_a_change_of_status_brings_probability_dates_and_the_status_before(crm: Crm, snapshot: Snapshot) -> None:
    save_lead(crm, "alice", 1, {"status": "Clos"}, {"status": "Nouveau", "probability": 5}, snapshot)
    lead = snapshot.lead(1)
    assert (lead["probability"], lead["closed_at"], lead["status_since"], lead["previous_status"]) == (100, TODAY, TODAY, "Nouveau")
    save_lead(crm, "alice", 1, {"status": "En suivi", "probability": 60}, {"status": "Clos", "probability": 100}, snapshot)
    assert (snapshot.lead(1)["probability"], snapshot.lead(1)["closed_at"]) == (60, None)


def test_a_probability_set_meanwhile_by_somebody_else_survives_a_change_of_status(crm: Crm, snapshot: Snapshot) -> None:
    save_lead(crm, "bruno", 1, {"probability": 80}, {"probability": 5}, crm.snapshot())
    saved = save_lead(crm, "alice", 1, {"status": "Qualifié"}, {"status": "Nouveau", "probability": 5}, snapshot)
    assert saved.merged == ["probability"]
    assert snapshot.lead(1)["probability"] == 80


def test_a_contact_set_aside_is_given_its_number_when_it_becomes_real(crm: Crm) -> None:
    snapshot = crm.snapshot()
    with crm.write("import", Verb.SAVE_LEAD) as uow:
        uow.insert("leads", {"phone": "06 12 34 56 78", "origin": "ligne"}, Action.IMPORTED)
        uow.commit()
    snapshot.refresh()
    assert (len(snapshot.real), snapshot.set_aside) == (0, 1)
    assert save_lead(crm, "alice", 1, {"company": "Ébène"}, None, snapshot).lead_id == "L-000001"
    assert (len(snapshot.real), snapshot.set_aside) == (1, 0)


def test_a_contact_deleted_meanwhile_is_said_to_be_gone(crm: Crm, snapshot: Snapshot) -> None:
    with crm.write("bruno", Verb.SAVE_LEAD) as uow:
        uow.delete("leads", 1)
        uow.commit()
    with pytest.raises(NotFound):
        save_lead(crm, "alice", 1, {"company": "Hêtre"}, {"company": "Ébène"}, snapshot)
    snapshot.refresh()
    assert snapshot.leads.empty
    with pytest.raises(NotFound):
        snapshot.lead(1)


def test_every_change_is_in_the_history_with_who_when_before_and_after(crm: Crm, snapshot: Snapshot) -> None:
    save_lead(crm, "bruno", 1, {"amount": 123456, "next_follow_up": date(2026, 12, 1)}, None, snapshot)
    history = history_of(crm, 1)
    assert history["who"].tolist() == ["bruno", "bruno", "alice"]
    assert history["action"].tolist() == ["modification", "modification", "création"]
    after = dict(zip(history["field"], history["after"], strict=True))
    assert (after["amount"], after["next_follow_up"]) == ("123456", "2026-12-01")
    assert history["at"].iloc[0] == crm.clock.now()


@pytest.mark.parametrize(
    ("field", "value"), [("amount", 5000), ("next_follow_up", date(2026, 12, 1)), ("company", "Chêne"), ("email", None)]
)
def test_an_earlier_value_can_be_restored(crm: Crm, snapshot: Snapshot, field: str, value: object) -> None:
    before = snapshot.lead(1)[field]
    save_lead(crm, "alice", 1, {field: value}, None, snapshot)
    line = int(history_of(crm, 1)["key"].iloc[0])
    restore_field(crm, "bruno", line, snapshot)
    assert snapshot.lead(1)[field] == before
    assert history_of(crm, 1)["action"].iloc[0] == "restauration"


def test_restoring_may_bring_back_an_invalid_email_but_not_remove_the_last_identity(crm: Crm) -> None:
    snapshot = crm.snapshot()
    with crm.write("import", Verb.SAVE_LEAD) as uow:
        uow.insert("leads", {"email": "pas une adresse"})
        uow.commit()
    save_lead(crm, "alice", 1, {"email": "zoe@ebene.fr"}, None, snapshot)
    lines = history_of(crm, 1).set_index("field")["key"]
    restore_field(crm, "alice", int(lines["email"]), snapshot)
    assert snapshot.lead(1)["email"] == "pas une adresse"
    with pytest.raises(NotFound):
        restore_field(crm, "alice", int(lines["lead_id"]), snapshot)


def test_a_field_that_the_import_could_not_read_is_readable_once_set(crm: Crm) -> None:
    snapshot = crm.snapshot()
    with crm.write("import", Verb.SAVE_LEAD) as uow:
        uow.insert("leads", {"lead_id": "X1", "unread": '{"amount": "dix", "score": "?"}'})
        uow.commit()
    save_lead(crm, "alice", 1, {"amount": 1000}, None, snapshot)
    assert snapshot.lead(1)["unread"] == '{"score": "?"}'


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=1+1", "😀", "L’œuvre d’à côté", "%s ' \" ; DROP TABLE leads"])
def test_any_text_comes_back_as_it_was_typed(crm: Crm, text: str) -> None:
    snapshot = crm.snapshot()
    save_lead(crm, "alice", None, {"name": text, "notes": text}, None, snapshot)
    assert crm.snapshot().lead(1)["notes"] == snapshot.lead(1)["notes"] == text
