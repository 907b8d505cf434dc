"""Synchronisation inactive: what is « saved » lives in the session only, and nothing is lost when it becomes active."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest

from gnetics.actions.events import delete_event, save_event
from gnetics.actions.leads import save_lead
from gnetics.errors import Conflict, Refused, StoreError
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot

START = datetime(2026, 11, 24, 8, tzinfo=UTC)
EVENT = {"title": "Point", "starts_at": START, "ends_at": START + timedelta(hours=1)}


@pytest.fixture
def snapshot(crm: Crm) -> Snapshot:
    """Synchronisation off, with contact 1 and event 1 in the store."""
    mine = crm.snapshot()
    save_lead(crm, "alice", None, {"name": "Zoé", "email": "zoe@ebene.fr"}, None, mine)
    save_event(crm, "alice", None, EVENT, None, mine)
    crm.set_sync(False, "admin")
    mine.refresh()
    return mine


def test_the_switch_is_kept_in_the_store(crm: Crm) -> None:
    assert crm.sync_active()
    crm.set_sync(False, "admin")
    assert not crm.sync_active()
    crm.set_sync(True, "admin")
    assert crm.sync_active()


def test_changes_show_in_this_session_only_until_the_next_refresh(crm: Crm, snapshot: Snapshot) -> None:
    before = crm.latest_rev()
    assert save_lead(crm, "alice", 1, {"amount": 5, "status": "Clos"}, {"amount": None}, snapshot).session_only
    saved = save_lead(crm, "alice", None, {"company": "Ébène", "email": "ZOE@ebene.fr"}, None, snapshot)
    event = save_event(crm, "alice", None, EVENT | {"title": "Démo", "lead_key": saved.key}, None, snapshot)
    delete_event(crm, "alice", 1, snapshot)
    assert (saved.key, saved.lead_id) == (-1, None)
    assert (snapshot.lead(1)["amount"], snapshot.lead(1)["probability"]) == (5, 100)
    assert (snapshot.lead(-1)["status"], snapshot.lead(-1)["real"], snapshot.lead(-1)["email_check"]) == ("Nouveau", True, "en double")
    assert snapshot.events["title"].to_dict() == {event.key: "Démo"}
    assert (snapshot.unsaved, crm.latest_rev()) == (4, before)
    assert snapshot.refresh().dropped == 4
    assert (snapshot.unsaved, len(snapshot.leads), snapshot.lead(1)["amount"]) == (0, 1, None)
    assert snapshot.event(1)["title"] == "Point"


def test_the_same_rules_hold_in_the_session(crm: Crm, snapshot: Snapshot) -> None:
    with pytest.raises(Refused):
        save_lead(crm, "alice", 1, {"amount": -5}, None, snapshot)
    with pytest.raises(Refused):
        save_event(crm, "alice", 1, {"ends_at": START}, None, snapshot)
    assert snapshot.unsaved == 0
    save_lead(crm, "alice", 1, {"name": "Zoé"}, {"name": "Zoé"}, snapshot)
    assert snapshot.unsaved == 0


def test_types_of_the_frames_do_not_change_with_session_only_rows(crm: Crm, snapshot: Snapshot) -> None:
    dtypes = snapshot.leads.dtypes.to_dict(), snapshot.events.dtypes.to_dict()
    save_lead(crm, "alice", None, {"name": "Nouveau venu"}, None, snapshot)
    save_event(crm, "alice", None, EVENT, None, snapshot)
    assert (snapshot.leads.dtypes.to_dict(), snapshot.events.dtypes.to_dict()) == dtypes


def test_what_the_session_kept_is_written_with_the_next_save_once_active(crm: Crm, snapshot: Snapshot) -> None:
    save_lead(crm, "alice", 1, {"amount": 5}, {"amount": None}, snapshot)
    new = save_lead(crm, "alice", None, {"name": "Théo"}, None, snapshot)
    event = save_event(crm, "alice", None, EVENT | {"lead_key": new.key}, None, snapshot)
    crm.set_sync(True, "admin")
    with pytest.raises(Refused):  # its contact is not in the store yet
        save_event(crm, "alice", event.key, {"title": "Démo"}, {"title": "Point"}, snapshot)
    assert save_lead(crm, "alice", 1, {"notes": "vu"}, {"notes": None, "amount": 5}, snapshot).merged == []
    saved = save_lead(crm, "alice", new.key, {"notes": "vu"}, {"notes": None}, snapshot)
    save_event(crm, "alice", event.key, {"title": "Démo"}, {"title": "Point"}, snapshot)
    assert snapshot.unsaved == 0
    fresh = crm.snapshot()
    assert (fresh.lead(1)["amount"], fresh.lead(1)["notes"]) == (5, "vu")
    assert (fresh.lead(saved.key)["name"], fresh.lead(saved.key)["lead_id"]) == ("Théo", "L-000002")
    assert fresh.events.set_index("title")["lead_key"].to_dict()["Démo"] == saved.key
    assert snapshot.leads.equals(fresh.leads)


def test_a_save_elsewhere_does_not_drop_other_session_only_changes(crm: Crm, snapshot: Snapshot) -> None:
    save_lead(crm, "alice", 1, {"amount": 5}, {"amount": None}, snapshot)
    crm.set_sync(True, "admin")
    save_lead(crm, "alice", None, {"name": "Théo"}, None, snapshot)
    assert (snapshot.unsaved, snapshot.lead(1)["amount"]) == (1, 5)


def test_a_session_only_change_made_stale_by_somebody_else_conflicts_once_active(crm: Crm, snapshot: Snapshot) -> None:
    save_lead(crm, "alice", 1, {"amount": 5}, {"amount": None}, snapshot)
    crm.set_sync(True, "admin")
    save_lead(crm, "bruno", 1, {"amount": 7}, {"amount": None}, crm.snapshot())
    with pytest.raises(Conflict) as conflict:
        save_lead(crm, "alice", 1, {"notes": "vu"}, {"notes": None}, snapshot)
    (field,) = conflict.value.fields
    assert (field.field, field.mine, field.stored, field.original) == ("amount", 5, 7, None)
    assert snapshot.unsaved == 1


def test_a_refresh_that_the_store_does_not_answer_forgets_nothing(
    crm: Crm, snapshot: Snapshot, away: Callable[[], AbstractContextManager[None]]
) -> None:
    save_lead(crm, "alice", 1, {"amount": 5}, {"amount": None}, snapshot)
    event = save_event(crm, "alice", None, EVENT | {"title": "Démo"}, None, snapshot)
    delete_event(crm, "alice", 1, snapshot)
    with away():
        for _ in range(2):
            with pytest.raises(StoreError):
                snapshot.refresh()
        assert snapshot.unsaved == 3
        assert (snapshot.lead(1)["amount"], snapshot.events["title"].to_dict()) == (5, {event.key: "Démo"})
    crm.set_sync(True, "admin")
    save_lead(crm, "alice", 1, {"notes": "vu"}, {"notes": None}, snapshot)
    save_event(crm, "alice", event.key, {"title": "Démonstration"}, {"title": "Démo"}, snapshot)
    fresh = crm.snapshot()
    assert (fresh.lead(1)["amount"], fresh.lead(1)["notes"]) == (5, "vu")
    assert sorted(fresh.events["title"]) == ["Démonstration", "Point"]
    assert snapshot.refresh().dropped == 1
    assert sorted(snapshot.events["title"]) == ["Démonstration", "Point"]
