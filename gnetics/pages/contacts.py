"""Contacts: card grid, filters, the lead's sheet, and « Contacts par statut »; the page that writes leads."""

from __future__ import annotations

from typing import Any

import ipyvuetify as v
import pandas as pd

from gnetics import texts
from gnetics.domain.statuses import LABELS
from gnetics.errors import NotFound
from gnetics.pages.bin import Bin
from gnetics.pages.frame import App, opener
from gnetics.pages.import_dialog import Import
from gnetics.pages.lead_sheet import Around, Sheet
from gnetics.state.contacts import FACETS, PAGE_SIZE, SORTS, ContactFilters, ContactIndex
from gnetics.widgets import codec, lead_rows
from gnetics.widgets.contacts_grid import ContactsGrid
from gnetics.widgets.status_tables import StatusTables
from gnetics.widgets.typography import number

TABLE_SIZE = 10


class ContactsPage:
    """The page's address carries the filters, and `lead` (a reference, or « nouveau ») when a sheet is open."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._filters = ContactFilters()
        self._index: ContactIndex  # made by the first refresh, which comes before the first visit
        self._sheet = Sheet(app, self._write_address, self._around)
        self._bin = Bin(app)
        self._importing = Import(app)
        self._grid = ContactsGrid(
            self._filter, self._open, self._add, self._import, self._bin.open, sorts=[{"key": s.key, "words": s.words} for s in SORTS]
        )
        self._tables = StatusTables(self._rows, self._open, columns=lead_rows.columns(), size=TABLE_SIZE)
        parts = (self._sheet.widget, self._sheet.conflict, self._importing.widget, self._bin.widget)
        self.widget = v.Html(tag="div", class_="g-page", children=[self._grid, self._tables, *parts])

    def visit(self, query: dict[str, str]) -> None:
        before = self._filters.to_query()
        self._filters.from_query(query)
        if self._filters.to_query() != before:
            self._show_grid()
        ref = query.get("lead", "")
        try:
            if ref:
                self._sheet.show(ref)
            elif not self._sheet.editing:
                self._sheet.hide()
        except NotFound as missing:
            self._sheet.hide()
            self._app.notify(str(missing), "warning")
        self._grid.selected = ref

    def refresh(self) -> None:
        self._index = ContactIndex(self._app.snapshot.real)
        self._show_facts()
        self._show_grid()
        self._show_tables()
        self._sheet.refresh()

    def _show_facts(self) -> None:
        count, aside = len(self._index.real), self._app.snapshot.set_aside
        plural = "contacts réels" if count > 1 else "contact réel"
        self._app.say_facts("contacts", f"{number(count)} {plural}" + (f" · {aside} écarté{'s' if aside > 1 else ''}" if aside else ""))

    def _show_grid(self) -> None:
        filters, index = self._filters, self._index
        keys = self._listed = index.select(filters)
        pages = max(1, -(-len(keys) // PAGE_SIZE))
        filters.page = min(filters.page, pages)
        shown = index.real.loc[keys[(filters.page - 1) * PAGE_SIZE : filters.page * PAGE_SIZE]]
        today, region = self._app.today(), self._app.region
        with self._grid.hold_sync():
            self._grid.text, self._grid.sort = filters.text, filters.sort
            self._grid.cards = [lead_rows.card(row, today, region) for row in codec.records(shown)]
            self._grid.count, self._grid.total = len(keys), len(index.real)
            self._grid.page, self._grid.pages, self._grid.filtered = filters.page, pages, filters.active
            self._grid.facets = [self._facet(key, title) for key, title in FACETS]
            self._grid.chips = [
                {"facet": key, "value": value, "label": f"{title} : {index.label(key, value)}"}
                for key, title in FACETS
                for value in filters.chosen.get(key, [])
            ]

    def _facet(self, key: str, title: str) -> dict[str, Any]:
        chosen = self._filters.chosen.get(key, [])
        options = [
            {"value": o.value, "label": o.label, "count": o.count, "on": o.value in chosen} for o in self._index.facet(key, self._filters)
        ]
        return {"key": key, "title": title, "options": options}

    def _show_tables(self) -> None:
        counts = self._index.real["status"].fillna("").value_counts()
        unknown = sorted((status for status in counts.index if status not in LABELS), key=lambda status: (status == "", status))
        order = ["À corriger", "En suivi", "Contacté", "Nouveau", "Clos"]  # the customer's order, then the rest of the funnel
        order += [label for label in LABELS if label not in order]
        asked = {status: self._table(status, kept) for status, kept in self._tables.content.items() if counts.get(_raw(status), 0)}
        with self._tables.hold_sync():
            self._tables.tables = [
                {"status": status or texts.NO_STATUS, "count": int(counts.get(status, 0))} for status in [*order, *unknown]
            ]
            self._tables.content = asked

    def _rows(self, asked: dict[str, Any]) -> None:
        """The browser wants a table's rows: at first sight, another page, or another order."""
        status = str(asked["status"])
        kept = dict(self._tables.content.get(status, {"page": 1, "sort": "", "ascending": True}))
        if asked.get("sort"):
            kept["ascending"] = not kept["ascending"] if kept["sort"] == asked["sort"] else True
            kept["sort"], kept["page"] = str(asked["sort"]), 1
        if asked.get("page"):
            kept["page"] = int(asked["page"])
        self._tables.content = {**self._tables.content, status: self._table(status, kept)}

    def _table(self, status: str, kept: dict[str, Any]) -> dict[str, Any]:
        real = self._index.real
        chosen = real[real["status"].fillna("") == _raw(status)]
        column = lead_rows.SORTED_BY.get(kept["sort"], kept["sort"])
        if column in chosen.columns:
            chosen = chosen.sort_values(column, ascending=kept["ascending"], kind="stable", key=_folded)
        page = max(1, min(kept["page"], -(-len(chosen) // TABLE_SIZE)))
        shown = codec.records(chosen.iloc[(page - 1) * TABLE_SIZE : page * TABLE_SIZE])
        today, region = self._app.today(), self._app.region
        rows = [{"ref": lead_rows.reference(row), "cells": lead_rows.cells(row, today, region)} for row in shown]
        return {"rows": rows, "page": page, "sort": kept["sort"], "ascending": kept["ascending"]}

    def _filter(self, asked: dict[str, Any]) -> None:
        filters = self._filters
        if asked.get("clear"):
            filters.clear()
        elif "text" in asked:
            filters.text, filters.page = str(asked["text"]), 1
        elif "toggle" in asked:
            filters.toggle(*map(str, asked["toggle"]))
        elif "sort" in asked:
            filters.sort, filters.page = str(asked["sort"]), 1
        elif "page" in asked:
            filters.page = int(asked["page"])
        self._show_grid()
        self._sheet.show_place()
        self._app.set_query("contacts", filters.to_query() | ({"lead": self._grid.selected} if self._grid.selected else {}))

    def _around(self, key: int) -> Around:
        """Place in the list as filtered and sorted (from 1, 0 outside), length, and the keys before and after."""
        found = (self._listed == key).nonzero()[0]
        if not len(found):
            return 0, len(self._listed), None, None
        at, last = int(found[0]), len(self._listed) - 1
        return at + 1, last + 1, int(self._listed[at - 1]) if at else None, int(self._listed[at + 1]) if at < last else None

    def _form_first(self) -> bool:
        """Whether a form being filled must be finished first; says so."""
        if self._sheet.editing:
            self._app.notify(texts.FINISH_FORM, "warning")
        return self._sheet.editing

    def _open(self, ref: str) -> None:
        if self._form_first():
            return
        self._sheet.show(ref)
        self._write_address(ref)

    def _add(self) -> None:
        if self._form_first():
            return
        self._sheet.start_new()
        self._write_address("nouveau")

    def _import(self) -> None:
        if not self._form_first():
            self._importing.open()

    def _write_address(self, ref: str) -> None:
        if ref == self._grid.selected:
            return
        self._grid.selected = ref
        self._app.set_query("contacts", self._filters.to_query() | ({"lead": ref} if ref else {}), how="push")


def _raw(status: str) -> str:
    return "" if status == texts.NO_STATUS else status


def _folded(column: pd.Series) -> pd.Series:
    return column.str.casefold() if pd.api.types.is_string_dtype(column.dtype) else column


def build(app: App) -> ContactsPage:
    return ContactsPage(app)


show = opener("contacts")
