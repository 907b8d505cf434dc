"""From the board to the pictures: bars, columns and ranges with their words and the figure behind each mark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from gnetics.domain.regions import Region
from gnetics.domain.typography import number
from gnetics.metrics.board import Board
from gnetics.metrics.figure import Figure
from gnetics.metrics.rules import BLOCKING
from gnetics.metrics.words import brief, decimal, percent, shown
from gnetics.pages.boards import readings
from gnetics.pages.boards.book import Book
from gnetics.pages.boards.widgets.dashboard import Mark, Part
from gnetics.widgets.charts import Bar, Range
from gnetics.widgets.picture import Legend
from gnetics.widgets.theme import status_colour

PRIMARY, NEUTRAL, WON = "var(--g-primary)", "var(--g-neutral)", status_colour("Clos")
ON_TIME, SOON, LATE = "var(--g-primary)", "var(--g-warning)", "var(--g-error)"
MOST_RULES = 8
AGES = {"on_time": ("temps", "dans les temps ou inconnu"), "amber": ("surveiller", "à surveiller"), "red": ("retard", "en retard")}
AGEING_LEGEND: list[Legend] = [
    {"text": name, "tint": tint} for (_, name), tint in zip(AGES.values(), ("primary", "soon", "late"), strict=True)
]
FORECAST_LEGEND: list[Legend] = [{"text": "déjà gagné", "tint": "won"}, {"text": "attendu, montant × probabilité", "tint": "primary"}]


def _height(figure: Figure) -> float:
    return max(0.0, float(figure.value or 0))


def _one(book: Book, ref: str, figure: Figure, name: str, title: str, label: str, colour: str) -> Bar:
    return Bar(name, (_height(figure),), label, (colour,), (book.ref(ref, figure, title),), (f"{title} : {shown(figure, book.region)}",))


def behind(marks: Sequence[Bar] | Sequence[Range]) -> list[Mark]:
    """The table behind a picture: a row by mark, each part opening what a click on it opens."""
    rows: list[Mark] = []
    parts: list[Part]
    for mark in marks:
        if isinstance(mark, Range):
            parts = [{"ref": mark.ref, "text": mark.label}]
        elif len(mark.refs) == 1:
            parts = [{"ref": mark.refs[0], "text": mark.label or mark.tips[0]}]
        else:
            drawn = zip(mark.parts, mark.refs, mark.tips, strict=True)
            parts = [{"ref": ref, "text": tip.removeprefix(f"{mark.name}, ")} for height, ref, tip in drawn if height]
        rows.append({"name": mark.name, "parts": parts})
    return rows


def split(board: Board, book: Book) -> list[Bar]:
    bars: list[Bar] = []
    for row in board.split.statuses:
        share, label = row["share"], row["label"]
        words = f"{number(share.numerator)} · {percent(share.value)}"
        ref = book.ref(f"statut.{label}", share, label)
        bars.append(Bar(label, (float(share.numerator),), words, (status_colour(label),), (ref,), (f"{label} : {words}",)))
    return bars


def months_unit(board: Board, region: Region) -> str:
    return _months_scale(board, region)[1]


def _months_scale(board: Board, region: Region) -> tuple[int, str]:
    return readings.scale_of([_height(row["won_amount"]) for row in board.months], region)


def won_by_month(board: Board, book: Book) -> list[Bar]:
    bars, region = [], book.region
    unit, _ = _months_scale(board, region)
    for row in board.months:
        month, amount = readings.month_short(row["month"], region), row["won_amount"]
        ref = f"A.{row['month']:%Y-%m}.gagne"
        name = readings.month_tick(row["month"], region)
        bars.append(_one(book, ref, amount, name, f"Gagné en {month}", _tick(_height(amount), unit), WON))
    return bars


def _tick(cents: float, unit: int) -> str:
    return decimal(cents / unit, 0 if cents >= 10 * unit else 1) if cents else ""


def mails(board: Board) -> tuple[tuple[str, str, Figure], ...]:
    """(key, title, figure) of each count of the emails."""
    mail = board.outreach
    named = (
        ("envois", mail.sent, ""),
        ("sollicites", mail.contacted, ""),
        ("reponses", mail.answered, "Ont répondu"),
        ("rejets", mail.bounces, ""),
        ("desinscriptions", mail.opt_outs, ""),
    )
    return tuple((key, title or figure.explained.title, figure) for key, figure, title in named)


def outreach(board: Board, book: Book) -> list[Bar]:
    colours = {"envois": NEUTRAL, "sollicites": PRIMARY, "reponses": WON, "rejets": LATE, "desinscriptions": SOON}
    more = {"reponses": f" · {percent(board.outreach.answer_rate.value)}"}
    return [
        _one(book, f"O.{key}", figure, title, title, shown(figure, book.region) + more.get(key, ""), colours[key])
        for key, title, figure in mails(board)
    ]


def ageing(board: Board, book: Book) -> list[Bar]:
    """Open leads by status: on time, from the expected days on, from 1.5 × on."""
    bars: list[Bar] = []
    for row in board.pipeline:
        if row["type"] != "ouvert":
            continue
        status, red = row["status"], row["red"].numerator
        layers = [(key, name, row[field]) for field, (key, name) in AGES.items()]
        refs = tuple(book.ref(f"D.{status}.{key}", figure, f"{status} : {name}") for key, name, figure in layers)
        tips = tuple(f"{status}, {name} : {number(figure.numerator)}" for _, name, figure in layers)
        words = f"{number(row['leads'].numerator)}" + (f" · {number(red)} en retard" if red else "")
        heights = tuple(float(figure.numerator) for _, _, figure in layers)
        bars.append(Bar(status, heights, words, (ON_TIME, SOON, LATE), refs, tips))
    return bars


def funnel(board: Board, book: Book) -> list[Bar]:
    """How many leads of the period went at least that far."""
    bars: list[Bar] = []
    for row in board.funnel:
        status, reached = row["status"], row["reached"]
        words = f"{number(reached.numerator)} · {percent(reached.value)}"
        ref = book.ref(f"D.{status}.atteint", reached, f"Ont atteint {status}")
        bars.append(Bar(status, (float(reached.numerator),), words, (status_colour(status),), (ref,), (f"{status} : {words}",)))
    return bars


def forecast_unit(board: Board, region: Region) -> str:
    return _forecast_scale(board, region)[1]


def _forecast_scale(board: Board, region: Region) -> tuple[int, str]:
    made = board.forecast
    return readings.scale_of([*(_height(row["amount"]) for row in made.won), *(_height(each.weighted) for each in made.months)], region)


def forecast(board: Board, book: Book) -> list[Bar]:
    """Won by month of closing, then what is expected; the current month holds both."""
    made, region = board.forecast, book.region
    unit, _ = _forecast_scale(board, region)
    won = {row["month"]: row["amount"] for row in made.won}
    expected = {bucket.month: bucket.weighted for bucket in made.months if bucket.month}
    bars: list[Bar] = []
    for month in sorted(won | expected):
        words = readings.month_short(month, region)
        sides = [(name, key, side[month]) for name, key, side in (("Gagné", "gagne", won), ("Prévu", "prevu", expected)) if month in side]
        shown_sides = {
            key: (
                _height(figure),
                book.ref(f"E.{month:%Y-%m}.{key}", figure, f"{name} en {words}"),
                f"{name} en {words} : {shown(figure, region)}",
            )
            for name, key, figure in sides
        }
        parts, refs, tips = zip(*(shown_sides.get(key, (0.0, "", "")) for key in ("gagne", "prevu")), strict=True)
        bars.append(Bar(readings.month_tick(month, region), parts, _tick(sum(parts), unit), (WON, PRIMARY), refs, tips))
    return bars


def sources(board: Board, book: Book) -> list[Range]:
    """The rate of each source in its Wilson interval; grey when the sample is small."""
    found: list[Range] = []
    for row in board.sources:
        rate = row["conversion"]
        ref = book.ref(f"B.{row['source']}.conversion", rate, f"Conversion de {row['source']}")
        part = f"{number(rate.numerator)}/{number(rate.denominator or 0)}"
        label = part if row["small"] else f"{percent(rate.value)} · {part}"
        tip = f"{row['source']} : {part}, intervalle à 95 % de {percent(row['low'])} à {percent(row['high'])}"
        colour = NEUTRAL if row["small"] else PRIMARY
        found.append(Range(row["source"], row["low"] or 0.0, rate.value, row["high"] or 0.0, label, colour, ref, tip))
    return found


def scores(board: Board, book: Book) -> list[Range]:
    """Median of each status between its lowest and highest score."""
    found: list[Range] = []
    for row in board.scores.rows:
        status, middle = row["status"], row["median"]
        ref = book.ref(f"C.{status}.mediane", middle, f"Score médian : {status}")
        low, high = float(row["min"].value or 0), float(row["max"].value or 0)
        label = f"{shown(middle, book.region)}{' ↓' if row['falls'] else ''}"
        tip = f"{status} : de {shown(row['min'], book.region)} à {shown(row['max'], book.region)}, médiane {shown(middle, book.region)}"
        found.append(Range(status, low, middle.value, high, label, status_colour(status), ref, tip))
    return found


def owners(board: Board, book: Book) -> list[Bar]:
    return [
        _one(
            book,
            f"D.{row['owner']}.montant",
            row["won_amount"],
            row["owner"],
            f"Gagné par {row['owner']}",
            f"{brief(row['won_amount'], book.region)} · {number(row['won'].numerator)}",
            WON,
        )
        for row in board.owners
    ]


def rules(board: Board, book: Book, most: int = MOST_RULES) -> list[Bar]:
    """The rules that find something, blocking ones first."""
    found = [each for each in board.quality.findings if each.figure.numerator]
    found.sort(key=lambda each: (each.severity != BLOCKING, -each.figure.numerator))
    bars: list[Bar] = []
    for each in found[:most]:
        words = f"{number(each.figure.numerator)} · {percent(each.figure.value)}"
        ref = book.ref(f"F.{each.rule.key}", each.figure, each.rule.title)
        colour = LATE if each.severity == BLOCKING else SOON
        name = each.rule.title.split(" (")[0]
        bars.append(Bar(name, (float(each.figure.numerator),), words, (colour,), (ref,), (f"{each.rule.title} : {words}",)))
    return bars


def completeness(board: Board, book: Book) -> list[Bar]:
    """The share of leads whose field is filled, the worst field first; a field that concerns nobody is left out."""
    return [
        _one(
            book, f"F.{row['field']}.rempli", row["filled"], row["label"], f"{row['label']} : rempli", percent(row["filled"].value), PRIMARY
        )
        for row in board.quality.completeness
        if row["filled"].known
    ]


BY_NAME: dict[str, Callable[[Board, Book], Any]] = {
    "months": won_by_month,
    "sources": sources,
    "scores": scores,
    "ageing": ageing,
    "funnel": funnel,
    "owners": owners,
    "outreach": outreach,
    "forecast": forecast,
    "rules": partial(rules, most=14),
    "completeness": completeness,
}
