"""Which row of a sheet holds the titles: the first that can, and never one that holds values."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from statistics import median_high

from gnetics.domain.sheets import Table
from gnetics.imports.cell_errors import is_error
from gnetics.imports.titles import found
from gnetics.imports.workbook import Cell, Sheet

ROWS = 20  # a title or a logo may stand above the titles
# what is no title: an address, a number but for a year, an amount, a day, a telephone
_VALUE = re.compile(r"\S*@\S+\.\S+.*|https?://.*|[+(]?[0-9][0-9\s.,/:()€$£%+-]*", re.DOTALL | re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_ADDRESS = re.compile(r"\S@\S")


def header_row(sheet: Sheet, table: Table) -> int | None:
    """Its index in `sheet.head`; None when no row can be one.

    Of rows that could all be, a later one is believed only when it is wider and has more titles that are known: what stands above
    is then a title of the sheet, unless people with their addresses stand between the two.
    """
    rows = [cells for _, cells in sheet.head]
    widths = [len(cells) - cells.count(None) for cells in rows]
    usual = median_high(filter(None, widths)) if any(widths) else 0  # a row with a separator too many says nothing of the others
    knowns = [known_titles(table, cells) for cells in rows[:ROWS]]

    def may_be(at: int) -> bool:
        width, values = widths[at], list(filter(_is_value, rows[at]))
        if width < min(2, usual) or 2 * width < usual:
            return False
        return not values or (knowns[at] >= 2 and 2 * len(values) <= width and not any(map(_is_address, values)))

    first = next((at for at in range(len(knowns)) if may_be(at)), None)
    if first is None:
        return next((at for at, known in enumerate(knowns) if known and not any(map(_is_value, rows[at]))), None)
    best = first
    for at in range(first + 1, len(knowns)):
        if knowns[best] >= 2 and any(map(_is_address, rows[at - 1])):
            break
        if widths[at] > widths[best] and knowns[at] > knowns[best] and may_be(at):
            best = at
    return best


def likely_row(sheet: Sheet, table: Table) -> int:
    """The row to show a person as titles, when nothing is sure: the first with two texts, else the first with anything."""
    at = header_row(sheet, table)
    if at is not None:
        return at
    texts = [sum(isinstance(cell, str) for cell in cells) for _, cells in sheet.head[:ROWS]]
    return next((at for least in (2, 1) for at, count in enumerate(texts) if count >= least), 0)


def known_titles(table: Table, cells: list[Cell]) -> int:
    """How many fields the row names."""
    return len(
        {known.column for cell in cells if isinstance(cell, str) and not is_error(cell) and (known := found(table.kind, cell.strip()))}
    )


def _is_address(cell: Cell) -> bool:
    return isinstance(cell, str) and _ADDRESS.search(cell) is not None


def _is_value(cell: Cell) -> bool:
    if cell is None:
        return False
    if isinstance(cell, bool | date | time | timedelta):
        return True
    text = f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    return bool(_VALUE.fullmatch(text)) and not _YEAR.fullmatch(text)
