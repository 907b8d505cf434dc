"""The day's list: who waits for what, in the order to take them."""

from __future__ import annotations

import numpy as np

from gnetics import texts
from gnetics.domain import leads, money
from gnetics.domain.regions import Region
from gnetics.domain.typography import number, spaced
from gnetics.metrics.figure import Row
from gnetics.metrics.priority import Priority
from gnetics.pages.boards import readings
from gnetics.pages.boards.book import Book
from gnetics.pages.boards.widgets.dashboard import Waiting, WaitingLead, WaitingLine
from gnetics.widgets import lead_rows

PILLS = {
    "blocked": ("Bloqué", "late"),
    "late": ("En retard", "late"),
    "today": ("Aujourd’hui", "soon"),
    "first": ("Premier contact", "info"),
}
FOLLOW_UP = "Relancer"  # the verb that is done by logging an exchange
QUEUES = {
    "relancer": ("À relancer", "mdi-phone-clock"),
    "sans-contact": ("Sans contact", "mdi-account-question-outline"),
    "bloques": ("Bloqués", "mdi-alert-outline"),
}


def waiting_list(waiting: Priority, queue: str, length: int, book: Book) -> Waiting:
    """`length` rows of the queue of QUEUES, of all three when empty."""
    figures = dict(zip(QUEUES, (waiting.follow_up, waiting.never_contacted, waiting.blocked), strict=True))
    chosen = figures.get(queue)
    places = np.arange(waiting.total.numerator) if chosen is None else np.flatnonzero(np.isin(waiting.total.keys, chosen.keys))
    side = {"semaine": waiting.planned_soon, "hier": waiting.contacted_yesterday}
    return {
        "sentence": readings.priority(waiting.total, waiting.late),
        "counters": [
            {
                "key": key,
                "label": words,
                "icon": icon,
                "count": figures[key].numerator,
                "on": key == queue,
                "title": figures[key].explained.formula,
            }
            for key, (words, icon) in QUEUES.items()
        ],
        "rows": [_lead(row, book.region) for row in _rows_at(waiting, places[:length])],
        "left": max(0, len(places) - length),
        "side": [
            {"ref": book.ref(f"priorite.{key}", figure), "text": spaced(f"{figure.explained.title} : {number(figure.numerator)}")}
            for key, figure in side.items()
            if figure.numerator
        ],
    }


def _lead(row: Row, region: Region) -> WaitingLead:
    amount = texts.NO_AMOUNT if row["amount"] is None else money.short(int(row["amount"]), region)
    found = line(row, row["reason"], amount, row["status"] or texts.NO_STATUS, row["owner"] or texts.NO_OWNER.lower())
    to_log = {"consigner": "1"} if row["verb"] == FOLLOW_UP else {}
    return {**found, "query": {"lead": found["ref"]} | to_log}


def line(row: Row, *facts: str) -> WaitingLine:
    """A lead that waits, as a line of a list; `row` is one of Priority's, blank facts are left out."""
    pill, tint = PILLS[row["pill"]]
    return {
        "ref": lead_rows.reference(row),
        "title": " · ".join(filter(None, (leads.title(row), leads.company_beside(row)))),
        "facts": " · ".join(filter(None, facts)),
        "pill": f"{pill} · {number(row['overdue'])}\u00a0j" if row["pill"] == "late" else pill,
        "tint": tint,
        "verb": row["verb"],
    }


def _rows_at(waiting: Priority, places: np.ndarray) -> list[Row]:
    """Rows of the ranked list at some places; neighbours are read together."""
    found: list[Row] = []
    for run in np.split(places, np.flatnonzero(np.diff(places) != 1) + 1):
        if len(run):
            found += waiting.rows(int(run[0]), len(run))
    return found
