"""The demo: the same bytes from the same seed, moved to this week by whole weeks, made once, never taken from under a user."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import ColumnElement, Table, func, select

from gnetics.demo import workbook as demo_workbook
from gnetics.demo.journey import REFERENCE
from gnetics.demo.store import build_demo, shift
from gnetics.domain import values
from gnetics.domain.fields import BY_KEY
from gnetics.domain.rights import Verb
from gnetics.domain.statuses import OPEN
from gnetics.imports.importer import import_workbook
from gnetics.settings import Settings
from gnetics.store.crm import Crm, create_crm, open_crm
from gnetics.store.schema import history, leads, messages, runs

PARIS = ZoneInfo("Europe/Paris")
TODAY = datetime(2027, 3, 11, 15, 0, tzinfo=PARIS)  # a Thursday


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = Settings(data_dir=tmp_path_factory.mktemp("data"))
    with time_machine.travel(TODAY, tick=False):
        assert build_demo(made)
    return made


@pytest.fixture(scope="module")
def crm(settings: Settings) -> Crm:
    return open_crm(settings)


def count(crm: Crm, table: Table, *conditions: ColumnElement[bool]) -> int:
    with crm.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())


def test_the_file_in_the_repository_is_what_the_script_makes() -> None:
    assert demo_workbook.PATH.read_bytes() == demo_workbook.content()


@pytest.mark.parametrize("weekday", range(7))
def test_dates_move_by_whole_weeks_to_this_week(weekday: int) -> None:
    today = date(2027, 3, 8) + timedelta(days=weekday)
    assert shift(today) % 7 == 0
    assert REFERENCE + timedelta(days=shift(today)) == date(2027, 3, 8)


def test_every_row_is_taken_but_the_blank_ones(tmp_path: Path) -> None:
    crm = create_crm(Settings(data_dir=tmp_path), "real")
    report = import_workbook(crm, "Léa", demo_workbook.content(), "demo.xlsx", dry_run=True)
    crm.close()
    assert {sheet.kind: (sheet.rows, sheet.refused) for sheet in report.sheets} == {
        "leads": (397, 0),
        "events": (60, 0),
        "runs": (300, 0),
        "messages": (200, 0),
        "history": (next(sheet.rows for sheet in report.sheets if sheet.kind == "history"), 0),
    }
    assert (report.blank, report.set_aside) == (5, 6)
    assert not [problem for problem in report.problems if problem.sheet != "Leads"]


def test_it_looks_like_a_team_at_work_whatever_the_day(crm: Crm) -> None:
    today = TODAY.date()
    is_open = leads.c.status.in_(OPEN)
    assert crm.kind == "demo"
    assert count(crm, leads, leads.c.status == "Clos") / count(crm, leads, leads.c.real) == pytest.approx(0.215, abs=0.035)
    assert 4 <= count(crm, leads, is_open, leads.c.next_follow_up == today) <= 9
    assert 15 <= count(crm, leads, is_open, leads.c.next_follow_up < today) <= 45
    assert count(crm, leads, leads.c.last_contact > today) == 2  # the two the block Qualité is there to find
    assert count(crm, leads, leads.c.closed_at > today) == 0
    assert count(crm, messages, messages.c.at > TODAY) == 0
    assert count(crm, runs, runs.c.queued_at > TODAY) == 0
    with crm.read() as connection:
        assert len(set(connection.execute(select(messages.c.reply_state)).scalars()) - {None}) == 6


def test_what_no_person_wrote_is_set_aside_with_a_reason_and_still_counted(crm: Crm) -> None:
    received, dropped = messages.c.direction == "reçu", messages.c.drop_reason.is_not(None)
    for kind, how_many in (("rejet", 7), ("réponse automatique", 8), ("liste", 6)):
        assert count(crm, messages, received, messages.c.kind == kind, dropped) == how_many, kind
        assert count(crm, messages, messages.c.kind == kind) == how_many, kind
    assert count(crm, messages, messages.c.kind == "désinscription", ~dropped) == 2  # a person asked: somebody has to read it
    assert count(crm, messages, messages.c.kind == "rejet", messages.c.lead_key.is_not(None)) == 7


def test_the_history_leads_to_the_present_values(crm: Crm) -> None:
    """What a figure of last month is computed from agrees with today's."""
    chains: dict[tuple[int, str], list[tuple[str | None, str | None]]] = defaultdict(list)
    with crm.read() as connection:
        lines = (
            connection.execute(select(history).where(history.c.action == "modification").order_by(history.c.at, history.c.key))
            .mappings()
            .all()
        )
        rows = {row["key"]: row for row in connection.execute(select(leads)).mappings()}
    for line in lines:
        chains[line["entity_key"], line["field"]].append((line["before"], line["after"]))
    assert len(chains) > 300
    for (key, field), chain in chains.items():
        for (_, after), (before, _) in pairwise(chain):
            assert after == before, (key, field)
        assert chain[-1][1] == values.encode(BY_KEY[field].kind, rows[key][field]), (key, field)
    assert max(line["at"] for line in lines) < TODAY
    assert min(line["at"] for line in lines) < TODAY - timedelta(days=340)


def test_a_demo_of_this_week_is_not_made_again(settings: Settings) -> None:
    with time_machine.travel(TODAY + timedelta(days=3), tick=False):
        assert not build_demo(settings)


def test_an_old_demo_nobody_changed_is_made_again_and_a_changed_one_is_kept(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with time_machine.travel(TODAY, tick=False):
        build_demo(settings)
    with time_machine.travel(TODAY + timedelta(days=14), tick=False):
        assert build_demo(settings)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["demo.db"]
        crm = open_crm(settings)
        with crm.write("Léa", Verb.SAVE_LEAD) as uow:
            uow.update("leads", 1, {"score": 1})
            uow.commit()
        crm.close()
    with time_machine.travel(TODAY + timedelta(days=60), tick=False):
        assert not build_demo(settings)
        assert build_demo(settings, force=True)


def test_a_demo_never_goes_into_the_store_of_the_settings(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'autre.db'}"
    settings = Settings(data_dir=tmp_path)
    build_demo(replace(settings, database_url=address))
    assert settings.demo_store.exists()
    assert not (tmp_path / "autre.db").exists()
