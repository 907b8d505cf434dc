"""The three kinds of picture of the boards, over bqplot: horizontal bars, columns by month, and a value in its interval.

Built once, then given data. Colours are CSS variables, so light and dark follow without the kernel; labels are written by us,
because bqplot only knows English number formats.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import bqplot
import ipyvuetify as v
import numpy as np

from gnetics.widgets.guard import call

ROW = 30  # px per horizontal bar
LETTER = 6.6  # px, width of an average letter at 12 px
NARROWEST = 300  # px, a picture on a telephone
LONGEST = 22  # letters of a name; more is cut
CLEAR = "transparent"
Choose = Callable[[str], None]


@dataclass(frozen=True)
class Bar:
    """One bar of stacked `parts`; `refs` say which figure each part shows, `tips` what a pointer reads on it."""

    name: str
    parts: tuple[float, ...]
    label: str
    colours: tuple[str, ...]
    refs: tuple[str, ...]
    tips: tuple[str, ...]


@dataclass(frozen=True)
class Range:
    """A `value` (None when unknown) somewhere between `low` and `high`."""

    name: str
    low: float
    value: float | None
    high: float
    label: str
    colour: str
    ref: str
    tip: str


def _short(names: Sequence[str]) -> list[str]:
    """Names cut to a readable length and kept distinct: bqplot places categories by name."""
    found: list[str] = []
    for name in names:
        short = name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"
        while short in found:
            short += "\u200b"
        found.append(short)
    return found


class Chart:
    """A bqplot figure without toolbar, axis lines or legend; a click on a mark names the figure behind it."""

    def __init__(self, on_choose: Choose, orientation: str) -> None:
        self._on_choose = on_choose
        self._refs: list[tuple[str, ...]] = []
        self._tips: list[tuple[str, ...]] = []
        self._over = (-1, 0)  # the bar under the pointer, and its part
        self._shown: Sequence[Bar] | Sequence[Range] | None = None
        lying = orientation == "horizontal"
        self.names, self.values = bqplot.OrdinalScale(), bqplot.LinearScale(min=0.0, max=1.0)
        self._tip = v.Html(tag="div", class_="g-tip", children=[""])
        self.bars = bqplot.Bars(
            x=[],
            y=[],
            scales={"x": self.names, "y": self.values},
            orientation=orientation,
            padding=0.35,
            stroke=CLEAR,
            tooltip=self._tip,
            interactions={"hover": "tooltip"},
        )
        on = {"x": self.values, "y": self.names} if lying else {"x": self.names, "y": self.values}
        self.labels = bqplot.Label(
            x=[],
            y=[],
            text=[],
            scales=on,
            default_size=12,
            font_weight="normal",
            align="start" if lying else "middle",
            x_offset=6 if lying else 0,
            y_offset=0 if lying else -6,
            colors=["var(--g-text)"],
        )
        axis = bqplot.Axis(scale=self.names, grid_lines="none")
        axis.orientation = "vertical" if lying else "horizontal"
        unit = bqplot.LinearScale(min=0.0, max=1.0, allow_padding=False)  # as bqplot would make for each of the two
        self.figure = bqplot.Figure(
            scale_x=unit,
            scale_y=unit,
            marks=[self.bars, self.labels],
            axes=[axis],
            display_toolbar=False,
            animation_duration=0,
            padding_x=0,
            padding_y=0,
            fig_margin={"top": 4, "bottom": 4, "left": 8, "right": 8},
        )
        self.figure.layout.width = "auto"
        self.figure.layout.min_width = "0"
        self.figure.add_class("g-chart")
        self.bars.on_element_click(lambda _mark, content: call(self._clicked, content))
        self.bars.on_hover(lambda _mark, content: call(self._hovered, content))

    def _clicked(self, content: dict[str, Any]) -> None:
        """bqplot says which bar was clicked, but not which part of it: it is the part last hovered."""
        index = int(content["data"]["index"])
        ref = _at(self._refs, index, self._over[1] if self._over[0] == index else 0) or _at(self._refs, index, -1)
        if ref:
            self._on_choose(ref)

    def _hovered(self, content: dict[str, Any]) -> None:
        data = content["data"]
        self._over = int(data["index"]), int(data.get("subIndex", 0))
        self._tip.children = [_at(self._tips, *self._over) or _at(self._tips, self._over[0], -1)]

    def _rename(self, names: list[str], lying: bool) -> None:
        """Other categories: marks go first, since one whose name the scale does not know is drawn at NaN."""
        domain = names[::-1] if lying else names
        if self.names.domain == domain:
            return
        for mark in self.figure.marks:
            with mark.hold_sync():
                mark.x = mark.y = np.array([])
                if mark is self.labels:
                    mark.text = np.array([], dtype=str)
        self.names.domain = domain

    def _place(self, names: list[str], ends: list[float], texts: list[str], lying: bool, top: float) -> None:
        """Labels at the end of each bar, and room for the longest of them."""
        self.values.max = top
        with self.labels.hold_sync():
            places = (np.array(ends, dtype=float), np.array(names))
            self.labels.x, self.labels.y = places if lying else places[::-1]
            self.labels.text = np.array(texts)

    def _margins(self, names: list[str]) -> None:
        """Lying bars need the room of their names on the left, and a height of their own."""
        left = 20 + round(LETTER * max(map(len, names), default=0))
        self.figure.fig_margin = {"top": 2, "bottom": 2, "left": left, "right": 8}
        self.figure.layout.height = f"{ROW * max(len(names), 1) + 4}px"


class HorizontalBars(Chart):
    """A bar per category from zero, its label at the end."""

    def __init__(self, on_choose: Choose) -> None:
        super().__init__(on_choose, "horizontal")

    def show(self, bars: Sequence[Bar]) -> None:
        if bars == self._shown:
            return
        self._shown, names = bars, _short([bar.name for bar in bars])
        self._refs, self._tips = [bar.refs for bar in bars], [bar.tips for bar in bars]
        ends = [sum(bar.parts) for bar in bars]
        self._margins(names)
        self._rename(names, True)
        _fill(self.bars, names, bars)
        texts = [bar.label for bar in bars]
        self._place(names, ends, texts, True, _room(names, ends, texts))


class Columns(Chart):
    """A column per month from zero, its label on top."""

    HEIGHT = 200

    def __init__(self, on_choose: Choose, height: int = HEIGHT) -> None:
        super().__init__(on_choose, "vertical")
        self.figure.fig_margin = {"top": 8, "bottom": 24, "left": 4, "right": 4}
        self.figure.layout.height = f"{height}px"
        self.figure.add_class("g-columns")

    def show(self, bars: Sequence[Bar]) -> None:
        if bars == self._shown:
            return
        self._shown, names = bars, [bar.name for bar in bars]
        self._refs, self._tips = [bar.refs for bar in bars], [bar.tips for bar in bars]
        ends = [sum(bar.parts) for bar in bars]
        self._rename(names, False)
        _fill(self.bars, names, bars)
        self._place(names, ends, [bar.label for bar in bars], False, (max(ends, default=0) or 1) * 1.18)


class Ranges(Chart):
    """For each category a faint interval with its value as a dot, both on one scale from zero."""

    def __init__(self, on_choose: Choose) -> None:
        super().__init__(on_choose, "horizontal")
        self.bars.padding, self.bars.opacity_mode, self.bars.opacities = 0.55, "element", [0.0, 0.25]
        self.dots = bqplot.Scatter(
            x=[], y=[], scales={"x": self.values, "y": self.names}, default_size=70, stroke="var(--g-surface)", colors=["var(--g-primary)"]
        )
        self.figure.marks = [self.bars, self.dots, self.labels]
        self.dots.tooltip, self.dots.interactions = self._tip, {"hover": "tooltip"}
        self.dots.on_element_click(lambda _mark, content: call(self._clicked, content))
        self.dots.on_hover(lambda _mark, content: call(self._hovered, content))

    def show(self, ranges: Sequence[Range]) -> None:
        if ranges == self._shown:
            return
        self._shown, names = ranges, _short([each.name for each in ranges])
        self._refs, self._tips = [("", each.ref) for each in ranges], [("", each.tip) for each in ranges]
        self._margins(names)
        self._rename(names, True)
        parts = [(each.low, max(0.0, each.high - each.low)) for each in ranges]
        bars = [
            Bar(each.name, part, "", ("var(--g-primary)",) * 2, ("", each.ref), ("", each.tip))
            for each, part in zip(ranges, parts, strict=True)
        ]
        _fill(self.bars, names, bars)
        with self.dots.hold_sync():
            self.dots.x = np.array([each.low if each.value is None else each.value for each in ranges], dtype=float)
            self.dots.y = np.array(names)
            self.dots.colors = [CLEAR if each.value is None else each.colour for each in ranges] or [CLEAR]
        ends = [max(each.high, each.value or 0.0) for each in ranges]
        texts = [each.label for each in ranges]
        self._place(names, ends, texts, True, _room(names, ends, texts))


def _at(of: list[tuple[str, ...]], index: int, part: int) -> str:
    found = of[index] if 0 <= index < len(of) else ()
    return found[part] if part < len(found) else ""


def _room(names: Sequence[str], ends: Sequence[float], texts: Sequence[str]) -> float:
    """The end of the scale at which every label fits right of its bar, in the narrowest picture."""
    width = NARROWEST - LETTER * max(map(len, names), default=0)
    needed = (end / max(0.2, 1 - (20 + LETTER * len(text)) / width) for end, text in zip(ends, texts, strict=True))
    return max(needed, default=0.0) or 1.0


def _fill(mark: bqplot.Bars, names: list[str], bars: Sequence[Bar]) -> None:
    """One part per bar keeps a colour per bar (for bqplot a « group »); stacked parts have a colour per layer (« element »)."""
    layers = max((len(bar.parts) for bar in bars), default=1)
    with mark.hold_sync():
        mark.x = np.array(names)
        if layers == 1:
            mark.y = np.array([bar.parts[0] for bar in bars], dtype=float)
            mark.color_mode, mark.colors = "group", [bar.colours[0] for bar in bars] or [CLEAR]
        else:
            mark.y = np.array([[bar.parts[i] for bar in bars] for i in range(layers)], dtype=float)
            mark.color_mode, mark.colors = "element", list(bars[0].colours)
