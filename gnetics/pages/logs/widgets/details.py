"""The side panel of a log entry: a run's and a mail's; the entry itself is prepared by run_rows and mail_rows."""

from __future__ import annotations

from typing import Any, NotRequired, Protocol, TypedDict

import traitlets as tl

from gnetics.pages.mail_words import Attachment
from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import Link, Look, given


class DetailHandler(Protocol):
    """What the panel asks of its page."""

    def close(self) -> None: ...
    def open(self, key: int) -> None: ...
    def go(self, page: str, query: dict[str, str]) -> None: ...


class Pair(TypedDict):
    """A line of a detail; `code` sets it in fixed width."""

    label: str
    text: str
    link: Link | None
    code: bool


class LeadOfEntry(TypedDict):
    """`now` is the lead's name today, when it is another."""

    text: str
    link: Link | None
    now: NotRequired[str]


class LogDetail(GuardedTemplate):
    """Each has an `entry`; `around` lists those it belongs with."""

    shown = tl.Bool(False).tag(sync=True)

    def __init__(self, handler: DetailHandler) -> None:
        super().__init__()
        self._handler = handler

    def vue_close(self, _data: Any) -> None:
        self._handler.close()

    def vue_open(self, data: dict[str, Any]) -> None:
        self._handler.open(int(data["key"]))

    def vue_go(self, data: dict[str, Any]) -> None:
        self._handler.go(str(data["page"]), {str(name): str(value) for name, value in data.get("query", {}).items()})


class Change(TypedDict):
    label: str
    before: str
    after: str


class RunEntry(TypedDict):
    """As run_rows.detail makes it."""

    key: int
    title: str
    status: Look
    when: str
    subject: str
    lead: LeadOfEntry
    reason: str
    error: str
    technical: str
    changes: list[Change]
    times: list[Pair]
    origin: list[Pair]


class Attempt(TypedDict):
    """As run_rows.link_in_chain makes it; `on`: the one shown."""

    key: int
    on: bool
    title: str
    when: str
    status: Look


class RunDetail(LogDetail):
    """`around` are the attempts of the same action."""

    source = "run_detail.vue"
    entry = given(RunEntry)
    around = given(list[Attempt])


class Reply(TypedDict):
    """What became of the answer to a mail."""

    status: Look
    proposed: str
    final: str
    facts: list[Pair]
    note: str


class MailEntry(TypedDict):
    """As mail_rows.detail makes it; `decide` and `attach` lead to where that is done, when it is to be."""

    key: int
    title: str
    status: Look
    when: str
    why: str
    lead: LeadOfEntry
    headers: list[Pair]
    text: str
    quoted: str
    decide: Link | None
    attach: Link | None
    attachments: list[Attachment]
    files_note: str
    reply: Reply | None
    ids: list[Pair]


class ThreadMail(TypedDict):
    """As mail_rows.in_thread makes it; `on`: the one shown."""

    key: int
    on: bool
    icon: str
    who: str
    title: str
    when: str
    link: Link


class MessageDetail(LogDetail):
    """`around` are the mails of the same exchange."""

    source = "message_detail.vue"
    entry = given(MailEntry)
    around = given(list[ThreadMail])
