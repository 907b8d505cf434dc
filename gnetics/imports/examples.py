"""What the first values of each column become: the file's own text, and what would be stored of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import Any

from gnetics.domain import values
from gnetics.domain.fields import BY_KEY
from gnetics.domain.regions import Region
from gnetics.domain.sheets import FIRST_NAME, FULL_NAME, Column
from gnetics.imports.layouts import Layout
from gnetics.imports.plan import SAMPLES, sample
from gnetics.imports.report import ColumnShown, Example, Report
from gnetics.imports.sheet_rows import SheetRows
from gnetics.imports.spool import CHUNK, Spool

IN_NOTES = "dans les notes"
STORED_IN = {key: key for key in BY_KEY} | {
    FIRST_NAME.key: "name",
    FULL_NAME.key: "name",
}  # columns of which a field of the contact tells what became


def show_examples(report: Report, sheets: Iterable[SheetRows], region: Region) -> None:
    """Of the columns of leads that were read; those of a sheet left aside keep their bare samples."""
    found: dict[tuple[str, str], tuple[Example, ...]] = {}
    for sheet in sheets:
        if isinstance(sheet.rows, Spool):
            stored = {row.line: row.values for chunk in islice(sheet.rows.chunks(), 1) for row in chunk}
            found |= _of_sheet(sheet.reading.layout, stored, region)
    report.columns = [_with(column, found.get((column.sheet, column.name), ())) for column in report.columns]


def _with(column: ColumnShown, examples: tuple[Example, ...]) -> ColumnShown:
    return replace(column, examples=examples) if examples else column


def _of_sheet(layout: Layout, stored: dict[int, dict[str, Any]], region: Region) -> dict[tuple[str, str], tuple[Example, ...]]:
    seen: dict[int, dict[str, Example]] = {place: {} for place in layout.names}
    for line, row in islice(layout.body(), CHUNK):
        for place, examples in seen.items():
            before = sample(row[place], region) if place < len(row) else ""
            if before and before not in examples and len(examples) < SAMPLES and line in stored:
                column = layout.columns.get(place)
                examples[before] = Example(before, _after(before, stored[line], column, region))
    return {(layout.sheet.name, layout.names[place]): tuple(examples.values()) for place, examples in seen.items()}


def _after(before: str, row: dict[str, Any], column: Column | None, region: Region) -> str:
    if column is None:
        return ""
    if column.key not in STORED_IN:
        return before  # kept beside the contact
    return stored_text(row, column.key, region) or (IN_NOTES if before in (row.get("notes") or "") else "")


def stored_text(row: dict[str, Any], key: str, region: Region) -> str:
    """What a row ready for the store holds of a column, as the CRM shows it."""
    name = STORED_IN[key]
    return values.show(BY_KEY[name].kind, row.get(name), region)
