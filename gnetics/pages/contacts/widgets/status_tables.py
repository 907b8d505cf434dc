"""« Contacts par statut »: one table per status, its rows fetched when it is scrolled to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate


class StatusTables(GuardedTemplate):
    """`tables` lists {status, count}; `content` holds, per table already asked for, {rows, page, sort, ascending}.

    `on_rows` receives {status} and optionally the page or the sort column asked for.
    """

    source = "status_tables.vue"
    tables = tl.List(tl.Dict()).tag(sync=True)
    columns = tl.List(tl.Dict()).tag(sync=True)
    content = tl.Dict().tag(sync=True)
    size = tl.Int(10).tag(sync=True)

    def __init__(self, on_rows: Callable[[dict[str, Any]], None], on_open: Callable[[str], None], **traits: Any) -> None:
        super().__init__(**traits)
        self._on_rows, self._on_open = on_rows, on_open

    def vue_rows(self, data: dict[str, Any]) -> None:
        self._on_rows(data)

    def vue_open(self, data: dict[str, Any]) -> None:
        self._on_open(str(data["ref"]))
