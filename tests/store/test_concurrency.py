"""Several processes on one store: nothing is lost, nothing is half written, readers never wait."""

from __future__ import annotations

import threading
import time
from typing import Any

from sqlalchemy import select

from gnetics.actions.leads import save_lead
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.store.canonical import encode
from gnetics.store.crm import Crm
from gnetics.store.schema import events, history, leads
from tests.store import workers as jobs
from tests.store.workers import Workers


def _stored(crm: Crm) -> list[dict[str, Any]]:
    with crm.read() as connection:
        return [dict(row) for row in connection.execute(select(leads).order_by(leads.c.key)).mappings()]


def test_no_increment_of_concurrent_writers_is_lost(crm: Crm, store_url: str, workers: Workers) -> None:
    save_lead(crm, "moi", None, {"name": "Compteur", "amount": 0}, None, crm.snapshot())
    workers.run(jobs.increments, store_url)
    (lead,) = _stored(crm)
    assert lead["amount"] == jobs.WRITERS * jobs.EACH
    assert crm.latest_rev() == 1 + jobs.WRITERS * jobs.EACH


def test_concurrent_writers_are_never_given_one_number_nor_one_below_an_imported_one(crm: Crm, store_url: str, workers: Workers) -> None:
    given = [line.split()[1] for line in workers.run(jobs.numbers, store_url)]
    assert len(set(given)) == len(given) == jobs.WRITERS * jobs.EACH
    stored = [str(lead["lead_id"]) for lead in _stored(crm)]  # in the order of the transactions
    assert len(stored) == len(set(stored)) == len(given) + jobs.EACH
    highest = ""
    for lead_id in stored:
        assert lead_id > highest or lead_id.endswith("00"), "a hole was filled"
        highest = max(highest, lead_id)


def test_edits_merges_and_imports_at_once_lose_nothing_and_double_nothing(crm: Crm, store_url: str, workers: Workers) -> None:
    kept, away = range(1, jobs.PAIRS + 1), range(jobs.PAIRS + 1, 2 * jobs.PAIRS + 1)
    with crm.write("moi", Verb.IMPORT) as uow:
        uow.insert_many("leads", [{"lead_id": f"K{key}", "name": f"Fiche {key}", "amount": 0} for key in kept], Action.IMPORTED)
        uow.insert_many("leads", [{"lead_id": f"K{key}", "name": f"Fiche {key}"} for key in away], Action.IMPORTED)
        times = {"starts_at": uow.now, "ends_at": uow.now, "title": "Point"}
        uow.insert_many("events", [times | {"uid": str(key), "lead_key": key} for key in away], Action.IMPORTED)
        uow.commit()
    said = [line.split() for line in workers.run(jobs.busy_hour, store_url)]
    notes = [line[1] for line in said if line[0] == "note"]
    assert sorted(int(line[1]) for line in said if line[0] == "merge") == [*kept]
    assert sorted(int(line[1]) for line in said if line[0] == "import") == [0, jobs.NEW]
    rows = {row["key"]: row for row in _stored(crm)}
    assert {row["merged_into"]: key for key, row in rows.items() if row["deleted"]} == dict(zip(kept, away, strict=True))
    assert sorted(row["lead_id"] for key, row in rows.items() if key not in (*kept, *away)) == sorted(f"N{n}" for n in range(jobs.NEW))
    assert [rows[key]["amount"] for key in kept] == [2 * jobs.ROUNDS] * jobs.PAIRS
    assert [rows[key]["notes"] for key in kept] == [rows[key]["notes"] for key in away]  # the last ones written before the merge
    assert {rows[key]["source"] for key in kept} == {"Salon"}
    with crm.read() as connection:
        owners = connection.execute(select(events.c.lead_key).order_by(events.c.key)).scalars().all()
        lines = connection.execute(select(history).where(history.c.field != "", history.c.entity == "lead").order_by(history.c.key)).all()
    assert owners == [*kept]
    assert crm.latest_rev() == 1 + 2 * jobs.ROUNDS * jobs.PAIRS + len(notes) + jobs.PAIRS + 1
    assert sorted(line.after for line in lines if line.field == "notes" and line.who == "notes") == sorted(notes)
    last: dict[tuple[int, str], str | None] = {(key, "amount"): "0" for key in kept}
    last |= {(key, name): f"{prefix}{key}" for key in (*kept, *away) for name, prefix in (("name", "Fiche "), ("lead_id", "K"))}
    for line in lines:
        about = (line.entity_key, line.field)
        assert line.before == last.get(about)
        last[about] = line.after
    assert all(encode("leads", field, rows[key][field]) == after for (key, field), after in last.items())


def test_a_save_after_another_process_wrote_and_closed_keeps_every_row(crm: Crm, store_url: str, workers: Workers) -> None:
    snapshot = crm.snapshot()  # the first load reads the store with another library
    workers.run(jobs.add_lead, store_url)
    save_lead(crm, "moi", None, {"name": "Écrit ici"}, None, snapshot)
    workers.run(jobs.add_lead, store_url)
    assert [lead["name"] for lead in _stored(crm)] == ["Écrit ailleurs", "Écrit ici", "Écrit ailleurs"]
    snapshot.refresh()
    assert len(snapshot.leads) == 3


def test_a_kill_in_the_middle_of_a_save_leaves_the_old_row_or_the_new_one(crm: Crm, store_url: str, workers: Workers) -> None:
    save_lead(crm, "moi", None, dict.fromkeys(jobs.FIELDS, "avant"), None, crm.snapshot())
    *before, done = workers.run(jobs.killed_saves, store_url)
    assert len(before) > 5  # it was really stopped between its statements, and before its commit
    assert set(before) == {"avant"}
    assert done == f"coupure {len(before) - 1}"
    with crm.read() as connection:
        lines = connection.execute(select(history.c.after).where(history.c.who == "coupure")).scalars().all()
    assert lines == [done] * len(jobs.FIELDS)


def test_readers_never_wait_for_a_writer(crm: Crm) -> None:
    snapshot = crm.snapshot()
    save_lead(crm, "moi", None, {"name": "Avant"}, None, snapshot)
    with crm.write("lent", Verb.SAVE_LEAD) as uow:
        uow.update("leads", 1, {"name": "Pas encore"})
        start = time.monotonic()
        assert snapshot.refresh().rows == {}
        assert crm.snapshot().leads["name"].tolist() == ["Avant"]
        assert time.monotonic() - start < 5
        uow.commit()
    assert snapshot.refresh().rows["leads"] == 1
    assert snapshot.leads["name"].tolist() == ["Pas encore"]


def test_a_reader_keeps_one_consistent_view_while_others_write(crm: Crm) -> None:
    snapshot = crm.snapshot()
    save_lead(crm, "moi", None, {"name": "Avant"}, None, snapshot)
    with crm.read() as connection:
        assert connection.execute(select(leads.c.name)).scalar() == "Avant"
        save_lead(crm, "moi", 1, {"name": "Après"}, None, snapshot)
        assert connection.execute(select(leads.c.name)).scalar() == "Avant"


def test_the_second_writer_waits_for_the_first_and_sees_what_it_wrote(crm: Crm) -> None:
    snapshot = crm.snapshot()
    save_lead(crm, "moi", None, {"name": "Compteur", "amount": 0}, None, snapshot)
    seen: list[int] = []
    asked, entered = threading.Event(), threading.Event()

    def second() -> None:
        asked.set()
        with crm.write("second", Verb.SAVE_LEAD) as uow:
            entered.set()
            seen.append(uow.row("leads", 1)["amount"])

    with crm.write("premier", Verb.SAVE_LEAD) as uow:
        thread = threading.Thread(target=second)
        thread.start()
        assert asked.wait(10) and not entered.wait(0.2), "it did not wait"
        uow.update("leads", 1, {"amount": 7})
        uow.commit()
    thread.join(10)
    assert seen == [7]
