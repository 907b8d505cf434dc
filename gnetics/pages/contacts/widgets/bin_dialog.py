"""The bin of Contacts: what was deleted lately, searched, with the offer to restore one or several."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate


class BinDialog(GuardedTemplate):
    """`rows` are the last deleted of the `count` that hold `text`, kept `days` days; `on_restore` receives keys."""

    source = "bin_dialog.vue"
    shown = tl.Bool(False).tag(sync=True)
    rows = tl.List(tl.Dict()).tag(sync=True)
    count = tl.Int(0).tag(sync=True)
    text = tl.Unicode().tag(sync=True)
    days = tl.Int(30).tag(sync=True)

    def __init__(self, on_find: Callable[[str], None], on_restore: Callable[[Collection[int]], None], **traits: Any) -> None:
        super().__init__(**traits)
        self._on_find, self._on_restore = on_find, on_restore

    def vue_find(self, data: dict[str, Any]) -> None:
        self._on_find(str(data["text"]))

    def vue_restore(self, data: dict[str, Any]) -> None:
        self._on_restore([int(key) for key in data["keys"]])
