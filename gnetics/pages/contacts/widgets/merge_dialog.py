"""Merging leads side by side: the one that stays, and whose value each field keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate


class MergeDialog(GuardedTemplate):
    """`leads` are {key, title, facts}, the first proposed to stay; `rows` {field, label, options, choice}, one per field that differs.

    An option is {choice, text}: the key of a lead and its value, or 0 for what all of them say. `opened` grows when the dialog
    starts afresh, `said` is the sentence that sent it back. `on_merge(survivor, {field: choice})`.
    """

    source = "merge_dialog.vue"
    shown = tl.Bool(False).tag(sync=True)
    opened = tl.Int(0).tag(sync=True)
    answered = tl.Int(0).tag(sync=True)
    leads = tl.List(tl.Dict()).tag(sync=True)
    rows = tl.List(tl.Dict()).tag(sync=True)
    said = tl.Unicode().tag(sync=True)

    def __init__(self, on_merge: Callable[[int, dict[str, int]], None]) -> None:
        super().__init__()
        self._on_merge = on_merge

    def vue_merge(self, data: dict[str, Any]) -> None:
        try:
            self._on_merge(int(data["survivor"]), {str(field): int(choice) for field, choice in data["choice"].items()})
        finally:
            self.answered += 1
