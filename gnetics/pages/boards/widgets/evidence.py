"""The side panel of a figure: its definition, and the rows that made it."""

from __future__ import annotations

from typing import Any, Protocol

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate


class EvidenceHandler(Protocol):
    """What the panel asks of its page."""

    def close(self) -> None: ...
    def turn(self, part: str, page: int) -> None: ...
    def go(self, page: str, query: dict[str, str]) -> None: ...


class Evidence(GuardedTemplate):
    """`entry` is the figure with its definition; `listed` one page of {rows, count, page, pages, first, part}; `exporter` a Download."""

    source = "evidence.vue"
    shown = tl.Bool(False).tag(sync=True)
    entry = tl.Dict().tag(sync=True)
    listed = tl.Dict().tag(sync=True)
    exporter = tl.Any().tag(sync=True, **widget_serialization)

    def __init__(self, handler: EvidenceHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_close(self, _data: Any) -> None:
        self._handler.close()

    def vue_list(self, data: dict[str, Any]) -> None:
        self._handler.turn(str(data["part"]), int(data.get("page", 1)))

    def vue_go(self, data: dict[str, Any]) -> None:
        self._handler.go(str(data["page"]), {str(name): str(value) for name, value in data.get("query", {}).items()})
