"""The snapshot: types, and refreshes that always give what a new load would."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from gnetics.actions.events import save_event
from gnetics.actions.leads import save_lead
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.domain.statuses import LABELS
from gnetics.store import frames
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot

FRAMES = ("leads", "events", "messages", "journal", "pairs")
WHEN = datetime(2026, 11, 24, 8, 30, 15, 123456, tzinfo=UTC)


def _types(frame: pd.DataFrame) -> dict[str, str]:
    return {str(name): str(dtype) for name, dtype in frame.dtypes.items()}


def _fill(crm: Crm) -> None:
    with crm.write("import", Verb.SAVE_LEAD) as uow:
        lead = {"name": "Zoé", "amount": 1234567, "created_at": date(2026, 1, 2), "score": 0, "email": "zoe@ebene.fr"}
        key = uow.insert("leads", lead)
        uow.insert("events", {"uid": "u", "title": "T", "starts_at": WHEN, "ends_at": WHEN, "lead_key": key, "done": True})
        uow.insert("messages", {"message_id": "<1>", "direction": "reçu", "subject": "Été", "at": WHEN, "lead_key": key})
        uow.insert("runs", {"idempotency_key": "k", "rule": "Relance", "status": "réussi", "attempt": 2, "queued_at": WHEN})
        uow.commit()


@pytest.mark.parametrize("fill", [lambda crm: None, _fill], ids=["empty", "filled"])
def test_column_types_are_the_same_empty_or_filled(crm: Crm, fill: Callable[[Crm], None]) -> None:
    fill(crm)
    snapshot = crm.snapshot()
    types = _types(snapshot.leads)
    assert {types[name] for name in ("name", "notes", "search", "unread", "email_check")} == {"str"}
    assert {types[name] for name in ("amount", "score", "probability")} == {"Int64"}
    assert {types[name] for name in ("created_at", "next_follow_up", "closed_at")} == {"datetime64[s]"}
    assert (types["real"], types["updated_at"], types["rev"]) == ("bool", "datetime64[us, UTC]", "int64")
    events = _types(snapshot.events)
    assert (events["lead_key"], events["done"], events["starts_at"]) == ("Int64", "bool", "datetime64[us, UTC]")
    assert _types(snapshot.messages)["at"] == _types(snapshot.journal)["at"] == "datetime64[us, UTC]"
    assert {"deleted", "key"}.isdisjoint(types)
    assert snapshot.leads.index.name == "key"
    assert {str(each.dtype) for each in (snapshot.leads.index, snapshot.pairs["low"], snapshot.journal["entity_key"])} == {"int64"}


def test_values_come_back_exactly(crm: Crm) -> None:
    _fill(crm)
    snapshot = crm.snapshot()
    lead, event = snapshot.lead(1), snapshot.event(1)
    assert (lead["amount"], lead["created_at"], lead["score"], lead["notes"]) == (1234567, date(2026, 1, 2), 0, None)
    assert (event["starts_at"], event["done"], event["lead_key"]) == (WHEN, True, 1)
    assert snapshot.messages.columns.tolist() == ["direction", "kind", "at", "lead_key", "automatic"], "without their texts"
    assert all(type(value) in (str, int, bool, date, datetime, type(None)) for value in (lead | event).values())


def test_a_refresh_without_news_keeps_the_very_same_frames(crm: Crm) -> None:
    _fill(crm)
    snapshot = crm.snapshot()
    frames, version = (snapshot.leads, snapshot.events, snapshot.journal), snapshot.version
    assert not snapshot.refresh()
    assert all(one is other for one, other in zip(frames, (snapshot.leads, snapshot.events, snapshot.journal), strict=True))
    assert snapshot.version == version


def test_leads_are_the_very_same_frame_until_one_of_them_changes(crm: Crm) -> None:
    _fill(crm)
    snapshot = crm.snapshot()
    leads = snapshot.leads
    save_event(crm, "alice", None, {"title": "T", "kind": "Appel", "starts_at": WHEN, "ends_at": WHEN + timedelta(hours=1)}, None, snapshot)
    assert len(snapshot.events) == 2 and snapshot.leads is leads
    save_lead(crm, "alice", 1, {"notes": "à rappeler"}, None, snapshot)
    assert snapshot.leads is not leads and snapshot.lead(1)["notes"] == "à rappeler"


def test_a_frame_taken_before_a_refresh_is_not_changed_by_it(crm: Crm) -> None:
    _fill(crm)
    snapshot, other = crm.snapshot(), crm.snapshot()
    taken, version = snapshot.leads, snapshot.version
    save_lead(crm, "bruno", 1, {"name": "Zoé Petit", "amount": 1}, None, other)
    changes = snapshot.refresh()
    assert (bool(changes), changes.rows["leads"], changes.rows["events"]) == (True, 1, 0)
    assert (taken["name"].tolist(), snapshot.leads["name"].tolist()) == (["Zoé"], ["Zoé Petit"])
    assert snapshot.version > version


def test_only_real_contacts_are_shown_and_the_others_counted(crm: Crm) -> None:
    with crm.write("import", Verb.SAVE_LEAD) as uow:
        uow.insert_many("leads", [{"name": "Zoé"}, {"phone": "0612345678"}, {"lead_id": "X1"}, {"notes": "?"}], Action.IMPORTED)
        uow.commit()
    snapshot = crm.snapshot()
    assert snapshot.real.index.tolist() == [1, 3]
    assert snapshot.set_aside == 2


def test_history_begins_with_the_oldest_line(crm: Crm) -> None:
    snapshot = crm.snapshot()
    assert snapshot.history_since is None
    save_lead(crm, "alice", None, {"name": "Zoé"}, None, snapshot)
    assert snapshot.history_since == crm.clock.now()
    past = datetime(2026, 1, 1, tzinfo=UTC)
    line = {
        "at": past,
        "who": "a",
        "action": "import",
        "entity": "lead",
        "entity_key": 1,
        "field": "status",
        "before": None,
        "after": "Clos",
    }
    with crm.write("import", Verb.SAVE_LEAD) as uow:
        uow.add_history([line])
        uow.commit()
    snapshot.refresh()
    assert snapshot.history_since == crm.snapshot().history_since == past
    assert snapshot.journal["after"].tolist() == ["Clos"]


def _random_step(crm: Crm, mine: Snapshot, other: Snapshot, rng: random.Random) -> None:
    """One of the writes of everyday, from one session or another."""
    session = rng.choice([mine, other])
    session.refresh()
    keys, events = session.leads.index.tolist(), session.events.index.tolist()
    name, email = rng.choice(["Jean Dupont", "Jean Dupond", "Zoé"]), rng.choice(["a@ebene.fr", "b@ebene.fr", "x", None])
    values: dict[str, Any] = {
        "name": name,
        "status": rng.choice(LABELS),
        "amount": rng.choice([None, 5, 700]),
        "notes": "é" * rng.randrange(90),
    }
    action = rng.randrange(6)
    with crm.write("autre", Verb.SAVE_LEAD) as uow:
        if action == 0 and keys:
            uow.delete("leads", rng.choice(keys))
        elif action == 1 and events:
            uow.delete("events", rng.choice(events))
        elif action == 2:
            rows = [{**values, "email": rng.choice(["a@ebene.fr", email])} for _ in range(rng.randrange(1, 40))]
            uow.insert_many("leads", rows, Action.IMPORTED)
        elif action == 3 and keys:
            uow.update("leads", rng.choice(keys), {**values, "email": email})
        uow.commit()
    if action == 4:
        save_lead(crm, "moi", None, values, None, session)
    elif action == 5:
        event = {"title": "T", "starts_at": WHEN, "ends_at": WHEN + timedelta(hours=1), "lead_key": rng.choice([None, *keys])}
        save_event(crm, "moi", rng.choice([None, *session.events.index.tolist()]), event, None, session)


@pytest.fixture(params=[frames.MANY, 0], ids=["reread", "loaded-anew"])
def newer_rows(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every refresh of the test reads what is newer row by row, then all of them load everything anew."""
    monkeypatch.setattr(frames, "MANY", request.param)


@pytest.mark.usefixtures("newer_rows")
@pytest.mark.parametrize("seed", range(2))
def test_after_any_writes_a_refreshed_snapshot_equals_a_new_load(crm: Crm, seed: int) -> None:
    rng = random.Random(seed)
    mine, other = crm.snapshot(), crm.snapshot()
    for _ in range(20):
        _random_step(crm, mine, other, rng)
    for snapshot in (mine, other):
        snapshot.refresh()
        fresh = crm.snapshot()
        assert snapshot.rev == fresh.rev
        for name in FRAMES:
            ours, theirs = getattr(snapshot, name), getattr(fresh, name)
            if name == "pairs":
                ours, theirs = (frame.sort_values(["low", "high"], ignore_index=True) for frame in (ours, theirs))
            pd.testing.assert_frame_equal(ours, theirs)


@pytest.mark.usefixtures("newer_rows")
def test_a_refresh_counts_what_changed_appeared_and_went(crm: Crm) -> None:
    _fill(crm)
    with crm.write("import", Verb.SAVE_LEAD) as uow:
        uow.insert_many("leads", [{"name": "Ana"}, {"name": "Éva", "owner": "Bruno"}, {"name": "Léo"}], Action.IMPORTED)
        uow.commit()
    snapshot = crm.snapshot()
    with crm.write("autre", Verb.SAVE_LEAD) as uow:
        uow.update("leads", 1, {"name": "Zoé Petit"})
        uow.delete("leads", 2)
        uow.insert_many("leads", [{"name": "Max"}, {"name": "Lou"}], Action.IMPORTED)
        uow.delete("events", 1)
        uow.commit()
    assert snapshot.catch_up() == {"leads": 4, "events": 1, "messages": 0, "runs": 0}
    assert snapshot.leads["name"].tolist() == ["Zoé Petit", "Éva", "Léo", "Max", "Lou"]
    assert snapshot.catch_up() == {}


@pytest.mark.usefixtures("newer_rows")
def test_session_only_changes_stay_while_the_store_is_read_again(crm: Crm) -> None:
    _fill(crm)
    snapshot, other = crm.snapshot(), crm.snapshot()
    crm.set_sync(False, "alice")
    save_lead(crm, "alice", 1, {"notes": "à rappeler"}, None, snapshot)
    save_lead(crm, "alice", None, {"name": "Ana"}, None, snapshot)
    crm.set_sync(True, "alice")
    save_lead(crm, "bruno", None, {"name": "Max"}, None, other)
    snapshot.catch_up()
    assert snapshot.unsaved == 2
    assert snapshot.leads["name"].tolist() == ["Ana", "Zoé", "Max"] and snapshot.lead(1)["notes"] == "à rappeler"
    assert snapshot.refresh().dropped == 2
    pd.testing.assert_frame_equal(snapshot.leads, crm.snapshot().leads)


def test_many_refreshes_keep_text_columns_in_few_pieces(crm: Crm) -> None:
    import pyarrow as pa

    snapshot = crm.snapshot()
    for number in range(40):
        with crm.write("import", Verb.SAVE_LEAD) as uow:
            uow.insert("leads", {"name": f"Nom {number}"})
            uow.commit()
        snapshot.refresh()
    assert snapshot.leads["name"].tolist() == [f"Nom {number}" for number in range(40)]
    names: Any = pa.array(snapshot.leads["name"].array)
    assert names.num_chunks <= 33
