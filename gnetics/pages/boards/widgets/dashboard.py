"""The Dashboard: three figures, the day's list, the statuses, and a picture per block."""

from __future__ import annotations

from typing import Any, Protocol, TypedDict

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given
from gnetics.widgets.picture import Legend


class DashboardHandler(Protocol):
    """What the page's template asks of it."""

    def choose(self, ref: str) -> None: ...
    def narrow(self, queue: str) -> None: ...
    def lengthen(self) -> None: ...
    def go(self, page: str, query: dict[str, str]) -> None: ...


class Part(TypedDict):
    """Words that open a figure; without `ref` there is nothing to open."""

    ref: str
    text: str


class Move(TypedDict):
    icon: str
    text: str
    title: str


class Head(TypedDict):
    """One of the three figures, with the one that goes with it."""

    ref: str
    label: str
    value: str
    detail: str
    second: Part
    move: Move


class WaitingLine(TypedDict):
    """A lead that waits."""

    ref: str
    title: str
    facts: str
    pill: str
    tint: str
    verb: str


class WaitingLead(WaitingLine):
    """`query` leads to where its verb is done."""

    query: dict[str, str]


class Counter(TypedDict):
    """A queue of the day's list, which a click narrows it to."""

    key: str
    label: str
    icon: str
    count: int
    on: bool
    title: str


class Waiting(TypedDict):
    """The day's list; `left` are not shown."""

    sentence: str
    counters: list[Counter]
    rows: list[WaitingLead]
    left: int
    side: list[Part]


class Mark(TypedDict):
    """A mark of a picture, as a row of the table behind it."""

    name: str
    parts: list[Part]


class StatusGroup(TypedDict):
    label: str
    ref: str
    count: str
    share: str


class Split(TypedDict):
    reading: str
    groups: list[StatusGroup]
    statuses: list[Mark]


class DashboardBlock(TypedDict):
    """`query` leads to the block in Dash Data; not `drawn`: the picture has nothing to show."""

    key: str
    title: str
    reading: str
    caption: str
    legend: list[Legend]
    drawn: bool
    query: dict[str, str]
    rows: list[Mark]


class Dashboard(GuardedTemplate):
    """`heads` are the three figures; `waiting` is the day's list, NOTHING on an earlier day.

    `charts` maps a block's chart to its Picture. `empty` says why there is nothing at all.
    """

    source = "dashboard.vue"
    heads = given(list[Head])
    waiting = given(Waiting)
    split = given(Split)
    blocks = given(list[DashboardBlock])
    charts = tl.Dict().tag(sync=True, **widget_serialization)
    empty = tl.Unicode().tag(sync=True)

    def __init__(self, handler: DashboardHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_choose(self, data: dict[str, Any]) -> None:
        self._handler.choose(str(data["ref"]))

    def vue_queue(self, data: dict[str, Any]) -> None:
        self._handler.narrow(str(data["key"]))

    def vue_more(self, _data: Any) -> None:
        self._handler.lengthen()

    def vue_go(self, data: dict[str, Any]) -> None:
        self._handler.go(str(data["page"]), {str(name): str(value) for name, value in data.get("query", {}).items()})
