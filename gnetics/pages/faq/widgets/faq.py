"""The help: groups of questions that open on their answer, with a search."""

from __future__ import annotations

from typing import Any, Protocol, TypedDict

import traitlets as tl

from gnetics.pages.faq.search import Part
from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given


class FaqHandler(Protocol):
    """What the page's template asks of it."""

    def search(self, text: str) -> None: ...
    def toggle(self, key: str) -> None: ...
    def go(self, page: str, query: dict[str, str]) -> None: ...


class ShownAnswer(TypedDict):
    """A question and its paragraphs, the words searched apart; `page` is where it is done, under `go`."""

    key: str
    question: list[Part]
    paragraphs: list[list[Part]]
    page: str
    go: str
    query: dict[str, str]


class ShownGroup(TypedDict):
    title: str
    icon: str
    answers: list[ShownAnswer]


class Faq(GuardedTemplate):
    """`groups` holds the questions found; `opened` the keys of those that show their answer;
    `revealed` is the one an address asked for, scrolled to."""

    source = "faq.vue"
    text = tl.Unicode().tag(sync=True)
    groups = given(list[ShownGroup])
    opened = tl.List(tl.Unicode()).tag(sync=True)
    revealed = tl.Unicode().tag(sync=True)
    count = tl.Int(0).tag(sync=True)
    total = tl.Int(0).tag(sync=True)

    def __init__(self, handler: FaqHandler) -> None:
        super().__init__()
        self._handler = handler

    def vue_search(self, data: dict[str, Any]) -> None:
        self._handler.search(str(data["text"]))

    def vue_toggle(self, data: dict[str, Any]) -> None:
        self._handler.toggle(str(data["key"]))

    def vue_go(self, data: dict[str, Any]) -> None:
        self._handler.go(str(data["page"]), {str(name): str(value) for name, value in data.get("query", {}).items()})
