"""Accueil: the day in words, what to do first and what comes next, a card per page with its live figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

import traitlets as tl

from gnetics.pages.boards.widgets.dashboard import WaitingLine
from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given


class CardFigure(TypedDict):
    """What a page says on its card."""

    figure: str
    label: str
    note: str
    alert: bool


class Card(CardFigure):
    """The door to a page."""

    page: str
    title: str
    icon: str


class NextEvent(TypedDict):
    """A line of « Prochains événements »."""

    key: str
    day: str
    hours: str
    title: str
    facts: str
    video: bool


class Step(TypedDict):
    """What to do first, on Contacts by `query`, or by `command` on the server."""

    title: str
    text: str
    done: bool
    query: dict[str, str]
    command: str


class Home(GuardedTemplate):
    """`first` are the leads to take first, of `first_more` more; `steps` those of a store that begins.

    `empty` is true when the store holds no contact at all, as far as the person may know.
    """

    source = "home.vue"
    greeting = tl.Unicode().tag(sync=True)
    day = tl.Unicode().tag(sync=True)
    sentence = tl.Unicode().tag(sync=True)
    empty = tl.Bool(False).tag(sync=True)
    steps = given(list[Step])
    cards = given(list[Card])
    first = given(list[WaitingLine])
    first_more = tl.Int(0).tag(sync=True)
    agenda = given(list[NextEvent])

    def __init__(self, on_go: Callable[[str, dict[str, str]], None]) -> None:
        super().__init__()
        self._on_go = on_go

    def vue_go(self, data: dict[str, Any]) -> None:
        self._on_go(str(data["page"]), {str(name): str(value) for name, value in data.get("query", {}).items()})
