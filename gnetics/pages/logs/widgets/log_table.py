"""The table of a log, with its counters and filters: one page of rows at a time."""

from __future__ import annotations

from typing import Any, Protocol

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate


class TableHandler(Protocol):
    """What the table asks of its page."""

    def filter(self, asked: dict[str, Any]) -> None: ...
    def open(self, key: int) -> None: ...
    def go(self, page: str, query: dict[str, str]) -> None: ...


class LogTable(GuardedTemplate):
    """`filter` is asked one of text, choose, days, sort, page, clear.

    Counters are log_rows.tile, rows of log_rows.cell.
    A column's `area` is its place in the card a row becomes on a narrow screen ("" leaves it out).
    """

    source = "log_table.vue"
    name = tl.Unicode().tag(sync=True)
    placeholder = tl.Unicode().tag(sync=True)
    text = tl.Unicode().tag(sync=True)
    counters = tl.List(tl.Dict()).tag(sync=True)
    counted = tl.Unicode().tag(sync=True)
    selects = tl.List(tl.Dict()).tag(sync=True)
    note = tl.Unicode().tag(sync=True)
    chips = tl.List(tl.Dict()).tag(sync=True)
    columns = tl.List(tl.Dict()).tag(sync=True)
    rows = tl.List(tl.Dict()).tag(sync=True)
    count = tl.Int(0).tag(sync=True)
    total = tl.Int(0).tag(sync=True)
    first = tl.Int(0).tag(sync=True)
    page = tl.Int(1).tag(sync=True)
    pages = tl.Int(1).tag(sync=True)
    sort = tl.Unicode().tag(sync=True)
    ascending = tl.Bool(False).tag(sync=True)
    filtered = tl.Bool(False).tag(sync=True)
    selected = tl.Int(0).tag(sync=True)
    nothing = tl.Dict().tag(sync=True)

    def __init__(self, handler: TableHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_filter(self, data: dict[str, Any]) -> None:
        self._handler.filter(data)

    def vue_open(self, data: dict[str, Any]) -> None:
        self._handler.open(int(data["key"]))

    def vue_go(self, data: dict[str, Any]) -> None:
        self._handler.go(str(data["page"]), {str(name): str(value) for name, value in data.get("query", {}).items()})
