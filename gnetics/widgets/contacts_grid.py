"""The card grid of Contacts with its search, filters and pages: one page of cards at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate


class ContactsGrid(GuardedTemplate):
    """`on_filter` receives one of text, toggle, sort, page, clear; `on_open` a lead's reference."""

    template_file = (__file__, "contacts_grid.vue")
    text = tl.Unicode().tag(sync=True)
    sort = tl.Unicode().tag(sync=True)
    sorts = tl.List(tl.Dict()).tag(sync=True)
    facets = tl.List(tl.Dict()).tag(sync=True)
    chips = tl.List(tl.Dict()).tag(sync=True)
    cards = tl.List(tl.Dict()).tag(sync=True)
    count = tl.Int(0).tag(sync=True)
    total = tl.Int(0).tag(sync=True)
    page = tl.Int(1).tag(sync=True)
    pages = tl.Int(1).tag(sync=True)
    filtered = tl.Bool(False).tag(sync=True)
    selected = tl.Unicode().tag(sync=True)

    def __init__(
        self,
        on_filter: Callable[[dict[str, Any]], None],
        on_open: Callable[[str], None],
        on_add: Callable[[], None],
        on_import: Callable[[], None],
        on_bin: Callable[[], None],
        **traits: Any,
    ) -> None:
        super().__init__(**traits)
        self._on_filter, self._on_open, self._on_add, self._on_import, self._on_bin = on_filter, on_open, on_add, on_import, on_bin

    def vue_filter(self, data: dict[str, Any]) -> None:
        self._on_filter(data)

    def vue_open(self, data: dict[str, Any]) -> None:
        self._on_open(str(data["ref"]))

    def vue_add(self, _data: Any) -> None:
        self._on_add()

    def vue_bin(self, _data: Any) -> None:
        self._on_bin()

    def vue_importing(self, _data: Any) -> None:
        self._on_import()
