"""The sheets of what we write have names that Excel opens, and none is lost."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from unittest.mock import ANY

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from gnetics.domain.regions import REGIONS
from gnetics.exports.sheet_names import SheetNames
from gnetics.exports.tables import Column, Document, Section, Table
from gnetics.exports.xlsx_file import xlsx_file, xlsx_report
from gnetics.imports.importer import import_workbook, refused_rows
from gnetics.imports.plan import Asked
from gnetics.settings import Settings
from gnetics.store.crm import create_crm
from tests.unit.imports.spreadsheets import ods

FR = REGIONS["FR"]
LONG = "Contacts de la région parisienne, "  # 34 characters


def accepted(name: str) -> bool:
    units = len(name.encode("utf-16-le")) // 2
    return 0 < units <= 31 and not re.search(r"[\[\]:*?/\\\x00-\x1f]|^'|'$", name) and name.lower() not in ("history", "historique")


@given(st.lists(st.text(st.sampled_from("aA'[]:*?/\\ é😀\0\ud800\n") | st.characters(), max_size=40), max_size=12))
def test_any_names_become_ones_that_excel_accepts_and_tells_apart(names: list[str]) -> None:
    fitting = SheetNames()
    found = [fitting.fit(name) for name in names]
    assert all(map(accepted, found))
    assert len({name.lower() for name in found}) == len({name.casefold() for name in found}) == len(names)


@pytest.mark.parametrize("name", ["Leads", "Événements 2026", "L’agenda d'Ana", "😀" * 15, "x" * 31])
def test_a_name_that_excel_accepts_stays(name: str) -> None:
    assert SheetNames().fit(name) == name


@pytest.mark.parametrize("names", [(f"{LONG}1", f"{LONG}2"), ("Leads", "LEADS"), ("History", "Historique"), ("😀" * 20, "😀" * 21)])
def test_two_sheets_alike_are_both_written(names: tuple[str, str]) -> None:
    tables = [Table(name, (Column("Nom"),), (("Anne",),)) for name in names]
    report = xlsx_report(Document("Titre", (), tuple(Section(name, name, (), ()) for name in names), ()), FR)
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(report)).sheet_names) == 3
    for table in tables:
        assert len(CalamineWorkbook.from_filelike(io.BytesIO(xlsx_file(table, FR, (("a", "b"),)))).sheet_names) == 2


def test_a_table_named_like_the_sheet_beside_it_is_written() -> None:
    data = xlsx_file(Table("À PROPOS", (Column("Nom"),), (("Anne",),)), FR, (("a", "b"),))
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names == ["À PROPOS", "À propos (2)"]


def test_refused_rows_of_sheets_alike_in_31_characters_come_back(tmp_path: Path) -> None:
    crm = create_crm(Settings(data_dir=tmp_path), "real")
    ods = io.BytesIO()
    with xlsxwriter.Workbook(ods) as book:  # Excel itself would not let them be so, other programs do
        for name in ("feuille une", "feuille deux"):
            sheet = book.add_worksheet(name)
            for line, row in enumerate([("ID Lead", "Nom"), ("A1", "Anne"), ("A1", "Bob")]):
                sheet.write_row(line, 0, row)
    data = renamed(ods.getvalue(), {"feuille une": f"{LONG}un", "feuille deux": f"{LONG.upper()}deux"})
    asked = Asked(sheets=[f"{LONG.upper()}deux"])
    report = import_workbook(crm, "Léa", data, "f.xlsx", dry_run=True, asked=asked)
    assert report.refused >= 2
    content = refused_rows(crm, data, "f.xlsx", asked, report)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert len(book.sheet_names) == 2
    assert {book.get_sheet_by_name(name).to_python()[1][1] for name in book.sheet_names} == {"Bob"}
    crm.close()


def renamed(data: bytes, names: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for member in old.namelist():
            content = old.read(member).decode()
            if member == "xl/workbook.xml":
                for before, after in names.items():
                    content = content.replace(f'"{before}"', f'"{after}"')
            new.writestr(member, content)
    return buffer.getvalue()


ODD_CELLS = (
    'office:value-type="date" office:date-value="1789-07-14"',
    'office:value-type="float" office:value="1e999"',
    'office:value-type="float" office:value="NaN"',
    'office:value-type="time" office:time-value="PT99999999H"',
)


def test_values_that_no_workbook_holds_are_written_as_words(tmp_path: Path) -> None:
    crm = create_crm(Settings(data_dir=tmp_path), "real")

    def row(number: str, name: str, notes: str) -> str:
        words = (f'<table:table-cell office:value-type="string"><text:p>{word}</text:p></table:table-cell>' for word in (number, name))
        return f"<table:table-row>{''.join(words)}{notes}</table:table-row>"

    notes = '<table:table-cell office:value-type="string"><text:p>Notes</text:p></table:table-cell>'
    cells = [f"<table:table-cell {odd}/>" for odd in ODD_CELLS]
    data = ods("".join([row("ID Lead", "Nom", notes), row("A1", "Anne", notes), *(row("A1", "Bob", cell) for cell in cells)]))
    report = import_workbook(crm, "Léa", data, "f.ods", dry_run=True)
    assert report.refused == len(cells)
    content = refused_rows(crm, data, "f.ods", Asked(), report)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[2] for row in rows[1:]] == ["1789-07-14", "inf", "nan", ANY]
    crm.close()
