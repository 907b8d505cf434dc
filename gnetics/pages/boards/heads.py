"""The three figures of the Dashboard's head, and how they moved."""

from __future__ import annotations

from datetime import date
from functools import partial

from gnetics import texts
from gnetics.domain import dates
from gnetics.domain.regions import Region
from gnetics.domain.typography import counted, number, spaced
from gnetics.metrics.board import Board
from gnetics.metrics.variation import Variation
from gnetics.pages.boards.book import Book, decimal, shown
from gnetics.pages.boards.widgets.dashboard import Head, Move

LOUD = 3.0  # a change beyond +300 % reads « × 12 »
ICONS = {"hausse": "mdi-arrow-up", "baisse": "mdi-arrow-down", "stable": "mdi-equal", "nouveau": "", "n/d": ""}


def heads(board: Board, book: Book, ago: date, first: date | None) -> list[Head]:
    """The figures of the Dashboard's head, compared with those of the day `ago`; the history begins on `first`."""
    top, moved, move = board.headline, board.variation, partial(_move, ago=ago, first=first, region=book.region)
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
            "move": move(moved.pipeline),
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
            "move": move(moved.amount),
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
            "move": move(moved.conversion),
        },
    ]


def _move(moved: Variation, ago: date, first: date | None, region: Region) -> Move:
    """Against the state one period ago; quiet when nobody knows it."""
    then = dates.show(ago, region)
    if moved.word == "n/d":
        begins = f" : l’historique commence le {dates.show(first, region)}" if first else ""
        return {"icon": "", "text": f"évolution {texts.NOT_AVAILABLE}", "title": spaced(f"État du {then} inconnu{begins}.")}
    before = shown(moved.previous, region) if moved.previous else ""
    title = spaced(f"{before} le {then}")
    if moved.word == "nouveau":
        return {"icon": "", "text": title, "title": title}
    return {"icon": ICONS[moved.word], "text": f"{_change(moved)} depuis le {then}", "title": title}


def _change(moved: Variation) -> str:
    if moved.word == "stable":
        return "stable"
    if moved.current.unit == "ratio":
        points = abs(100 * (moved.difference or 0.0))
        return f"{decimal(points)} {'point' if points < 2 else 'points'}"
    change = moved.change or 0.0
    return f"× {decimal(1 + change)}" if change > LOUD else f"{decimal(abs(100 * change), 0)}\u00a0%"
