"""The sheet of one lead: read, modify, add; a side panel over the grid."""

from __future__ import annotations

from typing import Any, NotRequired, Protocol, TypedDict

import traitlets as tl
from ipywidgets import DOMWidget
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.form_panel import FormHandler, FormPanel
from gnetics.widgets.given import Link, given


class SheetHandler(FormHandler, Protocol):
    """What the sheet asks of its page."""

    def add_note(self, ref: str, text: str) -> None: ...
    def older(self) -> None: ...
    def show_line(self, kind: str) -> None: ...
    def consign(self) -> None: ...
    def new_deal(self) -> None: ...
    def merge(self, ref: str) -> None: ...
    def unmerge(self, rev: int) -> None: ...
    def open(self, ref: str) -> None: ...
    def follow(self, page: str, query: dict[str, str]) -> None: ...
    def copied(self, done: bool) -> None: ...


class VerbsHandler(Protocol):
    """What it asks for the contact on screen, without a form."""

    def set_status(self, status: str) -> None: ...
    def unblock(self) -> None: ...
    def clear_score(self) -> None: ...
    def restore(self, history_key: int) -> None: ...
    def restore_version(self, history_key: int) -> None: ...
    def remove(self) -> None: ...
    def stop_follow_ups(self) -> None: ...


class FollowUps(TypedDict):
    """Those that a rule sends: where they stand, "" without any; `running`: they can be stopped."""

    text: str
    running: bool


class LeadHead(TypedDict):
    """Who it is, what to do next and why; `back_to` is the status that a blocked lead had, `call` and `write` lead to its telephone
    and its mail; `erased`: it is nobody's any more, and only counted."""

    ref: str
    title: str
    subtitle: str
    initials: str
    action: str
    reason: str
    late: bool
    closed: bool
    back_to: str
    notes: str
    call: str
    write: str
    follow_ups: FollowUps
    erased: bool


class ReadField(TypedDict):
    """A field as it is read; `note` is a remark beside it, `bad` when it is a problem."""

    key: str
    label: str
    kind: str
    text: str
    href: str
    note: str
    bad: bool


class ReadSection(TypedDict):
    title: str
    fields: list[ReadField]


class FormField(TypedDict):
    key: str
    label: str
    kind: str
    suffix: str | None
    hint: str | None


class FormSection(TypedDict):
    title: str
    fields: list[FormField]


class Duplicate(TypedDict):
    """A lead that looks like this one, and `more` others; `ref` is empty for one that the person does not see."""

    ref: str
    title: str
    why: str
    sure: bool
    more: int


class Restore(TypedDict):
    """A field that may have its earlier value back; `key` is that of the history."""

    key: int
    label: str


class Deal(TypedDict):
    """Another deal of the same person, and how it stands."""

    ref: str
    text: str


class TimelineEntry(TypedDict):
    """What happened, `lines` under its title; `version` is a key of the history, `unmerge` a rev, absent when there is nothing to offer."""

    id: str
    when: str
    who: str
    icon: str
    title: str
    lines: list[str]
    detail: str
    restores: list[Restore]
    link: NotRequired[Link]
    version: NotRequired[int]
    unmerge: NotRequired[int]


class Around(TypedDict):
    """Place in the list (from 1, 0 outside), its length, and the references of the neighbours."""

    place: int
    length: int
    before: str
    after: str


class ScorePart(TypedDict):
    label: str
    points: int
    most: int
    facts: str
    says: str


class ScoreParts(TypedDict):
    """The automatic score explained; `by_hand` offers the way back to it."""

    rows: list[ScorePart]
    total: int
    by_hand: bool


class LeadSheet(FormPanel[SheetHandler]):
    """What a form panel shows, and what is this one's own; `blocked` says why leads cannot be merged for now.

    `timeline` holds the latest of the `timeline_length` entries of the `timeline_kind` chosen among `timeline_kinds`.
    The browser says by `noting` that the note's box holds text; False from the kernel empties it.
    `exchange` is the widget of the mails, `person` the menu of the person behind.
    `quick` are the fields that a new contact is first asked for, `of_whom` whose new deal it is, `hints` what stands in those left blank.
    """

    source = "lead_sheet.vue"
    head = given(LeadHead)
    sections = given(list[ReadSection])
    missing = tl.List(tl.Unicode()).tag(sync=True)
    duplicates = given(list[Duplicate])
    deals = given(list[Deal])
    timeline: Any = given(list[TimelineEntry])  # taken from those of timeline.py, which have two keys more
    timeline_length = tl.Int(0).tag(sync=True)
    timeline_kind = tl.Unicode("Tout").tag(sync=True)
    timeline_kinds = tl.List(tl.Unicode()).tag(sync=True)
    around = given(Around)
    blocked = tl.Unicode().tag(sync=True)
    statuses = tl.List(tl.Unicode()).tag(sync=True)
    noting = tl.Bool(False).tag(sync=True)
    exchange = tl.Instance(DOMWidget).tag(sync=True, **widget_serialization)
    person = tl.Instance(DOMWidget).tag(sync=True, **widget_serialization)
    score = given(ScoreParts)
    fields = given(list[FormSection])
    quick = tl.List(tl.Unicode()).tag(sync=True)
    of_whom = tl.Unicode().tag(sync=True)
    hints = given(dict[str, str])
    options = given(dict[str, list[str]])

    def __init__(self, handler: SheetHandler, verbs: VerbsHandler, **traits: Any) -> None:
        super().__init__(handler, **traits)
        self._verbs = verbs

    def vue_restore(self, data: dict[str, Any]) -> None:
        self._verbs.restore(int(data["key"]))

    def vue_restore_version(self, data: dict[str, Any]) -> None:
        self._verbs.restore_version(int(data["key"]))

    def vue_set_status(self, data: dict[str, Any]) -> None:
        self._verbs.set_status(str(data["status"]))

    def vue_add_note(self, data: dict[str, Any]) -> None:
        self._handler.add_note(str(data["ref"]), str(data["text"]))

    def vue_remove(self, _data: Any) -> None:
        self._verbs.remove()

    def vue_stop_follow_ups(self, _data: Any) -> None:
        self._verbs.stop_follow_ups()

    def vue_show_line(self, data: dict[str, Any]) -> None:
        self._handler.show_line(str(data["kind"]))

    def vue_consign(self, _data: Any) -> None:
        self._handler.consign()

    def vue_new_deal(self, _data: Any) -> None:
        self._handler.new_deal()

    def vue_older(self, _data: Any) -> None:
        self._handler.older()

    def vue_merge(self, data: dict[str, Any]) -> None:
        self._handler.merge(str(data["ref"]))

    def vue_unmerge(self, data: dict[str, Any]) -> None:
        self._handler.unmerge(int(data["rev"]))

    def vue_unblock(self, _data: Any) -> None:
        self._verbs.unblock()

    def vue_clear_score(self, _data: Any) -> None:
        self._verbs.clear_score()

    def vue_go(self, data: dict[str, Any]) -> None:
        self._handler.open(str(data["ref"]))

    def vue_follow(self, data: dict[str, Any]) -> None:
        self._handler.follow(str(data["page"]), {str(name): str(value) for name, value in data.get("query", {}).items()})

    def vue_copied(self, data: dict[str, Any]) -> None:
        self._handler.copied(bool(data["done"]))
