"""Going back: a note, an undone save, an earlier version, the bin."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gnetics.actions.bin import delete_lead, empty_bin, restore_lead, restore_leads
from gnetics.actions.events import mark_done, save_event
from gnetics.actions.leads import save_lead
from gnetics.actions.notes import add_note
from gnetics.actions.restoring import restore_version, undo
from gnetics.clock import fixed
from gnetics.domain.rights import Verb
from gnetics.domain.statuses import default_probability
from gnetics.errors import Conflict, NotFound, Refused
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.reading.bin import binned
from gnetics.store.reading.history import history_of
from tests.conftest import live
from tests.store.test_scores import START

pytestmark = pytest.mark.costly

LEAD = {"name": "Zoé", "company": "Lumen", "email": "zoe@lumen-exemple.fr", "status": "Contacté", "amount": 100}


def add(crm: Crm, snapshot: Snapshot) -> int:
    return save_lead(crm, "ana", None, LEAD, None, snapshot).key


def test_notes_of_two_people_follow_each_other(crm: Crm) -> None:
    mine, theirs = crm.snapshot(), crm.snapshot()
    key = add(crm, mine)
    theirs.refresh()
    add_note(crm, "ana", key, "Rappeler\nen mars", mine)
    add_note(crm, "sam", key, " vu au salon ", theirs)
    mine.refresh()
    assert mine.lead(key)["notes"] == "24/11/2026, ana\u00a0: Rappeler\nen mars\n24/11/2026, sam\u00a0: vu au salon"
    with pytest.raises(Refused, match="Écrivez"):
        add_note(crm, "ana", key, " \n ", mine)
    with pytest.raises(Refused, match="maximum"):
        add_note(crm, "ana", key, "x" * 5000, mine)


def test_an_undone_save_gives_back_what_it_changed_and_what_followed(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = add(crm, snapshot)
    before = snapshot.lead(key)
    rev = save_lead(crm, "ana", key, {"status": "Perdu", "lost_reason": "Prix"}, {}, snapshot).rev
    save_lead(crm, "sam", key, {"amount": 7}, {}, snapshot)
    assert rev is not None
    undo(crm, "ana", key, rev, snapshot)
    after = snapshot.lead(key)
    changed = {name for name in before if before[name] != after[name]} - {"rev", "updated_at"}
    assert changed == {"amount"}  # what somebody else did since stays
    assert history_of(crm, key)["action"].iloc[0] == "restauration"


def test_undoing_never_overwrites_a_later_change_of_the_same_field(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = add(crm, snapshot)
    rev = save_lead(crm, "ana", key, {"amount": 5}, {}, snapshot).rev
    save_lead(crm, "sam", key, {"amount": 6}, {}, snapshot)
    assert rev is not None
    with pytest.raises(Conflict):
        undo(crm, "ana", key, rev, snapshot)
    assert snapshot.lead(key)["amount"] == 6


def test_what_a_save_of_the_status_left_as_it_was_is_not_computed_anew_when_it_is_taken_back(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = save_lead(crm, "ana", None, LEAD | {"probability": default_probability("Qualifié")}, None, snapshot).key
    before, created = snapshot.lead(key), int(history_of(crm, key)["key"].iloc[0])
    rev = save_lead(crm, "ana", key, {"status": "Qualifié"}, {}, snapshot).rev  # the same day and the same probability
    later = replace(crm, clock=fixed(crm.clock.now() + timedelta(days=3), crm.region.zone))
    assert rev is not None
    undo(later, "ana", key, rev, snapshot)
    moving = {"rev", "updated_at"}
    assert {name for name, value in snapshot.lead(key).items() if value != before[name]} <= moving
    save_lead(crm, "ana", key, {"status": "Qualifié"}, {}, snapshot)
    restore_version(later, "ana", created, snapshot)
    assert {name for name, value in snapshot.lead(key).items() if value != before[name]} <= moving


def test_a_status_that_somebody_put_back_keeps_its_own_dates_and_the_rest_is_taken_back(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = add(crm, snapshot)
    rev = save_lead(crm, "ana", key, {"status": "Perdu", "amount": 5}, {}, snapshot).rev
    save_lead(crm, "sam", key, {"status": "Contacté"}, {}, snapshot)
    assert rev is not None
    undo(crm, "ana", key, rev, snapshot)
    lead = snapshot.lead(key)
    assert (lead["status"], lead["previous_status"], lead["amount"]) == ("Contacté", "Perdu", 100)


def test_only_the_status_is_named_when_it_changed_since_with_what_follows_it(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = add(crm, snapshot)
    rev = save_lead(crm, "ana", key, {"status": "Perdu"}, {}, snapshot).rev
    save_lead(crm, "sam", key, {"status": "Clos"}, {}, snapshot)
    assert rev is not None
    with pytest.raises(Conflict) as refused:
        undo(crm, "ana", key, rev, snapshot)
    assert [each.field for each in refused.value.fields] == ["status"]


def test_a_save_that_changed_nothing_offers_nothing_to_undo(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = add(crm, snapshot)
    assert save_lead(crm, "ana", key, {"amount": 100}, {}, snapshot).rev is None


def test_an_undone_creation_is_in_the_bin(crm: Crm) -> None:
    snapshot = crm.snapshot()
    saved = save_lead(crm, "ana", None, LEAD, None, snapshot)
    assert saved.rev is not None
    undo(crm, "ana", saved.key, saved.rev, snapshot)
    assert saved.key not in snapshot.leads.index
    assert [row["who"] for row in binned(crm, "ana", 10)[0]] == ["ana"]


def test_a_whole_earlier_version_comes_back_and_can_itself_be_undone(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = add(crm, snapshot)
    save_lead(crm, "ana", key, {"amount": 5, "owner": "Ana"}, {}, snapshot)
    line = int(history_of(crm, key)["key"].iloc[0])
    wanted = snapshot.lead(key)
    save_lead(crm, "sam", key, {"status": "Clos", "amount": 9}, {}, snapshot)
    save_lead(crm, "sam", key, {"owner": None, "amount": 12, "notes": "signé"}, {}, snapshot)
    last = snapshot.lead(key)
    saved = restore_version(crm, "ana", line, snapshot)
    kept = {"rev", "updated_at"}
    assert {name: value for name, value in snapshot.lead(key).items() if name not in kept} == {
        name: value for name, value in wanted.items() if name not in kept
    }
    assert saved.rev is not None
    undo(crm, "ana", key, saved.rev, snapshot)
    assert (snapshot.lead(key)["status"], snapshot.lead(key)["amount"]) == (last["status"], 12)


def test_a_deleted_contact_waits_in_the_bin_and_comes_back_whole(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = add(crm, snapshot)
    twin = save_lead(crm, "ana", None, {"name": "Zoé B", "email": LEAD["email"]}, None, snapshot).key
    assert snapshot.lead(twin)["email_check"] == "en double"
    meeting = {"title": "Point", "kind": "Visio", "starts_at": START, "ends_at": START + timedelta(hours=1), "lead_key": key}
    event = save_event(crm, "ana", None, meeting, None, snapshot).key
    before = snapshot.lead(key)
    rev = delete_lead(crm, "ana", key, snapshot)
    assert key not in snapshot.leads.index and snapshot.lead(twin)["email_check"] == "valide"
    mark_done(crm, "sam", event, snapshot)  # its events live on
    assert binned(crm, "ana", 10)[1] == 1 and rev is not None
    undo(crm, "ana", key, rev, snapshot)
    restore_lead(crm, "sam", key, snapshot)  # somebody was quicker: nothing more happens
    after = snapshot.lead(key)
    assert {name for name in before if before[name] != after[name]} <= {"rev", "updated_at", "score_activity"}
    assert (after["score_activity"], binned(crm, "ana", 10)[1]) == (6, 0)
    assert history_of(crm, key)["action"].tolist()[:2] == ["restauration", "suppression"]


def test_after_thirty_days_the_bin_forgets_the_person_but_not_the_number(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = add(crm, snapshot)
    save_lead(crm, "ana", key, {"notes": "privé"}, {}, snapshot)
    delete_lead(crm, "ana", key, snapshot)
    later = replace(crm, clock=replace(crm.clock, source=lambda: crm.clock.now() + timedelta(days=KEPT_DAYS, minutes=1)))
    live(later, KEPT_DAYS)
    assert binned(later, "ana", 10) == ([], 0)
    other = save_lead(later, "ana", None, {"name": "Autre"}, None, snapshot).key
    delete_lead(later, "ana", other, snapshot)
    assert (empty_bin(later), empty_bin(later)) == (1, 0)
    assert [row["key"] for row in binned(later, "ana", 10)[0]] == [other]
    with later.write("ana", Verb.SAVE_LEAD) as uow:
        row = uow.rows("leads", [key])[key]
    assert row["lead_id"] == "L-000001" and row["deleted"]
    assert not [name for name in ("name", "email", "email_fold", "notes", "search", "phone") if row[name]]
    assert history_of(crm, key).empty
    with pytest.raises(NotFound):
        restore_lead(later, "ana", key, snapshot)
    assert save_lead(later, "ana", None, {"name": "Neuf"}, None, snapshot).lead_id == "L-000003"


def test_the_bin_is_searched_and_several_are_restored_together(crm: Crm) -> None:
    snapshot = crm.snapshot()
    names = ("Zoé Lefèvre", "Zoé Martin", "Ali_Lefevre 100%")
    keys = [save_lead(crm, "ana", None, {"name": name, "company": "Aqua"}, None, snapshot).key for name in names]
    for key in keys:
        delete_lead(crm, "ana", key, snapshot)
    found = {text: [row["key"] for row in binned(crm, "ana", 9, text)[0]] for text in ("", "lefevre", "ZOE aqua", "_", "%", "x")}
    zoe, other, ali = keys
    assert found == {"": [zoe, other, ali], "lefevre": [zoe, ali], "ZOE aqua": [zoe, other], "_": [ali], "%": [ali], "x": []}
    assert binned(crm, "ana", 1, "lefevre")[1] == 2
    before = crm.latest_rev()
    restore_leads(crm, "ana", [zoe, ali, 999], snapshot)
    assert sorted(snapshot.leads.index) == [zoe, ali] and crm.latest_rev() == before + 1
    with pytest.raises(NotFound):
        restore_leads(crm, "ana", [999], snapshot)


def test_without_synchronisation_everything_stays_in_the_session(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key, other = add(crm, snapshot), add(crm, snapshot)
    delete_lead(crm, "ana", other, snapshot)
    save_lead(crm, "ana", key, {"expected_close": date(2026, 12, 1)}, {}, snapshot)
    created = int(history_of(crm, key)["key"].iloc[-1])
    crm.set_sync(False, "ana")
    rev = crm.latest_rev()
    assert add_note(crm, "ana", key, "Rappeler", snapshot).rev is None
    restore_version(crm, "ana", created, snapshot)
    assert (snapshot.lead(key)["expected_close"], bool(snapshot.lead(key)["notes"])) == (None, True)
    assert delete_lead(crm, "ana", key, snapshot) is None and key not in snapshot.leads.index
    with pytest.raises(Refused, match="synchronisation est inactive"):
        restore_lead(crm, "ana", other, snapshot)
    assert crm.latest_rev() == rev
    snapshot.refresh()
    assert snapshot.lead(key)["expected_close"] == date(2026, 12, 1) and snapshot.lead(key)["notes"] is None
