"""The first page of the report: the figures of the Dashboard, three pictures, a sentence by chapter, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gnetics.domain.regions import Region
from gnetics.domain.typography import capital, counted, spaced
from gnetics.exports.tables import Front, Head, ToDo
from gnetics.metrics.board import Board
from gnetics.pages.boards import pictures, readings
from gnetics.pages.boards.block_tables import Block
from gnetics.pages.boards.book import Book
from gnetics.pages.boards.drawings import chart
from gnetics.pages.boards.heads import heads
from gnetics.pages.boards.period import BoardFilters
from gnetics.pages.boards.waiting import waiting_list

MOST = 5  # who waits, on paper


def front(board: Board, filters: BoardFilters, blocks: Sequence[Block], region: Region) -> Front:
    """Of an earlier day, without what is to do: that is said of today only."""
    book = Book(region)
    waiting = waiting_list(board.priority, "", MOST, book)
    more = f" ; et {counted(waiting['left'], 'autre')}" if waiting["left"] else ""
    queues = ", ".join(f"{each['label'].lower()} {each['count']}" for each in waiting["counters"])
    titled = (
        ("split", f"Contacts par statut : {readings.split(board)}", pictures.split(board, book)),
        ("months", f"Montant gagné par mois, en {pictures.months_unit(board, region)}", pictures.won_by_month(board, book)),
        ("forecast", f"Attendu par mois, en {pictures.forecast_unit(board, region)}", pictures.forecast(board, book)),
    )
    drawn = (chart(name, spaced(title), marks, pictures.FORECAST_LEGEND if name == "forecast" else ()) for name, title, marks in titled)
    today_only = not filters.day
    return Front(
        heads=tuple(_heads(board, book)),
        pictures=tuple(each for each in drawn if each),
        readings=tuple((f"{block.key}. {block.title}", block.reading) for block in blocks),
        waiting=spaced(f"{capital(waiting['sentence'])} : {queues}{more}.") if today_only else "",
        to_do=tuple(ToDo(each["title"], each["facts"], each["pill"], each["verb"]) for each in waiting["rows"]) if today_only else (),
    )


def _heads(board: Board, book: Book) -> Iterable[Head]:
    for each in heads(board, book):
        yield Head(each["label"], each["value"], each["detail"], (each["second"]["text"], each["move"]["text"]))
