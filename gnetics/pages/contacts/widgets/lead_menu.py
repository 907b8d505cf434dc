"""What can be done to one contact of a list: the menu that cards, rows and the pipeline open by a « gnetics:lead » event."""

from __future__ import annotations

from typing import Any, Protocol

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate


class MenuHandler(Protocol):
    """What the menu asks of its page."""

    def open(self, ref: str) -> None: ...
    def consign(self, ref: str) -> None: ...
    def compare(self, ref: str) -> None: ...
    def move(self, ref: str, status: str) -> None: ...


class LeadMenu(GuardedTemplate):
    """`statuses` are the targets of a move."""

    source = "lead_menu.vue"
    statuses = tl.List(tl.Unicode()).tag(sync=True)

    def __init__(self, handler: MenuHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_open(self, data: dict[str, Any]) -> None:
        self._handler.open(str(data["ref"]))

    def vue_consign(self, data: dict[str, Any]) -> None:
        self._handler.consign(str(data["ref"]))

    def vue_compare(self, data: dict[str, Any]) -> None:
        self._handler.compare(str(data["ref"]))

    def vue_move(self, data: dict[str, Any]) -> None:
        self._handler.move(str(data["ref"]), str(data["status"]))
