"""A table of figures as a table of a file: real values, and in a last column what the screen says beside its cells."""

from __future__ import annotations

import numpy as np

from gnetics.domain.regions import Region
from gnetics.domain.typography import spaced
from gnetics.exports.charts import Chart
from gnetics.exports.tables import Cell, Column, Kind, Measure, Table
from gnetics.metrics.figure import Figure, Unit
from gnetics.pages.boards.block_tables import BlockTable, FigureCell, FigureColumn, FigureRow

_KINDS: dict[Unit, Kind] = {"count": "whole", "money": "money", "ratio": "ratio", "days": "days", "score": "decimal"}


def in_files(made: BlockTable, region: Region, chart: Chart | None = None, plot: Chart | None = None, *, under: bool = False) -> Table:
    columns = [Column(column.label, "whole" if column.numeric else "text") for column in made.columns]
    rows = [tuple(_cell(cell, region, made.cents) for cell in row.cells) for row in made.rows]
    remarks = [_remarks(made.columns, row, region) for row in made.rows]
    notes: tuple[tuple[str, ...], ...] = ()
    if any(remarks):
        columns.append(Column("Remarques"))
        rows = [(*row, remark) for row, remark in zip(rows, remarks, strict=True)]
        notes = tuple(tuple(_note(cell, region) for cell in row.cells) for row in made.rows)
    totals = frozenset(place for place, row in enumerate(made.rows) if row.kind == "total")
    drawn = tuple(place for place, column in enumerate(made.columns) if column.drawn)
    return Table(made.caption, tuple(columns), rows, totals, chart, plot, drawn, notes, under)


def _cell(cell: FigureCell, region: Region, cents: bool) -> Cell:
    held = cell.holds
    if isinstance(held, str):
        return held or cell.pill
    if not isinstance(held, Figure):
        return Measure(held, "whole" if isinstance(held, int) else "month", cell.text(region))
    value = held.value.item() if isinstance(held.value, np.generic) else held.value
    return Measure(value, _KINDS[held.unit], cell.text(region, cents=cents))


def _note(cell: FigureCell, region: Region) -> str:
    """What the screen says beside a cell; not a pill that is all the cell says."""
    return " · ".join(said for said in (cell.pill if cell.text(region) else "", cell.note) if said)


def _remarks(columns: tuple[FigureColumn, ...], row: FigureRow, region: Region) -> str:
    """Notes and pills, each after the label of its column; not a pill that is all its cell says."""
    found: list[str] = []
    for place, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
        speaks = bool(cell.text(region))
        before = f"{column.label} : " if place and speaks else ""
        found += [before + said for said in (cell.pill if speaks else "", cell.note) if said]
    return spaced(" ; ".join(found))
