"""Period and owner above a board."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate


class BoardBar(GuardedTemplate):
    """`periods` and `owners` are {value, label}; `words` says in a sentence what is looked at; `exporter` is a Download."""

    template_file = (__file__, "board_bar.vue")
    periods = tl.List(tl.Dict()).tag(sync=True)
    owners = tl.List(tl.Dict()).tag(sync=True)
    period = tl.Unicode().tag(sync=True)
    owner = tl.Unicode().tag(sync=True)
    words = tl.Unicode().tag(sync=True)
    exporter = tl.Any().tag(sync=True, **widget_serialization)

    def __init__(self, on_filter: Callable[[dict[str, str]], None], **traits: Any) -> None:
        super().__init__(**traits)
        self._on_filter = on_filter

    def vue_filter(self, data: dict[str, Any]) -> None:
        self._on_filter({str(name): str(value) for name, value in data.items()})
