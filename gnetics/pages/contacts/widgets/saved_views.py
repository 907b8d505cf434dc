"""« Mes vues »: the person's own names for sets of filters, order and columns."""

from __future__ import annotations

from typing import Any, Protocol, TypedDict

import traitlets as tl

from gnetics.pages.contacts.widgets.lot_bar import Outcome
from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given


class ViewsHandler(Protocol):
    """What the menu asks of its page; each answers with the sentence of a refusal, or ""."""

    def choose(self, key: int) -> str: ...
    def save(self, name: str) -> str: ...
    def rename(self, key: int, name: str) -> str: ...
    def delete(self, key: int) -> str: ...


class SavedView(TypedDict):
    """`on`: what the page shows now."""

    key: int
    name: str
    on: bool


class SavedViews(GuardedTemplate):
    """`outcome` answers each request; `suggested` is a name for what is shown."""

    source = "saved_views.vue"
    views = given(list[SavedView])
    suggested = tl.Unicode().tag(sync=True)
    outcome = given(Outcome)

    def __init__(self, handler: ViewsHandler) -> None:
        super().__init__()
        self._handler = handler
        self._answers = 0

    def vue_choose(self, data: dict[str, Any]) -> None:
        self._answer(self._handler.choose(int(data["key"])))

    def vue_save(self, data: dict[str, Any]) -> None:
        self._answer(self._handler.save(str(data["name"])))

    def vue_rename(self, data: dict[str, Any]) -> None:
        self._answer(self._handler.rename(int(data["key"]), str(data["name"])))

    def vue_remove(self, data: dict[str, Any]) -> None:
        self._answer(self._handler.delete(int(data["key"])))

    def _answer(self, sentence: str) -> None:
        self._answers += 1
        self.outcome = {"sentence": sentence, "n": self._answers}
