"""Tables as an XLSX workbook: real numbers, days and amounts, French formats, and no text ever taken for a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from gnetics.domain.regions import Region
from gnetics.exports.book import new_book
from gnetics.exports.charts import Chart
from gnetics.exports.sheet_names import SheetNames
from gnetics.exports.tables import Cell, Column, Document, Kind, Measure, Section, Table, opened

_SAMPLE = 200  # rows looked at to choose the width of a column
_NARROWEST, _WIDEST = 9, 48  # characters
_LONGEST = 32_767  # characters of a cell, at most
_LINES, _WIDE = 17, 520  # lines that a chart is high, px that it is wide
_TITLE = {"size": 10, "bold": False, "color": "#556372"}
_PLAIN = {"visible": False, "major_gridlines": {"visible": False}, "min": 0}  # labels say the values


def xlsx_file(table: Table, region: Region, heading: Sequence[tuple[str, str]] = ()) -> bytes:
    """One table in its sheet, header frozen and filtered; `heading` (label, words) in a second sheet."""
    buffer = io.BytesIO()
    with new_book(buffer, constant_memory=True) as book:
        writer = _Writer(book, region)
        writer.list_sheet(table)
        if heading:
            writer.facts_sheet("À propos", heading)
    return buffer.getvalue()


def xlsx_report(document: Document, region: Region) -> bytes:
    """A sheet per section, the facts on top of the first, then the definitions."""
    buffer = io.BytesIO()
    with new_book(buffer, constant_memory=True) as book:
        book.set_properties({"title": document.title})
        writer = _Writer(book, region)
        sections = (document.summary, *document.sections) if document.summary else document.sections
        for rank, section in enumerate(sections):
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
            "ratio": {"num_format": "[=0]0\\ %;[=1]0\\ %;0.0\\ %"},  # « 100 % », as on screen
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
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(count, 1), len(table.columns) - 1)
        self._on_paper(sheet, max(count, 1), len(table.columns) - 1)

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
        beside = max((len(table.columns) for table in section.tables), default=0) + 1
        frozen, last = 1 if facts else line + 1, max(0, beside - 2)
        for table in section.tables:
            line += 2
            sheet.write_string(line, 0, table.title, self._caption)
            if len(section.tables) == 1:
                frozen = line + 2  # under the head of the only table
            count = self._table(sheet, line + 1, table)
            if table.plot and table.drawn:
                self._chart(sheet, table, table.plot, (line + 1, beside))
                count, last = max(count, _LINES), beside + 8
            line += 1 + count
        sheet.freeze_panes(frozen, 1)
        self._on_paper(sheet, line, last)

    def _on_paper(self, sheet: Any, last_line: int, last_column: int) -> None:
        sheet.print_area(0, 0, last_line, last_column)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)

    def _chart(self, sheet: Any, table: Table, plot: Chart, place: tuple[int, int]) -> None:
        """The spreadsheet's own, of the first rows of the table, whose head is on the line of `place`."""
        line, column = place
        chart = self._book.add_chart({"type": "column" if plot.form == "columns" else "bar", "subtype": "stacked"})
        first, last = line + 1, line + len(plot.marks)
        rows = list(islice(table.rows, len(plot.marks)))
        for rank, drawn in enumerate(table.drawn):
            colours = [mark.colours[min(rank, len(mark.colours) - 1)] for mark in plot.marks]
            alone = len(table.drawn) == 1
            chart.add_series(
                {
                    "name": [sheet.get_name(), line, drawn],
                    "categories": [sheet.get_name(), first, 0, last, 0],
                    "values": [sheet.get_name(), first, drawn, last, drawn],
                    # what previews show, which compute nothing
                    "categories_data": [mark.name for mark in plot.marks],
                    "values_data": [_plotted(row[drawn]) for row in rows],
                    "fill": {"color": colours[0]},
                    "points": [{"fill": {"color": colour}} for colour in colours] if alone else None,
                    "data_labels": {"value": True, "font": {"size": 8}} if alone else {},
                    "gap": 50,
                }
            )
        chart.set_title({"name": plot.title, "name_font": _TITLE, "overlay": False})
        chart.set_legend({"none": True} if len(table.drawn) == 1 else {"position": "bottom"})
        named = {"num_font": {"size": 9}, "line": {"none": True}, "text_axis": True}
        # of lying bars, x is the axis of the names, the first one on top
        chart.set_x_axis(named if plot.form == "columns" else {**named, "reverse": True})
        chart.set_y_axis(dict(_PLAIN))
        chart.set_size({"width": _WIDE, "height": 20 * _LINES})
        sheet.insert_chart(line, column, chart, {"description": plot.title})

    def _sheet(self, name: str) -> Any:
        sheet = self._book.add_worksheet(self._names.fit(name))
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # telephones and numbers of others are texts
        return sheet

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


def _plotted(cell: Cell) -> float:
    """As the sheet holds it; a text is drawn as nothing."""
    value, kind = opened(cell, "text")
    if not isinstance(value, int | float):
        return 0.0
    return value / 100 if kind == "money" else float(value)


def _length(cell: Cell) -> int:
    if isinstance(cell, Measure):
        return len(cell.text) + 1
    if isinstance(cell, str):
        return max(map(len, cell.split("\n")))
    return 0 if cell is None else 16 if isinstance(cell, datetime) else 12
