"""What became of every row of an imported workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True)
class Problem:
    """Something a person should know; `line` 0 speaks of the whole sheet, `column` "" of the whole row."""

    sheet: str
    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Change:
    """What would become of a row, `fields` being (label, before, after); `what` is ajout, mise à jour or laissé."""

    sheet: str
    line: int
    what: str
    title: str
    fields: tuple[tuple[str, str, str], ...]


class Example(NamedTuple):
    """What a cell says, and what would be stored of it."""

    before: str
    after: str


@dataclass(frozen=True)
class ColumnShown:
    """A titled column of leads: the field it is read as ("" for none), some of its values, and what a trial makes of some."""

    sheet: str
    name: str
    field: str
    samples: tuple[str, ...]
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Doubt:
    """A column that can be read in two ways, and nothing in the file decides: what to ask a person, once for the column.

    `column` is its title; `readings` are (answer, what it makes of the example), the answers being those of plan.Asked.dates;
    `taken` is the one it was read by, "" when its doubtful values were left unread.
    """

    sheet: str
    column: str
    sentence: str  # « 02/03/2026 : 2 mars ou 3 février ? »
    readings: tuple[tuple[str, str], ...]
    taken: str


@dataclass(frozen=True)
class Likeness:
    """A row that may speak of a stored contact, and nothing decides: what to ask a person, once for the row.

    `title` is the contact's; `fields` are (label, what the file says, what is stored), where either says something.
    """

    sheet: str
    line: int
    title: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass
class SheetReport:
    """rows = taken + updated + unchanged + skipped + blank + joined + apart + refused; `set_aside` counts those taken without identity.

    `aside` says why the sheet is not read until `Asked.sheets` names it; its columns are shown all the same. `joined` rows said more
    of the contact of another row; those `apart` are none: totals, footers, titles said again. `skipped` are those the mode leaves
    aside; `refusals` the reason of each refused line; `words` counts, of the statuses that are not ours, (the word, the status it is
    read as or ""). `read_as` tells how columns were read where nothing is wrong with it.
    """

    name: str
    kind: str  # leads, events, messages, runs, history, or "" when the sheet was not read
    rows: int = 0
    taken: int = 0
    updated: int = 0
    unchanged: int = 0
    blank: int = 0
    joined: int = 0
    apart: int = 0
    skipped: int = 0
    refused: int = 0
    set_aside: int = 0
    refusals: dict[int, str] = field(default_factory=dict)
    words: Counter[tuple[str, str]] = field(default_factory=Counter)
    aside: str = ""
    doubts: list[Doubt] = field(default_factory=list)
    likenesses: list[Likeness] = field(default_factory=list)
    read_as: list[Problem] = field(default_factory=list)

    @property
    def added(self) -> int:
        """Taken as what the sheet is of: a contact without identity is none."""
        return self.taken - self.set_aside


@dataclass
class Report:
    """Totals over the sheets, every problem in the order of the file, and the first rows that change something.

    `shape` names the program the file comes from; `number` is the import's own, by which it can be undone; `kept` counts values that
    people had changed in the store, where the import was not to write over them; `calendar`: it has no cells, so none to correct.
    """

    filename: str
    dry_run: bool
    sheets: list[SheetReport] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    columns: list[ColumnShown] = field(default_factory=list)
    shape: str = ""
    number: int | None = None
    kept: int = 0
    calendar: bool = False

    def _total(self, name: str, sheets: Iterable[SheetReport] | None = None) -> int:
        return sum(getattr(sheet, name) for sheet in sheets or self.sheets)

    @property
    def words(self) -> Counter[tuple[str, str]]:
        return sum((sheet.words for sheet in self.sheets), Counter())

    @property
    def doubts(self) -> list[Doubt]:
        return [doubt for sheet in self.sheets for doubt in sheet.doubts]

    @property
    def likenesses(self) -> list[Likeness]:
        return [each for sheet in self.sheets for each in sheet.likenesses]

    @property
    def read_as(self) -> list[Problem]:
        return [each for sheet in self.sheets for each in sheet.read_as]

    @property
    def taken(self) -> int:
        return self._total("taken")

    @property
    def updated(self) -> int:
        return self._total("updated")

    @property
    def unchanged(self) -> int:
        return self._total("unchanged")

    @property
    def set_aside(self) -> int:
        return self._total("set_aside")

    @property
    def blank(self) -> int:
        return self._total("blank")

    @property
    def joined(self) -> int:
        return self._total("joined")

    @property
    def apart(self) -> int:
        return self._total("apart")

    @property
    def skipped(self) -> int:
        return self._total("skipped")

    @property
    def refused(self) -> int:
        return self._total("refused")
