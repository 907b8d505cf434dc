"""A block of the boards as tables of figures, made once: the screen and every file are renderings of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from gnetics.domain.regions import Region
from gnetics.domain.typography import number
from gnetics.metrics.figure import Figure
from gnetics.metrics.words import is_round, shown
from gnetics.pages.boards.readings import month_short
from gnetics.widgets.picture import Legend

Held = str | int | date | Figure
Tint = Literal["", "plain", "quiet", "soon", "late"]
RowKind = Literal["", "total", "quiet"]
# picture beside table; under the picture of the main section; a picture of half a row; a table alone
Place = Literal["main", "under", "half", "alone"]


@dataclass(frozen=True, eq=False)
class Opening:
    """The figure that a click opens, under the reference that an address names."""

    ref: str
    figure: Figure
    title: str


@dataclass(frozen=True, eq=False)
class FigureCell:
    """`holds` words, a count, a month by its first day, or a figure; `note` is said under it, `pill` beside it or in its place."""

    holds: Held
    opens: Opening | None = None
    note: str = ""
    pill: str = ""
    tint: Tint = ""
    wraps: bool = False

    def text(self, region: Region, *, cents: bool = False) -> str:
        if isinstance(self.holds, Figure):
            return shown(self.holds, region, cents=cents)
        if isinstance(self.holds, date):
            return month_short(self.holds, region)
        return self.holds if isinstance(self.holds, str) else number(self.holds)


def opening(
    ref: str, figure: Figure, title: str = "", *, holds: Held | None = None, note: str = "", pill: str = "", tint: Tint = ""
) -> FigureCell:
    """A cell that opens a figure, entitled as its definition is unless otherwise; it holds that figure, or what is said in its place."""
    held = figure if holds is None else holds
    return FigureCell(held, Opening(ref, figure, title or figure.explained.title), note, pill, tint)


@dataclass(frozen=True, eq=False)
class FigureRow:
    cells: tuple[FigureCell, ...]
    kind: RowKind = ""


@dataclass(frozen=True)
class FigureColumn:
    """`drawn` by the picture beside the table, a series each."""

    label: str
    numeric: bool
    drawn: bool = False


def words(*labels: str) -> tuple[FigureColumn, ...]:
    return tuple(FigureColumn(label, numeric=False) for label in labels)


def numbers(*labels: str) -> tuple[FigureColumn, ...]:
    return tuple(FigureColumn(label, numeric=True) for label in labels)


def drawn(*labels: str) -> tuple[FigureColumn, ...]:
    return tuple(FigureColumn(label, numeric=True, drawn=True) for label in labels)


@dataclass(frozen=True, eq=False)
class BlockTable:
    caption: str
    columns: tuple[FigureColumn, ...]
    rows: tuple[FigureRow, ...]

    @cached_property
    def cents(self) -> bool:
        """Whether an amount has some: then all are written with theirs."""
        return not all(is_round(cell.holds) for row in self.rows for cell in row.cells if isinstance(cell.holds, Figure))


@dataclass(frozen=True, eq=False)
class BlockSection:
    """A table and its picture: `chart` (none when empty) and its `legend`.

    `place` is that of the section on screen; a `folded` table opens on a click.
    """

    title: str
    table: BlockTable
    chart: str = ""
    legend: Sequence[Legend] = ()
    place: Place = "main"
    folded: bool = False


@dataclass(frozen=True, eq=False)
class Block:
    """`reading` is its message in a sentence; `definitions` are keys of DEFINITIONS."""

    key: str
    title: str
    reading: str
    note: str
    sections: tuple[BlockSection, ...]
    definitions: tuple[str, ...]
