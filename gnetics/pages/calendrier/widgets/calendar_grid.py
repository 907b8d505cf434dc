"""The calendar: month, week, day, agenda; one template that draws the rows it is given."""

from __future__ import annotations

from typing import Any, Protocol

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate


class CalendarHandler(Protocol):
    """What the calendar asks of its page; days are texts YYYY-MM-DD."""

    def look(self, asked: dict[str, Any]) -> None: ...
    def open_event(self, key: int) -> None: ...
    def add_at(self, day: str, minute: int | None) -> None: ...
    def open_lead(self, ref: str) -> None: ...


class CalendarGrid(GuardedTemplate):
    """`weeks` is filled in the month view, `hours` in week and day, `groups` in agenda and where the screen is narrow.

    `looked` grows when the person moves to another view or period, so that the hours scroll to what matters.
    """

    source = "calendar_grid.vue"
    view = tl.Unicode("mois").tag(sync=True)
    views = tl.List(tl.Dict()).tag(sync=True)
    title = tl.Unicode().tag(sync=True)
    day = tl.Unicode().tag(sync=True)
    today = tl.Unicode().tag(sync=True)
    zone = tl.Unicode().tag(sync=True)
    weekdays = tl.List(tl.Dict()).tag(sync=True)
    weeks = tl.List(tl.Dict()).tag(sync=True)
    hours = tl.Dict().tag(sync=True)
    groups = tl.List(tl.Dict()).tag(sync=True)
    follow_ups = tl.Bool(True).tag(sync=True)
    selected = tl.Int(0).tag(sync=True)
    total = tl.Int(0).tag(sync=True)
    coming = tl.Dict().tag(sync=True)
    looked = tl.Int(0).tag(sync=True)

    def __init__(self, handler: CalendarHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_look(self, data: dict[str, Any]) -> None:
        self._handler.look(data)

    def vue_open(self, data: dict[str, Any]) -> None:
        self._handler.open_event(int(data["key"]))

    def vue_add(self, data: dict[str, Any]) -> None:
        minute = data.get("minute")
        self._handler.add_at(str(data.get("day", "")), None if minute is None else min(max(int(minute), 0), 1439))

    def vue_contact(self, data: dict[str, Any]) -> None:
        self._handler.open_lead(str(data["ref"]))
