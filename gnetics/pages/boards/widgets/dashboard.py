"""The Dashboard: three figures, the day's list, the statuses, and a picture per block."""

from __future__ import annotations

from typing import Any, Protocol

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate


class DashboardHandler(Protocol):
    """What the page's template asks of it."""

    def choose(self, ref: str) -> None: ...
    def narrow(self, queue: str) -> None: ...
    def lengthen(self) -> None: ...
    def go(self, page: str, query: dict[str, str]) -> None: ...


class Dashboard(GuardedTemplate):
    """`heads` are the three figures; `waiting` holds counters, rows and what is left; `blocks` {key, title, reading, chart, block}.

    `charts` maps a block's chart to its Picture. `empty` says why there is nothing at all.
    """

    source = "dashboard.vue"
    heads = tl.List(tl.Dict()).tag(sync=True)
    waiting = tl.Dict().tag(sync=True)
    split = tl.Dict().tag(sync=True)
    blocks = tl.List(tl.Dict()).tag(sync=True)
    charts = tl.Dict().tag(sync=True, **widget_serialization)
    empty = tl.Unicode().tag(sync=True)

    def __init__(self, handler: DashboardHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_choose(self, data: dict[str, Any]) -> None:
        self._handler.choose(str(data["ref"]))

    def vue_queue(self, data: dict[str, Any]) -> None:
        self._handler.narrow(str(data["key"]))

    def vue_more(self, _data: Any) -> None:
        self._handler.lengthen()

    def vue_go(self, data: dict[str, Any]) -> None:
        self._handler.go(str(data["page"]), {str(name): str(value) for name, value in data.get("query", {}).items()})
