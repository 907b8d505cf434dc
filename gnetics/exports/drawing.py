"""A chart as shapes of a given width, for a page to print: no script, no request, and texts that a reader can search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gnetics.exports.charts import Chart, Mark

ROW = 18  # px per lying bar
THICK = 0.62  # of its row
HIGH = 132  # px of columns, names and labels included
LETTER = 6.4  # px, width of an average letter at 11 px
NAMED = 0.42  # of the width, at most, for the names; more is cut
GREY = 0.3  # opacity of an interval


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    colour: str
    opacity: float = 1.0


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    colour: str


@dataclass(frozen=True)
class Text:
    """`anchor` is the end of the text that stands at x: start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass
class Drawing:
    width: int
    height: int
    boxes: list[Box] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


def drawn(chart: Chart, width: int, row: int = ROW) -> Drawing:
    """`row` is the height of a lying bar with its room."""
    return _columns(chart, width) if chart.form == "columns" else _lying(chart, width, row)


def _lying(chart: Chart, width: int, row: int) -> Drawing:
    longest = int(NAMED * width / LETTER)
    names = [mark.name if len(mark.name) <= longest else f"{mark.name[: longest - 1].rstrip()}…" for mark in chart.marks]
    left = 8 + LETTER * max(map(len, names), default=0)
    scale = _scale(chart.marks, [_end(chart, mark) for mark in chart.marks], width - left)
    found = Drawing(width, row * len(names) + 2)
    for place, (name, mark) in enumerate(zip(names, chart.marks, strict=True)):
        middle, at = (place + 0.5) * row, left
        found.texts.append(Text(left - 8, middle, name, "end"))
        if chart.form == "ranges":
            low, high = mark.parts
            found.boxes.append(Box(left + low * scale, middle - 4, max(1.0, (high - low) * scale), 8, mark.colours[0], GREY))
            if mark.value is not None:
                found.dots.append(Dot(left + mark.value * scale, middle, mark.colours[0]))
            at = left + _end(chart, mark) * scale
        else:
            for part, colour in zip(mark.parts, mark.colours, strict=True):
                found.boxes.append(Box(at, middle - row * THICK / 2, part * scale, row * THICK, colour))
                at += part * scale
        found.texts.append(Text(at + 6, middle, mark.label))
    return found


def _end(chart: Chart, mark: Mark) -> float:
    return max(mark.parts[1], mark.value or 0.0) if chart.form == "ranges" else sum(mark.parts)


def _scale(marks: Sequence[Mark], ends: Sequence[float], room: float) -> float:
    """Px of a unit, with which every label fits right of its bar."""
    fits = (max(20.0, room - 12 - LETTER * len(mark.label)) / end for mark, end in zip(marks, ends, strict=True) if end)
    return min(fits, default=0.0)


def _columns(chart: Chart, width: int) -> Drawing:
    found, foot = Drawing(width, HIGH), HIGH - 18
    step = width / max(1, len(chart.marks))
    most = max((sum(mark.parts) for mark in chart.marks), default=0.0)
    scale = (foot - 18) / most if most else 0.0
    for place, mark in enumerate(chart.marks):
        centre, at = (place + 0.5) * step, float(foot)
        for part, colour in zip(mark.parts, mark.colours, strict=True):
            at -= part * scale
            found.boxes.append(Box(centre - 0.32 * step, at, 0.64 * step, part * scale, colour))
        found.texts += [Text(centre, at - 8, mark.label, "middle"), Text(centre, foot + 11, mark.name, "middle")]
    return found
