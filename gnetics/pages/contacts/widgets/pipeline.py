"""The pipeline view of Contacts: a column per status with its count and sum, and a page of its cards."""

from __future__ import annotations

from typing import Any, Protocol

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate


class PipelineHandler(Protocol):
    """What the pipeline asks of its page."""

    def open(self, ref: str) -> None: ...
    def move(self, ref: str, status: str) -> None: ...
    def more(self, status: str) -> None: ...


class Pipeline(GuardedTemplate):
    """`columns` are {status, known, count, sum, exact, cards}, of the whole filtered set but for the cards; `statuses` the targets."""

    source = "pipeline.vue"
    columns = tl.List(tl.Dict()).tag(sync=True)
    statuses = tl.List(tl.Unicode()).tag(sync=True)
    selected = tl.Unicode().tag(sync=True)

    def __init__(self, handler: PipelineHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_open(self, data: dict[str, Any]) -> None:
        self._handler.open(str(data["ref"]))

    def vue_move(self, data: dict[str, Any]) -> None:
        self._handler.move(str(data["ref"]), str(data["status"]))

    def vue_more(self, data: dict[str, Any]) -> None:
        self._handler.more(str(data["status"]))
