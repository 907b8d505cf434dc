"""The side panel of a log entry: a run's and a mail's; the entry itself is prepared by run_rows and mail_rows."""

from __future__ import annotations

from typing import Any, Protocol

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate


class DetailHandler(Protocol):
    """What the panel asks of its page."""

    def close(self) -> None: ...
    def open(self, key: int) -> None: ...
    def go(self, page: str, query: dict[str, str]) -> None: ...


class LogDetail(GuardedTemplate):
    """`around` lists the entries this one belongs with (attempts of a run, mails of a thread)."""

    shown = tl.Bool(False).tag(sync=True)
    entry = tl.Dict().tag(sync=True)
    around = tl.List(tl.Dict()).tag(sync=True)

    def __init__(self, handler: DetailHandler) -> None:
        super().__init__()
        self._handler = handler

    def vue_close(self, _data: Any) -> None:
        self._handler.close()

    def vue_open(self, data: dict[str, Any]) -> None:
        self._handler.open(int(data["key"]))

    def vue_go(self, data: dict[str, Any]) -> None:
        self._handler.go(str(data["page"]), {str(name): str(value) for name, value in data.get("query", {}).items()})


class RunDetail(LogDetail):
    """`entry` is run_rows.detail, `around` the attempts of the same action."""

    source = "run_detail.vue"


class MessageDetail(LogDetail):
    """`entry` is mail_rows.detail, `around` the mails of the same exchange."""

    source = "message_detail.vue"
