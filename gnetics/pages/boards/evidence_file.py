"""The rows behind a figure as a file: those of the part on screen, all of them, with what the figure says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gnetics.domain.accesses import Access
from gnetics.domain.typography import counted
from gnetics.exports.csv_file import csv_file
from gnetics.exports.lead_table import lead_table
from gnetics.exports.other_tables import event_table, message_table
from gnetics.exports.tables import Table, file_name
from gnetics.exports.xlsx_file import xlsx_file
from gnetics.metrics.board import Board
from gnetics.metrics.figure import Figure, Keys
from gnetics.pages.boards import evidence_rows
from gnetics.pages.boards.book import Entry
from gnetics.store.reading import logs

if TYPE_CHECKING:
    from gnetics.pages.app import App


def made(of: Entry, part: str, form: str, app: App, board: Board) -> tuple[str, bytes]:
    """(name, content) of a file of form csv or xlsx; leads are those of the day that the board shows."""
    _, words, keys = next(each for each in evidence_rows.parts(of.figure) if each[0] == part)
    write = {"csv": csv_file, "xlsx": xlsx_file}[form]
    table = _table(of.figure, keys, app, board)
    heading = _heading(of, words, len(keys), app, board) + _missing(of.figure, len(keys) - sum(1 for _ in table.rows))
    name = file_name(of.title, board.population.today, form)
    app.hand_over(Access.EXPORTED, name, len(keys))
    return name, write(table, app.region, heading)


def _heading(of: Entry, part: str, count: int, app: App, board: Board) -> list[tuple[str, str]]:
    said = evidence_rows.entry("", of, app, board)
    lines = [
        ("Chiffre", said["title"]),
        ("Valeur", " · ".join(filter(None, (said["value"], said["detail"])))),
        ("Définition", f"{of.figure.explained.title} : {said['formula']}"),
        ("Population", said["population"]),
        ("Fenêtre", said["window"]),
        ("Lignes", f"{part} : {counted(count, evidence_rows.UNITS[of.figure.table])}"),
    ]
    return lines + [("À savoir", trap) for trap in said["traps"]]


def _missing(figure: Figure, count: int) -> list[tuple[str, str]]:
    """Of the mails that a figure counts, those that were erased from the log."""
    erased = figure.table == "messages" and count > 0
    return [("Effacés", f"{counted(count, 'message')} de ce nombre, d’après la durée de conservation du journal")] if erased else []


def _table(figure: Figure, keys: Keys, app: App, board: Board) -> Table:
    snapshot = app.snapshot
    if figure.table == "messages":
        return message_table(logs.frame_of_messages(app.crm, app.user, keys.tolist()), snapshot.leads)
    frame = getattr(board.frames, figure.table)
    rows = frame.loc[[key for key in keys.tolist() if key in frame.index]]
    if figure.table == "events":
        return event_table(rows, snapshot.leads)
    return lead_table(rows, app.crm.foreign_keys(rows.index.tolist()))
