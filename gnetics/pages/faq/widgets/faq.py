"""The help: groups of questions that open on their answer, with a search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate


class Faq(GuardedTemplate):
    """`groups` holds the questions found; `opened` the keys of those that show their answer;
    `revealed` is the one an address asked for, scrolled to."""

    source = "faq.vue"
    text = tl.Unicode().tag(sync=True)
    groups = tl.List(tl.Dict()).tag(sync=True)
    opened = tl.List(tl.Unicode()).tag(sync=True)
    revealed = tl.Unicode().tag(sync=True)
    count = tl.Int(0).tag(sync=True)
    total = tl.Int(0).tag(sync=True)

    def __init__(
        self, on_search: Callable[[str], None], on_toggle: Callable[[str], None], on_go: Callable[[str, dict[str, str]], None]
    ) -> None:
        super().__init__()
        self._on_search, self._on_toggle, self._on_go = on_search, on_toggle, on_go

    def vue_search(self, data: dict[str, Any]) -> None:
        self._on_search(str(data["text"]))

    def vue_toggle(self, data: dict[str, Any]) -> None:
        self._on_toggle(str(data["key"]))

    def vue_go(self, data: dict[str, Any]) -> None:
        self._on_go(str(data["page"]), {str(name): str(value) for name, value in data.get("query", {}).items()})
