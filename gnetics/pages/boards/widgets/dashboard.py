"""The Dashboard: three figures, the day's list, the statuses, and a picture per block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate


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

    def __init__(
        self,
        on_choose: Callable[[str], None],
        on_queue: Callable[[str], None],
        on_more: Callable[[], None],
        on_go: Callable[[str, dict[str, str]], None],
        **traits: Any,
    ) -> None:
        super().__init__(**traits)
        self._on_choose, self._on_queue, self._on_more, self._on_go = on_choose, on_queue, on_more, on_go

    def vue_choose(self, data: dict[str, Any]) -> None:
        self._on_choose(str(data["ref"]))

    def vue_queue(self, data: dict[str, Any]) -> None:
        self._on_queue(str(data["key"]))

    def vue_more(self, _data: Any) -> None:
        self._on_more()

    def vue_go(self, data: dict[str, Any]) -> None:
        self._on_go(str(data["page"]), {str(name): str(value) for name, value in data.get("query", {}).items()})
