"""The table of a log, with its counters and filters: one page of rows at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate


class LogTable(GuardedTemplate):
    """`on_filter` receives one of text, choose, days, sort, page, clear; `on_open` a row's key; `on_go` a page and its query.

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

    def __init__(
        self,
        on_filter: Callable[[dict[str, Any]], None],
        on_open: Callable[[int], None],
        on_go: Callable[[str, dict[str, str]], None],
        **traits: Any,
    ) -> None:
        super().__init__(**traits)
        self._on_filter, self._on_open, self._on_go = on_filter, on_open, on_go

    def vue_filter(self, data: dict[str, Any]) -> None:
        self._on_filter(data)

    def vue_open(self, data: dict[str, Any]) -> None:
        self._on_open(int(data["key"]))

    def vue_go(self, data: dict[str, Any]) -> None:
        self._on_go(str(data["page"]), {str(name): str(value) for name, value in data.get("query", {}).items()})
