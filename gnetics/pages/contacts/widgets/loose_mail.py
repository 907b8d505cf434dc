"""A mail that is nobody's, over Contacts: read it, then attach it to a contact, known or new."""

from __future__ import annotations

from typing import Any, Protocol, TypedDict

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given


class LooseHandler(Protocol):
    """What the dialog asks of its page; contacts are named by their references."""

    def search(self, text: str) -> None: ...
    def attach(self, ref: str) -> None: ...
    def create(self) -> None: ...
    def close(self) -> None: ...


class LooseText(TypedDict):
    """`who` wrote it: their name, else their address."""

    subject: str
    who: str
    people: list[str]
    when: str
    text: str
    why: str


class Candidate(TypedDict):
    """`why` it may be their mail; "" for one that was searched."""

    ref: str
    title: str
    detail: str
    why: str


class LooseMail(GuardedTemplate):
    """`found` are the contacts of the text `searched`; `blocked` says why nothing can be attached for now.

    `opened` grows when it opens, `answered` after each try to attach.
    """

    source = "loose_mail.vue"
    shown = tl.Bool(False).tag(sync=True)
    opened = tl.Int(0).tag(sync=True)
    mail = given(LooseText)
    candidates = given(list[Candidate])
    found = given(list[Candidate])
    searched = tl.Unicode().tag(sync=True)
    said = tl.Unicode().tag(sync=True)
    blocked = tl.Unicode().tag(sync=True)
    answered = tl.Int(0).tag(sync=True)

    def __init__(self, handler: LooseHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_search(self, data: dict[str, Any]) -> None:
        self._handler.search(str(data["text"]))

    def vue_attach(self, data: dict[str, Any]) -> None:
        try:
            self._handler.attach(str(data["ref"]))
        finally:
            self.answered += 1

    def vue_create(self, _data: Any) -> None:
        self._handler.create()

    def vue_close(self, _data: Any) -> None:
        self._handler.close()
