"""Period, owner and day above a board, and the banner of an earlier day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given


class Choice(TypedDict):
    value: str
    label: str


class Past(TypedDict):
    """The banner of an earlier day; `limits` are what nobody can know of it."""

    title: str
    limits: list[str]


class BoardBar(GuardedTemplate):
    """`words` says in a sentence what is looked at; `exporter` is a Download.

    `today` and `first` (of the history, may be empty) are ISO days, `day_words` is the day shown, as it is written;
    `past` is NOTHING today. `asked` grows with every change of filter, so that the field shows again the day that was kept.
    """

    source = "board_bar.vue"
    periods = given(list[Choice])
    owners = given(list[Choice])
    period = tl.Unicode().tag(sync=True)
    owner = tl.Unicode().tag(sync=True)
    day_words = tl.Unicode().tag(sync=True)
    date_format = tl.Unicode("%d/%m/%Y").tag(sync=True)
    date_hint = tl.Unicode().tag(sync=True)
    first_weekday = tl.Int(1).tag(sync=True)
    today = tl.Unicode().tag(sync=True)
    first = tl.Unicode().tag(sync=True)
    asked = tl.Int(0).tag(sync=True)
    past = given(Past)
    words = tl.Unicode().tag(sync=True)
    exporter = tl.Any().tag(sync=True, **widget_serialization)

    def __init__(self, on_filter: Callable[[dict[str, str]], None], **traits: Any) -> None:
        super().__init__(**traits)
        self._on_filter = on_filter

    def vue_filter(self, data: dict[str, Any]) -> None:
        self._on_filter({str(name): str(value) for name, value in data.items()})
