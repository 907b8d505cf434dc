"""A figure's value as the pages write it, and what is said beside it."""

from __future__ import annotations

from gnetics import texts
from gnetics.domain import money
from gnetics.domain.regions import Region
from gnetics.domain.typography import number
from gnetics.metrics.figure import Figure


def decimal(value: float, places: int = 1) -> str:
    """« 18,4 », « 55 »: no needless zero."""
    text = f"{value:,.{places}f}".replace(",", "\u202f").replace(".", ",")
    return text.rstrip("0").rstrip(",") if "," in text else text


def percent(value: float | None) -> str:
    return texts.NOT_AVAILABLE if value is None else f"{decimal(100 * value)}\u00a0%"


def is_round(figure: Figure) -> bool:
    """Whether nothing is lost without cents."""
    return figure.unit != "money" or figure.value is None or figure.value % 100 == 0


def shown(figure: Figure, region: Region, *, cents: bool = False) -> str:
    """A figure's value as text, « n/d » when it has none; `cents` are said of a round amount too, beside others that have some."""
    value = figure.value
    if value is None:
        return texts.NOT_AVAILABLE
    if figure.unit == "count":
        return number(int(value))
    if figure.unit == "money":
        return money.show(int(value), region, whole=not cents and is_round(figure))
    if figure.unit == "ratio":
        return percent(value)
    return f"{decimal(value)}\u00a0j" if figure.unit == "days" else decimal(value)


def brief(figure: Figure, region: Region) -> str:
    """The same for a sentence or a bar: amounts in two or three digits."""
    return money.short(int(figure.value), region) if figure.unit == "money" and figure.value is not None else shown(figure, region)


def among(figure: Figure) -> str:
    """« 230 sur 1 248 » of a ratio; empty for the others."""
    return "" if figure.denominator is None else f"{number(figure.numerator)} sur {number(figure.denominator)}"


def left_out(figure: Figure) -> str:
    """« 2 sans montant · 1 sans date de clôture »."""
    return " · ".join(map(str, figure.left_out))
