"""Period, owner and day above a board, and the banner of an earlier day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate


class BoardBar(GuardedTemplate):
    """`periods` and `owners` are {value, label}; `words` says in a sentence what is looked at; `exporter` is a Download.

    `day`, `today` and `first` (of the history, may be empty) are ISO days; `past` is empty, or {title, limits}. `asked` grows with
    every change of filter, so that the field shows again the day that was kept.
    """

    source = "board_bar.vue"
    periods = tl.List(tl.Dict()).tag(sync=True)
    owners = tl.List(tl.Dict()).tag(sync=True)
    period = tl.Unicode().tag(sync=True)
    owner = tl.Unicode().tag(sync=True)
    day = tl.Unicode().tag(sync=True)
    today = tl.Unicode().tag(sync=True)
    first = tl.Unicode().tag(sync=True)
    asked = tl.Int(0).tag(sync=True)
    past = tl.Dict().tag(sync=True)
    words = tl.Unicode().tag(sync=True)
    exporter = tl.Any().tag(sync=True, **widget_serialization)

    def __init__(self, on_filter: Callable[[dict[str, str]], None], **traits: Any) -> None:
        super().__init__(**traits)
        self._on_filter = on_filter

    def vue_filter(self, data: dict[str, Any]) -> None:
        self._on_filter({str(name): str(value) for name, value in data.items()})
