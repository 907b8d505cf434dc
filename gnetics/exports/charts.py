"""A picture of a document before it is drawn: what each of its marks says, in colours that paper and spreadsheets know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal["bars", "columns", "ranges"]  # lying bars; a column by month; a value somewhere in its interval


@dataclass(frozen=True)
class Mark:
    """`parts` are stacked; those of a range are its two ends, and `value` its dot. Colours are of the form #0F5C6E."""

    name: str
    parts: tuple[float, ...]
    label: str
    colours: tuple[str, ...]
    value: float | None = None


@dataclass(frozen=True)
class Chart:
    """`title` is its message; `legend` (words, colour) is empty when one colour says it all."""

    form: Form
    title: str
    marks: tuple[Mark, ...]
    legend: tuple[tuple[str, str], ...] = ()
