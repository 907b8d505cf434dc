"""Real files of other tools: each is imported or refused in a sentence, never a traceback, and no row is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gnetics.errors import UnreadableFile
from gnetics.imports.importer import import_workbook
from gnetics.settings import Settings
from gnetics.store.crm import Crm, create_crm
from tests import real_files

FILES = sorted(path for folder in ("xlsx", "csv_edge", "crm") for path in real_files.of(folder))
NAMES = """
SoqlInClauseFromCSV.csv accountData.csv accountsForInsert.csv acctsWithBinaryDataInRTF.csv bulkV2MultipleJobsCsvTemplate.csv
constantMappingInCsv.csv constantMappingInCsvClashing.csv contacts.csv contacts_export.csv createAttachmentMultipleFilesTemplate.csv
createAttachmentTemplate.csv dateEndingInZ.csv dateOnlyWithTimeZone.csv dateUsingDefaultTimeZone.csv dateWithTimeZone.csv
emptyFirstRowFieldValueInCsvTemplate.csv empty_s_attribute.xlsx error0413060133.csv
inlineStr_with_value.xlsx insertAccountCsv.csv
insertAccountWithMultipleBatchesCSV.csv oneToManySforceFieldsMappingInCsv.csv opportunityData.csv
polymorphicRelationshipInAttachment.csv success0413060133.csv timeZoneFormatTesting.csv timeZoneFormatTestingWithErrors.csv
updateAccountCsvTemplate.csv updateAccountWithExternalIdCsvTemplate.csv upsertAccountCsvTemplate.csv upsertAccountSmallTemplate.csv
upsertFkAccountNewFormatCsvTemplate.csv upsertFkAccountOldFormatCsvTemplate.csv upsertWithRowOffsetTemplate.csv
"""
IMPORTED = [path for path in FILES if path.name in NAMES.split()]
OTHERS = real_files.of("email")[:20]
CALENDARS = [
    path
    for path in real_files.of("ics")
    if path.stem in ("big_bad_calendar", "issue_156_RDATE_with_PERIOD_TZID_khal", "jours_feries_metropole")
]

pytestmark = pytest.mark.skipif(not FILES, reason="the folder of real files is not here")


@pytest.fixture(scope="module")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crm]:
    opened = create_crm(Settings(data_dir=tmp_path_factory.mktemp("data")), "real")
    yield opened
    opened.close()


def test_each_file_named_is_there() -> None:
    assert {path.name for path in IMPORTED} == set(NAMES.split())


@pytest.mark.parametrize("path", IMPORTED + CALENDARS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_row_of_a_real_file_is_lost(crm: Crm, path: Path) -> None:
    for sheet in import_workbook(crm, "Léa", path, dry_run=True).sheets:
        assert (
            sheet.rows
            == sheet.taken + sheet.updated + sheet.unchanged + sheet.skipped + sheet.blank + sheet.joined + sheet.apart + sheet.refused
        )


@pytest.mark.parametrize("path", sorted({*FILES, *OTHERS} - {*IMPORTED}), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_any_other_real_file_is_refused_with_what_to_do(crm: Crm, path: Path) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        import_workbook(crm, "Léa", path, dry_run=True)
    assert re.search(r"\w{3}ez\b", str(refusal.value)), "« enregistrez », « donnez »"


@pytest.mark.parametrize("name", ["pass_protected.xlsx", "pass_protected.xlsb", "pass_protected.ods"])
def test_a_password_is_named(crm: Crm, name: str) -> None:
    with pytest.raises(UnreadableFile, match="mot de passe"):
        import_workbook(crm, "Léa", real_files.FIXTURES / "xlsx" / "calamine_tests" / name)


def test_contacts_exported_by_another_crm(crm: Crm) -> None:
    report = import_workbook(crm, "Léa", real_files.FIXTURES / "crm" / "atomic_crm" / "contacts.csv", dry_run=True)
    assert (report.taken, report.refused) == (500, 0)
