"""What leaves the CRM as a file, before it is a file: tables of real values, whoever fills them and whatever they are written as."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from gnetics.domain.folding import fold
from gnetics.exports.charts import Chart

Kind = Literal["text", "long_text", "whole", "decimal", "money", "percent", "ratio", "days", "date", "month", "moment"]
Value = str | int | float | date | datetime | None


@dataclass(frozen=True)
class Measure:
    """A cell with a kind of its own, and `text`, how the screen writes it; a value None is unknown (« n/d »)."""

    value: int | float | date | None
    kind: Kind
    text: str


Cell = Value | Measure
Rows = Iterable[tuple[Cell, ...]]


@dataclass(frozen=True)
class Column:
    """`kind` says how its values are held: money in cents, percent 0 to 100, ratio 0 to 1, moment aware."""

    label: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Table:
    """`rows` can be gone through more than once; `strong` are the places of totals.

    On paper `chart` stands beside the table; a spreadsheet draws `plot` from its `drawn` columns, each a series.
    `notes` are what paper says under each cell, where files have a last column for them; `under` may stand under the picture before it.
    """

    title: str
    columns: tuple[Column, ...]
    rows: Rows
    strong: frozenset[int] = frozenset()
    chart: Chart | None = None
    plot: Chart | None = None
    drawn: tuple[int, ...] = ()
    notes: tuple[tuple[str, ...], ...] = ()
    under: bool = False


@dataclass(frozen=True)
class Head:
    """A headline figure: `detail` beside it, `lines` under it."""

    label: str
    value: str
    detail: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class ToDo:
    """Who waits: title, facts, how late, and the verb."""

    title: str
    facts: str
    pill: str
    verb: str


@dataclass(frozen=True)
class Front:
    """The first page on paper, which says it all: figures, three pictures, a sentence by chapter (title, words), what to do."""

    heads: tuple[Head, ...]
    pictures: tuple[Chart, ...]
    readings: tuple[tuple[str, str], ...]
    waiting: str
    to_do: tuple[ToDo, ...]


@dataclass(frozen=True)
class Section:
    """A sheet of a workbook, a chapter on paper."""

    name: str
    title: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Document:
    """`facts` are (label, words) on top: period, owner, hour; `definitions` (title, formula, population, what to know).

    `everyone` is the population of whatever names no other. `summary` is the first sheet of a workbook; paper has a `front` page.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    definitions: tuple[tuple[str, str, str, str], ...]
    everyone: str = ""
    summary: Section | None = None
    front: Front | None = None


def opened(cell: Cell, kind: Kind) -> tuple[Value, Kind]:
    """A cell's value and its kind, `kind` being its column's; an unknown measure is its text."""
    if isinstance(cell, Measure):
        return (cell.text, "text") if cell.value is None else (cell.value, cell.kind)
    return cell, kind


def file_name(what: str, day: date, extension: str) -> str:
    """« gnetics-leads-2026-11-24.xlsx »."""
    words = "-".join(re.findall("[a-z0-9]+", fold(what) or ""))[:60].strip("-")
    return f"gnetics-{words or 'export'}-{day.isoformat()}.{extension}"
