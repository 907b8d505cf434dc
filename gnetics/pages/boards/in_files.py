"""A table of figures as a table of a file: real values, and in a last column what the screen says beside its cells."""

from __future__ import annotations

import numpy as np

from gnetics.domain.regions import Region
from gnetics.domain.typography import spaced
from gnetics.exports.tables import Cell, Column, Kind, Measure, Table
from gnetics.metrics.figure import Figure, Unit
from gnetics.pages.boards.figure_tables import FigureCell, FigureColumn, FigureRow, FigureTable

_KINDS: dict[Unit, Kind] = {"count": "whole", "money": "money", "ratio": "ratio", "days": "days", "score": "decimal"}


def in_files(made: FigureTable, region: Region) -> Table:
    columns = [Column(column.label, "whole" if column.numeric else "text") for column in made.columns]
    rows = [tuple(_cell(cell, region) for cell in row.cells) for row in made.rows]
    remarks = [_remarks(made.columns, row, region) for row in made.rows]
    if any(remarks):
        columns.append(Column("Remarques"))
        rows = [(*row, remark) for row, remark in zip(rows, remarks, strict=True)]
    totals = frozenset(place for place, row in enumerate(made.rows) if row.kind == "total")
    bars = next((place for place, column in enumerate(made.columns) if column.drawn), None)
    return Table(made.caption, tuple(columns), rows, totals, bars)


def _cell(cell: FigureCell, region: Region) -> Cell:
    held = cell.holds
    if isinstance(held, str):
        return held or cell.pill
    if not isinstance(held, Figure):
        return Measure(held, "whole" if isinstance(held, int) else "month", cell.text(region))
    value = held.value.item() if isinstance(held.value, np.generic) else held.value
    return Measure(value, _KINDS[held.unit], cell.text(region))


def _remarks(columns: tuple[FigureColumn, ...], row: FigureRow, region: Region) -> str:
    """Notes and pills, each after the label of its column; not a pill that is all its cell says."""
    found: list[str] = []
    for place, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
        speaks = bool(cell.text(region))
        before = f"{column.label} : " if place and speaks else ""
        found += [before + said for said in (cell.pill if speaks else "", cell.note) if said]
    return spaced(" ; ".join(found))
