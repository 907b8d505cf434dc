"""Characters that a database cannot hold (zero, half of a character) are left out at its door, by whatever verb they come, on both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from gnetics.actions import accounts
from gnetics.actions.bin import delete_lead
from gnetics.actions.events import save_event
from gnetics.actions.imports import import_rows
from gnetics.actions.leads import save_lead
from gnetics.actions.lots import change_leads, tag_leads
from gnetics.actions.notes import add_note
from gnetics.actions.views import rename_view, save_view
from gnetics.domain import rights
from gnetics.errors import Refused
from gnetics.imports.importer import import_workbook
from gnetics.imports.plan import Asked
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.people import sign_ins
from gnetics.store.people.guessing import Visitor
from gnetics.store.reading.bin import binned
from gnetics.store.reading.merges import survivor_of
from gnetics.store.reading.views import views_of
from gnetics.store.schema import metadata

START = datetime(2026, 11, 24, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
ODD = "\udfffZo\0\ud83dé\0"
Verb = Callable[[Crm, Snapshot, str], Any]


def _event(crm: Crm, data: Snapshot, text: str) -> None:
    save_event(crm, "Ana", None, {"title": text, "description": text, "starts_at": START, "ends_at": START + HOUR}, None, data)


def _import(crm: Crm, _: Snapshot, text: str) -> None:
    asked = Asked(columns={"Qui": "name", text: "company"}, statuses={text: "Clos"})
    report = import_workbook(crm, text, b"Qui;Statut\nBob;x\n", f"{text}.csv", asked=asked)
    assert report.taken == 1


def _account(crm: Crm, _: Snapshot, text: str) -> None:
    accounts.add(crm, text, text, "administration", "un mot de passe long")
    sign_ins.sign_in(crm, text, "un mot de passe long", Visitor("127.0.0.1"), HOUR)


def _guess(crm: Crm, _: Snapshot, text: str) -> None:
    with pytest.raises(Refused):
        sign_ins.sign_in(crm, text, "un mot de passe long", Visitor("127.0.0.1"), HOUR)


WRITING: dict[str, Verb] = {
    "save_lead": lambda crm, data, text: save_lead(
        crm, text, None, {"name": text, "notes": text, "tags": text, "status": text}, None, data
    ),
    "change a lead": lambda crm, data, text: save_lead(crm, text, 1, {"name": text}, None, data),
    "add_note": lambda crm, data, text: add_note(crm, text, 1, text, data),
    "change_leads": lambda crm, data, text: change_leads(crm, text, [1], {"source": text}, data),
    "tag_leads": lambda crm, data, text: tag_leads(crm, text, [1], text, True, data),
    "save_event": _event,
    "save_view": lambda crm, data, text: save_view(crm, text, text, {"q": text, text: "x"}),
    "rename_view": lambda crm, data, text: rename_view(crm, "Ana", save_view(crm, "Ana", "a", {}).key, text),
    "import": _import,
    "account": _account,
    "sign_in": _guess,
}
READING: tuple[Verb, ...] = (
    lambda crm, _, text: survivor_of(crm, text),
    lambda crm, _, text: binned(crm, text, 10, text),
    lambda crm, _, text: views_of(crm, text),
    lambda crm, _, text: sign_ins.account_of(crm, text),
    lambda crm, _, text: crm.snapshot(text).leads,
    lambda crm, _, text: crm.require(text, rights.Verb.SAVE_LEAD),
)


@pytest.fixture
def snapshot(crm: Crm) -> Snapshot:
    mine = crm.snapshot()
    save_lead(crm, "Ana", None, {"name": "Chloé"}, None, mine)
    return mine


def stored(crm: Crm) -> list[str]:
    """Every text of the store."""
    with crm.read() as connection:
        rows = [row for table in metadata.tables.values() for row in connection.execute(select(table))]
    return [cell for row in rows for cell in row if isinstance(cell, str)]


@pytest.mark.parametrize("verb", WRITING)
def test_what_is_written_has_none(crm: Crm, snapshot: Snapshot, verb: str) -> None:
    WRITING[verb](crm, snapshot, ODD)
    texts = stored(crm)
    assert not [each for each in texts if set(each) & {"\0", "\ud83d"}]
    assert verb == "sign_in" or [each for each in texts if "Zoé" in each]


def test_what_is_asked_with_some_is_answered(crm: Crm, snapshot: Snapshot) -> None:
    for ask in READING:
        ask(crm, snapshot, ODD)


def test_a_search_finds_what_the_rest_of_the_text_finds(crm: Crm, snapshot: Snapshot) -> None:
    with crm.write("Ana", rights.Verb.SAVE_LEAD) as uow:
        import_rows(uow, "leads", [{"lead_id": "Zoé", "name": "Zoé"}])
        uow.commit()
    snapshot.refresh()
    assert survivor_of(crm, ODD) == 2
    delete_lead(crm, "Ana", 2, snapshot)
    assert binned(crm, "Ana", 10, ODD)[1] == 1
