"""« Contacts par statut »: one table per status, its rows fetched when it is scrolled to."""

from __future__ import annotations

from typing import Any, Protocol

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate


class StatusTablesHandler(Protocol):
    """What the tables ask of their page."""

    def read(self, asked: dict[str, Any]) -> None: ...
    def open(self, ref: str) -> None: ...


class StatusTables(GuardedTemplate):
    """`tables` lists {status, count}; `content` holds, per table already asked for, {rows, page, sort, ascending}.

    `read` is asked {status} and optionally the page or the sort column asked for.
    """

    source = "status_tables.vue"
    tables = tl.List(tl.Dict()).tag(sync=True)
    columns = tl.List(tl.Dict()).tag(sync=True)
    content = tl.Dict().tag(sync=True)
    size = tl.Int(10).tag(sync=True)

    def __init__(self, handler: StatusTablesHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_rows(self, data: dict[str, Any]) -> None:
        self._handler.read(data)

    def vue_open(self, data: dict[str, Any]) -> None:
        self._handler.open(str(data["ref"]))
