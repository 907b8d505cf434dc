"""Dash Data: the six detailed blocks, each with its pictures, tables and definitions, under an index that stays in view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate


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

    def __init__(self, on_choose: Callable[[str], None], on_block: Callable[[str], None], **traits: Any) -> None:
        super().__init__(**traits)
        self._on_choose, self._on_block = on_choose, on_block

    def vue_choose(self, data: dict[str, Any]) -> None:
        self._on_choose(str(data["ref"]))

    def vue_block(self, data: dict[str, Any]) -> None:
        self._on_block(str(data["key"]))
