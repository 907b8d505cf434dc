"""What the side panels that hold a form do alike: the lead's sheet and the event's."""

from __future__ import annotations

from typing import Any, Generic, Protocol, TypeVar

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given


class FormHandler(Protocol):
    """What a form panel asks of its page."""

    def edit(self) -> None: ...
    def cancel(self) -> None: ...
    def typed(self, form: dict[str, str]) -> None: ...
    def save(self, form: dict[str, str]) -> None: ...


Handler = TypeVar("Handler", bound=FormHandler)


class FormPanel(GuardedTemplate, Generic[Handler]):
    """`mode` is read, edit or new; `opened` grows when the form starts afresh, `answered` after each save.
    Each panel has a `head`: what is read; `form` and `errors` are texts by field.

    The browser says by `typing`, at the first key, that `typed` will bring words: what it asks for until then must not lose them.
    """

    shown = tl.Bool(False).tag(sync=True)
    mode = tl.Unicode("read").tag(sync=True)
    form = given(dict[str, str])
    errors = given(dict[str, str])
    typing = tl.Bool(False).tag(sync=True)
    opened = tl.Int(0).tag(sync=True)
    answered = tl.Int(0).tag(sync=True)
    date_format = tl.Unicode("%d/%m/%Y").tag(sync=True)
    first_day = tl.Int(1).tag(sync=True)

    def __init__(self, handler: Handler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_edit(self, _data: Any) -> None:
        self._handler.edit()

    def vue_cancel(self, _data: Any) -> None:
        self._handler.cancel()

    def vue_typed(self, data: dict[str, Any]) -> None:
        self._handler.typed(_texts(data["form"]))

    def vue_save(self, data: dict[str, Any]) -> None:
        try:
            self._handler.save(_texts(data["form"]))
        finally:
            self.answered += 1


def _texts(form: dict[str, Any]) -> dict[str, str]:
    return {str(key): "" if text is None else str(text) for key, text in form.items()}
