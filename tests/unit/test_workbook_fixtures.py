"""Real files of other tools: each is imported or refused in a sentence, never a traceback, and no row is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gnetics.errors import UnreadableFile
from gnetics.exchange.importer import import_workbook
from gnetics.settings import PROJECT, Settings
from gnetics.store.crm import Crm, create_crm

FIXTURES = PROJECT.parent / "shared" / "fixtures"
FILES = sorted(path for folder in ("xlsx", "csv_edge", "crm") for path in (FIXTURES / folder).rglob("*") if path.is_file())
OTHERS = sorted((FIXTURES / "ics").rglob("*.ics"))[:20] + sorted((FIXTURES / "email").rglob("*.eml"))[:20]

pytestmark = pytest.mark.skipif(not FILES, reason="the folder of real files is not here")


@pytest.fixture(scope="module")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crm]:
    opened = create_crm(Settings(data_dir=tmp_path_factory.mktemp("data")), "real")
    yield opened
    opened.close()


@pytest.mark.parametrize("path", FILES + OTHERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_real_file_is_imported_or_refused(crm: Crm, path: Path) -> None:
    try:
        report = import_workbook(crm, "Léa", path, dry_run=True)
    except UnreadableFile:
        return
    for sheet in report.sheets:
        assert sheet.rows == sheet.taken + sheet.updated + sheet.unchanged + sheet.skipped + sheet.blank + sheet.refused


@pytest.mark.parametrize("name", ["pass_protected.xlsx", "pass_protected.xlsb", "pass_protected.ods"])
def test_a_password_is_named(crm: Crm, name: str) -> None:
    with pytest.raises(UnreadableFile, match="mot de passe"):
        import_workbook(crm, "Léa", FIXTURES / "xlsx" / "calamine_tests" / name)


def test_contacts_exported_by_another_crm(crm: Crm) -> None:
    report = import_workbook(crm, "Léa", FIXTURES / "crm" / "atomic_crm" / "contacts.csv", dry_run=True)
    assert (report.taken, report.refused) == (500, 0)
