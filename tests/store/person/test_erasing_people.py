"""Somebody who stands in every table is erased: nothing says who it was, and figures are what they were; all of it is told to them."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import zlib
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gnetics.actions.erasing_people import erase_person
from gnetics.domain.accesses import COMMAND
from gnetics.exports.icalendar import icalendar
from gnetics.exports.person_file import person_json, person_page
from gnetics.metrics.board import board
from gnetics.metrics.earlier import earlier_frames
from gnetics.metrics.figure import Figure
from gnetics.metrics.frames import EarlierFrames, Frames
from gnetics.metrics.population import Population
from gnetics.metrics.window import EVERYTHING
from gnetics.operations.backup import back_up, restore
from gnetics.store import loading
from gnetics.store.crm import Crm, open_crm
from gnetics.store.frames import Snapshot
from gnetics.store.person.columns import REGISTER
from gnetics.store.reading.calendar import calendar_rows
from gnetics.store.reading.person import held_of
from gnetics.store.schema import metadata
from gnetics.widgets import theme
from tests.store.person.planting import ADDRESS, TOKEN, plant, planted


@pytest.fixture
def crm(crm: Crm) -> Crm:
    with crm.engine.begin() as connection:
        plant(connection)
    return replace(crm, trusted=True)


def cells(crm: Crm) -> dict[tuple[str, str], str]:
    """All that the store says, by column."""
    found: dict[tuple[str, str], str] = {}
    with crm.read() as connection:
        for name, table in metadata.tables.items():
            for row in connection.execute(select(table)):
                for column, cell in zip(table.c, row, strict=True):
                    if isinstance(cell, bytes) and column.name == "trace":
                        cell = zlib.decompress(cell)
                    said = cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
                    found[name, column.name] = f"{found.get((name, column.name), '')}\n{said}"
    return found


def naming(crm: Crm) -> set[tuple[str, str]]:
    return {place for place, text in cells(crm).items() if TOKEN in text.casefold()}


def test_every_registered_column_has_the_person_planted(crm: Crm) -> None:
    """Else the tests below would say nothing of it."""
    wanted = {(table, column) for table in REGISTER for column in planted(table)}
    assert wanted - naming(crm) == set()


def test_no_column_says_who_it_was(crm: Crm) -> None:
    done = erase_person(crm, "Ana", ADDRESS, COMMAND)
    assert naming(crm) == set()
    assert done.rows > 10 and done.others > 10 and done.scrubbed and not done.unwritten


def test_no_byte_of_it_is_left_in_any_file_nor_comes_back_with_a_backup(crm: Crm, tmp_path: Path) -> None:
    """The store, its log, what stands beside it, and the shared memory where copies are read; then a backup from before."""
    back_up(crm.settings, tmp_path / "avant")
    open_page = crm.snapshot()
    assert with_token(tmp_path) or crm.engine.dialect.name != "sqlite", "planted; the backup of PostgreSQL is compressed"
    erase_person(crm, "Ana", ADDRESS, COMMAND)
    open_page.refresh()
    assert TOKEN not in f"{open_page.leads.to_csv()}{open_page.events.to_csv()}{open_page.journal.to_csv()}"
    with crm.read() as connection:
        assert TOKEN.encode() not in icalendar(calendar_rows(connection), crm.region), "what calendars follow"
    assert with_token(tmp_path) <= {"avant"}
    crm.close()
    assert restore(crm.settings, tmp_path / "avant", force=True).erased == 1
    with closing(open_crm(crm.settings, trusted=True)) as restored:
        assert naming(restored) == set()
    assert with_token(tmp_path) <= {"avant", *(file.name for file in tmp_path.glob("*-avant-restauration-*"))}
    assert restore(crm.settings, tmp_path / "avant", force=True).erased == 1, "each time"


def test_a_backup_from_before_is_erased_when_the_store_itself_is_lost(crm: Crm, tmp_path: Path) -> None:
    if crm.engine.dialect.name != "sqlite":
        return
    (tmp_path / "elsewhere").mkdir()
    back_up(crm.settings, tmp_path / "elsewhere" / "avant")
    erase_person(crm, "Ana", ADDRESS, COMMAND)
    crm.close()
    for file in tmp_path.glob("gnetics*"):
        file.unlink()
    assert restore(crm.settings, tmp_path / "elsewhere" / "avant").erased == 1
    with closing(open_crm(crm.settings, trusted=True)) as restored:
        assert naming(restored) == set()


def test_all_that_was_planted_is_in_what_the_person_is_given(crm: Crm) -> None:
    found, chapters = held_of(crm, "Ana", ADDRESS)
    told = json.loads(person_json(found.called, chapters, crm.clock.now()))["held"]
    for table in REGISTER:
        for column in planted(table):
            pieces = [row for side in ("rows", "mentions") for row in told.get(table, {}).get(side, []) if column in row]
            assert any(TOKEN in str(piece[column]) for piece in pieces), f"{table}.{column}"
    page = person_page(found.called, chapters, crm.clock.now(), theme.LIGHT, crm.region).decode()
    assert "Tout ce que nous savons" in page and page.count(TOKEN) > 40 and "<h2>Définitions" not in page


def test_figures_are_what_they_were(crm: Crm) -> None:
    snapshot = crm.snapshot()
    earlier = crm.clock.today() - timedelta(days=3)
    before = [figures(crm, snapshot), figures(crm, snapshot, earlier)]
    assert len(before[0]) > 100
    erase_person(crm, "Ana", ADDRESS, COMMAND)
    snapshot.refresh()
    for frames in (snapshot, crm.snapshot()):
        assert [figures(crm, frames), figures(crm, frames, earlier)] == before


# helpers


def with_token(folder: Path) -> set[str]:
    """Names of the files there, and in shared memory, that hold the token; read by another process, which drops no lock of ours."""
    copies = [str(each) for each in loading.MEMORY.glob(f"{loading.COPY}*")]
    found = subprocess.run(["grep", "-rlai", TOKEN, str(folder), *copies], capture_output=True, text=True)
    return {Path(line).name for line in found.stdout.splitlines()}


def figures(crm: Crm, frames: Snapshot, day: date | None = None) -> list[Any]:
    """The value and the size of every figure of every block."""
    today, zone = crm.clock.today(), crm.region.zone
    seen: Frames = frames if day is None else earlier_frames(frames, day, today, zone)
    found: list[Any] = []
    _collect(board(seen, day or today, zone, EVERYTHING), found)
    return found


def _collect(value: Any, found: list[Any]) -> None:
    if isinstance(value, Figure):
        found.append((value.definition, value.value, value.numerator, value.denominator))
    elif isinstance(value, dict):
        for each in value.values():
            _collect(each, found)
    elif isinstance(value, (list, tuple)):
        for each in value:
            _collect(each, found)
    elif dataclasses.is_dataclass(value) and not isinstance(value, (Population, EarlierFrames)):
        for each in dataclasses.fields(value):
            _collect(getattr(value, each.name), found)
