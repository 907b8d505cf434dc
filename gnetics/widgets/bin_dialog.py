"""The bin of Contacts: what was deleted lately, each row with the offer to restore it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate


class BinDialog(GuardedTemplate):
    """`rows` are the last deleted of `count`, kept `days` days; `on_restore` receives the key of one."""

    template_file = (__file__, "bin_dialog.vue")
    shown = tl.Bool(False).tag(sync=True)
    rows = tl.List(tl.Dict()).tag(sync=True)
    count = tl.Int(0).tag(sync=True)
    days = tl.Int(30).tag(sync=True)

    def __init__(self, on_restore: Callable[[int], None], **traits: Any) -> None:
        super().__init__(**traits)
        self._on_restore = on_restore

    def vue_restore(self, data: dict[str, Any]) -> None:
        self._on_restore(int(data["key"]))
