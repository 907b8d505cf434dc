"""What can be done to the contacts ticked: the bar over the list, and the dialog of each verb."""

from __future__ import annotations

from typing import Any, Protocol, TypedDict

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given


class LotHandler(Protocol):
    """What the bar asks of its page. `apply` answers with the sentence that refuses, "" when it is done."""

    def pick_all(self) -> None: ...
    def clear(self) -> None: ...
    def merge(self) -> None: ...
    def apply(self, verb: str, texts: dict[str, str]) -> str: ...


class Outcome(TypedDict):
    """What became of a request: `sentence` refuses it, or is empty; `n` grows."""

    sentence: str
    n: int


class LotBar(GuardedTemplate):
    """`count` are ticked, `matching` are all those of the list; `exporter` a Download; `options` the known values by field.

    `blocked` says why nothing can be changed for now.
    """

    source = "lot_bar.vue"
    count = tl.Int(0).tag(sync=True)
    matching = tl.Int(0).tag(sync=True)
    mergeable = tl.Bool(False).tag(sync=True)
    blocked = tl.Unicode().tag(sync=True)
    options = given(dict[str, list[str]])
    date_hint = tl.Unicode().tag(sync=True)
    exporter = tl.Any().tag(sync=True, **widget_serialization)
    outcome = given(Outcome)

    def __init__(self, handler: LotHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler
        self._answers = 0

    def vue_pick_all(self, _data: Any) -> None:
        self._handler.pick_all()

    def vue_clear(self, _data: Any) -> None:
        self._handler.clear()

    def vue_merge(self, _data: Any) -> None:
        self._handler.merge()

    def vue_apply(self, data: dict[str, Any]) -> None:
        sentence = ""
        try:
            sentence = self._handler.apply(str(data["verb"]), {str(name): str(text) for name, text in data["texts"].items()})
        finally:
            self._answers += 1
            self.outcome = {"sentence": sentence, "n": self._answers}
