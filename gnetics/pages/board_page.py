"""What Dashboard and Dash Data do alike: period and owner in the address, the shared board, the panel of a figure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import ipyvuetify as v
from ipywidgets import DOMWidget

from gnetics.domain import dates
from gnetics.exchange.tables import file_name
from gnetics.metrics.board import Board
from gnetics.metrics.figure import Row
from gnetics.pages import evidence_file, evidence_rows
from gnetics.pages.boards import boards
from gnetics.pages.book import Book
from gnetics.pages.report import FORMS, report_file
from gnetics.state.period import NOBODY, PERIODS, BoardFilters
from gnetics.widgets.board_bar import BoardBar
from gnetics.widgets.download import Download
from gnetics.widgets.evidence import Evidence
from gnetics.widgets.picture import Picture
from gnetics.widgets.typography import spaced

if TYPE_CHECKING:
    from gnetics.pages.frame import App

FIGURE = "chiffre"  # names the open figure in the address


class BoardPage(ABC):
    """Nothing here writes. A figure that is open is named in the address, so Back closes it."""

    key: str

    def __init__(self, app: App) -> None:
        self.app = app
        self.filters = BoardFilters()
        self.book = Book(app.region)
        self.board: Board | None = None
        self.opened = ""
        self.bar = BoardBar(
            self._filter,
            periods=[{"value": each.key, "label": each.words} for each in PERIODS],
            exporter=Download(self._report, FORMS, label="Exporter le rapport"),
        )
        self.evidence = Evidence(self._close, self._list, self.go, exporter=Download(self._rows_file, what="les lignes affichées"))

    def assemble(self, content: DOMWidget) -> DOMWidget:
        return v.Html(tag="div", class_="g-page", children=[self.bar, content, self.evidence])

    @abstractmethod
    def show_board(self, board: Board) -> None:
        """Fill the page, and the book, from a new board."""

    @abstractmethod
    def extras(self) -> dict[str, str]:
        """What else the address says."""

    @abstractmethod
    def follow(self, query: dict[str, str]) -> None:
        """Take the extras of an address; called once the board is shown."""

    def visit(self, query: dict[str, str]) -> None:
        self.filters.from_query(query)
        self._show()
        self.follow(query)
        self._open(query.get(FIGURE, ""))

    def refresh(self) -> None:
        self._show()
        self._open(self.opened)

    def choose(self, ref: str) -> None:
        """A click on a figure, a bar or a row."""
        if self._open(ref):
            self.app.set_query(self.key, self.query(), "push")

    def go(self, page: str, query: dict[str, str]) -> None:
        self.app.go(page, **query)

    def query(self) -> dict[str, str]:
        return self.filters.to_query() | self.extras() | ({FIGURE: self.opened} if self.opened else {})

    def _show(self) -> None:
        board = boards(self.app).get(self.app, self.filters)
        if board is self.board:
            return
        self.board, self.book = board, Book(self.app.region)
        with self.bar.hold_sync():
            self.bar.period, self.bar.owner = self.filters.period, self.filters.owner
            self.bar.owners = self._owners()
            self.bar.words = self.words()
        self.show_board(board)

    def words(self) -> str:
        """Left of the filters: what the period means here."""
        return ""

    def _owners(self) -> list[dict[str, str]]:
        names = sorted({str(name) for name in self.app.snapshot.real["owner"].dropna().unique()}, key=str.casefold)
        found = [
            {"value": "", "label": "Tous"},
            *({"value": name, "label": name} for name in names),
            {"value": NOBODY, "label": "Non attribué"},
        ]
        if self.filters.owner not in {each["value"] for each in found}:
            found.append({"value": self.filters.owner, "label": self.filters.owner})
        return found

    def _filter(self, asked: dict[str, str]) -> None:
        self.filters.from_query(
            self.filters.to_query()
            | {"periode": asked.get("period", self.filters.period), "responsable": asked.get("owner", self.filters.owner)}
        )
        self._show()
        self._open(self.opened)
        self.app.set_query(self.key, self.query())

    def _open(self, ref: str) -> bool:
        """Show the panel of a figure; an unknown one, or none, closes it."""
        entry = self.book.entries.get(ref)
        self.opened = ref if entry else ""
        if entry is None:
            self.evidence.shown = False
            return False
        with self.evidence.hold_sync():
            self.evidence.entry = evidence_rows.entry(ref, entry, self.app)
            self.evidence.listed = evidence_rows.page(
                entry.figure, evidence_rows.COUNTED if len(entry.figure.counted) else evidence_rows.AMONG, 1, self.app
            )
            self.evidence.shown = True
        return True

    def _list(self, part: str, page: int) -> None:
        entry = self.book.entries.get(self.opened)
        if entry:
            self.evidence.listed = evidence_rows.page(entry.figure, part, page, self.app)

    def caption(self, picture: Picture, title: str, lines: list[str], legend: list[Row]) -> None:
        """What an image of the chart says around it."""
        words, today = self.filters.words.words, self.app.today()
        owner = {"": "tous les responsables", NOBODY: "non attribués"}.get(self.filters.owner, self.filters.owner)
        foot = f"CRM GNETICS · {dates.show(today, self.app.region)} · {words} · {owner}"
        picture.say(spaced(title), lines, legend, foot, file_name(title, today, "png"))

    def _report(self, form: str) -> tuple[str, bytes]:
        assert self.board is not None  # shown before anyone can ask
        return report_file(form, self.board, self.filters, self.app.region, self.app.crm.clock.now())

    def _rows_file(self, form: str) -> tuple[str, bytes]:
        return evidence_file.made(self.book.entries[self.opened], self.evidence.listed["part"], form, self.app)

    def _close(self) -> None:
        self._open("")
        self.app.set_query(self.key, self.query())

    @property
    def during(self) -> str:
        return self.filters.words.during
