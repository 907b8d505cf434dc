"""The lots of Contacts done lately, each row with the offer to undo it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given


class RecentLot(TypedDict):
    rev: int
    what: str
    facts: str
    undone: bool


class RecentLotsDialog(GuardedTemplate):
    """`rows` are the latest of `count` lots, of the last `days` days; `on_undo` receives the rev of one.

    `blocked` says why nothing can be undone for now.
    """

    source = "recent_lots.vue"
    shown = tl.Bool(False).tag(sync=True)
    rows = given(list[RecentLot])
    count = tl.Int(0).tag(sync=True)
    days = tl.Int(30).tag(sync=True)
    blocked = tl.Unicode().tag(sync=True)

    def __init__(self, on_undo: Callable[[int], None], **traits: Any) -> None:
        super().__init__(**traits)
        self._on_undo = on_undo

    def vue_undo(self, data: dict[str, Any]) -> None:
        self._on_undo(int(data["rev"]))
