"""`crm.plot`: the pages' own pictures of any frame, in light colours, and a heat map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bqplot
import numpy as np
import pandas as pd

from gnetics.metrics.words import decimal
from gnetics.widgets.charts import Bar, Chart, Columns, HorizontalBars, Range, Ranges
from gnetics.widgets.theme import IN_LIGHT, LIGHT

Words = Callable[[float], str]
SHADES = [LIGHT["primary-tint"], LIGHT["primary"]]
_CELL = 34  # px high
_ROOM = {"top": 8, "bottom": 40, "left": 110, "right": 60}


class Plots:
    """Of a Series, or a frame whose first column of numbers is drawn; its index names the marks, `words` writes a value (« 18,4 »)."""

    def bars(self, data: pd.Series | pd.DataFrame, words: Words = decimal) -> bqplot.Figure:
        """A lying bar a row, in the order given."""
        chart = HorizontalBars(_nothing)
        chart.show(_bars(data, words))
        return _light(chart)

    def columns(self, data: pd.Series | pd.DataFrame, words: Words = decimal) -> bqplot.Figure:
        """A standing bar a row, as for months."""
        chart = Columns(_nothing)
        chart.show(_bars(data, words))
        return _light(chart)

    def ranges(self, frame: pd.DataFrame, words: Words = decimal) -> bqplot.Figure:
        """Of each row an interval with its value: columns low, value and high; a value that is missing has no dot."""
        chart = Ranges(_nothing)
        rows = zip(map(_name, frame.index), frame["low"], frame["value"], frame["high"], strict=True)
        chart.show([_range(*row, words) for row in rows if not (pd.isna(row[1]) or pd.isna(row[3]))])
        return _light(chart)

    def heatmap(self, frame: pd.DataFrame) -> bqplot.Figure:
        """A cell for each row and column, the darker the larger; one without a value is left blank."""
        rows, columns, colours = bqplot.OrdinalScale(reverse=True), bqplot.OrdinalScale(), bqplot.ColorScale(colors=SHADES)
        cells = bqplot.GridHeatMap(
            color=frame.to_numpy(dtype=float, na_value=np.nan),
            row=[_name(each) for each in frame.index],
            column=[_name(each) for each in frame.columns],
            scales={"row": rows, "column": columns, "color": colours},
            stroke=LIGHT["surface"],
            null_color=LIGHT["bg"],
        )
        down = bqplot.Axis(scale=rows, side="left", grid_lines="none")
        down.orientation = "vertical"  # after: bqplot takes none at birth
        shades = bqplot.ColorAxis(scale=colours, side="right")
        shades.orientation = "vertical"
        axes = [down, bqplot.Axis(scale=columns, grid_lines="none"), shades]
        figure = bqplot.Figure(marks=[cells], axes=axes, padding_y=0, fig_margin=_ROOM, display_toolbar=False)
        figure.layout.height = f"{_CELL * max(len(frame), 1) + _ROOM['top'] + _ROOM['bottom']}px"
        return figure


def _nothing(_ref: str) -> None:
    """Behind these marks there is no list to open."""


def _name(label: Any) -> str:
    return " · ".join(map(str, label)) if isinstance(label, tuple) else str(label)


def _bars(data: pd.Series | pd.DataFrame, words: Words) -> list[Bar]:
    values = data if isinstance(data, pd.Series) else data.select_dtypes("number").iloc[:, 0]
    known = values.dropna()
    return [
        Bar(_name(label), (float(value),), words(float(value)), (LIGHT["primary"],), ("",), (f"{_name(label)} : {words(float(value))}",))
        for label, value in known.items()
    ]


def _range(name: str, low: float, value: float, high: float, words: Words) -> Range:
    shown = None if pd.isna(value) else float(value)
    label = words(float(low if shown is None else shown))
    return Range(name, float(low), shown, float(high), label, LIGHT["primary"], "", f"{name} : {words(float(low))} – {words(float(high))}")


def _light(chart: Chart) -> bqplot.Figure:
    """Outside our pages there are no variables of their theme."""
    for mark in chart.figure.marks:
        mark.colors = [IN_LIGHT.get(colour, colour) for colour in mark.colors]
        if isinstance(mark, bqplot.Scatter):
            mark.stroke = IN_LIGHT[mark.stroke]
    return chart.figure
