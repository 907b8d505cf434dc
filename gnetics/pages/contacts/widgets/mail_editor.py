"""The editor of a mail, on the sheet of a lead: one editor opened is one mail."""

from __future__ import annotations

from typing import Any, Protocol, TypedDict

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given

FIELDS = ("to", "cc", "subject", "text", "day", "hour")
Form = dict[str, str]


class EditorHandler(Protocol):
    """What the editor asks of its page; what speaks of another opening than the `n`-th comes too late."""

    def keep(self, n: int, form: Form, count: int) -> None: ...
    def send(self, form: Form, click: str, later: bool) -> None: ...
    def reject(self) -> None: ...
    def leave(self, form: Form) -> None: ...
    def follow_on(self, form: Form) -> None: ...


class Opened(TypedDict):
    """`origin` says what made the text, or why there is none; `asked`: a person did, so the focus comes in; `alone`: it answers nothing."""

    n: int
    title: str
    origin: str
    proposed: bool
    asked: bool
    alone: bool
    zone: str


class MailEditor(GuardedTemplate):
    """`form` and `errors` are texts by field; `blocked` says why nothing can be sent, `expired` that the exchange went on.

    The browser says by `typing` that it holds text not kept: what it sent with the `kept`-th change is.
    """

    source = "mail_editor.vue"
    opened = given(Opened)
    form = given(dict[str, str])
    errors = given(dict[str, str])
    others = tl.Unicode().tag(sync=True)
    blocked = tl.Unicode().tag(sync=True)
    expired = tl.Bool(False).tag(sync=True)
    typing = tl.Bool(False).tag(sync=True)
    kept = tl.Int(0).tag(sync=True)
    kept_words = tl.Unicode().tag(sync=True)
    answered = tl.Int(0).tag(sync=True)
    date_format = tl.Unicode("%d/%m/%Y").tag(sync=True)
    date_hint = tl.Unicode().tag(sync=True)
    first_day = tl.Int(1).tag(sync=True)

    def __init__(self, handler: EditorHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_keep(self, data: dict[str, Any]) -> None:
        self._handler.keep(int(data["n"]), _form(data), int(data["count"]))

    def vue_send(self, data: dict[str, Any]) -> None:
        try:
            self._handler.send(_form(data), str(data["click"]), bool(data["later"]))
        finally:
            self.answered += 1

    def vue_reject(self, _data: Any) -> None:
        try:
            self._handler.reject()
        finally:
            self.answered += 1

    def vue_leave(self, data: dict[str, Any]) -> None:
        self._handler.leave(_form(data))

    def vue_follow_on(self, data: dict[str, Any]) -> None:
        self._handler.follow_on(_form(data))


def _form(data: dict[str, Any]) -> Form:
    given = data["form"]
    return {name: str(given.get(name) or "") for name in FIELDS}
