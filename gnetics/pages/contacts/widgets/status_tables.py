"""« Contacts par statut »: one table per status, its rows fetched when it is scrolled to."""

from __future__ import annotations

from typing import Any, Protocol, TypedDict

import traitlets as tl

from gnetics.pages.contacts.widgets.leads_table import LeadRow
from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given


class StatusTablesHandler(Protocol):
    """What the tables ask of their page."""

    def read(self, asked: dict[str, Any]) -> None: ...
    def open(self, ref: str) -> None: ...


class StatusTable(TypedDict):
    status: str
    count: int


class StatusColumn(TypedDict):
    key: str
    label: str
    num: bool


class TableLook(TypedDict):
    """The page of a table, and the column that orders it, empty for none."""

    page: int
    sort: str
    ascending: bool


class TableContent(TableLook):
    rows: list[LeadRow]


class StatusTables(GuardedTemplate):
    """`content` holds the tables already asked for, by status.

    `read` is asked {status} and optionally the page or the sort column asked for.
    """

    source = "status_tables.vue"
    tables = given(list[StatusTable])
    columns = given(list[StatusColumn])
    content = given(dict[str, TableContent])
    size = tl.Int(10).tag(sync=True)

    def __init__(self, handler: StatusTablesHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_rows(self, data: dict[str, Any]) -> None:
        self._handler.read(data)

    def vue_open(self, data: dict[str, Any]) -> None:
        self._handler.open(str(data["ref"]))
