"""A table of figures says the same on screen and in files, each in its way."""

from __future__ import annotations

from datetime import date

import numpy as np

from gnetics.domain.regions import REGIONS
from gnetics.exports.tables import Cell, Measure, Table
from gnetics.metrics.figure import Figure, Selection
from gnetics.pages.boards.block_tables import (
    Block,
    BlockSection,
    BlockTable,
    FigureCell,
    FigureColumn,
    FigureRow,
    drawn,
    numbers,
    opening,
    words,
)
from gnetics.pages.boards.book import Book
from gnetics.pages.boards.in_files import in_files
from gnetics.pages.boards.on_screen import on_screen
from gnetics.pages.boards.widgets.dash_data import Cell as ScreenCell

FRANCE = REGIONS["FR"]


def count(leads: int) -> Figure:
    return Figure("contacts", "count", leads, Selection(np.arange(leads, dtype=np.int64)), 2_000)


def table(columns: tuple[FigureColumn, ...], *rows: FigureRow) -> BlockTable:
    return BlockTable("Contacts", columns, rows)


def row(*cells: FigureCell) -> FigureRow:
    return FigureRow(cells)


def filed(made: BlockTable) -> tuple[Table, list[tuple[Cell, ...]]]:
    found = in_files(made, FRANCE)
    return found, list(found.rows)


def screened(made: BlockTable, book: Book) -> list[list[ScreenCell]]:
    block = Block("A", "Contacts", "", "", (BlockSection("", made),), ())
    return [each["cells"] for each in on_screen(block, set(), book)["sections"][0]["table"]["rows"]]


def test_a_figure_a_count_and_a_month_are_words_on_screen_and_values_in_files() -> None:
    month = date(2026, 11, 1)
    made = table(words("Mois") + numbers("Contacts", "Autres"), row(FigureCell(month), opening("A", count(1_248)), FigureCell(1_300)))
    assert [[cell["text"] for cell in cells] for cells in screened(made, Book(FRANCE))] == [["nov. 26", "1\u202f248", "1\u202f300"]]
    _, rows = filed(made)
    assert rows == [(Measure(month, "month", "nov. 26"), Measure(1_248, "whole", "1\u202f248"), Measure(1_300, "whole", "1\u202f300"))]


def test_an_unknown_value_has_its_words_and_no_value() -> None:
    unknown = Figure("score", "score", None, Selection(np.arange(0, dtype=np.int64)), 0)
    assert filed(table(numbers("Score"), row(FigureCell(unknown))))[1] == [(Measure(None, "decimal", "n/d"),)]


def test_what_stands_beside_a_cell_becomes_a_remark_named_after_its_column() -> None:
    made = table(
        words("Source") + numbers("Leads"),
        row(FigureCell("Salon", pill="en maturation"), opening("A", count(3), note="n = 3")),
        row(FigureCell("Web"), FigureCell(2)),
    )
    found, rows = filed(made)
    assert [column.label for column in found.columns] == ["Source", "Leads", "Remarques"]
    assert [each[-1] for each in rows] == ["en maturation\u00a0; Leads\u00a0: n = 3", ""]


def test_a_pill_that_is_all_a_cell_says_is_its_text_in_a_file() -> None:
    found, rows = filed(table(words("Gravité"), row(FigureCell("", pill="bloquante"))))
    assert (len(found.columns), rows) == (1, [("bloquante",)])


def test_the_column_of_the_picture_is_drawn_whatever_its_label_and_totals_stand_out() -> None:
    made = table(
        numbers("Contacts") + drawn("Contacts"), row(FigureCell(1), FigureCell(1)), FigureRow((FigureCell(1), FigureCell(1)), "total")
    )
    found, _ = filed(made)
    assert (found.drawn, found.strong) == ((1,), frozenset({1}))


def test_a_figure_without_a_row_has_nothing_to_open_but_its_address_does() -> None:
    book = Book(FRANCE)
    ((none, some),) = screened(table(numbers("Aucun", "Un"), row(opening("none", count(0)), opening("some", count(1)))), book)
    assert ("ref" in none, some["ref"]) == (False, "some")
    assert {ref: entry.title for ref, entry in book.entries.items()} == {"none": "Contacts réels", "some": "Contacts réels"}


def test_what_is_said_in_place_of_a_figure_still_opens_it() -> None:
    made = table(numbers("Conversion"), row(opening("A", count(3), "Conversion", holds="3/4", tint="quiet")))
    assert screened(made, Book(FRANCE)) == [[{"text": "3/4", "ref": "A", "tint": "quiet"}]]
    assert filed(made)[1] == [("3/4",)]
