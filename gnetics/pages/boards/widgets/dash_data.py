"""Dash Data: the six detailed blocks, each with its pictures, tables and definitions, under an index that stays in view."""

from __future__ import annotations

from typing import Any, Protocol

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate


class DashDataHandler(Protocol):
    """What the page's template asks of it."""

    def choose(self, ref: str) -> None: ...
    def reach(self, block: str) -> None: ...


class DashData(GuardedTemplate):
    """`blocks` are {key, title, reading, note, sections, definitions}; `charts` the Pictures by name,
    `exporters` a Download by block.

    `goto` {block, n} makes the browser scroll to a block; n grows, so that the same block can be asked for twice.
    """

    source = "dash_data.vue"
    blocks = tl.List(tl.Dict()).tag(sync=True)
    charts = tl.Dict().tag(sync=True, **widget_serialization)
    exporters = tl.Dict().tag(sync=True, **widget_serialization)
    empty = tl.Unicode().tag(sync=True)
    goto = tl.Dict({"block": "", "n": 0}).tag(sync=True)

    def __init__(self, handler: DashDataHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_choose(self, data: dict[str, Any]) -> None:
        self._handler.choose(str(data["ref"]))

    def vue_block(self, data: dict[str, Any]) -> None:
        self._handler.reach(str(data["key"]))
