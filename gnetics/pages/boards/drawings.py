"""The pictures of the boards as charts of a document: the same marks, in light colours."""

from __future__ import annotations

from collections.abc import Sequence

from gnetics.exports.charts import Chart, Form, Mark
from gnetics.metrics.board import Board
from gnetics.pages.boards import pictures
from gnetics.pages.boards.block_tables import BlockSection
from gnetics.pages.boards.book import Book
from gnetics.widgets import theme
from gnetics.widgets.charts import Bar, Range
from gnetics.widgets.picture import Legend

_COLUMNS = ("months", "forecast")  # the pictures by month
_TINTS = {"primary": pictures.PRIMARY, "won": pictures.WON, "soon": pictures.SOON, "late": pictures.LATE}


def of_section(section: BlockSection, board: Board, book: Book) -> Chart | None:
    """None when there is nothing to draw."""
    if not section.chart:
        return None
    return chart(section.chart, section.title, pictures.BY_NAME[section.chart](board, book), section.legend)


def chart(name: str, title: str, marks: Sequence[Bar] | Sequence[Range], legend: Sequence[Legend] = ()) -> Chart | None:
    found = tuple(_range(each) if isinstance(each, Range) else _bar(each) for each in marks)
    if not any(part for mark in found for part in mark.parts):
        return None
    form: Form = "columns" if name in _COLUMNS else "ranges" if isinstance(marks[0], Range) else "bars"
    return Chart(form, title, found, tuple((each["text"], theme.IN_LIGHT[_TINTS[each["tint"]]]) for each in legend))


def _bar(bar: Bar) -> Mark:
    return Mark(bar.name, bar.parts, bar.label, tuple(theme.IN_LIGHT[colour] for colour in bar.colours))


def _range(found: Range) -> Mark:
    return Mark(found.name, (found.low, found.high), found.label, (theme.IN_LIGHT[found.colour],), found.value)
