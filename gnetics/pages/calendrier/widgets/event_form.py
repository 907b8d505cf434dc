"""The panel of one event: read, modify, add; over the calendar's right side."""

from __future__ import annotations

from typing import Any, NotRequired, Protocol, TypedDict

import traitlets as tl

from gnetics.pages.calendrier.widgets.series_question import Which
from gnetics.widgets.form_panel import FormHandler, FormPanel
from gnetics.widgets.given import given


class EventHandler(FormHandler, Protocol):
    """What the panel asks of its page."""

    def delete(self, scope: str) -> None: ...
    def choose(self, scope: str) -> None: ...
    def finish(self, done: bool) -> None: ...
    def call_off(self, cancelled: bool) -> None: ...
    def invite(self) -> None: ...
    def search(self, text: str) -> None: ...
    def open_lead(self, ref: str) -> None: ...


class EventHead(TypedDict):
    """An event as it is read; `lead` is the reference of its contact, empty for none, `bad_link` one that is not safe to open.

    `repeats` is the rule of its series in words, `apart` says that it was changed apart from one. `people` are participants with their
    answers, `invite` what would be told to whom, `invited` who was told by mail; empty: nothing, nobody.
    """

    title: str
    icon: str
    kind: str
    when: str
    repeats: str
    apart: bool
    state: str
    tone: str
    done: bool
    cancelled: bool
    may_be_done: bool
    link: str
    bad_link: str
    lead: str
    lead_title: str
    lead_initials: str
    lead_status: str
    lead_detail: str
    description: str
    owner: str
    place: str
    category: str
    reminder: str
    people: list[str]
    invite: str
    invited: str


class Slot(TypedDict):
    """An hour at which the person is free, as the form has it, and in words."""

    day: str
    start: str
    end: str
    words: str


class ReminderChoice(TypedDict):
    value: str
    title: str


class ContactChoice(TypedDict):
    """A contact to link; `detail` is for those of a search."""

    ref: str
    title: str
    detail: NotRequired[str]


class EventForm(FormPanel[EventHandler]):
    """What a form panel shows, and what is this one's own; `which` asks what of a series is meant.

    `slots` are free for the person and for `free_for`.
    """

    source = "event_form.vue"
    categories = tl.List(tl.Unicode()).tag(sync=True)
    kinds = tl.List(tl.Unicode()).tag(sync=True)
    which = given(Which)
    head = given(EventHead)
    reminders = given(list[ReminderChoice])
    slots = given(list[Slot])
    free_for = tl.Unicode().tag(sync=True)
    contacts = given(list[ContactChoice])
    chosen = given(ContactChoice)
    date_hint = tl.Unicode().tag(sync=True)

    def vue_remove(self, data: dict[str, Any]) -> None:
        self._handler.delete(str(data.get("scope", "")))

    def vue_choose(self, data: dict[str, Any]) -> None:
        self._handler.choose(str(data.get("scope", "")))

    def vue_finish(self, data: dict[str, Any]) -> None:
        self._handler.finish(bool(data.get("done")))

    def vue_call_off(self, data: dict[str, Any]) -> None:
        self._handler.call_off(bool(data.get("cancelled")))

    def vue_invite(self, data: dict[str, Any]) -> None:
        self._handler.invite()

    def vue_search(self, data: dict[str, Any]) -> None:
        self._handler.search(str(data.get("text", "")))

    def vue_contact(self, data: dict[str, Any]) -> None:
        self._handler.open_lead(str(data["ref"]))
