"""Contacts above the tables by status: search, filters, views and pages; one page of cards at a time."""

from __future__ import annotations

from typing import Any, Protocol, TypedDict

import traitlets as tl
from ipywidgets import DOMWidget
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given


class GridHandler(Protocol):
    """What the grid asks of its page."""

    def filter(self, asked: dict[str, Any]) -> None: ...
    def open(self, ref: str) -> None: ...
    def add(self) -> None: ...
    def open_import(self) -> None: ...
    def open_bin(self) -> None: ...
    def open_recent(self) -> None: ...
    def pick(self, refs: list[str], on: bool, through: bool) -> None: ...
    def compare(self, ref: str) -> None: ...


class ListView(TypedDict):
    key: str
    label: str


class Part(TypedDict):
    """The views that are widgets of their own (table, pipeline), the menu of saved views (vues), the bar of what is ticked (lot) and
    the export (export)."""

    key: str
    widget: DOMWidget


class SortChoice(TypedDict):
    key: str
    words: str


class FacetOption(TypedDict):
    value: str
    label: str
    count: int
    on: bool


class Facet(TypedDict):
    """`open`: unfolded from the start."""

    key: str
    title: str
    options: list[FacetOption]
    open: bool


class Chip(TypedDict):
    """A value that a facet keeps, which a click takes away."""

    facet: str
    value: str
    label: str


class SelectionFigure(TypedDict):
    label: str
    text: str


class LeadCard(TypedDict):
    """A contact of the cards and of the pipeline; `missing` asks for what it lacks most.

    `call` and `write` are links (tel:, mailto:), or empty; `doubled` when it may be a duplicate; `erased`: nobody's any more.
    """

    ref: str
    title: str
    subtitle: str
    initials: str
    email: str
    missing: str
    status: str
    source: str
    owner: str
    amount: str
    late: int
    call: str
    write: str
    doubled: bool
    erased: bool
    action: str
    reason: str


class ContactsGrid(GuardedTemplate):
    """`filter` is asked one of text, toggle, sort, page, view, clear; leads are named by their references.

    `picked` are the references of the cards ticked.
    `limited`: the person sees only their own contacts, which says why there is none.
    `answered` counts the searches answered, so that the browser sends one at a time, always the latest.
    """

    source = "contacts_grid.vue"
    text = tl.Unicode().tag(sync=True)
    answered = tl.Int(0).tag(sync=True)
    view = tl.Unicode("cartes").tag(sync=True)
    views = given(list[ListView])
    slots = given(list[Part]).tag(**widget_serialization)
    sort = tl.Unicode().tag(sync=True)
    sorts = given(list[SortChoice])
    facets = given(list[Facet])
    chips = given(list[Chip])
    figures = given(list[SelectionFigure])
    cards = given(list[LeadCard])
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

    def vue_compare(self, data: dict[str, Any]) -> None:
        self._handler.compare(str(data["ref"]))

    def vue_add(self, _data: Any) -> None:
        self._handler.add()

    def vue_bin(self, _data: Any) -> None:
        self._handler.open_bin()

    def vue_recent(self, _data: Any) -> None:
        self._handler.open_recent()

    def vue_importing(self, _data: Any) -> None:
        self._handler.open_import()
