"""A series: one occurrence, it and the following, all; what figures see of it, undoing, conflicts, sessions without synchronisation."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from gnetics.actions.events import delete_event, mark_done, save_event
from gnetics.actions.leads import save_lead
from gnetics.actions.series import delete_occurrence, mark_occurrence_done, save_occurrence, undo
from gnetics.domain.recurrence import instant
from gnetics.domain.rights import Verb
from gnetics.domain.series_changes import Scope
from gnetics.errors import Conflict, Refused
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.occurrence_frames import in_frame
from gnetics.store.reading.occurrences import between

FIRST = datetime(2026, 10, 6, 10)  # a Tuesday, at summer's hour
HOUR = timedelta(hours=1)
LOW, HIGH = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC)


def meeting(crm: Crm, rule: str = "FREQ=WEEKLY;COUNT=6", wall: datetime = FIRST, **others: Any) -> dict[str, Any]:
    starts_at = instant(wall, crm.region.zone)
    return {"title": "Point", "starts_at": starts_at, "ends_at": starts_at + HOUR, "recurrence": rule, **others}


def at(crm: Crm, wall: str) -> dict[str, Any]:
    starts_at = instant(datetime.fromisoformat(wall), crm.region.zone)
    return {"starts_at": starts_at, "ends_at": starts_at + HOUR}


def shown(crm: Crm, snapshot: Snapshot) -> list[str]:
    """« 06/10 10:00 Point » of what takes place, as the pages and as the store's own queries have it."""
    frame = in_frame(snapshot.events, snapshot.changed_occurrences, LOW, HIGH, crm.region)
    zone = crm.region.zone
    found = [f"{start.astimezone(zone):%d/%m %H:%M} {title}" for start, title in zip(frame["starts_at"], frame["title"], strict=True)]
    if crm.sync_active():
        with crm.read() as connection:
            stored = between(connection, LOW, HIGH, crm.region)
        assert sorted(f"{row['starts_at'].astimezone(zone):%d/%m %H:%M} {row['title']}" for row in stored) == sorted(found)
    return found


@pytest.fixture
def snapshot(crm: Crm) -> Snapshot:
    """With a series, key 1: six Tuesdays at ten, across the change of hour."""
    mine = crm.snapshot()
    save_event(crm, "alice", None, meeting(crm), None, mine)
    return mine


TUESDAYS = [f"{day} 10:00 Point" for day in ("06/10", "13/10", "20/10", "27/10", "03/11", "10/11")]


def test_a_series_keeps_its_hour_and_its_wall_clock_is_kept(crm: Crm, snapshot: Snapshot) -> None:
    assert shown(crm, snapshot) == TUESDAYS
    event = snapshot.event(1)
    assert (event["wall_start"], event["wall_end"], event["zone"]) == ("2026-10-06T10:00:00", "2026-10-06T11:00:00", crm.region.zone_name)


def test_one_occurrence_moved_and_renamed_leaves_the_others(crm: Crm, snapshot: Snapshot) -> None:
    moved = at(crm, "2026-10-15T16:00") | {"title": "Autre"}
    saved = save_occurrence(crm, "alice", 1, "2026-10-13T10:00:00", Scope.ONE, moved, {"title": "Point"}, snapshot)
    assert shown(crm, snapshot) == [TUESDAYS[0], "15/10 16:00 Autre", *TUESDAYS[2:]]
    assert (snapshot.event(saved.key)["series_key"], snapshot.event(saved.key)["recurrence"]) == (1, None)
    again = save_event(crm, "alice", saved.key, {"title": "Revue"}, {"title": "Autre"}, snapshot)
    assert again.key == saved.key
    delete_event(crm, "alice", saved.key, snapshot)  # it does not come back where its series has it
    assert shown(crm, snapshot) == [TUESDAYS[0], *TUESDAYS[2:]]


def test_the_following_move_to_another_weekday_and_the_past_stays(crm: Crm, snapshot: Snapshot) -> None:
    save_occurrence(crm, "alice", 1, "2026-11-03T10:00:00", Scope.ONE, {"title": "Autre"}, None, snapshot)
    delete_occurrence(crm, "alice", 1, "2026-11-10T10:00:00", Scope.ONE, snapshot)
    saved = save_occurrence(crm, "alice", 1, "2026-10-20T10:00:00", Scope.FOLLOWING, at(crm, "2026-10-22T14:00"), None, snapshot)
    assert shown(crm, snapshot) == [*TUESDAYS[:2], "22/10 14:00 Point", "29/10 14:00 Point", "03/11 10:00 Autre"]
    new = snapshot.event(saved.key)
    assert (new["recurrence"], new["excluded"]) == ("FREQ=WEEKLY;COUNT=4", "2026-11-12T14:00:00")
    assert snapshot.event(2)["series_key"] == saved.key


def test_all_move_and_what_was_changed_apart_stays(crm: Crm, snapshot: Snapshot) -> None:
    save_occurrence(crm, "alice", 1, "2026-10-27T10:00:00", Scope.ONE, at(crm, "2026-10-28T09:00"), None, snapshot)
    wanted = at(crm, "2026-10-14T11:30") | {"title": "Revue"}
    saved = save_occurrence(crm, "alice", 1, "2026-10-13T10:00:00", Scope.ALL, wanted, {"title": "Point"}, snapshot)
    wednesdays = [f"{day} 11:30 Revue" for day in ("07/10", "14/10", "21/10", "04/11", "11/11")]
    assert shown(crm, snapshot) == [*wednesdays[:3], "28/10 09:00 Point", *wednesdays[3:]]
    assert (saved.key, saved.wall, snapshot.event(2)["occurrence"]) == (1, "2026-10-14T11:30:00", "2026-10-28T11:30:00")


def test_the_rule_changes_for_all_or_the_following_never_for_one(crm: Crm, snapshot: Snapshot) -> None:
    rule = {"recurrence": "FREQ=WEEKLY;INTERVAL=2;COUNT=3"}
    with pytest.raises(Refused, match="un seul"):
        save_occurrence(crm, "alice", 1, "2026-10-20T10:00:00", Scope.ONE, rule, None, snapshot)
    save_occurrence(crm, "alice", 1, "2026-10-20T10:00:00", Scope.FOLLOWING, rule, None, snapshot)
    assert shown(crm, snapshot) == [TUESDAYS[0], TUESDAYS[1], TUESDAYS[2], TUESDAYS[4], "17/11 10:00 Point"]
    save_occurrence(crm, "alice", 1, "2026-10-13T10:00:00", Scope.ALL, {"recurrence": None}, None, snapshot)
    assert shown(crm, snapshot) == [TUESDAYS[1], TUESDAYS[2], TUESDAYS[4], "17/11 10:00 Point"]


@pytest.mark.parametrize(("scope", "left"), [(Scope.ONE, [*TUESDAYS[:2], *TUESDAYS[3:]]), (Scope.FOLLOWING, TUESDAYS[:2]), (Scope.ALL, [])])
def test_one_the_following_or_all_are_deleted_and_come_back(crm: Crm, snapshot: Snapshot, scope: Scope, left: list[str]) -> None:
    save_occurrence(crm, "alice", 1, "2026-11-03T10:00:00", Scope.ONE, {"description": "Salle 2"}, None, snapshot)
    rev = delete_occurrence(crm, "alice", 1, "2026-10-20T10:00:00", scope, snapshot)
    assert shown(crm, snapshot) == left
    assert rev is not None
    undo(crm, "alice", rev, snapshot)
    assert shown(crm, snapshot) == TUESDAYS
    assert snapshot.event(2)["description"] == "Salle 2"


@pytest.mark.parametrize("scope", list(Scope))
def test_a_change_is_taken_back_whole_until_somebody_changes_it(crm: Crm, snapshot: Snapshot, scope: Scope) -> None:
    before = snapshot.event(1)
    saved = save_occurrence(crm, "alice", 1, "2026-10-20T10:00:00", scope, at(crm, "2026-10-22T14:00"), None, snapshot)
    assert saved.rev is not None
    crm.set_sync(False, "alice")
    with pytest.raises(Refused, match="synchronisation"):
        undo(crm, "alice", saved.rev, snapshot)
    crm.set_sync(True, "alice")
    undo(crm, "alice", saved.rev, snapshot)
    assert shown(crm, snapshot) == TUESDAYS
    assert {**snapshot.event(1), "rev": 0, "updated_at": 0} == {**before, "rev": 0, "updated_at": 0}
    again = save_occurrence(crm, "alice", 1, "2026-10-20T10:00:00", scope, {"title": "Revue"}, None, snapshot)
    save_event(crm, "bruno", again.key, {"description": "x"}, None, crm.snapshot())
    assert again.rev is not None
    with pytest.raises(Refused, match="modifié depuis"):
        undo(crm, "alice", again.rev, snapshot)


def test_an_occurrence_done_is_a_row_of_its_own_that_figures_count_once(crm: Crm) -> None:
    snapshot = crm.snapshot()
    lead = save_lead(crm, "alice", None, {"name": "Zoé"}, None, snapshot)
    save_event(crm, "alice", None, meeting(crm, kind="Appel", lead_key=lead.key), None, snapshot)
    saved = mark_occurrence_done(crm, "alice", 1, "2026-10-13T10:00:00", snapshot)
    assert snapshot.events["done"].sum() == 1
    assert snapshot.lead(lead.key)["last_contact"] == date(2026, 10, 13)
    assert shown(crm, snapshot) == TUESDAYS
    mark_done(crm, "alice", saved.key, snapshot, False)
    assert not snapshot.events["done"].any()


def test_what_was_changed_apart_does_not_repeat_by_itself(crm: Crm, snapshot: Snapshot) -> None:
    saved = save_occurrence(crm, "alice", 1, "2026-10-13T10:00:00", Scope.ONE, {"title": "Autre"}, None, snapshot)
    with pytest.raises(Refused, match="fait partie d’une série"):
        save_event(crm, "alice", saved.key, {"recurrence": "FREQ=WEEKLY"}, None, snapshot)


def test_a_done_event_becomes_no_series(crm: Crm) -> None:
    snapshot = crm.snapshot()
    saved = save_event(crm, "alice", None, meeting(crm, "", done=True), None, snapshot)
    with pytest.raises(Refused, match="comme fait"):
        save_event(crm, "alice", saved.key, {"recurrence": "FREQ=DAILY"}, None, snapshot)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("FREQ=SECONDLY", "chaque seconde"),
        ("FREQ=WEEKLY;BYDAY=MO", "ne comprend pas le mardi"),
        ("FREQ=WEEKLY;UNTIL=20261001", "avant la deuxième fois"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(crm: Crm, rule: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        save_event(crm, "alice", None, meeting(crm, rule), None, crm.snapshot())


def test_two_people_on_one_occurrence_merge_or_conflict_by_field(crm: Crm, snapshot: Snapshot) -> None:
    save_occurrence(crm, "bruno", 1, "2026-10-20T10:00:00", Scope.ONE, {"title": "Démo"}, {"title": "Point"}, crm.snapshot())
    saved = save_occurrence(crm, "alice", 1, "2026-10-20T10:00:00", Scope.ONE, {"description": "Salle 2"}, {"title": "Point"}, snapshot)
    assert (saved.merged, snapshot.event(saved.key)["title"], len(snapshot.events)) == (["title"], "Démo", 2)
    with pytest.raises(Conflict):
        save_occurrence(crm, "alice", 1, "2026-10-20T10:00:00", Scope.ONE, {"title": "Revue"}, {"title": "Point"}, snapshot)


def test_an_occurrence_that_is_gone_is_refused_and_nothing_is_written(crm: Crm, snapshot: Snapshot) -> None:
    delete_occurrence(crm, "bruno", 1, "2026-10-20T10:00:00", Scope.ONE, crm.snapshot())
    with pytest.raises(Refused, match="n’existe plus"):
        save_occurrence(crm, "alice", 1, "2026-10-20T10:00:00", Scope.ALL, {"title": "Revue"}, None, snapshot)


def test_an_unreadable_rule_stops_no_other_event(crm: Crm, snapshot: Snapshot) -> None:
    with crm.write("alice", Verb.SAVE_EVENT) as uow:
        uow.insert("events", meeting(crm, "FREQ=HOURLY", uid="1", title="Cassé"))
        uow.commit()
    snapshot.catch_up()
    assert shown(crm, snapshot) == [*sorted([TUESDAYS[0], "06/10 10:00 Cassé"], reverse=True), *TUESDAYS[1:]]


@pytest.mark.parametrize("scope", list(Scope))
def test_without_synchronisation_a_series_changes_in_the_session_only(crm: Crm, snapshot: Snapshot, scope: Scope) -> None:
    crm.set_sync(False, "alice")
    saved = save_occurrence(crm, "alice", 1, "2026-10-20T10:00:00", scope, at(crm, "2026-10-22T14:00"), None, snapshot)
    assert saved.session_only
    assert "22/10 14:00 Point" in shown(crm, snapshot)
    assert len(shown(crm, snapshot)) == 6
    delete_occurrence(crm, "alice", 1, "2026-10-13T10:00:00" if scope is not Scope.ALL else "2026-10-15T14:00:00", Scope.ONE, snapshot)
    assert len(shown(crm, snapshot)) == 5
    snapshot.refresh()
    assert shown(crm, snapshot) == TUESDAYS
