"""The bin of Contacts: what was deleted lately, searched, with the offer to restore one or several."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol, TypedDict

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given


class BinHandler(Protocol):
    """What the dialog asks of its page."""

    def find(self, text: str) -> None: ...
    def restore(self, keys: Collection[int]) -> None: ...


class BinnedLead(TypedDict):
    """A contact deleted, which has `left` days to go."""

    key: int
    title: str
    facts: str
    when: str
    left: int


class BinDialog(GuardedTemplate):
    """`rows` are the last deleted of the `count` that hold `text`, kept `days` days."""

    source = "bin_dialog.vue"
    shown = tl.Bool(False).tag(sync=True)
    rows = given(list[BinnedLead])
    count = tl.Int(0).tag(sync=True)
    text = tl.Unicode().tag(sync=True)
    days = tl.Int(30).tag(sync=True)

    def __init__(self, handler: BinHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_find(self, data: dict[str, Any]) -> None:
        self._handler.find(str(data["text"]))

    def vue_restore(self, data: dict[str, Any]) -> None:
        self._handler.restore([int(key) for key in data["keys"]])
