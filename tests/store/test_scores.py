"""The automatic score in the store: computed at each write for the leads concerned, by `score_all` for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from gnetics import settings as settings_module
from gnetics.actions.events import call_off, delete_event, mark_done, save_event
from gnetics.actions.leads import save_lead
from gnetics.actions.scores import score_all
from gnetics.clock import fixed
from gnetics.demo.store import build_demo
from gnetics.domain import score
from gnetics.domain.rights import Verb
from gnetics.store.crm import Crm, create_crm
from gnetics.store.frames import Snapshot
from gnetics.store.reading.history import history_of
from gnetics.store.reading.scores import explain
from gnetics.store.schema import history
from gnetics.widgets.codec import record

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
FULL = {"name": "Anne", "company": "Lumen", "email": "anne@lumen-exemple.fr", "job_title": "Directrice", "amount": 100, "source": "Salon"}


def points(snapshot: Snapshot, key: int) -> tuple[int, ...]:
    row = record(snapshot.leads, key)
    assert row is not None
    return tuple(row[name] for name in ("score_fit", "score_activity", "score_source", "auto_score", "any_score"))


def test_a_save_scores_its_lead_and_a_manual_score_wins(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = save_lead(crm, "ana", None, FULL, None, snapshot).key
    assert points(snapshot, key) == (24, 0, 6, 30, 30)
    save_lead(crm, "ana", key, {"phone": "01 99 00 12 34", "score": 80}, {}, snapshot)
    assert points(snapshot, key) == (30, 0, 6, 36, 80)
    save_lead(crm, "ana", key, {"score": None}, {"score": 80}, snapshot)
    assert points(snapshot, key)[-1] == 36


def test_an_event_done_or_deleted_and_a_mail_change_the_activity(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = save_lead(crm, "ana", None, FULL, None, snapshot).key
    other = save_lead(crm, "ana", None, {"name": "Bruno"}, None, snapshot).key
    meeting = {"title": "Point", "kind": "Visio", "starts_at": START, "ends_at": START + timedelta(hours=1), "lead_key": key}
    event = save_event(crm, "ana", None, meeting, None, snapshot).key
    assert points(snapshot, key)[1] == 0  # planned is not done
    mark_done(crm, "ana", event, snapshot)
    assert points(snapshot, key) == (24, 6, 6, 36 + 25, 36 + 25)  # and it is the last contact, four days ago
    call_off(crm, "ana", event, snapshot)
    assert points(snapshot, key)[1] == 0
    mark_done(crm, "ana", event, snapshot)
    save_event(crm, "ana", event, {"lead_key": other}, {}, snapshot)
    assert (points(snapshot, key)[1], points(snapshot, other)[1]) == (0, 6)
    delete_event(crm, "ana", event, snapshot)
    assert points(snapshot, other)[1] == 0
    with crm.write("ana", Verb.IMPORT) as uow:
        for number, more in enumerate(({}, {"kind": "rejet"}, {"drop_reason": "liste"}, {"direction": "envoyé"})):
            uow.insert("messages", {"message_id": f"m{number}", "direction": "reçu", "lead_key": key, **more})
        uow.commit()
    snapshot.refresh()
    assert points(snapshot, key)[1] == score.RECEIVED + score.SENT


def test_what_scoring_writes_is_not_in_the_history(crm: Crm) -> None:
    snapshot = crm.snapshot()
    key = save_lead(crm, "ana", None, FULL, None, snapshot).key
    save_lead(crm, "ana", key, {"phone": "01 99 00 12 34"}, {}, snapshot)
    score_all(crm, "ana")
    assert set(history_of(crm, key)["field"]) == {"", "phone"}


def test_sources_are_measured_once_for_all_and_followed_by_later_saves(crm: Crm) -> None:
    snapshot = crm.snapshot()
    for number in range(12):
        save_lead(crm, "ana", None, {"name": f"N{number}", "source": "Salon", "status": "Clos" if number < 9 else "Perdu"}, None, snapshot)
    assert points(snapshot, 1)[2] == score.SOURCE_NEUTRAL  # a save counts nothing proportional to the base
    told: list[tuple[int, int]] = []
    assert score_all(crm, "ana", lambda done, total: told.append((done, total))) == (12, 12)
    assert told[-1] == (12, 12)
    snapshot.refresh()
    worth = score.source(score.Rate(9, 12))
    assert points(snapshot, 1)[2] == worth != score.SOURCE_NEUTRAL
    key = save_lead(crm, "ana", None, {"name": "Zoé", "source": "salon "}, None, snapshot).key
    assert points(snapshot, key)[2] == worth
    rev = crm.latest_rev()
    assert score_all(crm, "ana") == (0, 13) and crm.latest_rev() == rev


def test_a_session_only_lead_is_scored_too(crm: Crm) -> None:
    crm.set_sync(False, "ana")
    snapshot = crm.snapshot()
    key = save_lead(crm, "ana", None, FULL, None, snapshot).key
    assert points(snapshot, key)[3] == score.total(explain(crm, record(snapshot.leads, key) or {})) == 30


def test_a_night_ages_the_score_at_the_next_refresh(crm: Crm) -> None:
    evening = [datetime(2026, 11, 24, 20, tzinfo=UTC)]
    aging = replace(crm, clock=replace(crm.clock, source=lambda: evening[0]))
    snapshot = aging.snapshot()
    key = save_lead(aging, "ana", None, FULL | {"last_contact": date(2026, 11, 17)}, None, snapshot).key
    assert points(snapshot, key)[3] == 30 + 25
    evening[0] += timedelta(hours=6)
    snapshot.refresh()
    assert points(snapshot, key)[3] == 30 + 20


def test_an_older_store_is_scored_when_it_is_upgraded(crm: Crm, upgraded_from: Callable[[str], Crm]) -> None:
    save_lead(crm, "ana", None, FULL, None, crm.snapshot())
    assert points(upgraded_from("0001").snapshot(), 1)[:3] == (24, 0, 6)


def test_the_sheet_explains_the_score_that_the_frames_show(tmp_path: Path) -> None:
    settings = replace(settings_module.load({}), data_dir=tmp_path)
    build_demo(settings)
    crm = create_crm(settings, "demo")
    crm = replace(crm, clock=fixed(crm.clock.now(), crm.region.zone))
    snapshot = crm.snapshot()
    real = snapshot.real
    for key in real.index[::9]:
        row = record(real, key)
        assert row is not None and score.total(explain(crm, row)) == row["auto_score"]
    assert 0.3 < real["score"].isna().mean() < 0.45 and not real["any_score"].isna().any()
    with crm.read() as connection:
        assert connection.execute(select(func.count()).where(history.c.field.in_(["score_fit", "score_source"]))).scalar() == 0
    crm.close()
