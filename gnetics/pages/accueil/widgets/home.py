"""Accueil: the day in words, a card per page with its live figure, what to do first and what comes next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate


class Home(GuardedTemplate):
    """`cards` are {page, title, icon, figure, label, note, alert}; `first` and `agenda` are lines that lead to a page.

    `empty` is true when the store holds no contact at all, as far as the person may know.
    """

    source = "home.vue"
    greeting = tl.Unicode().tag(sync=True)
    day = tl.Unicode().tag(sync=True)
    sentence = tl.Unicode().tag(sync=True)
    refreshed = tl.Unicode().tag(sync=True)
    empty = tl.Bool(False).tag(sync=True)
    cards = tl.List(tl.Dict()).tag(sync=True)
    first = tl.List(tl.Dict()).tag(sync=True)
    first_more = tl.Int(0).tag(sync=True)
    agenda = tl.List(tl.Dict()).tag(sync=True)

    def __init__(self, on_go: Callable[[str, dict[str, str]], None]) -> None:
        super().__init__()
        self._on_go = on_go

    def vue_go(self, data: dict[str, Any]) -> None:
        self._on_go(str(data["page"]), {str(name): str(value) for name, value in data.get("query", {}).items()})
