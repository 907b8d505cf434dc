"""A figure as analysts hold it, and a table of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from gnetics.errors import Refused
from gnetics.metrics import figure as metrics
from gnetics.metrics.definitions import Definition
from gnetics.metrics.interval import Interval

if TYPE_CHECKING:
    import bqplot

    from gnetics.analysis.opened import OpenCrm


@dataclass(frozen=True, eq=False, repr=False)
class Figure:
    """`value` in euros (or cents, as the store was opened), a count, a ratio (0.25), days or a score; None where the page says « n/d »."""

    _crm: OpenCrm
    figure: metrics.Figure

    @property
    def value(self) -> float | int | None:
        return self._amount(self.figure.value) if self.figure.unit == "money" else self.figure.value

    def _amount(self, cents: float | int | None) -> float | int | None:
        return cents / 100 if cents is not None and self._crm.euros else cents

    @property
    def n(self) -> int:
        """How many rows are counted."""
        return self.figure.numerator

    @property
    def leads(self) -> pd.DataFrame:
        """The rows counted: contacts, or what the figure counts (mails, events) in frames of their own."""
        keys = self.figure.keys
        if self.figure.table == "leads":
            return self._crm.leads.loc[keys]
        return self._crm.events.loc[keys] if self.figure.table == "events" else self._crm.messages_of(keys)

    @property
    def left_out(self) -> dict[str, int]:
        """Rows that could not be counted, by reason."""
        return {out.words: len(out) for out in self.figure.left_out}

    @property
    def definition(self) -> Definition:
        """Title, formula, population and traps, as the page shows them."""
        return self.figure.explained

    def __float__(self) -> float:
        """NaN for « n/d »."""
        return float("nan") if self.value is None else float(self.value)

    def __repr__(self) -> str:
        out = "".join(f", {count} {reason}" for reason, count in self.left_out.items())
        return f"<{self.definition.title} : {self.words} (n = {self.n}{out})>"

    @property
    def words(self) -> str:
        """The value as the pages write it."""
        return self._crm.words(self.figure)

    @property
    def told(self) -> pd.DataFrame:
        """The figure with its formula and what was left out, as a notebook shows it."""
        rows = {self.definition.title: self.words, "Définition": self.definition.formula}
        rows |= {"Laissés de côté": " · ".join(map(str, self.figure.left_out))} if self.figure.left_out else {}
        return pd.DataFrame({"": rows})

    def _ipython_display_(self) -> None:
        _show(self.told)


@dataclass(frozen=True, eq=False, repr=False)
class ForecastFigure(Figure):
    """`low` and `high` are None unless an interval was asked for."""

    span: Interval | None = None

    @property
    def low(self) -> float | int | None:
        return self._amount(None if self.span is None else self.span.low)

    @property
    def high(self) -> float | int | None:
        return self._amount(None if self.span is None else self.span.high)

    @property
    def words(self) -> str:
        if self.span is None:
            return super().words
        low, high = (self._crm.words(replace(self.figure, value=end)) for end in self.span)
        return f"{super().words}, entre {low} et {high}"


@dataclass(frozen=True, eq=False, repr=False)
class FigureTable:
    """Figures by label; `by` are the names of the labels' parts."""

    by: tuple[str, ...]
    figures: dict[tuple[Any, ...], Figure]

    @property
    def frame(self) -> pd.DataFrame:
        """Columns value and n, a row a figure, indexed by `by`."""
        labels = list(self.figures)
        index: pd.Index[Any] = (
            pd.Index([label[0] for label in labels], name=self.by[0])
            if len(self.by) == 1
            else pd.MultiIndex.from_tuples(labels, names=list(self.by))
        )
        values = [float(figure) for figure in self.figures.values()]
        return pd.DataFrame({"value": values, "n": [figure.n for figure in self.figures.values()]}, index=index)

    def __getitem__(self, label: Any) -> Figure:
        """The figure of one group."""
        return self.figures[label if isinstance(label, tuple) else (label,)]

    def bars(self) -> bqplot.Figure:
        """A bar a figure, its value written as on the pages."""
        from gnetics.analysis.plots import Plots  # brings the widgets

        values, words = self.frame["value"], {float(figure): figure.words for figure in self.figures.values()}
        return Plots().bars(values, lambda value: words[value])

    def heatmap(self) -> bqplot.Figure:
        """Of figures by two things: the first down, the second across. Raises Refused for any other number."""
        from gnetics.analysis.plots import Plots

        if len(self.by) != 2:
            raise Refused({"": "Une carte de chaleur croise deux choses : by=(…, …)."})
        return Plots().heatmap(self.frame["value"].unstack(sort=False))

    def to_xlsx(self, path: str | Path) -> None:
        """The frame as a workbook."""
        from gnetics.analysis.files import write

        write(self.frame.reset_index(), Path(path))

    def __repr__(self) -> str:
        return repr(self.frame)

    def _ipython_display_(self) -> None:
        _show(self.frame)


def _show(frame: pd.DataFrame) -> None:
    """By pandas, which escapes every text."""
    from IPython.display import display  # only where a notebook asks

    with pd.option_context("display.max_colwidth", None):
        display(frame)  # type: ignore[no-untyped-call]
