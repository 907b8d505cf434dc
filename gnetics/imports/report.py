"""What became of every row of an imported workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


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


@dataclass(frozen=True)
class ColumnShown:
    """A titled column of leads: the field it is read as ("" for none), and some of its values."""

    sheet: str
    name: str
    field: str
    samples: tuple[str, ...]


@dataclass
class SheetReport:
    """rows = taken + updated + unchanged + skipped + blank + refused; `set_aside` counts those of them kept without identity.

    `skipped` are those the mode leaves aside; `refusals` the reason of each refused line; `words` counts, of the statuses that are
    not ours, (the word, the status it is read as or "").
    """

    name: str
    kind: str  # leads, events, messages, runs, history, or "" when the sheet was not read
    rows: int = 0
    taken: int = 0
    updated: int = 0
    unchanged: int = 0
    blank: int = 0
    skipped: int = 0
    refused: int = 0
    set_aside: int = 0
    refusals: dict[int, str] = field(default_factory=dict)
    words: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass
class Report:
    """Totals over the sheets, every problem in the order of the file, and the first rows that change something.

    `shape` names the program the file comes from; `number` is the import's own, by which it can be undone.
    """

    filename: str
    dry_run: bool
    sheets: list[SheetReport] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    columns: list[ColumnShown] = field(default_factory=list)
    shape: str = ""
    number: int | None = None

    def _total(self, name: str, sheets: Iterable[SheetReport] | None = None) -> int:
        return sum(getattr(sheet, name) for sheet in sheets or self.sheets)

    @property
    def words(self) -> Counter[tuple[str, str]]:
        return sum((sheet.words for sheet in self.sheets), Counter())

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
    def skipped(self) -> int:
        return self._total("skipped")

    @property
    def refused(self) -> int:
        return self._total("refused")
