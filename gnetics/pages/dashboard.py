"""Dashboard: what to do today, and where the team stands. Nothing here writes: a lead opens by moving to Contacts."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from gnetics import texts
from gnetics.domain import dates, leads, money
from gnetics.metrics.board import PERIOD_DAYS, Board
from gnetics.metrics.figure import Row
from gnetics.metrics.priority import Priority
from gnetics.metrics.variation import Variation
from gnetics.pages import pictures, readings
from gnetics.pages.board_page import BoardPage
from gnetics.pages.book import decimal, percent, shown
from gnetics.pages.frame import App, opener
from gnetics.widgets import lead_rows
from gnetics.widgets.charts import Bar, Chart, Columns, HorizontalBars, Range, Ranges
from gnetics.widgets.dashboard import Dashboard
from gnetics.widgets.picture import Picture
from gnetics.widgets.typography import counted, number, spaced

FIRST, STEP = 8, 20  # rows of the day's list, and how many more a click brings
LOUD = 3.0  # a change beyond +300 % reads « × 12 »
MOST_RULES = 6
PILLS = {
    "blocked": ("Bloqué", "late"),
    "late": ("En retard", "late"),
    "today": ("Aujourd’hui", "soon"),
    "first": ("Premier contact", "info"),
}
QUEUES = {
    "relancer": ("À relancer", "mdi-phone-clock"),
    "sans-contact": ("Sans contact", "mdi-account-question-outline"),
    "bloques": ("Bloqués", "mdi-alert-outline"),
}
LEGENDS = {"pipeline": pictures.AGEING_LEGEND, "forecast": pictures.FORECAST_LEGEND}
ICONS = {"hausse": "mdi-arrow-up", "baisse": "mdi-arrow-down", "stable": "mdi-equal", "nouveau": "", "n/d": ""}


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
        self.screen = Dashboard(self.choose, self._pick, self._more, self.go, charts=self.pictures)
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
        return f"{day[:1].upper()}{day[1:]}. La période sert les blocs et les évolutions."

    def show_board(self, board: Board) -> None:
        screen, book = self.screen, self.book
        size = board.population.size
        self.app.say_facts("dashboard", counted(size, "contact réel", "contacts réels"))
        with screen.hold_sync():
            screen.empty = "" if size else readings.NOBODY_YET
            screen.heads = self._heads(board)
            screen.split = self._split(board)
            screen.blocks = self._blocks(board)
            self._show_waiting()
        self._draw("split", pictures.split(board, book))

    def _draw(self, name: str, marks: list[Bar] | list[Range]) -> None:
        self.charts[name].show(marks)  # type: ignore[attr-defined]

    # the three figures

    def _heads(self, board: Board) -> list[Row]:
        top, moved, book = board.headline, board.variation, self.book
        blocked = book.ref("bloques", top.blocked, "Pipeline actif : bloqués") if top.blocked.numerator else ""
        without = next((len(out) for out in top.amount.left_out if out.reason == "sans montant"), 0)
        conversion = f"{number(top.conversion.numerator)}/{number(top.conversion.denominator or 0)}"
        return [
            {
                "ref": book.ref("pipeline", top.pipeline, "Pipeline actif"),
                "label": "Pipeline actif",
                "value": shown(top.pipeline, book.region),
                "detail": "leads",
                "second": {"text": f"dont {counted(top.blocked.numerator, 'bloqué')}", "ref": blocked},
                "move": self._move(moved.pipeline),
            },
            {
                "ref": book.ref("montant", top.amount, "Montant estimé"),
                "label": "Montant estimé",
                "value": shown(top.amount, book.region),
                "detail": "",
                "second": {
                    "text": f"{number(without)} sans montant" if without else "tous avec un montant",
                    "ref": "montant" if without else "",
                },
                "move": self._move(moved.amount),
            },
            {
                "ref": book.ref("conversion", top.conversion, "Taux de conversion"),
                "label": "Taux de conversion",
                "value": shown(top.conversion, book.region),
                "detail": conversion,
                "second": {
                    "text": f"réussite {shown(top.success, book.region)}",
                    "ref": book.ref("reussite", top.success, "Taux de réussite"),
                },
                "move": self._move(moved.conversion),
            },
        ]

    def _move(self, moved: Variation) -> Row:
        """Against the state one period ago; quiet when nobody knows it."""
        ago = self._ago()
        if moved.word == "n/d":
            since = self.app.snapshot.history_since
            begins = (
                f" : l’historique commence le {dates.show(since.tz_convert(self.app.region.zone).date(), self.app.region)}"
                if since is not None
                else ""
            )
            return {"icon": "", "text": f"évolution {texts.NOT_AVAILABLE}", "title": spaced(f"État du {ago} inconnu{begins}.")}
        before = shown(moved.previous, self.app.region) if moved.previous else ""
        title = spaced(f"{before} le {ago}")
        if moved.word == "nouveau":
            return {"icon": "", "text": title, "title": title}
        return {"icon": ICONS[moved.word], "text": f"{self._change(moved)} depuis le {ago}", "title": title}

    def _change(self, moved: Variation) -> str:
        if moved.word == "stable":
            return "stable"
        if moved.current.unit == "ratio":
            points = abs(100 * (moved.difference or 0.0))
            return f"{decimal(points)} {'point' if points < 2 else 'points'}"
        change = moved.change or 0.0
        return f"× {decimal(1 + change)}" if change > LOUD else f"{decimal(abs(100 * change), 0)}\u00a0%"

    def _ago(self) -> str:
        start, end = self.filters.span(self.day)
        days = (end - start).days + 1 if start and end else PERIOD_DAYS
        return dates.show(self.day - timedelta(days=days), self.app.region)

    # the day's list

    def _pick(self, key: str) -> None:
        self._queue, self._length = ("" if key == self._queue or key not in QUEUES else key), FIRST
        self._show_waiting()
        self.app.set_query(self.key, self.query())

    def _more(self) -> None:
        self._length += STEP
        self._show_waiting()

    def _show_waiting(self) -> None:
        if self.board is None:
            return
        if self.filters.day:
            self.screen.waiting = {}
            return
        waiting, book = self.board.priority, self.book
        figures = dict(zip(QUEUES, (waiting.follow_up, waiting.never_contacted, waiting.blocked), strict=True))
        chosen = figures.get(self._queue)
        places = np.arange(waiting.total.numerator) if chosen is None else np.flatnonzero(np.isin(waiting.total.keys, chosen.keys))
        side = (
            ("semaine", waiting.planned_soon, "Plus tard cette semaine"),
            ("hier", waiting.contacted_yesterday, "Contactés hier"),
        )
        self.screen.waiting = {
            "sentence": readings.priority(waiting.total, waiting.late),
            "counters": [
                {
                    "key": key,
                    "label": words,
                    "icon": icon,
                    "count": figures[key].numerator,
                    "on": key == self._queue,
                    "title": figures[key].explained.formula,
                }
                for key, (words, icon) in QUEUES.items()
            ],
            "rows": [self._line(row) for row in _rows_at(waiting, places[: self._length])],
            "left": max(0, len(places) - self._length),
            "side": [
                {"ref": book.ref(f"priorite.{key}", figure, words), "text": spaced(f"{words} : {number(figure.numerator)}")}
                for key, figure, words in side
                if figure.numerator
            ],
        }

    def _line(self, row: Row) -> Row:
        pill, tint = PILLS[row["pill"]]
        title = leads.title(row)
        company = row["company"] if row["company"] != title else ""
        amount = "sans montant" if row["amount"] is None else money.short(int(row["amount"]), self.app.region)
        facts = (row["reason"], amount, row["status"] or texts.NO_STATUS, row["owner"] or "non attribué")
        return {
            "ref": lead_rows.reference(row),
            "title": f"{title} · {company}" if company else title,
            "facts": " · ".join(part for part in facts if part),
            "pill": f"{pill} · {number(row['overdue'])}\u00a0j" if row["pill"] == "late" else pill,
            "tint": tint,
            "verb": row["verb"],
        }

    # the blocks

    def _split(self, board: Board) -> Row:
        groups = [
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

    def _blocks(self, board: Board) -> list[Row]:
        book, region, during = self.book, self.app.region, self.during
        made: tuple[tuple[str, str, str, str, str, list[Bar] | list[Range]], ...] = (
            (
                "kpis",
                "KPIs globaux",
                "A",
                readings.kpis(board, region, during),
                f"Montant gagné par mois, en {pictures.months_unit(board, book)}",
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
                f"Par mois de clôture, en {pictures.forecast_unit(board, book)}",
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
        blocks = []
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


def _rows_at(waiting: Priority, places: np.ndarray) -> list[Row]:
    """Rows of the ranked list at some places; neighbours are read together."""
    found: list[Row] = []
    for run in np.split(places, np.flatnonzero(np.diff(places) != 1) + 1):
        if len(run):
            found += waiting.rows(int(run[0]), len(run))
    return found


def build(app: App) -> DashboardPage:
    return DashboardPage(app)


show = opener("dashboard")
