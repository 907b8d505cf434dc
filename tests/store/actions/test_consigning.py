"""« Consigner »: an exchange, its event and what follows from it, written and taken back as one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from gnetics.actions.consigning import Noted, consign
from gnetics.actions.events import save_event
from gnetics.actions.leads import Saved, save_lead
from gnetics.actions.restoring import undo
from gnetics.domain.calm_hours import working_days_after
from gnetics.errors import Conflict, Refused
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.reading.history import history_of

CALL = Noted("Appel", "Messagerie", " Rappeler après 14 h ")
LEAD = {"name": "Zoé", "status": "Nouveau", "owner": "Ana", "next_follow_up": date(2026, 11, 20)}
NEXT = {"next_follow_up": date(2026, 11, 27), "status": "Contacté"}


def add(crm: Crm, snapshot: Snapshot) -> int:
    return save_lead(crm, "Ana", None, LEAD, None, snapshot).key


def noted(crm: Crm, key: int, snapshot: Snapshot, changes: Mapping[str, Any] = NEXT, seen: Mapping[str, Any] | None = None) -> Saved:
    return consign(crm, "Ana", key, CALL, changes, seen, snapshot)


def test_an_exchange_is_an_event_done_and_moves_the_contact_in_one_transaction(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = add(crm, snapshot)
    before = snapshot.rev
    saved = noted(crm, key, snapshot)
    lead, (event_key,) = snapshot.lead(key), snapshot.events.index
    event = snapshot.event(event_key)
    assert (lead["last_contact"], lead["next_follow_up"], lead["status"]) == (date(2026, 11, 24), date(2026, 11, 27), "Contacté")
    assert (event["title"], event["kind"], event["done"], event["owner"]) == ("Appel\u00a0: messagerie", "Appel", True, "Ana")
    assert (event["description"], event["lead_key"]) == ("Rappeler après 14 h", key)
    assert snapshot.rev == saved.rev == before + 1
    assert saved.changes["status"] == ("Nouveau", "Contacté")
    assert {"last_contact", "next_follow_up", "status"} <= set(history_of(crm, key)["field"])


def test_one_undo_takes_all_of_it_back(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = add(crm, snapshot)
    before = snapshot.lead(key)
    saved = noted(crm, key, snapshot)
    assert saved.rev is not None
    undo(crm, "Ana", key, saved.rev, snapshot)
    after = snapshot.lead(key)
    assert {name for name in before if before[name] != after[name]} <= {"rev", "updated_at"}
    assert snapshot.events.empty


def test_a_second_exchange_of_the_day_that_changes_nothing_else_is_kept_and_undone_alone(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = add(crm, snapshot)
    noted(crm, key, snapshot)
    again = noted(crm, key, snapshot)
    assert len(snapshot.events) == 2 and again.rev is not None
    undo(crm, "Ana", key, again.rev, snapshot)
    assert len(snapshot.events) == 1 and snapshot.lead(key)["status"] == "Contacté"


def test_an_event_edited_since_stays_when_its_exchange_is_undone(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = add(crm, snapshot)
    saved = noted(crm, key, snapshot)
    save_event(crm, "Sam", int(snapshot.events.index[0]), {"title": "Appel long"}, None, snapshot)
    assert saved.rev is not None
    undo(crm, "Ana", key, saved.rev, snapshot)
    assert snapshot.events["title"].tolist() == ["Appel long"] and snapshot.lead(key)["status"] == "Nouveau"


def test_a_follow_up_moved_meanwhile_is_asked_about_and_nothing_is_written(crm: Crm) -> None:
    mine, theirs = crm.snapshot(), crm.snapshot()
    key = add(crm, mine)
    theirs.refresh()
    save_lead(crm, "Sam", key, {"next_follow_up": date(2026, 12, 24)}, None, theirs)
    with pytest.raises(Conflict):
        noted(crm, key, mine, seen={"next_follow_up": LEAD["next_follow_up"], "status": "Nouveau"})
    mine.refresh()
    assert mine.events.empty and mine.lead(key)["last_contact"] is None


def test_without_synchronisation_it_lives_in_the_session(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = add(crm, snapshot)
    crm.set_sync(False, "admin")
    snapshot.catch_up()
    assert noted(crm, key, snapshot).session_only
    assert (len(snapshot.events), snapshot.lead(key)["last_contact"]) == (1, date(2026, 11, 24))
    snapshot.refresh()
    assert (len(snapshot.events), snapshot.lead(key)["last_contact"]) == (0, None)


def test_a_contact_of_the_session_comes_to_the_store_with_its_exchange(crm: Crm) -> None:
    snapshot = crm.snapshot()
    crm.set_sync(False, "admin")
    key = add(crm, snapshot)
    crm.set_sync(True, "admin")
    saved = noted(crm, key, snapshot)
    assert saved.key > 0 and snapshot.events["lead_key"].tolist() == [saved.key]


def test_what_cannot_be_is_refused(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = add(crm, snapshot)
    with pytest.raises(Refused, match="perdu"):
        noted(crm, key, snapshot, {"status": "Perdu"})
    with pytest.raises(Refused, match="type"):
        consign(crm, "Ana", key, Noted("Email", "Joint", ""), {}, None, snapshot)


@pytest.mark.parametrize(
    ("day", "count", "then"), [("2026-11-27", 1, "2026-11-30"), ("2026-12-24", 1, "2026-12-28"), ("2026-12-01", 7, "2026-12-10")]
)
def test_follow_ups_skip_week_ends_and_public_holidays(crm: Crm, day: str, count: int, then: str) -> None:
    assert working_days_after(date.fromisoformat(day), count, crm.region) == date.fromisoformat(then)
