"""The rows an import refused, as a workbook to correct and import again: same sheets, same titles, and the reason at the end."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from gnetics.domain.sheets import header_key
from gnetics.exports.book import new_book
from gnetics.exports.sheet_names import SheetNames
from gnetics.imports.layouts import REFUSAL, Layout
from gnetics.imports.workbook import Cell

_FIRST_YEAR = 1900  # of a spreadsheet
_FORMS: dict[type, str] = {datetime: "dd/mm/yyyy hh:mm", date: "dd/mm/yyyy", time: "hh:mm", timedelta: "[hh]:mm"}


def refused_workbook(layouts: Mapping[str, Layout], refusals: Mapping[str, Mapping[int, str]]) -> bytes:
    """`layouts` and `refusals` {line: reason} by sheet."""
    content = io.BytesIO()
    with new_book(content, constant_memory=True) as book:
        forms = {kind: book.add_format({"num_format": form}) for kind, form in _FORMS.items()}
        names = SheetNames()
        for name, reasons in ((name, each) for name, each in refusals.items() if each):
            layout = layouts[name]
            titles = layout.sheet.head[layout.header_at][1]
            before = next((at for at, cell in enumerate(titles) if header_key(str(cell)) == header_key(REFUSAL)), len(titles))
            rows = [(titles, REFUSAL), *((cells, reasons[line]) for line, cells in layout.body() if line in reasons)]
            rows = [(cells[:before] + cells[before + 1 :], reason) for cells, reason in rows]
            last = max(len(cells) for cells, _ in rows)
            page = book.add_worksheet(names.fit(name))
            for line, (cells, reason) in enumerate(rows):
                for place, cell in enumerate(cells):
                    _write(page, line, place, cell, forms)
                page.write_string(line, last, reason)
    return content.getvalue()


def _write(page: Any, line: int, place: int, cell: Cell, forms: Mapping[type, Any]) -> None:
    if isinstance(cell, bool):
        page.write_boolean(line, place, cell)
    elif isinstance(cell, str):
        page.write_string(line, place, cell[:32_767])  # what a cell of Excel holds
    elif isinstance(cell, float):
        if math.isfinite(cell):
            page.write_number(line, place, cell)
        else:
            page.write_string(line, place, str(cell))
    elif isinstance(cell, date) and cell.year < _FIRST_YEAR:
        page.write_string(line, place, cell.isoformat())
    elif cell is not None:
        page.write_datetime(line, place, cell.replace(tzinfo=None) if isinstance(cell, datetime | time) else cell, forms[type(cell)])
