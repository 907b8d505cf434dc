"""What is erased for good does not trust a clock that jumped, and a server that was off for long erases in the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from gnetics.actions.bin import delete_lead, restore_lead
from gnetics.actions.leads import save_lead
from gnetics.clock import fixed
from gnetics.domain.rights import Verb
from gnetics.imports.importer import import_workbook
from gnetics.operations.rule_work import run_rules
from gnetics.store.crm import Crm
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.reading.bin import binned
from gnetics.store.schema import imports, leads, messages
from tests.conftest import live

pytestmark = pytest.mark.costly


def _on(crm: Crm, day: float) -> Crm:
    """The same store so many days later, by its clock."""
    return replace(crm, trusted=True, clock=fixed(crm.clock.now() + timedelta(days=day), crm.region.zone))


def _live(crm: Crm, first: int, last: int) -> None:
    """The nights of these days, each with its worker."""
    live(_on(crm, last + 1), last - first + 1)
    run_rules(_on(crm, last))


def _delete(crm: Crm, name: str) -> int:
    snapshot = crm.snapshot()
    key = save_lead(crm, "Ana", None, {"name": name}, None, snapshot).key
    delete_lead(crm, "Ana", key, snapshot)
    return key


def _erased(crm: Crm, key: int) -> bool:
    with crm.read() as connection:
        return connection.execute(select(leads.c.name).where(leads.c.key == key)).scalar_one() is None


def test_on_a_server_that_is_always_there_thirty_days_are_thirty_nights(crm: Crm) -> None:
    key = _delete(crm, "Zoé")
    _live(crm, 1, KEPT_DAYS)
    assert not _erased(crm, key)
    _live(crm, KEPT_DAYS + 1, KEPT_DAYS + 1)
    assert _erased(crm, key)


@pytest.mark.parametrize("jump", [365, 40, -365])
def test_a_clock_that_jumps_and_comes_back_erases_nothing(crm: Crm, jump: int) -> None:
    live(crm, 2 * KEPT_DAYS)
    before = _delete(crm, "Zoé")
    for minute, day in enumerate((jump, 0, jump, jump + 1, 0)):
        run_rules(_on(crm, day + minute / 1440))
    meanwhile = _delete(_on(crm, jump), "Léo")
    for minute, day in enumerate((jump, jump + 1, 1, 2), 5):
        run_rules(_on(crm, day + minute / 1440))
    assert not _erased(crm, before) and not _erased(crm, meanwhile)
    assert before in [row["key"] for row in binned(crm, "Ana", 10)[0]]
    snapshot = crm.snapshot()
    for key, name in ((before, "Zoé"), (meanwhile, "Léo")):
        restore_lead(crm, "Ana", key, snapshot)
        assert snapshot.lead(key)["name"] == name


def test_a_clock_that_stays_ahead_erases_after_as_many_nights(crm: Crm) -> None:
    key = _delete(crm, "Zoé")
    _live(crm, 365, 365 + KEPT_DAYS - 2)
    assert not _erased(crm, key)
    _live(crm, 365 + KEPT_DAYS - 1, 365 + KEPT_DAYS - 1)
    assert _erased(crm, key)


def test_a_server_off_for_forty_days_erases_in_the_end_and_not_at_its_start(crm: Crm) -> None:
    key = _delete(crm, "Zoé")
    _live(crm, 1, 5)
    _live(crm, 46, 46)
    assert not _erased(crm, key), "what an outage and a jump look like"
    _live(crm, 47, 46 + KEPT_DAYS - 6)
    assert _erased(crm, key)


def _mail(crm: Crm, months_ago: int) -> int:
    with crm.write("Ana", Verb.IMPORT) as uow:
        at = crm.clock.now() - timedelta(days=30 * months_ago)
        key = uow.insert("messages", {"message_id": f"<{months_ago}>", "direction": "reçu", "at": at})
        uow.commit()
    return key


def _there(crm: Crm) -> list[int]:
    with crm.read() as connection:
        return list(connection.execute(select(messages.c.key).where(~messages.c.deleted).order_by(messages.c.key)).scalars())


@pytest.fixture
def kept(crm: Crm) -> Crm:
    """Its logs keep mails for 24 months; it has had its worker for long."""
    live(crm, 2 * KEPT_DAYS)
    return replace(crm, settings=replace(crm.settings, mail_kept_months=24))


@pytest.mark.parametrize("jump", [730, 365, -365])
def test_a_clock_that_jumps_and_comes_back_erases_no_mail(kept: Crm, jump: int) -> None:
    young = [_mail(kept, months) for months in (1, 13, 22)]
    _live(kept, 1, KEPT_DAYS)
    for minute, day in enumerate((jump, 0, jump, jump + 1, 0, jump + 2, 1)):
        run_rules(_on(kept, KEPT_DAYS + day + minute / 1440))
        assert _there(kept) == young


def test_a_clock_that_stays_ahead_erases_mails_after_as_many_nights(kept: Crm) -> None:
    old, young = _mail(kept, 13), _mail(kept, 1)
    _live(kept, 365, 365 + KEPT_DAYS - 2)
    assert _there(kept) == [old, young]
    _live(kept, 365 + KEPT_DAYS - 1, 365 + KEPT_DAYS)
    assert _there(kept) == [young]


def test_a_server_off_for_long_erases_mails_in_the_end_and_not_at_its_start(kept: Crm) -> None:
    old, young = _mail(kept, 23), _mail(kept, 1)
    _live(kept, 1, 5)
    _live(kept, 100, 100)
    assert _there(kept) == [old, young]
    _live(kept, 101, 100 + KEPT_DAYS)
    assert _there(kept) == [young]


def test_a_clock_that_jumped_keeps_what_undoes_an_import(crm: Crm) -> None:
    def traces(day: int) -> list[bool]:
        import_workbook(_on(crm, day), "Ana", f"Nom\nAnne {day}\n".encode(), "f.csv")
        with crm.read() as connection:
            return [trace is not None for trace in connection.execute(select(imports.c.trace).order_by(imports.c.key)).scalars()]

    assert traces(0) == [True]
    assert traces(365) == [True, True]
    live(_on(crm, 366), KEPT_DAYS)
    assert traces(366) == [False, True, True]
