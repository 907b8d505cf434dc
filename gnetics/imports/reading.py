"""Rows of a sheet turned into values, with what could not be read; nothing of the store is needed here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gnetics.domain import money
from gnetics.domain.absence import identifies_nobody, is_blank, is_civility, is_sign
from gnetics.domain.consent import strength
from gnetics.domain.dates import Order
from gnetics.domain.fields import IDENTITY
from gnetics.domain.folding import fold
from gnetics.domain.markup import plain
from gnetics.domain.regions import Region
from gnetics.domain.sheets import CURRENCY, FIRST_NAME, FOREIGN, FULL_NAME, LEADS, Column
from gnetics.domain.values import clean
from gnetics.errors import Unreadable
from gnetics.imports import cells
from gnetics.imports.cell_errors import is_error
from gnetics.imports.column_readings import ColumnReading, decide
from gnetics.imports.layouts import UNWANTED, Layout
from gnetics.imports.not_rows import BELOW, OTHER_TITLES, TITLES_AGAIN, NotRows
from gnetics.imports.report import Problem, SheetReport
from gnetics.imports.workbook import Cell

Tick = Callable[[], None]
Known = dict[Cell, Any]
Blank = Callable[[str], bool]
REMEMBERED, LONGEST_REMEMBERED = 4096, 200  # texts of a column, characters: most columns say the same things over and over
_FURTHER = "Une autre colonne remplit déjà ce champ\u00a0: gardé dans les notes."
NOTHING_ELSE = "Rien d’autre n’est rempli sur cette ligne{}\u00a0: vérifiez que c’est bien un contact."
TOLD = 10  # different texts of a column that say nothing
_BLANKS: dict[str, Blank] = {  # by field; of free text, « aucun » is an answer
    **{column.key: is_blank for column in LEADS.columns if column.kind in ("text", "status", "tags")},
    **{column.key: identifies_nobody for column in LEADS.columns if column.kind in ("date", "money", "percent", "score")},
    **dict.fromkeys([*IDENTITY, "phone", FOREIGN.key], identifies_nobody),
    "job_title": lambda text: is_blank(text) or is_civility(text),
    **dict.fromkeys(["name", FIRST_NAME.key, FULL_NAME.key], is_sign),  # one alone is judged with the other, by lead_rows.py
}
_NAMES = frozenset(["name", "company", FULL_NAME.key])  # alone on a line, they may be the heading of those below
_MARKED_UP = ("text", "long_text", "tags", "status")  # kinds whose cells another program may hold as HTML


class Nothing(str):
    """The text of a cell that says there is nothing to say."""


_TO_TELL = (Nothing, cells.Kept)  # values of which there is more to do than to store them


@dataclass(slots=True)
class Row:
    """`values` only of cells that say something; `unread` is the raw text of those that could not be read.

    `nothing` is the text of cells that say there is nothing to say; `aside` what has its place in no field, with its title: it goes
    to the notes; `typed` the text of dates that could have been read in another order.
    """

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    nothing: dict[str, str] = field(default_factory=dict)
    aside: list[str] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def identity(self) -> dict[str, Any]:
        """What tells the row from others, however its doubtful dates are read."""
        return self.values | self.typed


class Read(NamedTuple):
    """A column as its cells are read: its title in the file, how all of them are read, and what texts met before say.

    `known` are values there is nothing to do with but to store them; `told` those of which there is more to do.
    """

    place: int
    column: Column
    title: str
    doubtful: bool
    value: Callable[[Cell], Any]
    known: Known
    told: Known


Asking = tuple[int, str, Callable[[Cell], Any], Read]  # a column as its cells are asked: place, field, what is known of a text


@dataclass
class SheetReading:
    """A recognised sheet, its rows as they become values, and its part of the report."""

    layout: Layout
    region: Region
    from_text: bool
    report: SheetReport
    dates: Mapping[str, Order] = field(default_factory=dict)  # those of plan.Asked
    problems: list[Problem] = field(default_factory=list)
    _blanks: dict[str, Counter[str]] = field(default_factory=dict)
    _asides: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    _alone: list[tuple[int, str, str]] = field(default_factory=list)
    _judges: dict[str, Blank] = field(init=False)

    def __post_init__(self) -> None:
        self._of_others = self.layout.table is LEADS and not self.layout.exported  # our own exports say what was stored
        self._judges = _BLANKS if self._of_others else {}
        self._currency_at = next(iter(self.layout.places(CURRENCY.key)), None)

    def problem(self, line: int, column: str, value: str, reason: str) -> None:
        self.problems.append(Problem(self.report.name, line, column, value, reason))

    def blank(self, column: str, text: str) -> None:
        """Count a cell that says nothing, to be told with the others of its column."""
        self._blanks.setdefault(column, Counter())[text] += 1

    def set_aside(self, row: Row, read: Read, text: str, told: str) -> None:
        """Keep for the notes what no field takes, and count it, to be told with the others of its column."""
        if text:
            row.aside.append(f"{read.title}\u00a0: {text}")
        label = read.title if told == _FURTHER else read.column.label
        count, example = self._asides.get((label, told), (0, text))
        self._asides[label, told] = count + 1, example

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
        plan, not_rows, others = self._decide(), NotRows.of(self.layout), 0
        columns: list[Asking] = [(read.place, read.column.key, read.known.get, read) for read in plan]
        width = 1 + max((read.place for read in plan), default=0)
        required = [column for column in self.layout.columns.values() if column.required]
        most = self.layout.width if self.from_text else None
        for line, row in self.layout.body():
            tick()
            self.report.rows += 1
            if untitled:
                filled.update(place for place in untitled if place < len(row) and row[place] is not None)
            if row.count(None) == len(row):
                self.report.blank += 1
            elif why := not_rows.why(row, self.from_text):
                self.report.apart += 1
                self.problem(line, "", _first_text(row), why)
                if why in (TITLES_AGAIN, OTHER_TITLES):
                    others = line if why == OTHER_TITLES else 0
            elif others:
                self.refuse(line, "", _first_text(row), BELOW.format(others))
            elif most and len(row) > most and any(cell is not None for cell in row[most:]):
                # a separator too many shifts every later cell: taking the row would store wrong values silently
                reason = f"La ligne a {len(row)} cellules pour {most} titres\u00a0: un séparateur de trop\u00a0?"
                self.refuse(line, "", "", reason)
            else:
                found = self._row(line, row if len(row) >= width else row + [None] * (width - len(row)), columns)
                if self._currency_at is not None and "amount" in found.values:
                    self._in_its_currency(found, row, plan)
                if self._is_kept(found, row, required):
                    yield found
        self.problems[told:told] = [*self._told_untitled(filled), *self._told_blanks(), *self._told_asides()]
        self._tell_alone()

    def _told_untitled(self, filled: set[int]) -> Iterator[Problem]:
        if filled:
            named = ", ".join(str(place + 1) for place in sorted(filled)[:10])
            yield self._of_sheet("", "", f"Colonne sans titre (n°\u00a0{named})\u00a0: elle n’est pas importée.")

    def _told_blanks(self) -> Iterator[Problem]:
        for column, texts in self._blanks.items():
            for text, count in texts.most_common(TOLD):
                yield self._of_sheet(column, text, f"{_why_blank(column, text)}, {count}\u00a0fois.")

    def _told_asides(self) -> Iterator[Problem]:
        for (title, sentence), (count, example) in self._asides.items():
            yield self._of_sheet(title, example, sentence + (f" ({count}\u00a0fois)" if count > 1 else ""))

    def _of_sheet(self, column: str, value: str, reason: str) -> Problem:
        """Said of a whole column, at the line of the titles."""
        return Problem(self.report.name, self.layout.header_line, column, value, reason)

    def _tell_alone(self) -> None:
        """Rows that name somebody and say nothing else, unless all do."""
        if 0 < len(self._alone) < self.report.rows and len(self.layout.columns) > 2:
            line, key, text = self._alone[0]
            label = next(column.label for column in self.layout.columns.values() if column.key == key)
            self.problem(line, label, str(text), NOTHING_ELSE.format(f" ({len(self._alone)}\u00a0lignes)" if self._alone[1:] else ""))

    def _decide(self) -> list[Read]:
        """The columns in the order in which those of one field are asked, each with how it is read."""
        decided, names = decide(self.layout, self.region, self.dates), self.layout.names
        self.problems += decided.told
        self.report.doubts += decided.doubts
        self.report.read_as += decided.read_as
        plan = []
        for place, column in self.layout.columns.items():
            if not (reading := decided.readings[place]).unlike:
                title, value = names.get(place, column.label), self._reader(column, reading)
                plan.append(Read(place, column, title, reading.doubtful, value, Known(), Known()))
        return plan

    def _row(self, line: int, row: list[Cell], columns: list[Asking]) -> Row:
        found = Row(line)
        values, unread = found.values, found.unread
        for place, key, known, read in columns:
            if (cell := row[place]) is None:
                continue
            if (value := known(cell)) is None or unread or key in values:
                self._read(found, read, cell)
            else:
                values[key] = value  # most texts were met before, and say nothing more
        return found

    def _is_kept(self, found: Row, row: list[Cell], required: list[Column]) -> bool:
        """Whether the row says something; else it is counted or refused here."""
        line = found.line
        lost = next((column for column in required if column.key not in found.values), None) if required else None
        if lost and lost.key in found.unread:
            self.refused(line)
        elif lost:
            self.refuse(line, lost.label, "", f"«\u00a0{lost.label}\u00a0» est vide\u00a0: complétez-le.")
        elif found.values or found.unread or found.aside:
            if self._of_others and len(row) - row.count(None) == 1 and not _NAMES.isdisjoint(found.values):
                ((key, text),) = found.values.items()
                self._alone.append((line, key, text))
            return True
        elif found.nothing:
            self.report.blank += 1
        else:
            self.refuse(line, "", "", "Aucune des colonnes reconnues n’est remplie sur cette ligne.")
        return False

    def _in_its_currency(self, found: Row, row: list[Cell], plan: list[Read]) -> None:
        """An amount beside which a column says that it is in another currency goes to the notes."""
        cell = row[self._currency_at] if self._currency_at is not None and self._currency_at < len(row) else None
        said = cell.strip() if isinstance(cell, str) else ""
        if said and money.is_foreign(said, self.region):
            read = next(each for each in plan if each.column.key == "amount")
            amount = cells.text(row[read.place], self.region) if read.place < len(row) else ""
            self.set_aside(found, read, f"{amount} {said}", cells.in_another_currency(self.region))
            del found.values["amount"]

    def _read(self, row: Row, read: Read, cell: Cell) -> None:
        column = read.column
        try:
            value = self._met(read, cell)
        except Unreadable as refusal:
            raw = clean(cells.text(cell, self.region), lines=True)
            if column.key in row.values:
                self.set_aside(row, read, raw, _FURTHER)
                return
            row.unread[column.key] = raw
            self.problem(row.line, column.label, raw, str(refusal))
            return
        if read.doubtful:
            row.typed.setdefault(column.key, cells.text(cell, self.region))
        if value.__class__ is cells.Kept:
            self.set_aside(row, read, value.aside, value.told)
            value = value.value
        if value.__class__ is Nothing:
            row.nothing.setdefault(column.key, value)
            self.blank(column.label, value)
        elif value is not None and column.key in row.values:
            self._further(row, read, cell, value)
        elif value is not None:
            row.values[column.key] = value
            if row.unread and (lost := row.unread.pop(column.key, None)):  # another column of the field could not be read
                self.set_aside(row, read, lost, _FURTHER)

    def _met(self, read: Read, cell: Cell) -> Any:
        """The value of a cell, kept for the next one of the same text while there is room."""
        if not isinstance(cell, str):
            return read.value(cell)
        if (known := read.known if cell in read.known else read.told) and cell in known:
            return known[cell]
        value = read.value(cell)
        known = read.told if read.doubtful or value is None or value.__class__ in _TO_TELL else read.known
        if len(known) < REMEMBERED and len(cell) <= LONGEST_REMEMBERED:
            known[cell] = value
        return value

    def _reader(self, column: Column, reading: ColumnReading) -> Callable[[Cell], Any]:
        """What gives the value of a cell, Nothing when it says that there is none."""
        read, says_nothing = cells.reader(column, self.region, reading), self._judges.get(column.key)
        shown = self._of_others and column.kind in _MARKED_UP

        def value(cell: Cell) -> Any:
            judged = None
            if shown and isinstance(cell, str):
                cell = plain(cell)
            elif says_nothing:
                if cell is False or (isinstance(cell, str) and says_nothing(cell) and not is_error(cell)):
                    return Nothing(clean(cells.text(cell, self.region)))
                judged = cell
            found = read(cell)
            if says_nothing and found is not judged and isinstance(found, str) and says_nothing(found):
                return Nothing(found)
            return found

        return value

    def _further(self, row: Row, read: Read, cell: Cell, value: Any) -> None:
        """What another column of a field says, when an earlier one was filled."""
        first = row.values[read.column.key]
        if read.column.several:
            row.values[read.column.key] = max(first, value, key=strength)
        elif value != first and not (isinstance(first, str) and (fold(str(value)) or "") in (fold(first) or "")):
            self.set_aside(row, read, clean(cells.text(cell, self.region), lines=True), _FURTHER)

    def _tell_ignored(self) -> None:
        for header, reason in self.layout.ignored.values():
            if reason == UNWANTED:
                continue  # said by whoever left it aside
            self.problem(self.layout.header_line, header, "", reason)

    def _untitled(self) -> list[int]:
        """Places of the header line that say nothing; in a text, what comes after the last title is for `rows` to refuse."""
        header = self.layout.sheet.head[self.layout.header_at][1]
        return [place for place, cell in enumerate(header[: self.layout.width] if self.from_text else header) if cell is None]


def _first_text(row: list[Cell]) -> str:
    return next(str(cell) for cell in row if cell is not None)


def _why_blank(column: str, text: str) -> str:
    return (
        f"Une civilité n’est pas une valeur de «\u00a0{column}\u00a0»\u00a0: laissée de côté"
        if is_civility(text)
        else "Lu comme une case vide"
    )
