"""Programs × languages: a small export of each in its true shape, and beside it the contacts that it holds, compared whole.

The people are invented. Those that no shape of programs.py knows (Notion, Airtable, HubSpot in French) have titles that nobody can
cite, and are read by them alone.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from gnetics.imports import workbook
from gnetics.imports.plan import EVERYTHING, plan_of
from gnetics.imports.report import Report
from gnetics.imports.sheet_rows import read
from gnetics.imports.spool import Spool
from gnetics.imports.steps import Steps
from gnetics.settings import Settings
from gnetics.store.crm import Crm, open_crm
from tests.conftest import copied

PLACE = Path(__file__).parent / "programs"
EXPORTS = sorted(path.stem for path in PLACE.glob("*.csv"))


@pytest.fixture(scope="module")
def crm(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crm]:
    """One empty store for all: nothing is written to it."""
    opened = open_crm(Settings(database_url=f"sqlite:///{copied(empty_store, tmp_path_factory.mktemp('programs') / 'f.db')}"))
    yield opened
    opened.close()


def brought(crm: Crm, content: bytes | Path, name: str = "export.csv") -> dict[str, Any]:
    """What an import of the file would write, and what it counts."""
    book, report = workbook.read(content, name), Report(name, dry_run=True)
    with crm.read() as connection:
        return _brought(crm, connection, book, report)


def _brought(crm: Crm, connection: Connection, book: workbook.Workbook, report: Report) -> dict[str, Any]:
    plan = plan_of(book, connection, crm.region, EVERYTHING, report)
    sheets = read(plan, crm.region, book.from_text, 0, Steps(2 * plan.rows, None))
    rows = [row for sheet in sheets if isinstance(sheet.rows, Spool) for chunk in sheet.rows.chunks() for row in chunk]
    leads = [{key: value for key, value in row.values.items() if key != "origin"} | {"numbers": row.foreign} for row in rows]
    counts = {name: getattr(report, name) for name in ("joined", "apart", "refused")}
    found: dict[str, Any] = json.loads(json.dumps({"program": report.shape, "leads": leads} | counts, default=str))
    return found


@pytest.mark.parametrize("export", EXPORTS)
def test_the_export_of_a_program_is_the_contacts_it_holds(crm: Crm, export: str) -> None:
    assert brought(crm, PLACE / f"{export}.csv") == json.loads((PLACE / f"{export}.json").read_text())


def table(export: str) -> list[list[str]]:
    sheet = workbook.read(PLACE / f"{export}.csv").sheets[0]
    return [["" if cell is None else str(cell) for cell in cells] for _, cells in sheet.rows()]


def written(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


# of Outlook in French, and of Dolibarr, only the place says which of two titles is which; of LinkedIn and Salesforce lines are no rows
PLACED = ("outlook_fr", "dolibarr_export_contacts_fr", "linkedin_en", "salesforce_leads_en")
PLAIN = [export for export in EXPORTS if export not in PLACED]
ONE_ROW_EACH = [export for export in PLAIN if not json.loads((PLACE / f"{export}.json").read_text())["joined"]]
few = settings(max_examples=settings().max_examples // 4)  # 20 ms each: two files read


@few
@given(export=st.sampled_from(PLAIN), random=st.randoms(use_true_random=False))
def test_the_order_of_its_columns_changes_nothing(crm: Crm, export: str, random: Random) -> None:
    rows = table(export)
    order = list(range(len(rows[0])))
    random.shuffle(order)
    assert brought(crm, written([[row[place] for place in order] for row in rows])) == brought(crm, written(rows))


@few
@given(export=st.sampled_from(ONE_ROW_EACH), data=st.data())
def test_a_file_split_in_two_brings_the_same_contacts(crm: Crm, export: str, data: st.DataObject) -> None:
    titles, *rows = table(export)
    at = data.draw(st.integers(1, len(rows)))
    parts = [part for part in (rows[:at], rows[at:]) if part]
    leads = [lead for part in parts for lead in brought(crm, written([titles, *part]))["leads"]]
    assert leads == brought(crm, written([titles, *rows]))["leads"]
