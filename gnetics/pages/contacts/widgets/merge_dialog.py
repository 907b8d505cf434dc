"""Merging leads side by side: the one that stays, and whose value each field keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given


class MergedLead(TypedDict):
    key: int
    title: str
    facts: str


class MergeOption(TypedDict):
    """The key of a lead and its value, or 0 for what all of them say."""

    choice: int
    text: str


class MergeField(TypedDict):
    """A field that differs, with the option proposed."""

    field: str
    label: str
    options: list[MergeOption]
    choice: int


class MergeDialog(GuardedTemplate):
    """`leads` begin with the one proposed to stay; `opened` grows when the dialog
    starts afresh, `said` is the sentence that sent it back. `on_merge(survivor, {field: choice})`.
    """

    source = "merge_dialog.vue"
    shown = tl.Bool(False).tag(sync=True)
    opened = tl.Int(0).tag(sync=True)
    answered = tl.Int(0).tag(sync=True)
    leads = given(list[MergedLead])
    rows = given(list[MergeField])
    said = tl.Unicode().tag(sync=True)

    def __init__(self, on_merge: Callable[[int, dict[str, int]], None]) -> None:
        super().__init__()
        self._on_merge = on_merge

    def vue_merge(self, data: dict[str, Any]) -> None:
        try:
            self._on_merge(int(data["survivor"]), {str(field): int(choice) for field, choice in data["choice"].items()})
        finally:
            self.answered += 1
