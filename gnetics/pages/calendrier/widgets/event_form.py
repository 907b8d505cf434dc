"""The panel of one event: read, modify, add; over the calendar's right side."""

from __future__ import annotations

from typing import Any, Protocol

import traitlets as tl

from gnetics.widgets.form_panel import FormHandler, FormPanel


class EventHandler(FormHandler, Protocol):
    """What the panel asks of its page."""

    def delete(self) -> None: ...
    def finish(self, done: bool) -> None: ...
    def search(self, text: str) -> None: ...
    def open_lead(self, ref: str) -> None: ...


class EventForm(FormPanel[EventHandler]):
    """What a form panel shows, and what is this one's own."""

    source = "event_form.vue"
    kinds = tl.List(tl.Unicode()).tag(sync=True)
    contacts = tl.List(tl.Dict()).tag(sync=True)
    chosen = tl.Dict().tag(sync=True)
    date_hint = tl.Unicode().tag(sync=True)

    def vue_remove(self, _data: Any) -> None:
        self._handler.delete()

    def vue_finish(self, data: dict[str, Any]) -> None:
        self._handler.finish(bool(data.get("done")))

    def vue_search(self, data: dict[str, Any]) -> None:
        self._handler.search(str(data.get("text", "")))

    def vue_contact(self, data: dict[str, Any]) -> None:
        self._handler.open_lead(str(data["ref"]))
