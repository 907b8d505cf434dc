"""« Pourquoi est-il perdu ? »: asked before a contact becomes Perdu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate


class LostReason(GuardedTemplate):
    """`on_answer` receives the reason, never blank."""

    source = "lost_reason.vue"
    shown = tl.Bool(False).tag(sync=True)
    title = tl.Unicode().tag(sync=True)
    known = tl.Unicode().tag(sync=True)
    reasons = tl.List(tl.Unicode()).tag(sync=True)

    def __init__(self, on_answer: Callable[[str], None]) -> None:
        super().__init__()
        self._on_answer = on_answer

    def ask(self, title: str, known: str, reasons: list[str]) -> None:
        """Open for the contact of that title; `known` is the reason of an earlier loss, `reasons` those of the others."""
        with self.hold_sync():
            self.title, self.known, self.reasons, self.shown = title, known, reasons, True

    def vue_answer(self, data: dict[str, Any]) -> None:
        if reason := str(data["reason"]).strip():
            self._on_answer(reason)
