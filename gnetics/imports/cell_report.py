"""Every cell that an import changed, doubted or dropped, as a workbook: what the file said, what was kept, and why."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from gnetics.domain import values
from gnetics.domain.regions import Region
from gnetics.domain.sheets import Column
from gnetics.exports.book import new_book
from gnetics.imports import cells
from gnetics.imports.examples import STORED_IN, stored_text
from gnetics.imports.lead_rows import LeadRow
from gnetics.imports.plan import Asked, planned
from gnetics.imports.report import Doubt, Problem, Report
from gnetics.imports.sheet_rows import SheetRows, read
from gnetics.imports.spool import Spool
from gnetics.imports.steps import Steps
from gnetics.store.crm import Crm

_TITLES = {"Feuille": 16, "Ligne": 8, "Colonne": 24, "Dans le fichier": 40, "Gardé": 40, "Pourquoi": 80}  # and their widths
_MOST = 1_000_000  # rows of a sheet of Excel, nearly
_LONGEST = 32_767  # characters of a cell of Excel
_WHY = {
    "date": "Lu comme une date.",
    "money": "Lu comme un montant.",
    "percent": "Lu comme un pourcentage.",
    "phone": "Écrit comme un numéro de téléphone.",
    "email": "Écrit comme une adresse.",
    "status": "Lu comme ce statut.",
}
_TIDIED, _NOTHING, _BESIDE, _NOTED = (
    "Mis en forme.",
    "Lu comme une case vide.",
    "Une autre colonne du même champ est lue.",
    "Gardé dans les notes.",
)


class _Cell(NamedTuple):
    sheet: str
    line: int
    column: str
    said: str
    kept: str
    why: str


def cell_report(crm: Crm, source: bytes | Path, filename: str, asked: Asked, report: Report) -> bytes:
    """Of the import that made `report`, whose file is read once more."""
    book, plan = planned(crm, source, filename, asked)
    return _workbook(_cells(read(plan, crm.region, book.from_text, 0, Steps(0, None)), report, crm.region))


def _workbook(found: Iterator[_Cell]) -> bytes:
    content = io.BytesIO()
    with new_book(content, constant_memory=True) as book:
        bold = book.add_format({"bold": True})
        page, line = _page(book, bold), 0
        for cell in found:
            if line == _MOST:
                page, line = _page(book, bold), 0
            line += 1
            for place, value in enumerate(cell):
                if isinstance(value, str):
                    page.write_string(line, place, value[:_LONGEST])
                elif value:
                    page.write_number(line, place, value)
    return content.getvalue()


def _page(book: Any, bold: Any) -> Any:
    page = book.add_worksheet(f"Cellules {len(book.worksheets()) + 1}")
    for place, (title, width) in enumerate(_TITLES.items()):
        page.set_column(place, place, width)
        page.write_string(0, place, title, bold)
    page.freeze_panes(1, 0)
    return page


def _cells(sheets: list[SheetRows], report: Report, region: Region) -> Iterator[_Cell]:
    """Sheet by sheet: what is said of whole columns, then line by line."""
    problems: dict[tuple[str, int], list[Problem]] = defaultdict(list)
    for problem in report.problems:
        problems[problem.sheet, problem.line].append(problem)
    for sheet in sheets:
        if isinstance(sheet.rows, Spool):
            yield from _of_leads(sheet, sheet.rows, problems, report.doubts, region)
    for each in chain(report.read_as, *problems.values()):
        yield _Cell(each.sheet, each.line, each.column, each.value, "", each.reason)


def _of_leads(
    sheet: SheetRows, rows: Spool[LeadRow], problems: dict[tuple[str, int], list[Problem]], doubts: list[Doubt], region: Region
) -> Iterator[_Cell]:
    """`problems` loses what is said here."""
    layout, name = sheet.reading.layout, sheet.reading.layout.sheet.name
    doubted = {doubt.column: doubt.sentence for doubt in doubts if doubt.sheet == name}
    named = [(place, column, layout.names[place]) for place, column in layout.columns.items() if column.key in STORED_IN]
    titles = {column.label: (column, title) for _, column, title in reversed(named)}
    taken = (row for chunk in rows.chunks() for row in chunk)
    row = next(taken, None)
    for line, cells_of_row in layout.body():
        stored = row.values if row and row.line == line else None
        told = problems.pop((name, line), [])
        for each in told:
            known, titled = titles.get(each.column, (None, each.column))
            kept = stored_text(stored, known.key, region) if stored and known else ""
            yield _Cell(name, line, titled, each.value, kept, each.reason)
        if stored is None:
            continue
        row = next(taken, None)
        said, seen = {each.column for each in told}, set[str]()
        for place, column, title in named:
            text = values.clean(cells.text(cells_of_row[place], region)) if place < len(cells_of_row) else ""
            if not text:
                continue
            why = _why(column, text, stored, column.key in seen, doubted.get(title, ""), region)
            if why and column.label not in said:
                yield _Cell(name, line, title, text, stored_text(stored, column.key, region), why)
            seen.add(column.key)


def _why(column: Column, text: str, stored: dict[str, Any], beside: bool, doubt: str, region: Region) -> str:
    """Why what is kept is not what the cell says, or may not be what it means; "" when it is."""
    kept = stored_text(stored, column.key, region)
    value = stored.get(column.key)
    if doubt and isinstance(value, date) and value.day <= 12 and value.day != value.month:
        return doubt
    if kept == text or (STORED_IN[column.key] == "name" and text in kept):
        return ""
    if not kept and text in (stored.get("notes") or ""):
        return _NOTED
    if beside:
        return _BESIDE
    return _WHY.get(column.kind, _TIDIED) if kept else _NOTHING
