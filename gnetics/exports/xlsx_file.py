"""Tables as an XLSX workbook: real numbers, days and amounts, French formats, and no text ever taken for a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

import xlsxwriter

from gnetics.domain.regions import Region
from gnetics.exports.sheet_names import SheetNames
from gnetics.exports.tables import Cell, Column, Document, Kind, Measure, Section, Table, opened

_SAMPLE = 200  # rows looked at to choose the width of a column
_NARROWEST, _WIDEST = 9, 48  # characters
_LONGEST = 32_767  # characters of a cell, at most
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}


def xlsx_file(table: Table, region: Region, heading: Sequence[tuple[str, str]] = ()) -> bytes:
    """One table in its sheet, header frozen and filtered; `heading` (label, words) in a second sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        writer = _Writer(book, region)
        writer.list_sheet(table)
        if heading:
            writer.facts_sheet("À propos", heading)
    return buffer.getvalue()


def xlsx_report(document: Document, region: Region) -> bytes:
    """A sheet per section, the facts on top of the first, then the definitions."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        book.set_properties({"title": document.title})
        writer = _Writer(book, region)
        for rank, section in enumerate(document.sections):
            writer.section_sheet(section, () if rank else (("", document.title), *document.facts))
        columns = tuple(Column(label, "long_text") for label in ("Figure", "Formule", "Population", "À savoir"))
        writer.list_sheet(Table("Définitions", columns, document.definitions))
    return buffer.getvalue()


class _Writer:
    def __init__(self, book: Any, region: Region) -> None:
        self._book, self._region, self._names = book, region, SheetNames()
        # a locale code keeps the region's symbol; separators and names follow the reader's own Excel
        money = f'#,##0.00\\ "{region.symbol}"'
        day = "yyyy-mm-dd" if region.date_format.startswith("%Y") else "dd/mm/yyyy"
        formats: dict[str, dict[str, Any]] = {
            "text": {},
            "long_text": {"text_wrap": True},
            "whole": {"num_format": "#,##0"},
            "decimal": {"num_format": "#,##0.0"},
            "money": {"num_format": money},
            "percent": {"num_format": '0\\ "%"'},
            "ratio": {"num_format": "0.0\\ %"},
            "days": {"num_format": '#,##0.0\\ "j"'},
            "date": {"num_format": day, "align": "left"},
            "month": {"num_format": "mmm yyyy", "align": "left"},
            "moment": {"num_format": f"{day} hh:mm", "align": "left"},
        }
        self._plain: dict[str, Any] = {kind: book.add_format({"valign": "top", **form}) for kind, form in formats.items()}
        self._strong: dict[str, Any] = {
            kind: book.add_format({"valign": "top", "bold": True, "top": 1, **form}) for kind, form in formats.items()
        }
        self._head = book.add_format({"bold": True, "bg_color": "#E3F1F4", "bottom": 1, "valign": "top", "text_wrap": True})
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._caption = book.add_format({"bold": True})
        self._muted = book.add_format({"font_color": "#556372"})

    def list_sheet(self, table: Table) -> None:
        """A sheet that is one table, to sort and filter."""
        sheet = self._sheet(table.title)
        self._widths(sheet, [table])
        count = self._table(sheet, 0, table)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(count, 1), len(table.columns) - 1)

    def facts_sheet(self, name: str, facts: Sequence[tuple[str, str]]) -> None:
        sheet = self._sheet(name)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 100)
        for line, (label, words) in enumerate(facts):
            sheet.write_string(line, 0, label, self._caption)
            sheet.write_string(line, 1, words, self._plain["long_text"])

    def section_sheet(self, section: Section, facts: Sequence[tuple[str, str]]) -> None:
        sheet = self._sheet(section.name)
        self._widths(sheet, section.tables)
        line = 0
        for label, words in facts:
            sheet.write_string(line, 0, label or words, self._caption if label else self._title)
            if label:
                sheet.write_string(line, 1, words)
            line += 1
        line += bool(facts)
        sheet.write_string(line, 0, section.title, self._title)
        for sentence in section.sentences:
            line += 1
            sheet.write_string(line, 0, sentence, self._muted)
        for table in section.tables:
            line += 2
            sheet.write_string(line, 0, table.title, self._caption)
            line += 1 + self._table(sheet, line + 1, table)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)

    def _sheet(self, name: str) -> Any:
        return self._book.add_worksheet(self._names.fit(name))

    def _widths(self, sheet: Any, tables: Sequence[Table]) -> None:
        widths: dict[int, int] = {}
        for table in tables:
            for place, column in enumerate(table.columns):
                widths[place] = max(widths.get(place, _NARROWEST), min(len(column.label), 24) + 3)
            for row in islice(table.rows, _SAMPLE):
                for place, cell in enumerate(row):
                    widths[place] = max(widths[place], min(_length(cell), _WIDEST) + 1)
        for place, width in widths.items():
            sheet.set_column(place, place, width)

    def _table(self, sheet: Any, top: int, table: Table) -> int:
        """Writes header and rows from line `top` on; says how many rows."""
        for place, column in enumerate(table.columns):
            sheet.write_string(top, place, column.label, self._head)
        count = 0
        for row in table.rows:
            formats = self._strong if count in table.strong else self._plain
            count += 1
            for place, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
                self._cell(sheet, top + count, place, cell, column.kind, formats)
        return count

    def _cell(self, sheet: Any, line: int, place: int, cell: Cell, kind: Kind, formats: dict[str, Any]) -> None:
        value, kind = opened(cell, kind)
        if value is None:
            if formats is self._strong:
                sheet.write_blank(line, place, None, formats["text"])
        elif isinstance(value, str):
            sheet.write_string(line, place, value[:_LONGEST], formats["long_text" if kind == "long_text" else "text"])
        elif isinstance(value, datetime):
            sheet.write_datetime(line, place, value.astimezone(self._region.zone).replace(tzinfo=None), formats["moment"])
        elif isinstance(value, date):
            sheet.write_datetime(line, place, value, formats["month" if kind == "month" else "date"])
        elif kind == "percent" and value == 1:
            sheet.write_string(line, place, "1 %", formats["text"])  # a column whose highest number is 1 could also mean 100 %
        else:
            sheet.write_number(line, place, value / 100 if kind == "money" else value, formats[kind])


def _length(cell: Cell) -> int:
    if isinstance(cell, Measure):
        return len(cell.text) + 1
    if isinstance(cell, str):
        return max(map(len, cell.split("\n")))
    return 0 if cell is None else 16 if isinstance(cell, datetime) else 12
