"""« Échanges » on the sheet of a lead: its mails by thread, and the editor in its place among them."""

from __future__ import annotations

from typing import Any, Protocol, TypedDict

import traitlets as tl
from ipywidgets import DOMWidget
from ipywidgets.widgets.widget import widget_serialization

from gnetics.pages.mail_words import Attachment
from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.download import Download
from gnetics.widgets.given import Look, given

NOWHERE = -1  # no editor is open


class ThreadHandler(Protocol):
    """What the exchange asks of its page; a mail is named by its key, one that did not leave by that of the outbox."""

    def answer(self, key: int) -> None: ...
    def write(self) -> None: ...
    def cancel(self, post: int) -> None: ...
    def again(self, post: int) -> None: ...
    def settle(self, post: int, left: bool) -> None: ...
    def unfold(self, line: str) -> None: ...
    def fold(self, line: str) -> None: ...
    def older(self) -> None: ...
    def take(self, key: int, position: int) -> None: ...


class MailLine(TypedDict):
    """A mail folded; `day` is `when` in short. `answer` is the verb of the button that answers it, "" without; `note` explains its state.

    `key`: 0 for one that did not leave; then `post` is its key in the outbox, which `waits` to leave or was `refused`; of an `unknown` one
    nothing says whether it left.
    """

    line: str
    key: int
    post: int
    icon: str
    direction: str
    who: str
    when: str
    day: str
    beginning: str
    files: int
    state: Look | None
    note: str
    answer: str
    waits: bool
    refused: bool
    unknown: bool


class MailFile(Attachment):
    """One that is `kept` can be saved; `why`: one that would be is not."""

    position: int
    kept: bool
    why: str


class MailText(TypedDict):
    """The same unfolded."""

    people: list[str]
    text: str
    quoted: str
    attachments: list[MailFile]
    why: str


class Thread(TypedDict):
    """The oldest mail first."""

    name: str
    subject: str
    lines: list[MailLine]


class MailThread(GuardedTemplate):
    """`texts` are those of the mails unfolded; `editing` is the mail answered, 0 for a new one, NOWHERE for none.

    `begun`: a new mail was begun and kept; `older` counts the mails that are not listed yet; `blocked` says why nothing is sent for now.
    `erased`: nobody is written to there any more. `download` hands over attachments.
    """

    source = "mail_thread.vue"
    shown = tl.Bool(False).tag(sync=True)
    threads = given(list[Thread])
    texts = given(dict[str, MailText])
    count = tl.Int(0).tag(sync=True)
    older = tl.Int(0).tag(sync=True)
    begun = tl.Bool(False).tag(sync=True)
    blocked = tl.Unicode().tag(sync=True)
    erased = tl.Bool(False).tag(sync=True)
    editing = tl.Int(NOWHERE).tag(sync=True)
    editor = tl.Instance(DOMWidget).tag(sync=True, **widget_serialization)
    download = tl.Instance(Download).tag(sync=True, **widget_serialization)

    def __init__(self, handler: ThreadHandler, **traits: Any) -> None:
        super().__init__(download=Download(forms=()), **traits)
        self._handler = handler

    def vue_answer(self, data: dict[str, Any]) -> None:
        self._handler.answer(int(data["key"]))

    def vue_write(self, _data: Any) -> None:
        self._handler.write()

    def vue_cancel(self, data: dict[str, Any]) -> None:
        self._handler.cancel(int(data["post"]))

    def vue_again(self, data: dict[str, Any]) -> None:
        self._handler.again(int(data["post"]))

    def vue_settle(self, data: dict[str, Any]) -> None:
        self._handler.settle(int(data["post"]), bool(data["left"]))

    def vue_unfold(self, data: dict[str, Any]) -> None:
        self._handler.unfold(str(data["line"]))

    def vue_fold(self, data: dict[str, Any]) -> None:
        self._handler.fold(str(data["line"]))

    def vue_show_older(self, _data: Any) -> None:
        self._handler.older()

    def vue_take(self, data: dict[str, Any]) -> None:
        self._handler.take(int(data["key"]), int(data["position"]))
