"""Where the columns of a file's sheet are, recognised by their titles and values, or chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from gnetics.domain.fields import LEAD_FIELDS
from gnetics.domain.sheets import FOREIGN, LEADS, TABLES, Column, Table, header_key, table_named
from gnetics.imports.cell_errors import is_error
from gnetics.imports.header_row import header_row, likely_row
from gnetics.imports.status_words import StatusWords
from gnetics.imports.titles import found
from gnetics.imports.workbook import Cell, Line, Sheet

UNKNOWN = "Colonne non reconnue\u00a0: elle n’est pas importée."
UNWANTED = "Colonne laissée de côté."
REFUSAL = "Raison du refus"  # the column added to refused rows, which says nothing of a contact
_EXPORTED = {each.key for each in LEAD_FIELDS if each.section != "Consentement"}  # which those of older versions have not


@dataclass(frozen=True)
class Layout:
    """Where a sheet's columns are; `ignored` says of each other titled column why it is not read.

    Of several columns of one field, the first filled is read, in the order of `columns`; `guessed` are those recognised by their
    values. `program` is the one the file comes from, when it is recognised; `statuses` reads those of the file. `joined`: several
    rows may be about one contact; `continued`: a row that names nobody goes on with the one above.
    """

    table: Table
    sheet: Sheet
    header_at: int  # index in sheet.head
    columns: dict[int, Column]
    ignored: dict[int, tuple[str, str]]
    guessed: frozenset[int] = frozenset()
    program: str = ""
    statuses: StatusWords = field(default_factory=StatusWords)
    joined: bool = False
    continued: bool = False

    @property
    def header_line(self) -> int:
        return self.sheet.head[self.header_at][0]

    @property
    def names(self) -> dict[int, str]:
        return column_names(self.sheet.head[self.header_at][1])

    @property
    def numbered_by(self) -> str:
        """Whose the foreign keys of the sheet are: the program's, else those that such a title gives."""
        title = next((self.names[place] for place, column in self.columns.items() if column is FOREIGN), "")
        return self.program or header_key(title)

    @property
    def exported(self) -> bool:
        """Whether the sheet has all the columns of our own exports, whose cells say what was stored."""
        return {column.key for column in self.columns.values()} >= _EXPORTED

    @property
    def above(self) -> list[Line]:
        """The lines above the titles that say something."""
        return [(line, cells) for line, cells in self.sheet.head[: self.header_at] if cells.count(None) < len(cells)]

    @property
    def first_rows(self) -> list[list[Cell]]:
        return [cells for _, cells in self.sheet.head[self.header_at + 1 :]]

    def first_values(self, place: int) -> list[Cell]:
        """Those of a column that say something."""
        return [row[place] for row in self.first_rows if place < len(row) and row[place] is not None]

    def body(self) -> Iterator[Line]:
        """The lines below the headers."""
        return islice(self.sheet.rows(), self.header_at + 1, None)

    @property
    def width(self) -> int:
        return max([*self.columns, *self.ignored]) + 1

    def places(self, *keys: str) -> list[int]:
        """Where columns of these fields are."""
        return [place for place, column in self.columns.items() if column.key in keys]


def _columns(table: Table, cells: list[Cell]) -> tuple[dict[int, Column], dict[int, tuple[str, str]]]:
    """Those of one field in the order in which its titles are declared; of another sheet than leads, only the first of a field."""
    named: list[tuple[int, int, Column]] = []
    ignored: dict[int, tuple[str, str]] = {}
    for place, cell in enumerate(cells):
        if cell is None:
            continue
        header = str(cell).strip()
        if header_key(header) == header_key(REFUSAL):
            continue
        known = None if is_error(header) else found(table.kind, header)
        if known is None:
            ignored[place] = (header, UNKNOWN)
        elif table is not LEADS and any(known.column is column for _, _, column in named):
            label = known.column.label
            ignored[place] = (header, f"Colonne «\u00a0{label}\u00a0» déjà lue plus à gauche\u00a0: celle-ci n’est pas importée.")
        else:
            named.append((known.rank, place, known.column))
    return {place: column for _, place, column in sorted(named, key=lambda each: each[:2])}, ignored


def column_names(cells: list[Cell]) -> dict[int, str]:
    """The title of each column by place; one that came before is numbered, so that every name is one column."""
    seen: Counter[str] = Counter()
    names = {}
    for place, cell in enumerate(cells):
        header = "" if cell is None else str(cell).strip()
        if header and header_key(header) != header_key(REFUSAL):
            seen[header] += 1
            names[place] = header if seen[header] == 1 else f"{header} [{seen[header]}]"
    return names


def choose(sheet: Sheet, found: Layout | None, choices: Mapping[str, str]) -> Layout:
    """The sheet read as leads, its columns as `choices` {name: field key, "" for none} say, in their order; the others as found."""
    layout = found or Layout(LEADS, sheet, likely_row(sheet, LEADS), {}, {})
    fields = {column.key: column for column in LEADS.columns}
    columns, ignored = dict(layout.columns), dict(layout.ignored)
    places = {name: place for place, name in layout.names.items()}
    asked = {places[name]: key for name, key in choices.items() if name in places}
    chosen: dict[int, Column] = {}
    for place, key in asked.items():
        columns.pop(place, None)
        ignored.pop(place, None)
        if key in fields:
            chosen[place] = fields[key]
        else:
            ignored[place] = (layout.names[place], UNWANTED)
    taken = {column.key for column in chosen.values()}
    for place in [place for place, column in columns.items() if column.key in taken]:
        ignored[place] = (layout.names[place], f"Le champ «\u00a0{columns.pop(place).label}\u00a0» est lu dans une autre colonne.")
    if not found:
        for place, name in layout.names.items():
            if place not in chosen and place not in ignored:
                ignored[place] = (name, UNKNOWN)
    return replace(layout, columns=chosen | columns, ignored=ignored, guessed=layout.guessed - asked.keys())


def has_identity(layout: Layout) -> bool:
    """Whether the columns say whom the rows are about; the number of a known program does, for contacts it brought before."""
    return names_somebody(layout) or bool(layout.program and FOREIGN in layout.columns.values())


def names_somebody(layout: Layout) -> bool:
    return _fits(layout.table, layout.columns)


def _fits(table: Table, columns: Mapping[int, Column]) -> bool:
    keys = {column.key for column in columns.values()}
    return all(keys.intersection(group) for group in table.needs)


def _layout(table: Table, sheet: Sheet) -> Layout | None:
    at = header_row(sheet, table)
    if at is None:
        return None
    columns, ignored = _columns(table, sheet.head[at][1])
    return Layout(table, sheet, at, columns, ignored) if _fits(table, columns) else None


def recognise(sheet: Sheet) -> Layout | None:
    """By the sheet's name, else by its headers; None when neither says what it is."""
    named = table_named(sheet.name)
    if named and (layout := _layout(named, sheet)):
        return layout
    layouts = [layout for table in TABLES if (layout := _layout(table, sheet))]
    return max(layouts, key=lambda layout: len(set(layout.columns.values())), default=None)
