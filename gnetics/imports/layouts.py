"""Where the columns of a file's sheet are, recognised by their headers or chosen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from gnetics.domain import lead_ids
from gnetics.domain.fields import LEAD_FIELDS
from gnetics.domain.regions import Region
from gnetics.domain.sheets import FOREIGN, LEAD_ID, LEADS, TABLES, Column, Table, header_key, table_named
from gnetics.imports.cell_errors import is_error
from gnetics.imports.status_words import StatusWords
from gnetics.imports.workbook import Cell, Line, Sheet

UNKNOWN = "Colonne non reconnue\u00a0: elle n’est pas importée."
UNWANTED = "Colonne laissée de côté."
REFUSAL = "Raison du refus"  # the column added to refused rows, which says nothing of a contact
HEADER_ROWS = 20  # a title or a logo may stand above the headers
OTHER_CURRENCIES = {"$": "CAD", "usd": "USD", "cad": "CAD", "€": "EUR", "eur": "EUR", "£": "GBP", "chf": "CHF"}
_EXPORTED = {each.key for each in LEAD_FIELDS}


@dataclass(frozen=True)
class Layout:
    """Where a sheet's columns are; `ignored` says of each other titled column why it is not read.

    Of several columns of one field, the first filled is read. `program` is the one the file comes from, when it is recognised;
    `statuses` reads those of the file.
    """

    table: Table
    sheet: Sheet
    header_at: int  # index in sheet.head
    columns: dict[int, Column]
    ignored: dict[int, tuple[str, str]]
    program: str = ""
    statuses: StatusWords = field(default_factory=StatusWords)

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

    def body(self) -> Iterator[Line]:
        """The lines below the headers."""
        return islice(self.sheet.rows(), self.header_at + 1, None)

    @property
    def width(self) -> int:
        return max([*self.columns, *self.ignored]) + 1


def _foreign_money(column: Column, header: str, region: Region) -> bool:
    marks = {code for mark, code in OTHER_CURRENCIES.items() if re.search(rf"(?<![a-z]){re.escape(mark)}(?![a-z])", header.lower())}
    return column.kind == "money" and bool(marks) and region.currency not in marks and region.symbol not in header


def _columns(table: Table, cells: list[Cell], region: Region) -> tuple[dict[int, Column], dict[int, tuple[str, str]]]:
    columns: dict[int, Column] = {}
    ignored: dict[int, tuple[str, str]] = {}
    for place, cell in enumerate(cells):
        if cell is None:
            continue
        header = str(cell).strip()
        if header_key(header) == header_key(REFUSAL):
            continue
        column = None if is_error(header) else table.by_header.get(header_key(header))
        if column is None:
            ignored[place] = (header, UNKNOWN)
        elif column in columns.values():
            ignored[place] = (header, f"Colonne «\u00a0{column.label}\u00a0» déjà lue plus à gauche\u00a0: celle-ci n’est pas importée.")
        elif _foreign_money(column, header, region):
            ignored[place] = (header, f"Les montants doivent être en {region.symbol}\u00a0: convertissez cette colonne.")
        else:
            columns[place] = column
    return columns, ignored


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


def choose(sheet: Sheet, found: Layout | None, choices: Mapping[str, str], program: str, statuses: StatusWords) -> Layout:
    """The sheet read as leads, its columns as `choices` {name: field key, "" for none} say; the others as found."""
    layout = found or Layout(LEADS, sheet, likely_header(sheet), {}, {})
    fields = {column.key: column for column in LEADS.columns}
    columns, ignored = dict(layout.columns), dict(layout.ignored)
    asked = {place: choices[name] for place, name in layout.names.items() if name in choices}
    for place, key in asked.items():
        columns.pop(place, None)
        ignored.pop(place, None)
        if key in fields:
            columns[place] = fields[key]
        else:
            ignored[place] = (layout.names[place], UNWANTED)
    taken = {column.key for place, column in columns.items() if place in asked}
    for place in [place for place, column in columns.items() if place not in asked and column.key in taken]:
        ignored[place] = (layout.names[place], f"Le champ «\u00a0{columns.pop(place).label}\u00a0» est lu dans une autre colonne.")
    if not found:
        for place, name in layout.names.items():
            if place not in columns and place not in ignored:
                ignored[place] = (name, UNKNOWN)
    return replace(layout, columns=dict(sorted(columns.items())), ignored=ignored, program=program, statuses=statuses)


def likely_header(sheet: Sheet) -> int:
    """The first line with two texts, else the first with anything."""
    texts = [sum(isinstance(cell, str) for cell in cells) for _, cells in sheet.head[:HEADER_ROWS]]
    return next((at for least in (2, 1) for at, count in enumerate(texts) if count >= least), 0)


def has_identity(layout: Layout) -> bool:
    """Whether the columns say whom the rows are about; the number of a known program does, for contacts it brought before."""
    return _fits(layout.table, layout.columns) or bool(layout.program and FOREIGN in layout.columns.values())


def with_our_numbers(layout: Layout) -> Layout:
    """A column titled « ID » or « Référence » holds ID Leads when its first values all have their form, and no column is titled so."""
    if layout.table is not LEADS or LEAD_ID in layout.columns.values() or FOREIGN not in layout.columns.values():
        return layout
    place = next(place for place, column in layout.columns.items() if column is FOREIGN)
    first = [row[place] for _, row in layout.sheet.head[layout.header_at + 1 :] if place < len(row) and row[place] is not None]
    if not first or not all(lead_ids.number_of(str(cell).strip()) for cell in first):
        return layout
    return replace(layout, columns=layout.columns | {place: LEAD_ID})


def _fits(table: Table, columns: dict[int, Column]) -> bool:
    keys = {column.key for column in columns.values()}
    return all(keys.intersection(group) for group in table.needs)


def _layout(table: Table, sheet: Sheet, region: Region) -> Layout | None:
    """The row of the first ones that has most of the table's headers."""
    best: Layout | None = None
    for index, (_, cells) in enumerate(sheet.head[:HEADER_ROWS]):
        columns, ignored = _columns(table, cells, region)
        if _fits(table, columns) and (best is None or len(columns) > len(best.columns)):
            best = Layout(table, sheet, index, columns, ignored)
    return best


def recognise(sheet: Sheet, region: Region) -> Layout | None:
    """By the sheet's name, else by its headers; None when neither says what it is."""
    named = table_named(sheet.name)
    if named and (layout := _layout(named, sheet, region)):
        return layout
    found = [layout for table in TABLES if (layout := _layout(table, sheet, region))]
    return max(found, key=lambda layout: len(layout.columns), default=None)
