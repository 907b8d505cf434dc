"""The pipeline view of Contacts: a column per status with its count and sum, and a page of its cards."""

from __future__ import annotations

from typing import Any, Protocol, TypedDict

import traitlets as tl

from gnetics.pages.contacts.widgets.contacts_grid import LeadCard
from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given


class PipelineHandler(Protocol):
    """What the pipeline asks of its page."""

    def open(self, ref: str) -> None: ...
    def move(self, ref: str, status: str) -> None: ...
    def more(self, status: str) -> None: ...


class PipelineColumn(TypedDict):
    """Count and sum are those of the whole filtered set, `cards` the first ones; only a status that is `known` takes cards.

    Those that are not `open` are folded while there is something to do in the others.
    """

    status: str
    known: bool
    open: bool
    count: int
    sum: str
    exact: str
    cards: list[LeadCard]


class Pipeline(GuardedTemplate):
    """`statuses` are the targets of a move."""

    source = "pipeline.vue"
    columns = given(list[PipelineColumn])
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
