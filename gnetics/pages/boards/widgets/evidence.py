"""The side panel of a figure: its definition, and the rows that made it."""

from __future__ import annotations

from typing import Any, Protocol, TypedDict

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import Link, given


class EvidenceHandler(Protocol):
    """What the panel asks of its page."""

    def close(self) -> None: ...
    def turn(self, part: str, page: int) -> None: ...
    def go(self, page: str, query: dict[str, str]) -> None: ...


class FigurePart(TypedDict):
    """Some of the rows that a figure is made of."""

    key: str
    label: str
    count: int


class FigureEntry(TypedDict):
    """A figure with its definition."""

    ref: str
    title: str
    value: str
    detail: str
    formula: str
    population: str
    window: str
    traps: list[str]
    parts: list[FigurePart]


class EvidenceRow(TypedDict):
    key: str
    title: str
    facts: str
    status: str
    amount: str
    link: Link | None


class EvidencePage(TypedDict):
    """A page of the rows of a part; `first` is the place of its first row."""

    part: str
    rows: list[EvidenceRow]
    count: int
    page: int
    pages: int
    first: int


class Evidence(GuardedTemplate):
    """`exporter` is a Download of the rows."""

    source = "evidence.vue"
    shown = tl.Bool(False).tag(sync=True)
    entry = given(FigureEntry)
    listed = given(EvidencePage)
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
