"""Dashboard: what to do today, and where the team stands. Nothing here writes: a lead opens by moving to Contacts."""

from __future__ import annotations

from gnetics.domain import dates
from gnetics.domain.typography import counted, number
from gnetics.metrics.board import Board
from gnetics.metrics.words import percent
from gnetics.pages.app import App
from gnetics.pages.boards import pictures, readings
from gnetics.pages.boards.board_page import BoardPage
from gnetics.pages.boards.heads import heads
from gnetics.pages.boards.waiting import QUEUES, waiting_list
from gnetics.pages.boards.widgets.dashboard import Dashboard, DashboardBlock, Split, StatusGroup
from gnetics.pages.opening import opener
from gnetics.widgets.charts import Bar, Chart, Columns, HorizontalBars, Range, Ranges
from gnetics.widgets.given import NOTHING
from gnetics.widgets.picture import Legend, Picture

FIRST, STEP = 8, 20  # rows of the day's list, and how many more a click brings
MOST_RULES = 6
LEGENDS: dict[str, list[Legend]] = {"pipeline": pictures.AGEING_LEGEND, "forecast": pictures.FORECAST_LEGEND}


class DashboardPage(BoardPage):
    """The address carries the period, the owner, and the counter that narrows the day's list."""

    key = "dashboard"
    absent_then = "La priorité du jour dit quoi faire maintenant : elle ne se lit qu’aujourd’hui."

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._queue = ""
        self._length = FIRST
        self.charts: dict[str, Chart] = {
            "split": HorizontalBars(self.choose),
            "kpis": Columns(self.choose, 184),
            "outreach": HorizontalBars(self.choose),
            "pipeline": HorizontalBars(self.choose),
            "forecast": Columns(self.choose, 184),
            "sources": Ranges(self.choose),
            "quality": HorizontalBars(self.choose),
        }
        self.pictures = {name: Picture(figure=chart.figure) for name, chart in self.charts.items()}
        self.screen = Dashboard(self, charts=self.pictures)
        self.widget = self.assemble(self.screen)

    def extras(self) -> dict[str, str]:
        return {"file": self._queue} if self._queue else {}

    def follow(self, query: dict[str, str]) -> None:
        wanted = query.get("file", "")
        wanted = wanted if wanted in QUEUES else ""
        if wanted != self._queue:
            self._queue, self._length = wanted, FIRST
            self._show_waiting()

    def words(self) -> str:
        day = dates.long(self.day, self.app.region)
        return f"{day[:1].upper()}{day[1:]}"

    def show_board(self, board: Board) -> None:
        screen, book = self.screen, self.book
        size = board.population.size
        self.app.say_facts("dashboard", counted(size, "contact réel", "contacts réels"))
        with screen.hold_sync():
            screen.empty = "" if size else readings.NOBODY_YET
            screen.heads = heads(board, book)
            screen.split = self._split(board)
            screen.blocks = self._blocks(board)
            self._show_waiting()
        self._draw("split", pictures.split(board, book))

    def _draw(self, name: str, marks: list[Bar] | list[Range]) -> None:
        self.charts[name].show(marks)  # type: ignore[attr-defined]

    # the day's list

    def narrow(self, queue: str) -> None:
        self._queue, self._length = ("" if queue == self._queue or queue not in QUEUES else queue), FIRST
        self._show_waiting()
        self.app.set_query(self.key, self.query())

    def lengthen(self) -> None:
        self._length += STEP
        self._show_waiting()

    def _show_waiting(self) -> None:
        if self.board is not None:
            self.screen.waiting = NOTHING if self.filters.day else waiting_list(self.board.priority, self._queue, self._length, self.book)

    # the blocks

    def _split(self, board: Board) -> Split:
        groups: list[StatusGroup] = [
            {
                "label": row["label"],
                "ref": self.book.ref(f"groupe.{row['label']}", row["share"], row["label"]),
                "count": number(row["share"].numerator),
                "share": percent(row["share"].value),
            }
            for row in board.split.groups
        ]
        marks = pictures.split(board, self.book)
        self.caption(self.pictures["split"], "Répartition des statuts", [readings.split(board)], [])
        return {"reading": readings.split(board), "groups": groups, "statuses": pictures.behind(marks)}

    def _blocks(self, board: Board) -> list[DashboardBlock]:
        book, region, during = self.book, self.app.region, self.during
        made: tuple[tuple[str, str, str, str, str, list[Bar] | list[Range]], ...] = (
            (
                "kpis",
                "KPIs globaux",
                "A",
                readings.kpis(board, region, during),
                f"Montant gagné par mois, en {pictures.months_unit(board, region)}",
                pictures.won_by_month(board, book),
            ),
            ("outreach", "Outreach", "D", readings.outreach(board, during), f"Emails {during}", pictures.outreach(board, book)),
            (
                "pipeline",
                "Pipeline",
                "D",
                readings.pipeline(board),
                "Contacts ouverts, par temps passé dans le statut",
                pictures.ageing(board, book),
            ),
            (
                "forecast",
                "Prévisions",
                "E",
                readings.forecast(board, region),
                f"Par mois de clôture, en {pictures.forecast_unit(board, region)}",
                pictures.forecast(board, book),
            ),
            (
                "sources",
                "Conversion par source",
                "B",
                readings.sources(board, region, during),
                "Taux, et son intervalle à 95 %",
                pictures.sources(board, book),
            ),
            (
                "quality",
                "Qualité",
                "F",
                readings.NO_PAST_QUALITY if self.filters.day else readings.quality(board),
                "Contacts concernés par règle",
                [] if self.filters.day else pictures.rules(board, book, MOST_RULES),
            ),
        )
        blocks: list[DashboardBlock] = []
        for key, title, block, reading, caption, marks in made:
            self._draw(key, marks)
            self.caption(self.pictures[key], title, [reading, caption], LEGENDS.get(key, []))
            blocks.append(
                {
                    "key": key,
                    "title": title,
                    "reading": reading,
                    "caption": caption,
                    "legend": LEGENDS.get(key, []),
                    "drawn": any(mark.high if isinstance(mark, Range) else sum(mark.parts) for mark in marks),
                    "query": self.filters.to_query() | {"bloc": block},
                    "rows": pictures.behind(marks),
                }
            )
        return blocks


def build(app: App) -> DashboardPage:
    return DashboardPage(app)


show = opener("dashboard")
