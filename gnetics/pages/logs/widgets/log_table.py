"""The table of a log, with its counters and filters: one page of rows at a time."""

from __future__ import annotations

from typing import Any, NotRequired, Protocol, TypedDict

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import Link, given


class TableHandler(Protocol):
    """What the table asks of its page."""

    def filter(self, asked: dict[str, Any]) -> None: ...
    def open(self, key: int) -> None: ...
    def go(self, page: str, query: dict[str, str]) -> None: ...


class Tile(TypedDict):
    """As log_rows.tile makes it."""

    value: str
    label: str
    count: int
    tint: str
    icon: str
    sign: str
    note: str
    on: bool


class SelectOption(TypedDict):
    value: str
    label: str
    count: int | None


class Select(TypedDict):
    """A filter; `all` are the words of no choice."""

    key: str
    title: str
    all: str
    value: str
    options: list[SelectOption]


class FilterChip(TypedDict):
    facet: str
    label: str


class ColumnShape(TypedDict):
    """`area` is its place in the card a row becomes on a narrow screen ("" leaves it out)."""

    key: str
    label: str
    area: str
    width: str
    num: NotRequired[bool]


class LogColumn(ColumnShape):
    """`sort`: the log can be put in its order."""

    sort: bool


class LogCell(TypedDict):
    """As log_rows.cell makes it."""

    text: str
    sub: str
    pill: str
    icon: str
    link: Link | None
    tip: str


class LogRow(TypedDict):
    key: int
    label: str
    cells: list[LogCell]


class NothingYet(TypedDict):
    """Why a log is empty."""

    icon: str
    title: str
    text: str


class LogTable(GuardedTemplate):
    """`filter` is asked one of text, choose, days, sort, page, clear. `erased` says what is no more here."""

    source = "log_table.vue"
    name = tl.Unicode().tag(sync=True)
    placeholder = tl.Unicode().tag(sync=True)
    text = tl.Unicode().tag(sync=True)
    counters = given(list[Tile])
    counted = tl.Unicode().tag(sync=True)
    selects = given(list[Select])
    note = tl.Unicode().tag(sync=True)
    erased = tl.Unicode().tag(sync=True)
    chips = given(list[FilterChip])
    columns = given(list[LogColumn])
    rows = given(list[LogRow])
    count = tl.Int(0).tag(sync=True)
    total = tl.Int(0).tag(sync=True)
    first = tl.Int(0).tag(sync=True)
    page = tl.Int(1).tag(sync=True)
    pages = tl.Int(1).tag(sync=True)
    sort = tl.Unicode().tag(sync=True)
    ascending = tl.Bool(False).tag(sync=True)
    filtered = tl.Bool(False).tag(sync=True)
    selected = tl.Int(0).tag(sync=True)
    nothing: Any = given(NothingYet)

    def __init__(self, handler: TableHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_filter(self, data: dict[str, Any]) -> None:
        self._handler.filter(data)

    def vue_open(self, data: dict[str, Any]) -> None:
        self._handler.open(int(data["key"]))

    def vue_go(self, data: dict[str, Any]) -> None:
        self._handler.go(str(data["page"]), {str(name): str(value) for name, value in data.get("query", {}).items()})
