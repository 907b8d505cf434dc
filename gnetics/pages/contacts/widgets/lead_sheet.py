"""The sheet of one lead: read, modify, add; a side panel over the grid."""

from __future__ import annotations

from typing import Any, Protocol

import traitlets as tl

from gnetics.widgets.form_panel import FormHandler, FormPanel


class SheetHandler(FormHandler, Protocol):
    """What the sheet asks of its page."""

    def restore(self, history_key: int) -> None: ...
    def restore_version(self, history_key: int) -> None: ...
    def set_status(self, status: str) -> None: ...
    def add_note(self, ref: str, text: str) -> None: ...
    def remove(self) -> None: ...
    def older(self) -> None: ...
    def merge(self, ref: str) -> None: ...
    def unmerge(self, rev: int) -> None: ...
    def unblock(self) -> None: ...
    def clear_score(self) -> None: ...
    def open(self, ref: str) -> None: ...
    def follow(self, page: str, query: dict[str, str]) -> None: ...
    def copied(self, done: bool) -> None: ...


class LeadSheet(FormPanel[SheetHandler]):
    """What a form panel shows, and what is this one's own; `blocked` says why leads cannot be merged for now.

    `timeline` holds the latest of the `timeline_length` entries.
    The browser says by `noting` that the note's box holds text; False from the kernel empties it.
    """

    source = "lead_sheet.vue"
    head = tl.Dict().tag(sync=True)
    sections = tl.List(tl.Dict()).tag(sync=True)
    missing = tl.List(tl.Unicode()).tag(sync=True)
    duplicates = tl.List(tl.Dict()).tag(sync=True)
    timeline = tl.List(tl.Dict()).tag(sync=True)
    timeline_length = tl.Int(0).tag(sync=True)
    around = tl.Dict().tag(sync=True)
    blocked = tl.Unicode().tag(sync=True)
    statuses = tl.List(tl.Unicode()).tag(sync=True)
    noting = tl.Bool(False).tag(sync=True)
    score = tl.Dict().tag(sync=True)
    fields = tl.List(tl.Dict()).tag(sync=True)
    options = tl.Dict().tag(sync=True)

    def vue_restore(self, data: dict[str, Any]) -> None:
        self._handler.restore(int(data["key"]))

    def vue_restore_version(self, data: dict[str, Any]) -> None:
        self._handler.restore_version(int(data["key"]))

    def vue_set_status(self, data: dict[str, Any]) -> None:
        self._handler.set_status(str(data["status"]))

    def vue_add_note(self, data: dict[str, Any]) -> None:
        self._handler.add_note(str(data["ref"]), str(data["text"]))

    def vue_remove(self, _data: Any) -> None:
        self._handler.remove()

    def vue_older(self, _data: Any) -> None:
        self._handler.older()

    def vue_merge(self, data: dict[str, Any]) -> None:
        self._handler.merge(str(data["ref"]))

    def vue_unmerge(self, data: dict[str, Any]) -> None:
        self._handler.unmerge(int(data["rev"]))

    def vue_unblock(self, _data: Any) -> None:
        self._handler.unblock()

    def vue_clear_score(self, _data: Any) -> None:
        self._handler.clear_score()

    def vue_go(self, data: dict[str, Any]) -> None:
        self._handler.open(str(data["ref"]))

    def vue_follow(self, data: dict[str, Any]) -> None:
        self._handler.follow(str(data["page"]), {str(name): str(value) for name, value in data.get("query", {}).items()})

    def vue_copied(self, data: dict[str, Any]) -> None:
        self._handler.copied(bool(data["done"]))
