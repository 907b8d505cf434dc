"""Rows of a sheet turned into values, with what could not be read; nothing of the store is needed here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from gnetics.domain.absence import identifies_nobody, is_blank, is_sign
from gnetics.domain.fields import IDENTITY
from gnetics.domain.regions import Region
from gnetics.domain.sheets import FIRST_NAME, FOREIGN, LEADS, Column
from gnetics.domain.values import clean
from gnetics.errors import Unreadable
from gnetics.imports import cells
from gnetics.imports.layouts import UNWANTED, Layout
from gnetics.imports.report import Problem, SheetReport
from gnetics.imports.workbook import Cell

Tick = Callable[[], None]
Known = dict[str, Any]
Blank = Callable[[str], bool]
REMEMBERED, LONGEST_REMEMBERED = 4096, 200  # texts of a column, characters: most columns say the same things over and over
TOLD = 10  # different texts of a column that say nothing
_BLANKS: dict[str, Blank] = {  # by field; of free text, « aucun » is an answer
    **{column.key: is_blank for column in LEADS.columns if column.kind in ("text", "status", "tags")},
    **dict.fromkeys([*IDENTITY, "phone", FOREIGN.key], identifies_nobody),
    **dict.fromkeys(["name", FIRST_NAME.key], is_sign),  # one alone is judged with the other, by lead_rows.py
}


class Nothing(str):
    """The text of a cell that says there is nothing to say."""


@dataclass
class Row:
    """`values` only of cells that say something; `unread` is the raw text of those that could not be read.

    `nothing` is the text of cells that say there is nothing to say.
    """

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    nothing: dict[str, str] = field(default_factory=dict)


@dataclass
class SheetReading:
    """A recognised sheet, its rows as they become values, and its part of the report."""

    layout: Layout
    region: Region
    from_text: bool
    report: SheetReport
    problems: list[Problem] = field(default_factory=list)
    _blanks: dict[str, Counter[str]] = field(default_factory=dict)
    _judges: dict[str, Blank] = field(init=False)

    def __post_init__(self) -> None:
        self._judges = {} if self.layout.exported or self.layout.table is not LEADS else _BLANKS

    def problem(self, line: int, column: str, value: str, reason: str) -> None:
        self.problems.append(Problem(self.report.name, line, column, value, reason))

    def blank(self, column: str, text: str) -> None:
        """Count a cell that says nothing, to be told with the others of its column."""
        self._blanks.setdefault(column, Counter())[text] += 1

    def refuse(self, line: int, column: str, value: str, reason: str) -> None:
        """The row is not taken."""
        self.problem(line, column, value, reason)
        self.refused(line, reason)

    def refused(self, line: int, reason: str = "") -> None:
        """The row is not taken; without `reason`, its problems told say why."""
        self.report.refused += 1
        self.report.refusals[line] = reason or " ".join(problem.reason for problem in self.problems[-20:] if problem.line == line)

    def rows(self, tick: Tick) -> Iterator[Row]:
        """Every row that has something in a column we read; the others are counted or refused here."""
        self._tell_ignored()
        told, untitled, filled = len(self.problems), self._untitled(), set[int]()
        shares = {
            place: cells.share_of(row[place] for _, row in self.layout.body() if place < len(row))
            for place, column in self.layout.columns.items()
            if column.kind == "percent"
        }
        plan = [(place, column, shares.get(place, "percent"), Known()) for place, column in self.layout.columns.items()]
        for line, row in self.layout.body():
            tick()
            self.report.rows += 1
            if untitled:
                filled.update(place for place in untitled if place < len(row) and row[place] is not None)
            if row.count(None) == len(row):
                self.report.blank += 1
            elif self.from_text and len(row) > self.layout.width and any(cell is not None for cell in row[self.layout.width :]):
                # a separator too many shifts every later cell: taking the row would store wrong values silently
                reason = f"La ligne a {len(row)} cellules pour {self.layout.width} titres\u00a0: un séparateur de trop\u00a0?"
                self.refuse(line, "", "", reason)
            else:
                yield from self._row(line, row, plan)
        self.problems[told:told] = [
            Problem(self.report.name, self.layout.header_line, column, text, f"Lu comme une case vide, {count}\u00a0fois.")
            for column, texts in self._blanks.items()
            for text, count in texts.most_common(TOLD)
        ]
        if filled:
            named = ", ".join(str(place + 1) for place in sorted(filled)[:10])
            reason = f"Colonne sans titre (n°\u00a0{named})\u00a0: elle n’est pas importée."
            self.problems.insert(told, Problem(self.report.name, self.layout.header_line, "", "", reason))

    def _row(self, line: int, row: list[Cell], plan: list[tuple[int, Column, cells.Share, Known]]) -> Iterator[Row]:
        found, width = Row(line), len(row)
        for place, column, share, known in plan:
            cell = row[place] if place < width else None
            if cell is not None and column.key not in found.values:
                self._read(found, column, cell, share, known)
        lost = next((column for column in self.layout.columns.values() if column.required and column.key not in found.values), None)
        if lost and lost.key in found.unread:
            self.refused(line)
        elif lost:
            self.refuse(line, lost.label, "", f"«\u00a0{lost.label}\u00a0» est vide\u00a0: complétez-le.")
        elif found.values or found.unread:
            yield found
        elif found.nothing:
            self.report.blank += 1
        else:
            self.refuse(line, "", "", "Aucune des colonnes reconnues n’est remplie sur cette ligne.")

    def _read(self, row: Row, column: Column, cell: Cell, share: cells.Share, known: Known) -> None:
        """`known` are the values of texts read before in the column."""
        try:
            if cell.__class__ is str and cell in known:
                value = known[cell]
            else:
                value = cells.value(column, cell, self.region, share)
                says_nothing = self._judges.get(column.key)
                if says_nothing and value is not None and (cell is False or says_nothing(value)):
                    value = Nothing(value)
                if len(known) < REMEMBERED and isinstance(cell, str) and len(cell) <= LONGEST_REMEMBERED:
                    known[cell] = value
        except Unreadable as refusal:
            raw = clean(cells.text(cell, self.region), lines=True)
            row.unread[column.key] = raw
            self.problem(row.line, column.label, raw, str(refusal))
        else:
            if value.__class__ is Nothing:
                row.nothing.setdefault(column.key, value)
                self.blank(column.label, value)
            elif value is not None:
                row.values[column.key] = value
                if row.unread:
                    row.unread.pop(column.key, None)  # another column of the field could not be read

    def _tell_ignored(self) -> None:
        for header, reason in self.layout.ignored.values():
            if reason == UNWANTED:
                continue  # said by whoever left it aside
            self.problem(self.layout.header_line, header, "", reason)

    def _untitled(self) -> list[int]:
        """Places of the header line that say nothing; in a text, what comes after the last title is for `rows` to refuse."""
        header = self.layout.sheet.head[self.layout.header_at][1]
        return [place for place, cell in enumerate(header[: self.layout.width] if self.from_text else header) if cell is None]
