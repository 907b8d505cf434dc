"""The side panel of a figure: its definition, and the rows that made it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate


class Evidence(GuardedTemplate):
    """`entry` is the figure with its definition; `listed` one page of {rows, count, page, pages, first, part}; `exporter` a Download."""

    source = "evidence.vue"
    shown = tl.Bool(False).tag(sync=True)
    entry = tl.Dict().tag(sync=True)
    listed = tl.Dict().tag(sync=True)
    exporter = tl.Any().tag(sync=True, **widget_serialization)

    def __init__(
        self,
        on_close: Callable[[], None],
        on_list: Callable[[str, int], None],
        on_go: Callable[[str, dict[str, str]], None],
        **traits: Any,
    ) -> None:
        super().__init__(**traits)
        self._on_close, self._on_list, self._on_go = on_close, on_list, on_go

    def vue_close(self, _data: Any) -> None:
        self._on_close()

    def vue_list(self, data: dict[str, Any]) -> None:
        self._on_list(str(data["part"]), int(data.get("page", 1)))

    def vue_go(self, data: dict[str, Any]) -> None:
        self._on_go(str(data["page"]), {str(name): str(value) for name, value in data.get("query", {}).items()})
