"""Dash Data: the six detailed blocks, each with its pictures, tables and definitions, under an index that stays in view."""

from __future__ import annotations

from typing import Any, NotRequired, Protocol, TypedDict

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given
from gnetics.widgets.picture import Legend


class DashDataHandler(Protocol):
    """What the page's template asks of it."""

    def choose(self, ref: str) -> None: ...
    def reach(self, block: str) -> None: ...


class Column(TypedDict):
    """`num`: of numbers."""

    label: str
    num: bool


class Cell(TypedDict):
    """`ref` opens a figure."""

    text: str
    ref: NotRequired[str]
    note: NotRequired[str]
    pill: NotRequired[str]
    tint: NotRequired[str]
    wrap: NotRequired[bool]


class TableRow(TypedDict):
    """`kind` is « total », « quiet » or nothing."""

    cells: list[Cell]
    kind: str


class Table(TypedDict):
    caption: str
    columns: list[Column]
    rows: list[TableRow]


class Section(TypedDict):
    """A table and its picture; no `chart`: the picture has nothing to show. `place` and `folded` are those of a BlockSection."""

    title: str
    chart: str
    table: Table
    place: str
    folded: bool
    legend: NotRequired[list[Legend]]


class Explained(TypedDict):
    """The definition of a figure."""

    title: str
    formula: str
    population: str
    traps: list[str]


class DataBlock(TypedDict):
    key: str
    title: str
    reading: str
    note: str
    sections: list[Section]
    definitions: list[Explained]


class Goto(TypedDict):
    """Makes the browser scroll to a block; `n` grows, so that the same block can be asked for twice."""

    block: str
    n: int


class DashData(GuardedTemplate):
    """`charts` are the Pictures by name, `exporters` a Download by block."""

    source = "dash_data.vue"
    blocks = given(list[DataBlock])
    charts = tl.Dict().tag(sync=True, **widget_serialization)
    exporters = tl.Dict().tag(sync=True, **widget_serialization)
    empty = tl.Unicode().tag(sync=True)
    goto = given(Goto, Goto(block="", n=0))

    def __init__(self, handler: DashDataHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_choose(self, data: dict[str, Any]) -> None:
        self._handler.choose(str(data["ref"]))

    def vue_block(self, data: dict[str, Any]) -> None:
        self._handler.reach(str(data["key"]))
