"""The « Importer » dialog: choose a file, send it, see what it would do, then do it."""

from __future__ import annotations

from typing import Any, Protocol

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate

UNKNOWN = -1  # progress of a step that cannot tell yet


class ImportHandler(Protocol):
    """What the dialog asks of its page; `number` tells one sending from an earlier one given up."""

    def begin(self, number: int, name: str, size: int) -> None: ...
    def take(self, number: int, offset: int, data: memoryview | bytes) -> None: ...
    def unread(self, number: int) -> None: ...
    def again(self) -> None: ...
    def confirm(self) -> None: ...
    def close(self) -> None: ...


class ImportDialog(GuardedTemplate):
    """`step` is choose, send, check, review, write or done; `refusal` says why nothing can be imported here.

    `progress` is a percentage; `report` what the check found. `limit` and `slice_size` are bytes.
    `exporter` is the Download of the problems.
    """

    template_file = (__file__, "import_dialog.vue")
    shown = tl.Bool(False).tag(sync=True)
    step = tl.Unicode("choose").tag(sync=True)
    refusal = tl.Unicode().tag(sync=True)
    error = tl.Unicode().tag(sync=True)
    file_name = tl.Unicode().tag(sync=True)
    progress = tl.Int(UNKNOWN).tag(sync=True)
    report = tl.Dict().tag(sync=True)
    limit = tl.Int().tag(sync=True)
    slice_size = tl.Int().tag(sync=True)
    exporter = tl.Any().tag(sync=True, **widget_serialization)

    def __init__(self, handler: ImportHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def ask_slice(self, number: int, offset: int) -> None:
        """The browser answers with `part`: so never more than one slice is under way."""
        self.run("next", number, offset)

    def vue_begin(self, data: dict[str, Any]) -> None:
        self._handler.begin(int(data["number"]), str(data["name"]), int(data["size"]))

    def vue_part(self, data: dict[str, Any], buffers: list[memoryview] | None = None) -> None:
        self._handler.take(int(data["number"]), int(data["offset"]), buffers[0] if buffers else b"")

    def vue_unread(self, data: dict[str, Any]) -> None:
        self._handler.unread(int(data["number"]))

    def vue_again(self, _data: Any) -> None:
        self._handler.again()

    def vue_confirm(self, _data: Any) -> None:
        self._handler.confirm()

    def vue_close(self, _data: Any) -> None:
        self._handler.close()
