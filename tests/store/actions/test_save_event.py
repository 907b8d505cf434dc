"""Saving, finishing and deleting an event of the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from gnetics.actions.events import call_off, delete_event, mark_done, save_event
from gnetics.actions.leads import save_lead
from gnetics.actions.lots import delete_leads
from gnetics.actions.merging import merge_leads
from gnetics.actions.series import undo
from gnetics.errors import Conflict, NotFound, Refused
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.reading.history import history_of

START = datetime(2026, 11, 24, 8, tzinfo=UTC)


def _event(**others: Any) -> dict[str, Any]:
    return {"title": "Point", "starts_at": START, "ends_at": START + timedelta(hours=1), **others}


@pytest.fixture
def snapshot(crm: Crm) -> Snapshot:
    """With one event, key 1."""
    mine = crm.snapshot()
    save_event(crm, "alice", None, _event(), None, mine)
    return mine


def test_an_event_comes_back_as_it_was_saved(crm: Crm, snapshot: Snapshot) -> None:
    event = crm.snapshot().event(1)
    assert event == snapshot.event(1)
    assert (event["title"], event["starts_at"], event["done"], event["all_day"]) == ("Point", START, False, False)


def test_an_event_that_ends_before_it_starts_is_refused(crm: Crm, snapshot: Snapshot) -> None:
    with pytest.raises(Refused) as refusal:
        save_event(crm, "alice", 1, {"starts_at": START + timedelta(hours=2)}, None, snapshot)
    assert refusal.value.sentences.keys() == {"ends_at"}


def test_different_fields_are_merged_and_the_same_field_conflicts(crm: Crm, snapshot: Snapshot) -> None:
    save_event(crm, "bruno", 1, {"title": "Démo"}, {"title": "Point"}, crm.snapshot())
    saved = save_event(crm, "alice", 1, {"description": "Salle 2"}, {"description": None, "title": "Point"}, snapshot)
    assert saved.merged == ["title"]
    with pytest.raises(Conflict) as conflict:
        save_event(crm, "alice", 1, {"title": "Revue"}, {"title": "Point"}, snapshot)
    assert (conflict.value.fields[0].stored, conflict.value.fields[0].original) == ("Démo", "Point")


def test_the_contact_of_an_event_is_the_one_that_took_it_over(crm: Crm, snapshot: Snapshot) -> None:
    for name in ("Zoé", "Zoë", "Ali"):
        save_lead(crm, "alice", None, {"name": name}, None, snapshot)
    save_event(crm, "alice", 1, {"lead_key": 2}, None, snapshot)
    other = crm.snapshot()
    merge_leads(crm, "bruno", [1, 2], {}, {}, other)
    new = save_event(crm, "alice", None, _event(lead_key=2), None, snapshot)
    assert snapshot.event(new.key)["lead_key"] == 1
    assert save_event(crm, "alice", 1, {"lead_key": 3}, {"lead_key": 2}, snapshot).merged == []  # the merge alone is no conflict
    delete_leads(crm, "bruno", [3], other)
    with pytest.raises(Refused, match="supprimé"):
        save_event(crm, "alice", None, _event(lead_key=3), None, snapshot)
    save_event(crm, "alice", 1, {"title": "Revue"}, {"title": "Point"}, snapshot)  # one that had it keeps it


def test_a_deleted_event_leaves_every_session(crm: Crm, snapshot: Snapshot) -> None:
    other = crm.snapshot()
    delete_event(crm, "alice", 1, snapshot)
    assert other.refresh().rows["events"] == 1
    assert snapshot.events.empty
    assert other.events.empty
    with pytest.raises(NotFound):
        save_event(crm, "alice", 1, {"title": "Revue"}, None, snapshot)


@pytest.mark.parametrize(
    ("kind", "start", "contact"),
    [
        ("Appel", datetime(2026, 11, 20, 23, 30, tzinfo=UTC), date(2026, 11, 21)),  # the day in Paris
        ("Rendez-vous", datetime(2026, 11, 24, 8, tzinfo=UTC), date(2026, 11, 24)),
        ("Appel", datetime(2026, 11, 1, 8, tzinfo=UTC), date(2026, 11, 10)),  # never moved back
        ("Appel", datetime(2026, 12, 1, 8, tzinfo=UTC), date(2026, 11, 10)),  # never in the future
        ("Autre", datetime(2026, 11, 20, 8, tzinfo=UTC), date(2026, 11, 10)),
    ],
)
def test_a_call_or_meeting_done_is_the_leads_last_contact(crm: Crm, kind: str, start: datetime, contact: date) -> None:
    snapshot = crm.snapshot()
    lead = save_lead(crm, "alice", None, {"name": "Zoé", "last_contact": date(2026, 11, 10)}, None, snapshot)
    event = _event(kind=kind, lead_key=lead.key, starts_at=start, ends_at=start + timedelta(hours=1))
    saved = save_event(crm, "alice", None, event, None, snapshot)
    assert snapshot.lead(lead.key)["last_contact"] == date(2026, 11, 10)
    mark_done(crm, "alice", saved.key, snapshot)
    assert snapshot.lead(lead.key)["last_contact"] == contact
    assert len(history_of(crm, lead.key)) == (1 if contact == date(2026, 11, 10) else 2)


def test_what_is_done_is_not_cancelled_nor_the_other_way_round(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = save_event(crm, "alice", None, _event(), None, snapshot).key
    for act, state in ((mark_done, (True, False)), (call_off, (False, True)), (mark_done, (True, False))):
        act(crm, "alice", key, snapshot)
        assert (snapshot.event(key)["done"], snapshot.event(key)["cancelled"]) == state


def test_taking_back_what_was_done_takes_back_the_last_contact_unless_somebody_changed_it_since(crm: Crm) -> None:
    snapshot = crm.snapshot()
    lead = save_lead(crm, "alice", None, {"name": "Zoé"}, None, snapshot).key
    start = datetime(2026, 11, 20, 8, tzinfo=UTC)
    key = save_event(
        crm, "alice", None, _event(kind="Appel", lead_key=lead, starts_at=start, ends_at=start + timedelta(hours=1)), None, snapshot
    ).key
    rev = mark_done(crm, "alice", key, snapshot).rev
    assert rev is not None and snapshot.lead(lead)["last_contact"] == date(2026, 11, 20)
    undo(crm, "alice", rev, snapshot)
    assert (snapshot.event(key)["done"], snapshot.lead(lead)["last_contact"]) == (False, None)
    again = mark_done(crm, "alice", key, snapshot).rev
    assert again is not None
    save_event(crm, "bob", key, {"title": "Autre titre"}, {}, snapshot)
    with pytest.raises(Refused, match="modifié depuis"):
        undo(crm, "alice", again, snapshot)


def test_times_near_the_change_of_hour_are_kept_exactly(crm: Crm) -> None:
    snapshot = crm.snapshot()
    zone = crm.region.zone
    start = datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=1)
    save_event(crm, "alice", None, _event(starts_at=start, ends_at=start + timedelta(hours=1)), None, snapshot)
    assert snapshot.event(1)["starts_at"] == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
