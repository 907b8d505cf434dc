"""The conflict dialog: field by field, mine / stored / original."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

import traitlets as tl

from gnetics.errors import FieldConflict
from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given


class Difference(TypedDict):
    """A field that somebody else changed too."""

    field: str
    label: str
    mine: str
    stored: str
    original: str


class ConflictDialog(GuardedTemplate):
    """`on_choose` receives (values to save, values now stored), both by field, when the person has chosen."""

    source = "conflict.vue"
    shown = tl.Bool(False).tag(sync=True)
    rows = given(list[Difference])

    def __init__(self, on_choose: Callable[[dict[str, Any], dict[str, Any]], None]) -> None:
        super().__init__()
        self._on_choose = on_choose
        self._fields: list[FieldConflict] = []

    def ask(self, fields: list[FieldConflict], label: Callable[[str], str], text: Callable[[str, Any], str]) -> None:
        """Open on these fields; `text(field, value)` shows a value."""
        self._fields = fields
        self.rows = [
            {
                "field": f.field,
                "label": label(f.field),
                "mine": text(f.field, f.mine),
                "stored": text(f.field, f.stored),
                "original": text(f.field, f.original),
            }
            for f in fields
        ]
        self.shown = True

    def vue_choose(self, choice: dict[str, str]) -> None:
        kept = {
            f.field: getattr(f, choice[f.field]) if choice.get(f.field) in ("mine", "stored", "original") else f.mine for f in self._fields
        }
        self._on_choose(kept, {f.field: f.stored for f in self._fields})
