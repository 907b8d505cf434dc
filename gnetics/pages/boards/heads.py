"""The three figures of the Dashboard's head, and how they moved."""

from __future__ import annotations

from datetime import date
from functools import partial

from gnetics import texts
from gnetics.domain import dates
from gnetics.domain.regions import Region
from gnetics.domain.typography import counted, number, spaced
from gnetics.metrics.board import Board
from gnetics.metrics.definitions import LEAST_BASE, LEAST_SHARE
from gnetics.metrics.figure import Figure
from gnetics.metrics.variation import Variation, base
from gnetics.metrics.words import decimal, shown
from gnetics.pages.boards.board import first_day
from gnetics.pages.boards.book import Book
from gnetics.pages.boards.widgets.dashboard import Head, Move

LOUD = 3.0  # a change beyond +300 % reads « × 12 »
NO_BASE = spaced(f"Il faut au moins {LEAST_BASE} leads, et {100 * LEAST_SHARE:.0f} % de ceux de maintenant, pour lire une évolution.")
BLOCKED = "Pipeline actif : bloqués"
ICONS = {"hausse": "mdi-arrow-up", "baisse": "mdi-arrow-down", "stable": "mdi-equal"}


def heads(board: Board, book: Book) -> list[Head]:
    """The figures of the Dashboard's head, and how they moved."""
    top, moved, first = board.headline, board.variation, first_day(board.frames, book.region)
    move = partial(_move, ago=board.compared, first=first, region=book.region)
    blocked = book.ref("bloques", top.blocked, BLOCKED) if top.blocked.numerator else ""
    without = next((len(out) for out in top.amount.left_out if out.reason == texts.NO_AMOUNT), 0)
    amounts = f"{number(without)} {texts.NO_AMOUNT}" if without else "tous avec un montant"
    conversion = f"{number(top.conversion.numerator)}/{number(top.conversion.denominator or 0)}"
    success = f"réussite {shown(top.success, book.region)}", book.ref("reussite", top.success)
    return [
        _head(
            book,
            "pipeline",
            top.pipeline,
            "lead" if top.pipeline.numerator < 2 else "leads",
            (f"dont {counted(top.blocked.numerator, 'bloqué')}", blocked),
            move(moved.pipeline),
        ),
        _head(book, "montant", top.amount, "", (amounts, "montant" if without else ""), move(moved.amount)),
        _head(book, "conversion", top.conversion, conversion, success, move(moved.conversion)),
    ]


def _head(book: Book, ref: str, figure: Figure, detail: str, second: tuple[str, str], move: Move) -> Head:
    """`second` is (text, ref) of the figure that goes with it."""
    text, other = second
    return {
        "ref": book.ref(ref, figure),
        "label": figure.explained.title,
        "value": shown(figure, book.region),
        "detail": detail,
        "second": {"text": text, "ref": other},
        "move": move,
    }


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
    if moved.word == "sans base" and moved.previous:
        leads = counted(found, "lead") if (found := base(moved.previous)) else "aucun lead"
        return {"icon": "", "text": f"pas de base comparable : {leads} le {then}", "title": NO_BASE}
    return {"icon": ICONS[moved.word], "text": f"{_change(moved)} depuis le {then}", "title": title}


def _change(moved: Variation) -> str:
    if moved.word == "stable":
        return "stable"
    if moved.current.unit == "ratio":
        points = abs(100 * (moved.difference or 0.0))
        return f"{decimal(points)} {'point' if points < 2 else 'points'}"
    change = moved.change or 0.0
    return f"× {decimal(1 + change)}" if change > LOUD else f"{decimal(abs(100 * change), 0)}\u00a0%"
