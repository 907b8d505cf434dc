"""What an import is to do: which sheet of the file is read as what, as recognised, remembered and chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Connection

from gnetics.actions.import_columns import remembered
from gnetics.domain import values
from gnetics.domain.regions import Region
from gnetics.domain.sheets import LEADS
from gnetics.errors import UnreadableFile
from gnetics.imports import cells
from gnetics.imports.layouts import Layout, choose, column_names, has_identity, likely_header, recognise, with_our_numbers
from gnetics.imports.report import ColumnShown, Problem, Report, SheetReport
from gnetics.imports.shapes import shape_of
from gnetics.imports.status_words import StatusWords
from gnetics.imports.workbook import Sheet, Workbook

Mode = Literal["create", "update", "both"]
SAMPLES, LONGEST_SAMPLE = 3, 60  # values of a column shown, characters of each


class ColumnsNeeded(UnreadableFile):
    """The file can be read, but not which of its columns says who the contacts are; `columns` are those it has."""

    def __init__(self, sentence: str, columns: list[ColumnShown]) -> None:
        super().__init__(sentence)
        self.columns = columns


@dataclass(frozen=True)
class Asked:
    """What a person chose: the mode, the fields of columns of leads {name: field key} and statuses {word: status}, "" for none."""

    mode: Mode = "both"
    columns: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)


EVERYTHING = Asked()


@dataclass(frozen=True)
class Plan:
    """An import as it is handed from stage to stage; `report` says more after each."""

    asked: Asked
    report: Report
    layouts: list[Layout]

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
    for sheet in book.sheets:
        layout = found[sheet.name]
        report.sheets.append(SheetReport(sheet.name, layout.table.kind if layout else ""))
        if layout and layout.table is LEADS:
            report.columns += _columns(layout, region)
        elif not layout:
            reason = "Feuille non reconnue à son nom ni à ses titres de colonnes\u00a0: elle n’est pas importée."
            report.problems.append(Problem(sheet.name, 0, "", "", reason))
    layouts = [layout for layout in found.values() if layout]
    if not any(has_identity(layout) for layout in layouts):
        headers = [column.name for column in report.columns][:6]
        seen = f" Titres lus\u00a0: {', '.join(header[:30] for header in headers)}." if headers else ""
        advice = "donnez à la première ligne des titres comme ID Lead, Nom, Entreprise, Email"
        raise ColumnsNeeded(f"Aucune colonne d’identité n’est reconnue\u00a0: {advice}.{seen}", report.columns)
    return Plan(asked, report, layouts)


def _layout(sheet: Sheet, connection: Connection, region: Region, asked: Asked, report: Report, kind: str = "") -> Layout | None:
    """As recognised, then as its shape, what was chosen for such a file before, and what is chosen now say."""
    layout = recognise(sheet, region)
    if layout and layout.table is not LEADS:
        return layout
    layout = layout and with_our_numbers(layout)
    header_at = layout.header_at if layout else likely_header(sheet)
    names = list(column_names(sheet.head[header_at][1]).values())
    shape = shape_of(names)
    choices: dict[str, str] = {}
    if shape:
        report.shape = shape.label
        by_header = {name: shape.field_of(name) for name in names}
        choices |= {name: key for name, key in by_header.items() if key is not None}
    choices |= remembered(connection, names, "columns")
    choices |= {name: key for name, key in asked.columns.items() if name in names}
    if not (layout or choices or kind):
        return None
    statuses = StatusWords(remembered(connection, names, "statuses") | dict(asked.statuses), usual=shape is not None)
    return choose(sheet, layout, choices, shape.program if shape else "", statuses)


def _columns(layout: Layout, region: Region) -> list[ColumnShown]:
    shown = []
    for place, name in layout.names.items():
        texts = (cells.text(row[place], region) for _, row in layout.sheet.head[layout.header_at + 1 :] if place < len(row))
        samples = [values.clean(text)[:LONGEST_SAMPLE] for text in texts if text.strip()][:SAMPLES]
        column = layout.columns.get(place)
        shown.append(ColumnShown(layout.sheet.name, name, column.key if column else "", tuple(samples)))
    return shown
