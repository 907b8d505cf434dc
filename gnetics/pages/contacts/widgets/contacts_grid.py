"""Contacts above the tables by status: search, filters, views and pages; one page of cards at a time."""

from __future__ import annotations

from typing import Any, Protocol

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate


class GridHandler(Protocol):
    """What the grid asks of its page."""

    def filter(self, asked: dict[str, Any]) -> None: ...
    def open(self, ref: str) -> None: ...
    def add(self) -> None: ...
    def open_import(self) -> None: ...
    def open_bin(self) -> None: ...
    def open_recent(self) -> None: ...
    def pick(self, refs: list[str], on: bool, through: bool) -> None: ...


class ContactsGrid(GuardedTemplate):
    """`filter` is asked one of text, toggle, sort, page, view, clear; leads are named by their references.

    `slots` holds {key, widget}: the views that are widgets of their own (table, pipeline), the menu of saved views (vues), the bar of
    what is ticked (lot) and the export (export). `picked` are the references of the cards ticked.
    `limited`: the person sees only their own contacts, which says why there is none.
    `answered` counts the searches answered, so that the browser sends one at a time, always the latest.
    """

    source = "contacts_grid.vue"
    text = tl.Unicode().tag(sync=True)
    answered = tl.Int(0).tag(sync=True)
    view = tl.Unicode("cartes").tag(sync=True)
    views = tl.List(tl.Dict()).tag(sync=True)
    slots = tl.List(tl.Dict()).tag(sync=True, **widget_serialization)
    sort = tl.Unicode().tag(sync=True)
    sorts = tl.List(tl.Dict()).tag(sync=True)
    facets = tl.List(tl.Dict()).tag(sync=True)
    chips = tl.List(tl.Dict()).tag(sync=True)
    figures = tl.List(tl.Dict()).tag(sync=True)
    cards = tl.List(tl.Dict()).tag(sync=True)
    count = tl.Int(0).tag(sync=True)
    total = tl.Int(0).tag(sync=True)
    page = tl.Int(1).tag(sync=True)
    pages = tl.Int(1).tag(sync=True)
    filtered = tl.Bool(False).tag(sync=True)
    limited = tl.Bool(False).tag(sync=True)
    selected = tl.Unicode().tag(sync=True)
    picked = tl.List(tl.Unicode()).tag(sync=True)

    def __init__(self, handler: GridHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_filter(self, data: dict[str, Any]) -> None:
        try:
            self._handler.filter(data)
        finally:
            if "text" in data:
                self.answered += 1

    def vue_open(self, data: dict[str, Any]) -> None:
        self._handler.open(str(data["ref"]))

    def vue_pick(self, data: dict[str, Any]) -> None:
        self._handler.pick(list(map(str, data["refs"])), bool(data["on"]), bool(data.get("through")))

    def vue_add(self, _data: Any) -> None:
        self._handler.add()

    def vue_bin(self, _data: Any) -> None:
        self._handler.open_bin()

    def vue_recent(self, _data: Any) -> None:
        self._handler.open_recent()

    def vue_importing(self, _data: Any) -> None:
        self._handler.open_import()
