"""« Contacts par statut »: a table per status with all fields, whose rows are read when it is scrolled to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gnetics import texts
from gnetics.domain.fields import BY_KEY
from gnetics.domain.statuses import LABELS
from gnetics.pages.contacts import list_rows
from gnetics.pages.contacts.shown import ContactIndex
from gnetics.pages.contacts.sorts import Sort, order
from gnetics.pages.contacts.widgets.leads_table import LeadRow
from gnetics.pages.contacts.widgets.status_tables import StatusTables, TableContent, TableLook
from gnetics.widgets import lead_rows

if TYPE_CHECKING:
    from gnetics.pages.app import App

SIZE = 10  # rows of a page
_FIRST = ("À corriger", "En suivi", "Contacté", "Nouveau", "Clos")  # the customer's order, then the rest of the funnel
ORDER = (*_FIRST, *(label for label in LABELS if label not in _FIRST))


class ByStatus:
    """All contacts réels, whatever the filters above."""

    def __init__(self, app: App, on_open: Callable[[str], None]) -> None:
        self._app = app
        self.open = on_open
        self._index: ContactIndex  # given by the first refresh
        self.widget = StatusTables(self, columns=list_rows.columns(), size=SIZE)

    def show(self, index: ContactIndex) -> None:
        """Count anew, and read again the tables already seen."""
        self._index = index
        counts = index.real["status"].fillna("").value_counts()
        unknown = sorted((status for status in counts.index if status not in LABELS), key=lambda status: (status == "", status))
        seen = {status: self._table(status, kept) for status, kept in self.widget.content.items() if counts.get(_raw(status), 0)}
        with self.widget.hold_sync():
            self.widget.tables = [
                {"status": status or texts.NO_STATUS, "count": int(counts.get(status, 0))} for status in (*ORDER, *unknown)
            ]
            self.widget.content = seen

    def read(self, asked: dict[str, Any]) -> None:
        """The browser wants a table's rows: at first sight, another page, or another order."""
        status = str(asked["status"])
        seen = self.widget.content.get(status, TableLook(page=1, sort="", ascending=True))
        kept: TableLook = {"page": seen["page"], "sort": seen["sort"], "ascending": seen["ascending"]}
        if asked.get("sort"):
            kept["ascending"] = not kept["ascending"] if kept["sort"] == asked["sort"] else True
            kept["sort"], kept["page"] = str(asked["sort"]), 1
        if asked.get("page"):
            kept["page"] = int(asked["page"])
        self.widget.content = {**self.widget.content, status: self._table(status, kept)}

    def _table(self, status: str, kept: TableLook) -> TableContent:
        real = self._index.real
        column = real["status"]
        chosen = real[(column == _raw(status)) if _raw(status) else column.isna() | (column == "")]
        if kept["sort"] in BY_KEY:
            chosen = chosen.iloc[order(chosen, Sort("", "", kept["sort"], kept["ascending"]))]
        page = max(1, min(kept["page"], -(-len(chosen) // SIZE)))
        shown = list_rows.records(self._index, chosen.iloc[(page - 1) * SIZE : page * SIZE])
        today, region = self._app.today(), self._app.region
        rows: list[LeadRow] = [{"ref": lead_rows.reference(row), "cells": list_rows.cells(row, today, region)} for row in shown]
        return {"rows": rows, "page": page, "sort": kept["sort"], "ascending": kept["ascending"]}


def _raw(status: str) -> str:
    return "" if status == texts.NO_STATUS else status
