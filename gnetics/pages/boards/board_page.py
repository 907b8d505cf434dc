"""What Dashboard and Dash Data do alike: period, owner and day in the address, the shared board, the panel of a figure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date
from typing import TYPE_CHECKING

import ipyvuetify as v
from ipywidgets import DOMWidget

from gnetics import texts
from gnetics.domain import dates
from gnetics.domain.accesses import Access
from gnetics.domain.typography import counted, spaced
from gnetics.exports.tables import file_name
from gnetics.metrics.board import Board
from gnetics.metrics.earlier import moment_after
from gnetics.pages.boards import evidence_file, evidence_rows
from gnetics.pages.boards.board import boards, first_day, known_as, owner_names
from gnetics.pages.boards.book import Book
from gnetics.pages.boards.period import DAY, NOBODY, PERIODS, BoardFilters, earlier_day
from gnetics.pages.boards.report import FORMS, report_file
from gnetics.pages.boards.widgets.board_bar import BoardBar, Choice, Past
from gnetics.pages.boards.widgets.evidence import Evidence
from gnetics.widgets.download import Download
from gnetics.widgets.given import NOTHING
from gnetics.widgets.guard import call
from gnetics.widgets.picture import Legend, Picture

if TYPE_CHECKING:
    from gnetics.pages.app import App

FIGURE = "chiffre"  # names the open figure in the address


class BoardPage(ABC):
    """Nothing here writes. A figure that is open is named in the address, so Back closes it."""

    key: str
    absent_then = ""  # what the page does not show of an earlier day, and why

    def __init__(self, app: App) -> None:
        self.app = app
        self.filters = BoardFilters()
        self.book = Book(app.region)
        self.board: Board | None = None
        self.opened = ""
        self.bar = BoardBar(
            self._filter,
            periods=[{"value": each.key, "label": each.words} for each in PERIODS],
            date_format=app.region.date_format,
            date_hint=app.region.date_hint,
            first_weekday=(app.region.first_weekday + 1) % 7,
            exporter=Download(self._report, FORMS, label="Rapport"),
        )
        self.evidence = Evidence(self, exporter=Download(self._rows_file, what="les lignes affichées"))

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
        self.filters.owner = known_as(self.filters.owner, self.app.snapshot)
        self.filters.day = None
        if query.get(DAY):
            call(self._go_back_to, query[DAY])
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
            self.bar.today, self.bar.day_words = self.app.today().isoformat(), dates.show(self.day, self.app.region)
            self.bar.first = first.isoformat() if (first := self._first_day()) else ""
            self.bar.past = self._past() if self.filters.day else NOTHING
        self.show_board(board)

    @property
    def day(self) -> date:
        """The day that the page shows."""
        return self.filters.day or self.app.today()

    def _first_day(self) -> date | None:
        return first_day(self.app.snapshot, self.app.region)

    def _go_back_to(self, asked: str) -> None:
        """Look at an earlier day, "" for today; one that cannot be shown is refused with its sentence."""
        self.filters.day = earlier_day(asked, self.app.today(), self._first_day(), self.app.region)

    def _past(self) -> Past:
        """The banner of an earlier day, and what nobody can know of it."""
        gone = self.app.snapshot.deleted_after(moment_after(self.day, self.app.region.zone))
        limits = [
            "Un champ dont l’historique ne dit rien garde sa valeur d’aujourd’hui ; noms, emails et téléphones sont ceux d’aujourd’hui.",
            f"{counted(gone, 'contact supprimé', 'contacts supprimés')} depuis : {'absent' if gone == 1 else 'absents'} d’ici."
            if gone
            else "",
            self.absent_then,
        ]
        return {"title": f"État au {dates.show(self.day, self.app.region)}", "limits": [spaced(each) for each in limits if each]}

    def words(self) -> str:
        """Left of the filters: what the period means here."""
        return ""

    def _owners(self) -> list[Choice]:
        found: list[Choice] = [
            {"value": "", "label": "Tous"},
            *(Choice(value=name, label=name) for _, name in sorted(owner_names(self.app.snapshot).items())),
            {"value": NOBODY, "label": texts.NO_OWNER},
        ]
        if self.filters.owner not in {each["value"] for each in found}:
            found.append({"value": self.filters.owner, "label": self.filters.owner})
        return found

    def _filter(self, asked: dict[str, str]) -> None:
        self.filters.from_query(
            self.filters.to_query()
            | {"periode": asked.get("period", self.filters.period), "responsable": asked.get("owner", self.filters.owner)}
        )
        if "day" in asked:
            call(self._go_back_to, asked["day"])
        self._show()
        self.bar.asked += 1
        self._open(self.opened)
        self.app.set_query(self.key, self.query())

    def _open(self, ref: str) -> bool:
        """Show the panel of a figure; an unknown one, or none, closes it."""
        entry = self.book.entries.get(ref)
        self.opened = ref if entry else ""
        if entry is None or self.board is None:
            self.evidence.shown = False
            return False
        with self.evidence.hold_sync():
            self.evidence.entry = evidence_rows.entry(ref, entry, self.app, self.board)
            part = evidence_rows.COUNTED if len(entry.figure.counted) else evidence_rows.AMONG
            self.evidence.listed = evidence_rows.page(ref, entry.figure, part, 1, self.app, self.board)
            self.evidence.shown = True
        return True

    def turn(self, part: str, page: int) -> None:
        entry = self.book.entries.get(self.opened)
        if entry and self.board:
            self.evidence.listed = evidence_rows.page(self.opened, entry.figure, part, page, self.app, self.board)

    def caption(self, picture: Picture, title: str, lines: list[str], legend: list[Legend]) -> None:
        """What an image of the chart says around it."""
        words, today = self.filters.words.words, self.day
        owner = {"": "tous les responsables", NOBODY: "non attribués"}.get(self.filters.owner, self.filters.owner)
        foot = f"CRM GNETICS · {dates.show(today, self.app.region)} · {words} · {owner}"
        picture.say(spaced(title), lines, legend, foot, file_name(title, today, "png"))

    def _report(self, form: str) -> tuple[str, bytes]:
        assert self.board is not None  # shown before anyone can ask
        name, content = report_file(form, self.board, self.filters, self.app.region, self.app.crm.clock.now())
        self.app.hand_over(Access.REPORT, name)
        return name, content

    def _rows_file(self, form: str) -> tuple[str, bytes]:
        assert self.board is not None
        return evidence_file.made(self.book.entries[self.opened], self.evidence.listed["part"], form, self.app, self.board)

    def close(self) -> None:
        self._open("")
        self.app.set_query(self.key, self.query())

    @property
    def during(self) -> str:
        return self.filters.words.during
