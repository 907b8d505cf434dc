"""Bulk writing of a workbook's rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from gnetics.actions.imports import Imported, import_rows
from gnetics.actions.leads import save_lead
from gnetics.domain.rights import Verb
from gnetics.store.crm import Crm
from gnetics.store.reading.history import history_of
from gnetics.store.schema import history, runs

WHEN = datetime(2026, 11, 24, 8, tzinfo=UTC)


def _import(crm: Crm, table: str, *rows: dict[str, Any]) -> Imported:
    with crm.write("import", Verb.SAVE_LEAD) as uow:
        done = import_rows(uow, table, rows)
        uow.commit()
    return done


def counts(done: Imported) -> tuple[int, int, int, int, list[int]]:
    return done.inserted, done.updated, done.unchanged, done.repeated, done.keys


def test_rows_are_found_again_by_their_number_or_their_fingerprint(crm: Crm) -> None:
    rows = [{"lead_id": "X1", "name": "Zoé"}, {"origin": "abc", "name": "Théo"}]
    assert counts(_import(crm, "leads", *rows)) == (2, 0, 0, 0, [1, 2])
    before = crm.latest_rev()
    assert counts(_import(crm, "leads", *reversed(rows))) == (0, 0, 2, 0, [2, 1])
    assert crm.latest_rev() == before
    assert counts(_import(crm, "leads", {"lead_id": "X1", "company": "Ébène"})) == (0, 1, 0, 0, [1])
    assert crm.snapshot().lead(1)["name"] == "Zoé"


def test_a_blank_cell_never_erases_what_somebody_typed(crm: Crm) -> None:
    _import(crm, "leads", {"origin": "abc", "name": "Théo", "amount": None})
    snapshot = crm.snapshot()
    save_lead(crm, "alice", 1, {"amount": 5}, None, snapshot)
    _import(crm, "leads", {"origin": "abc", "name": "Théo", "amount": None, "lead_id": None})
    snapshot.refresh()
    assert (snapshot.lead(1)["amount"], snapshot.lead(1)["lead_id"]) == (5, "L-000001")


def test_the_same_identity_twice_is_one_lead(crm: Crm) -> None:
    done = _import(
        crm, "leads", {"lead_id": "X1", "name": "Zoé"}, {"lead_id": "X1", "company": "Ébène"}, {"lead_id": "X1", "name": "Zoé P."}
    )
    assert counts(done) == (1, 0, 0, 2, [1, 1, 1])
    lead = crm.snapshot().lead(1)
    assert (lead["name"], lead["company"]) == ("Zoé P.", "Ébène")


def test_absent_dates_stay_unknown_and_no_number_is_given(crm: Crm) -> None:
    _import(crm, "leads", {"origin": "abc", "name": "Zoé", "status": "Clos"})
    lead = crm.snapshot().lead(1)
    assert [lead[name] for name in ("lead_id", "created_at", "closed_at", "status_since", "last_contact")] == [None] * 5
    assert lead["probability"] == 100


@pytest.mark.parametrize(("status", "probability"), [("Qualifié", 50), ("À corriger", None), ("Inventé", None), (None, None)])
def test_a_missing_probability_is_its_statuss(crm: Crm, status: str | None, probability: int | None) -> None:
    _import(crm, "leads", {"origin": "a", "name": "A", "status": status}, {"origin": "b", "name": "B", "status": status, "probability": 33})
    assert (crm.snapshot().lead(1)["probability"], crm.snapshot().lead(2)["probability"]) == (probability, 33)


def test_a_change_of_status_by_import_forgets_dates_that_are_no_longer_true(crm: Crm) -> None:
    day = date(2026, 1, 5)
    _import(crm, "leads", {"lead_id": "X1", "status": "Clos", "closed_at": day, "status_since": day, "probability": 100})
    _import(crm, "leads", {"lead_id": "X1", "status": "En suivi"})
    lead = crm.snapshot().lead(1)
    assert (lead["probability"], lead["closed_at"], lead["status_since"], lead["previous_status"]) == (75, None, None, "Clos")


def test_what_could_not_be_read_is_forgotten_once_the_workbook_is_mended(crm: Crm) -> None:
    _import(crm, "leads", {"lead_id": "X1", "unread": '{"amount": "dix"}'})
    _import(crm, "leads", {"lead_id": "X1", "unread": None, "amount": 1000})
    assert crm.snapshot().lead(1)["unread"] is None


def test_each_field_changed_is_a_line_of_history_and_a_new_lead_one_line(crm: Crm) -> None:
    _import(crm, "leads", {"lead_id": "X1", "name": "Zoé", "amount": 5})
    assert history_of(crm, 1)[["action", "field"]].to_numpy().tolist() == [["import", ""]]
    _import(crm, "leads", {"lead_id": "X1", "name": "Zoé", "amount": 6})
    assert history_of(crm, 1)[["action", "field", "before", "after"]].iloc[0].tolist() == ["import", "amount", "5", "6"]


def test_a_deleted_lead_comes_back(crm: Crm) -> None:
    _import(crm, "leads", {"lead_id": "X1", "name": "Zoé", "email": "zoe@ebene.fr"}, {"lead_id": "X2", "email": "zoe@ebene.fr"})
    with crm.write("alice", Verb.SAVE_LEAD) as uow:
        uow.delete("leads", 1)
        uow.commit()
    snapshot = crm.snapshot()
    assert snapshot.leads["email_check"].to_dict() == {2: "valide"}
    assert _import(crm, "leads", {"lead_id": "X1", "name": "Zoé"}).updated == 1
    snapshot.refresh()
    assert snapshot.leads["email_check"].to_dict() == {1: "en double", 2: "en double"}


def test_events_messages_and_runs_are_found_again_by_their_identity(crm: Crm) -> None:
    rows: dict[str, dict[str, Any]] = {
        "events": {"uid": "u1", "title": "Point", "starts_at": WHEN, "ends_at": WHEN + timedelta(hours=1)},
        "messages": {"message_id": "<1>", "direction": "reçu", "subject": "Bonjour", "at": WHEN},
        "runs": {"idempotency_key": "k1", "rule": "Relance", "status": "échec", "queued_at": WHEN},
    }
    for table, row in rows.items():
        assert counts(_import(crm, table, row)) == (1, 0, 0, 0, [1])
        assert counts(_import(crm, table, row)) == (0, 0, 1, 0, [1])
    assert _import(crm, "runs", {"idempotency_key": "k1", "status": "réussi"}).updated == 1
    with crm.read() as connection:
        assert connection.execute(select(runs.c.search)).scalars().all() == ["relance reussi"]
        assert connection.execute(select(history.c.entity)).scalars().all() == ["event"]


def test_progress_reaches_the_number_of_rows(crm: Crm) -> None:
    steps: list[tuple[int, int]] = []
    with crm.write("import", Verb.SAVE_LEAD) as uow:
        import_rows(uow, "leads", [{"origin": str(n), "name": "N"} for n in range(1200)], lambda done, total: steps.append((done, total)))
        uow.commit()
    assert steps == [(500, 1200), (1000, 1200), (1200, 1200)]
    assert len(crm.snapshot().leads) == 1200
