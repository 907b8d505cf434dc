"""The sheet of one lead: read, modify, add; a side panel over the grid."""

from __future__ import annotations

from typing import Any, Protocol

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate


class SheetHandler(Protocol):
    """What the sheet asks of its page."""

    def edit(self) -> None: ...
    def cancel(self) -> None: ...
    def typed(self, form: dict[str, str]) -> None: ...
    def save(self, form: dict[str, str]) -> None: ...
    def restore(self, history_key: int) -> None: ...
    def unblock(self) -> None: ...
    def open(self, ref: str) -> None: ...
    def copied(self) -> None: ...


class LeadSheet(GuardedTemplate):
    """`mode` is read, edit or new; `opened` grows when the form starts afresh, `answered` after each save."""

    template_file = (__file__, "lead_sheet.vue")
    shown = tl.Bool(False).tag(sync=True)
    mode = tl.Unicode("read").tag(sync=True)
    head = tl.Dict().tag(sync=True)
    sections = tl.List(tl.Dict()).tag(sync=True)
    missing = tl.List(tl.Unicode()).tag(sync=True)
    duplicates = tl.List(tl.Dict()).tag(sync=True)
    timeline = tl.List(tl.Dict()).tag(sync=True)
    fields = tl.List(tl.Dict()).tag(sync=True)
    options = tl.Dict().tag(sync=True)
    form = tl.Dict().tag(sync=True)
    errors = tl.Dict().tag(sync=True)
    opened = tl.Int(0).tag(sync=True)
    answered = tl.Int(0).tag(sync=True)
    date_format = tl.Unicode("%d/%m/%Y").tag(sync=True)
    first_day = tl.Int(1).tag(sync=True)

    def __init__(self, handler: SheetHandler, **traits: Any) -> None:
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

    def vue_restore(self, data: dict[str, Any]) -> None:
        self._handler.restore(int(data["key"]))

    def vue_unblock(self, _data: Any) -> None:
        self._handler.unblock()

    def vue_go(self, data: dict[str, Any]) -> None:
        self._handler.open(str(data["ref"]))

    def vue_copied(self, _data: Any) -> None:
        self._handler.copied()


def _texts(form: dict[str, Any]) -> dict[str, str]:
    return {str(key): "" if text is None else str(text) for key, text in form.items()}
