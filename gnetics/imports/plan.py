"""What an import is to do: which sheet of the file is read as what, as recognised, remembered and chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Literal, cast

from sqlalchemy import Connection, select

from gnetics.actions.import_columns import remembered
from gnetics.domain import values
from gnetics.domain.dates import Order
from gnetics.domain.folding import fold
from gnetics.domain.quoting import quote
from gnetics.domain.regions import Region
from gnetics.domain.sheets import DEAL, LEADS, table_named
from gnetics.errors import UnreadableFile
from gnetics.imports import cells
from gnetics.imports.column_values import settled
from gnetics.imports.event_sheets import completed
from gnetics.imports.header_row import likely_row
from gnetics.imports.layouts import Layout, choose, column_names, has_identity, names_somebody, recognise
from gnetics.imports.not_people import things_in
from gnetics.imports.programs import shape_of
from gnetics.imports.report import ColumnShown, Problem, Report, SheetReport
from gnetics.imports.status_words import StatusWords
from gnetics.imports.workbook import Cell, Sheet, Workbook, read
from gnetics.store.crm import Crm
from gnetics.store.schema import leads

Mode = Literal["create", "update", "both"]
SAMPLES, LONGEST_SAMPLE = 3, 60  # values of a column shown, characters of each
CONFIRM = "sauf si vous le confirmez"
ABOVE = "Ligne au-dessus des titres\u00a0: elle n’est pas importée."
MERGED = (
    "Des cases sont fusionnées sur plusieurs lignes, les dernières ici\u00a0: leur texte vaut pour chacune, un nombre ou une date pour la "
    "première."
)
GUESSED = "Lue comme «\u00a0{}\u00a0» d’après ses valeurs\u00a0: vérifiez que c’est bien cela."


class ColumnsNeeded(UnreadableFile):
    """The file can be read, but not which of its columns says who the contacts are; `columns` are those it has."""

    def __init__(self, sentence: str, columns: list[ColumnShown]) -> None:
        super().__init__(sentence)
        self.columns = columns


class TitlesChanged(UnreadableFile):
    """The columns of a file are not those that it was to have."""


@dataclass(frozen=True)
class Asked:
    """What a person chose: the mode, the fields of columns of leads {name: field key} and statuses {word: status}, "" for none.

    `dates` {name of a column, "" for those of the whole file: the order of its days and months}; `sheets` names those to take although
    they were left aside (`SheetReport.aside`); `persons` {(sheet, line): whether the row speaks of the contact that it looks like}.
    `titles`: those that the columns must have, and no other, since what is taken of them was chosen once; empty: any. Not `over_edits`:
    what people changed in the store is left as they left it.
    """

    mode: Mode = "both"
    columns: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, Order] = field(default_factory=dict)
    sheets: Collection[str] = ()
    persons: Mapping[tuple[str, int], bool] = field(default_factory=dict)
    titles: frozenset[str] = frozenset()
    over_edits: bool = True


EVERYTHING = Asked()


@dataclass(frozen=True)
class Plan:
    """An import as it is handed from stage to stage; `report` says more after each."""

    asked: Asked
    report: Report
    layouts: list[Layout]
    owners: dict[str | None, str] = field(default_factory=dict)  # as the store writes them, by their folded names

    @property
    def rows(self) -> int:
        """How many there are to read."""
        return sum(layout.sheet.height - layout.header_at - 1 for layout in self.layouts)

    @property
    def with_others(self) -> bool:
        """Whether the file has sheets that name the contacts of its own."""
        return any(layout.table is not LEADS for layout in self.layouts)


def plan_of(book: Workbook, connection: Connection, region: Region, asked: Asked, report: Report) -> Plan:
    """Recognise each sheet, and say in the report what it is read as; raises ColumnsNeeded when nothing says who the rows are about."""
    found = {sheet.name: _layout(sheet, connection, region, asked, report) for sheet in book.sheets}
    if not any(found.values()):
        sheet = book.sheets[0]
        # nothing says what the file is: its first sheet is shown as leads, for a person to choose
        found[sheet.name] = _layout(sheet, connection, region, asked, report, LEADS.kind)
    asides = _asides([layout for layout in found.values() if layout], asked)
    for name in asked.sheets:
        if (layout := found.get(name)) and layout.table is LEADS and things_in(layout):
            found[name] = replace(layout, joined=True)  # of invoices there may be several for one contact
    for sheet in book.sheets:
        layout = found[sheet.name]
        aside = asides.get(sheet.name, "")
        report.sheets.append(SheetReport(sheet.name, layout.table.kind if layout else "", aside=aside))
        if layout and layout.table is LEADS:
            report.columns += _columns(layout, region)
        if aside:
            report.problems.append(Problem(sheet.name, 0, "", "", aside))
        elif layout:
            report.problems += _told(layout, region)
        else:
            reason = "Feuille non reconnue à son nom ni à ses titres de colonnes\u00a0: elle n’est pas importée."
            report.problems.append(Problem(sheet.name, 0, "", "", reason))
    layouts = [layout for name, layout in found.items() if layout and name not in asides]
    if asked.titles:
        _require_titles(asked.titles, report)
    if not asides and not any(has_identity(layout) for layout in layouts):
        headers = [column.name for column in report.columns][:6]
        seen = f" Titres lus\u00a0: {', '.join(header[:30] for header in headers)}." if headers else ""
        advice = "donnez à la première ligne des titres comme ID Lead, Nom, Entreprise, Email"
        raise ColumnsNeeded(f"Aucune colonne d’identité n’est reconnue\u00a0: {advice}.{seen}", report.columns)
    owners = connection.execute(select(leads.c.owner).distinct().where(leads.c.owner.is_not(None))).scalars()
    return Plan(replace(asked, dates=_dates(connection, asked, report)), report, layouts, {fold(owner): owner for owner in owners})


def planned(crm: Crm, source: bytes | Path, filename: str, asked: Asked) -> tuple[Workbook, Plan]:
    """A file that was imported as `asked`, opened once more, and what it is read as."""
    book = read(source, filename, crm.settings.import_workbook_mb)
    with crm.read() as connection:
        return book, plan_of(book, connection, crm.region, asked, Report(filename, True))


def _dates(connection: Connection, asked: Asked, report: Report) -> dict[str, Order]:
    """As chosen now, else for such a sheet before."""
    found: dict[str, str] = {}
    for sheet in {column.sheet for column in report.columns}:
        found |= remembered(connection, [column.name for column in report.columns if column.sheet == sheet], "dates")
    return {**cast("dict[str, Order]", found), **asked.dates}


def _require_titles(titles: frozenset[str], report: Report) -> None:
    found = {column.name for column in report.columns}
    changes = [
        f"{said} {', '.join(quote(name) for name in sorted(names))}"
        for said, names in (("n’y est plus\u00a0:", titles - found), ("y est nouveau\u00a0:", found - titles))
        if names
    ]
    if changes:
        said = "\u00a0; ".join(changes)
        raise TitlesChanged(f"Les colonnes du fichier ont changé ({said}).")


def _layout(sheet: Sheet, connection: Connection, region: Region, asked: Asked, report: Report, kind: str = "") -> Layout | None:
    """As recognised, then as its shape, what was chosen for such a file before, and what is chosen now say."""
    layout = recognise(sheet)
    if layout and layout.table is not LEADS:
        return completed(layout)
    layout = layout and settled(layout, region)
    header_at = layout.header_at if layout else likely_row(sheet, LEADS)
    names = list(column_names(sheet.head[header_at][1]).values())
    shape = shape_of(names)
    chosen = remembered(connection, names, "columns") | {name: key for name, key in asked.columns.items() if name in names}
    choices = shape.choices(names) if shape else {}
    choices = {name: key for name, key in choices.items() if name not in chosen} | {name: chosen[name] for name in names if name in chosen}
    if not (layout or choices or kind):
        return None
    layout = choose(sheet, layout, choices)
    statuses = StatusWords(remembered(connection, names, "statuses") | dict(asked.statuses))
    if shape is None:
        return replace(layout, statuses=statuses, joined=DEAL in layout.columns.values() and names_somebody(layout))
    report.shape = shape.label
    return replace(layout, statuses=statuses, program=shape.program, joined=shape.joined, continued=shape.continued)


def _asides(layouts: list[Layout], asked: Asked) -> dict[str, str]:
    """Why each sheet that is left aside is, by name: it holds no contacts, or another sheet does."""
    asides = {}
    people: list[Layout] = []
    for layout in layouts:
        name = layout.sheet.name
        if layout.table is not LEADS or layout.exported:
            continue
        if name not in asked.sheets and (things := things_in(layout)):
            asides[name] = f"Cette feuille semble contenir {things}\u00a0: elle n’est pas importée, {CONFIRM}."
        elif has_identity(layout):
            people.append(layout)
    if people:
        first = next((layout for layout in people if table_named(layout.sheet.name) is LEADS), people[0])
        said = f"La feuille «\u00a0{first.sheet.name}\u00a0» a déjà des contacts\u00a0: celle-ci n’est pas importée, {CONFIRM}."
        others = {layout.sheet.name for layout in people} - {first.sheet.name, *asked.sheets}
        asides |= dict.fromkeys(others, said)
    return asides


def _told(layout: Layout, region: Region) -> list[Problem]:
    """The lines above the titles, which are not read, the columns of which only their values said what they are, and merged cells."""
    sheet = layout.sheet.name
    above = [
        Problem(sheet, line, "", sample(next(cell for cell in cells if cell is not None), region), ABOVE) for line, cells in layout.above
    ]
    guessed = [
        Problem(sheet, layout.header_line, layout.names[place], "", GUESSED.format(column.label))
        for place, column in layout.columns.items()
        if place in layout.guessed
    ]
    merged = [Problem(sheet, layout.sheet.merged, "", "", MERGED)] if layout.sheet.merged > layout.header_line else []
    return above + guessed + merged


def _columns(layout: Layout, region: Region) -> list[ColumnShown]:
    shown = []
    for place, name in layout.names.items():
        samples = tuple(islice(filter(None, (sample(cell, region) for cell in layout.first_values(place))), SAMPLES))
        column = layout.columns.get(place)
        shown.append(ColumnShown(layout.sheet.name, name, column.key if column else "", samples))
    return shown


def sample(cell: Cell, region: Region) -> str:
    """What a person is shown of a cell."""
    return values.clean(cells.text(cell, region))[:LONGEST_SAMPLE]
