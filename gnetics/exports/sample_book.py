"""An empty workbook with every sheet and title that the import knows, for whoever starts from nothing."""

from __future__ import annotations

import io
from typing import Any

from gnetics.domain import sheets
from gnetics.domain.fields import BY_KEY
from gnetics.exports.book import new_book

_WIDE, _LINES = 18, 1_000  # characters of a column; rows whose choices are proposed


def sample_book() -> bytes:
    """A sheet a kind but the history, contacts first; the choices of a column are proposed in its cells."""
    buffer = io.BytesIO()
    with new_book(buffer) as book:
        titles = book.add_format({"bold": True, "bottom": 1})
        for table in reversed(sheets.TABLES):
            if table is not sheets.HISTORY:
                _add(book, table, titles)
    return buffer.getvalue()


def _add(book: Any, table: sheets.Table, titles: Any) -> None:
    page = book.add_worksheet(table.label)
    # of a contact, its fields: other columns are titles of other programs
    columns = [column for column in table.columns if table is not sheets.LEADS or column.key in BY_KEY]
    page.write_row(0, 0, [column.label for column in columns], titles)
    page.set_column(0, len(columns) - 1, _WIDE)
    page.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        if column.choices:
            page.data_validation(1, place, _LINES, place, {"validate": "list", "source": list(column.choices), "error_type": "warning"})
