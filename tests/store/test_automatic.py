"""A message says itself whether an automation sent it: a run that names it, whichever of them the store is told first."""

from __future__ import annotations

from datetime import UTC, datetime
from runpy import run_path
from typing import Any

import pytest
from sqlalchemy import select, update

from gnetics.domain.rights import Verb
from gnetics.store import migrate
from gnetics.store.crm import Crm
from gnetics.store.schema import messages, runs

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def message(name: str) -> dict[str, Any]:
    return {"message_id": name, "direction": "envoyé", "at": AT}


def run(name: str | None) -> dict[str, Any]:
    return {"idempotency_key": f"run of {name}", "rule": "relance", "status": "réussi", "message_id": name}


def automatic(crm: Crm) -> dict[str, bool]:
    with crm.read() as connection:
        return dict(connection.execute(select(messages.c.message_id, messages.c.automatic)).all())


def write(crm: Crm, *rows: tuple[str, dict[str, Any]]) -> None:
    with crm.write("ana", Verb.IMPORT) as uow:
        for table, row in rows:
            uow.insert(table, row)
        uow.commit()


@pytest.mark.parametrize("first", ["messages", "runs"])
def test_a_message_that_a_run_names_is_automatic_whichever_comes_first(crm: Crm, first: str) -> None:
    sent, by_hand, named, naming = ("messages", message("a")), ("messages", message("b")), ("runs", run("a")), ("runs", run(None))
    for row in (sent, by_hand, named, naming) if first == "messages" else (naming, named, by_hand, sent):
        write(crm, row)
    assert automatic(crm) == {"a": True, "b": False}


def test_a_message_is_a_persons_again_once_its_run_is_taken_back_or_names_another(crm: Crm) -> None:
    write(crm, ("messages", message("a")), ("messages", message("b")), ("runs", run("a")))
    snapshot = crm.snapshot()
    with crm.read() as connection:
        key = connection.execute(select(runs.c.key)).scalar_one()
    with crm.write("ana", Verb.IMPORT) as uow:
        uow.update("runs", key, {"message_id": "b"})
        uow.commit()
    assert automatic(crm) == {"a": False, "b": True}
    snapshot.refresh()
    assert snapshot.messages["automatic"].tolist() == [False, True], "open pages are told"
    with crm.write("ana", Verb.IMPORT) as uow:
        uow.delete("runs", key)
        uow.commit()
    assert automatic(crm) == {"a": False, "b": False}


def test_an_older_store_knows_its_automatic_messages_once_upgraded(crm: Crm) -> None:
    write(crm, ("messages", message("a")), ("messages", message("b")), ("runs", run("a")))
    (path,) = (migrate.MIGRATIONS / "versions").glob("*_automatic.py")
    with crm.engine.begin() as connection:
        connection.execute(update(messages).values(automatic=False))
        run_path(str(path))["mark_automatic"](connection)
    assert automatic(crm) == {"a": True, "b": False}
