"""« ⋯ » of Calendrier: files that other calendars read, and the address by which they follow this one."""

from __future__ import annotations

from typing import Any, Protocol

import traitlets as tl
from ipywidgets import widget_serialization

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.download import Download


class CalendarMenuHandler(Protocol):
    """What the menu asks of its page; `what` is event (the one open), shown or all."""

    def save(self, what: str) -> None: ...
    def subscribe(self) -> None: ...
    def renew(self) -> None: ...
    def revoke(self) -> None: ...


class CalendarMenu(GuardedTemplate):
    """It opens at a « gnetics:calendar » event, and saves at one of « gnetics:calendar-file ».

    `path` is a new address, below ours, which is shown this once; `since` the day of the one in use, "" for none.
    """

    source = "calendar_menu.vue"
    subscribing = tl.Bool(False).tag(sync=True)
    path = tl.Unicode().tag(sync=True)
    since = tl.Unicode().tag(sync=True)
    download = tl.Instance(Download).tag(sync=True, **widget_serialization)

    def __init__(self, handler: CalendarMenuHandler, **traits: Any) -> None:
        super().__init__(download=Download(forms=()), **traits)
        self._handler = handler

    def vue_save(self, data: dict[str, Any]) -> None:
        self._handler.save(str(data["what"]))

    def vue_subscribe(self, _data: Any) -> None:
        self._handler.subscribe()

    def vue_renew(self, _data: Any) -> None:
        self._handler.renew()

    def vue_revoke(self, _data: Any) -> None:
        self._handler.revoke()
