"""The app frame: sidebar, bar, page slots, palette, notices. The browser moves between pages; the kernel hears of it after."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, TypedDict

import ipyvuetify as v
import traitlets as tl
from ipywidgets import DOMWidget
from ipywidgets.widgets.widget import widget_serialization

from gnetics.state.session import Session
from gnetics.widgets import theme
from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given

LINKED = {"refreshed_at": "refreshed"} | {
    name: name for name in ("sync_active", "newer", "unsaved", "user", "demo", "role", "locked", "own_door")
}


class FramePage(TypedDict):
    """A page of the sidebar."""

    key: str
    title: str
    icon: str


class Published(TypedDict):
    """An analysis that is a page of its own."""

    name: str
    title: str


class Slot(TypedDict):
    """A page made."""

    key: str
    widget: DOMWidget


class Found(TypedDict):
    """A contact for the palette."""

    page: str
    query: dict[str, str]
    ref: str
    title: str
    detail: str
    icon: str


class Recalled(TypedDict):
    """An event that its person is reminded of; `ref` names it, or an occurrence of a series."""

    ref: str
    title: str
    when: str


class Notice(TypedDict):
    """A sentence at the bottom; `n` grows: the same twice is two notices."""

    text: str
    kind: str
    n: int
    undo: bool


class FrameHandler(Protocol):
    """What the frame asks of the app."""

    def moved(self, page: str, query: dict[str, str]) -> None: ...
    def prepare(self, key: str) -> None: ...
    def refresh(self) -> None: ...
    def check_newer(self) -> None: ...
    def undo(self) -> None: ...
    def find(self, text: str) -> list[Found]: ...
    def recalled(self, ref: str, answer: str) -> None: ...


class Frame(GuardedTemplate):
    """`facts` are the grey words beside each page's title.

    The browser asks for the pages of `ahead` one by one, while it is idle, before anyone visits them.

    `contacts` are those found for the text `answered_for`.

    `answered` counts the refreshes done: the browser shows its button busy until it grows; `arrived` the moves.
    """

    source = "frame.vue"
    route = tl.Unicode("accueil").tag(sync=True)
    pages = given(list[FramePage])
    analyses = given(list[Published])
    ahead = tl.List(tl.Unicode()).tag(sync=True)
    slots = given(list[Slot]).tag(**widget_serialization)
    facts = given(dict[str, str])
    user = tl.Unicode().tag(sync=True)
    demo = tl.Bool(False).tag(sync=True)
    role = tl.Unicode().tag(sync=True)
    locked = tl.Unicode().tag(sync=True)
    own_door = tl.Bool(False).tag(sync=True)
    sync_active = tl.Bool(True).tag(sync=True)
    newer = tl.Bool(False).tag(sync=True)
    unsaved = tl.Int(0).tag(sync=True)
    typing = tl.Bool(False).tag(sync=True)
    refreshed = tl.Unicode().tag(sync=True)
    answered = tl.Int(0).tag(sync=True)
    arrived = tl.Int(0).tag(sync=True)
    contacts = given(list[Found])
    answered_for = tl.Unicode().tag(sync=True)
    recalled = given(list[Recalled])
    notice = given(Notice, Notice(text="", kind="info", n=0, undo=False))
    sheet = tl.Unicode().tag(sync=True)
    vuetify_words = given(dict[str, Any])

    def __init__(self, session: Session, pages: list[FramePage], ahead: Sequence[str], handler: FrameHandler) -> None:
        theme.apply()
        words = json.loads(Path(__file__).with_name("vuetify_fr.json").read_text("utf-8"))
        super().__init__(pages=pages, ahead=list(ahead), sheet=theme.css(), vuetify_words=words)
        self._handler = handler
        self._said = 0
        self._dirty: set[str] = set()
        for ours, shown in LINKED.items():
            tl.dlink((session, ours), (self, shown))

    def add_slot(self, key: str, widget: DOMWidget) -> None:
        """Mount a page, for good; once mounted, nothing happens."""
        if not self.mounted(key):
            self.slots = [*self.slots, {"key": key, "widget": widget}]

    def mounted(self, key: str) -> bool:
        return any(slot["key"] == key for slot in self.slots)

    def say(self, text: str, kind: str, undo: bool = False) -> None:
        """Show a sentence at the bottom; kind is info, success, warning or error (which stays until closed); `undo` offers « Annuler »."""
        self._said += 1
        self.notice = {"text": text, "kind": kind, "n": self._said, "undo": undo}

    def note_typing(self, form: str, dirty: bool) -> None:
        """Whether a form holds text not saved; closing the browser is asked about while any of them does."""
        (self._dirty.add if dirty else self._dirty.discard)(form)
        self.typing = bool(self._dirty)

    def navigate(self, page: str, query: dict[str, str], how: str) -> None:
        """Show `page` and write its address; how is push, replace or none."""
        self.run("navigate", page, query, how)

    def vue_moved(self, data: dict[str, Any]) -> None:
        self._handler.moved(str(data["page"]), {str(k): str(v) for k, v in data.get("query", {}).items()})

    def vue_prepare(self, data: dict[str, Any]) -> None:
        self._handler.prepare(str(data["page"]))

    def vue_refresh(self, _data: Any) -> None:
        try:
            self._handler.refresh()
        finally:
            self.answered += 1

    def vue_undo(self, _data: Any) -> None:
        self._handler.undo()

    def vue_tick(self, _data: Any) -> None:
        self._handler.check_newer()

    def vue_find(self, data: dict[str, Any]) -> None:
        text = str(data.get("text", ""))
        with self.hold_sync():
            self.contacts, self.answered_for = self._handler.find(text), text

    def vue_recall(self, data: dict[str, Any]) -> None:
        self._handler.recalled(str(data["ref"]), str(data["answer"]))

    def vue_theme(self, data: dict[str, Any]) -> None:
        v.theme.dark = bool(data.get("dark"))
