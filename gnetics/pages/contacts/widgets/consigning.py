"""« Consigner »: the dialog that notes a call, a meeting, a visit or a mail written elsewhere."""

from __future__ import annotations

from typing import Any, Protocol, TypedDict

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given


class Asked(TypedDict):
    """What the person noted; `follow_up` is the text of a day, "" for none, `status` the one chosen, the same or another."""

    kind: str
    result: str
    line: str
    follow_up: str
    status: str
    reason: str


class ConsignHandler(Protocol):
    """What the dialog asks of its page."""

    def consign(self, asked: Asked) -> None: ...


class KindChoice(TypedDict):
    label: str
    results: list[str]


class FollowUp(TypedDict):
    """A working day that is offered: « +3 j », « ven. 4 déc. », and its text as it is typed."""

    days: int
    label: str
    day: str
    text: str


class ConsignDialog(GuardedTemplate):
    """`ref` is the key of the contact that it was opened for, `opened` grows when it starts afresh, `answered` after each save.

    `usual` says after how many days one goes on, by result.
    """

    source = "consigning.vue"
    shown = tl.Bool(False).tag(sync=True)
    opened = tl.Int(0).tag(sync=True)
    answered = tl.Int(0).tag(sync=True)
    title = tl.Unicode().tag(sync=True)
    status = tl.Unicode().tag(sync=True)
    reason = tl.Unicode().tag(sync=True)
    kinds = given(list[KindChoice])
    usual = given(dict[str, int])
    days = given(list[FollowUp])
    statuses = tl.List(tl.Unicode()).tag(sync=True)
    closed_statuses = tl.List(tl.Unicode()).tag(sync=True)
    date_format = tl.Unicode("%d/%m/%Y").tag(sync=True)
    date_hint = tl.Unicode().tag(sync=True)
    first_day = tl.Int(1).tag(sync=True)
    errors = given(dict[str, str])
    ref = 0

    def __init__(self, handler: ConsignHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_consign(self, data: dict[str, Any]) -> None:
        try:
            self._handler.consign(
                {
                    "kind": str(data["kind"]),
                    "result": str(data["result"]),
                    "line": str(data["line"]),
                    "follow_up": str(data["follow_up"]),
                    "status": str(data["status"]),
                    "reason": str(data["reason"]),
                }
            )
        finally:
            self.answered += 1
