"""The panel of one event: read, modify, add; over the calendar's right side."""

from __future__ import annotations

from typing import Any, Protocol

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate


class EventHandler(Protocol):
    """What the panel asks of its page."""

    def edit(self) -> None: ...
    def cancel(self) -> None: ...
    def typed(self, form: dict[str, str]) -> None: ...
    def save(self, form: dict[str, str]) -> None: ...
    def delete(self) -> None: ...
    def finish(self, done: bool) -> None: ...
    def search(self, text: str) -> None: ...
    def open_lead(self, ref: str) -> None: ...


class EventForm(GuardedTemplate):
    """`mode` is read, edit or new; `opened` grows when the form starts afresh, `answered` after each save."""

    template_file = (__file__, "event_form.vue")
    shown = tl.Bool(False).tag(sync=True)
    mode = tl.Unicode("read").tag(sync=True)
    head = tl.Dict().tag(sync=True)
    form = tl.Dict().tag(sync=True)
    errors = tl.Dict().tag(sync=True)
    kinds = tl.List(tl.Unicode()).tag(sync=True)
    contacts = tl.List(tl.Dict()).tag(sync=True)
    chosen = tl.Dict().tag(sync=True)
    opened = tl.Int(0).tag(sync=True)
    answered = tl.Int(0).tag(sync=True)
    date_format = tl.Unicode("%d/%m/%Y").tag(sync=True)
    date_hint = tl.Unicode().tag(sync=True)
    first_day = tl.Int(1).tag(sync=True)

    def __init__(self, handler: EventHandler, **traits: Any) -> None:
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

    def vue_remove(self, _data: Any) -> None:
        self._handler.delete()

    def vue_finish(self, data: dict[str, Any]) -> None:
        self._handler.finish(bool(data.get("done")))

    def vue_search(self, data: dict[str, Any]) -> None:
        self._handler.search(str(data.get("text", "")))

    def vue_contact(self, data: dict[str, Any]) -> None:
        self._handler.open_lead(str(data["ref"]))


def _texts(form: dict[str, Any]) -> dict[str, str]:
    return {str(key): "" if text is None else str(text) for key, text in form.items()}
