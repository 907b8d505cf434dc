"""The figures a page shows, each under a reference that a click, a bar or an address can name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from gnetics import texts
from gnetics.domain import money
from gnetics.domain.regions import Region
from gnetics.domain.typography import number
from gnetics.metrics.figure import Figure, Row


def decimal(value: float, places: int = 1) -> str:
    """« 18,4 », « 55 »: no needless zero."""
    text = f"{value:,.{places}f}".replace(",", "\u202f").replace(".", ",")
    return text.rstrip("0").rstrip(",") if "," in text else text


def percent(value: float | None) -> str:
    return texts.NOT_AVAILABLE if value is None else f"{decimal(100 * value)}\u00a0%"


def shown(figure: Figure, region: Region) -> str:
    """A figure's value as text; « n/d » when it has none."""
    value = figure.value
    if value is None:
        return texts.NOT_AVAILABLE
    if figure.unit == "count":
        return number(int(value))
    if figure.unit == "money":
        return money.show(int(value), region)
    if figure.unit == "ratio":
        return percent(value)
    return f"{decimal(value)}\u00a0j" if figure.unit == "days" else decimal(value)


def brief(figure: Figure, region: Region) -> str:
    """The same for a sentence or a bar: amounts in two or three digits."""
    return money.short(int(figure.value), region) if figure.unit == "money" and figure.value is not None else shown(figure, region)


@dataclass(frozen=True, eq=False)
class Entry:
    figure: Figure
    title: str


@dataclass
class Book:
    """Filled while a page prepares what it shows."""

    region: Region
    entries: dict[str, Entry] = field(default_factory=dict)

    def ref(self, ref: str, figure: Figure, title: str) -> str:
        """Register a figure; the reference comes back."""
        self.entries[ref] = Entry(figure, title)
        return ref

    def cell(self, ref: str, figure: Figure, title: str, **more: str) -> Row:
        """A table's cell that opens the figure; `more` is note, pill or tint. Nothing to open, nothing to click."""
        self.ref(ref, figure, title)
        openable = len(figure.counted) or figure.left_out or figure.denominator
        return measured(shown(figure, self.region), figure) | ({"ref": ref} if openable else {}) | more


def cell(text: str, **more: str) -> Row:
    """A cell of plain words."""
    return {"text": text, **more}


def measured(text: str, figure: Figure, **more: str) -> Row:
    """A cell with the raw value too, for exports; None where unknown."""
    value = figure.value.item() if isinstance(figure.value, np.generic) else figure.value
    return {"text": text, "value": value, "unit": figure.unit, **more}


def tally(count: int, **more: str) -> Row:
    """A cell of a number that opens nothing."""
    return {"text": number(count), "value": count, "unit": "count", **more}


def dated(text: str, day: date) -> Row:
    """A cell of a month, named by its first day."""
    return {"text": text, "value": day.isoformat(), "unit": "month"}


def row(cells: Iterable[Row], kind: str = "") -> Row:
    """A row of a table; kind is « total » or « quiet »."""
    return {"cells": list(cells), "kind": kind}


def table(caption: str, columns: Iterable[str], rows: Iterable[Row]) -> Row:
    """A table; a column's label starting with « # » holds numbers."""
    heads = [{"label": label.removeprefix("#"), "num": label.startswith("#")} for label in columns]
    return {"caption": caption, "columns": heads, "rows": list(rows)}
