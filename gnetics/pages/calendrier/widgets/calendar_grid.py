"""The calendar: month, week, day, agenda; one template that draws the rows it is given."""

from __future__ import annotations

from typing import Any, NamedTuple, NotRequired, Protocol, TypedDict

import traitlets as tl

from gnetics.pages.calendrier.widgets.series_question import Which
from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given

MOST = 10_000  # days or minutes of a drag; more is none


class CalendarHandler(Protocol):
    """What the calendar asks of its page; days are texts YYYY-MM-DD."""

    def look(self, asked: dict[str, Any]) -> None: ...
    def open_event(self, ref: str) -> None: ...
    def add_at(self, day: str, minute: int | None, until: int | None) -> None: ...
    def shift(self, ref: str, shift: Shift) -> None: ...
    def choose(self, scope: str) -> None: ...
    def open_lead(self, ref: str) -> None: ...
    def import_file(self) -> None: ...
    def answer(self, ref: str, answer: str) -> None: ...


class Shift(NamedTuple):
    """By how much an event was dragged, on the region's clock; `edge`: only its end."""

    days: int
    minutes: int
    edge: bool


class View(TypedDict):
    key: str
    label: str


class Choice(TypedDict):
    """A person or a category to filter by, and how many events it has."""

    value: str
    count: int


class Weekday(TypedDict):
    short: str
    long: str


class FollowUp(TypedDict):
    ref: str
    title: str


class CalendarEvent(TypedDict):
    """`key` names an event, or an occurrence of a series; `who` is the company, or the person where there is none.

    `time` is empty for a whole day, `more` is what a screen reader hears after who and title, `said` all of them; then what its place adds.
    """

    key: str
    title: str
    time: str
    hours: str
    icon: str
    done: bool
    cancelled: bool
    past: bool
    repeats: bool
    category: str
    colour: int
    who: str
    lead: str
    link: str
    more: str
    said: str
    # on a line of a week: cut when it goes on before or after
    column: NotRequired[int]
    span: NotRequired[int]
    lane: NotRequired[int]
    bar: NotRequired[bool]
    before: NotRequired[bool]
    after: NotRequired[bool]
    # among the hours of a day, in minutes, beside those of its columns; cut there too
    start: NotRequired[int]
    stop: NotRequired[int]
    columns: NotRequired[int]
    # in the agenda
    when: NotRequired[str]


class Day(TypedDict):
    """`follow` are the first of `follow_count`; then what a view adds, `hidden` being what it leaves out."""

    date: str
    number: int
    label: str
    short: str
    near: str
    today: bool
    off: bool  # a week-end or a public holiday
    holiday: str
    follow: list[FollowUp]
    follow_count: int
    late: bool
    other: NotRequired[bool]  # of another month
    count: NotRequired[int]
    blocks: NotRequired[list[CalendarEvent]]
    items: NotRequired[list[CalendarEvent]]
    hidden: NotRequired[int]


class Week(TypedDict):
    number: int
    days: list[Day]
    items: list[CalendarEvent]


class Hours(TypedDict):
    """`bars` are the whole days above the columns, on `lines`; `week` is the number of the week, 0 of a single day."""

    week: int
    columns: list[Day]
    bars: list[CalendarEvent]
    lines: int


class Question(TypedDict):
    """Of the meeting `key` that is over: whether it took place, `left` others waiting; or, `follow_up`, when to go on with its contact."""

    key: str
    words: str
    left: int
    follow_up: bool


class Dropped(TypedDict):
    """The answer to the last drag: what the event is called from then on; `n` grows."""

    key: str
    n: int


class Coming(TypedDict):
    """The next day with an event."""

    date: str
    words: str


class CalendarGrid(GuardedTemplate):
    """`weeks` is filled in the month view, `hours` in week and day, `groups` in agenda and where the screen is narrow.

    `looked` grows when the person moves to another view or period, so that the hours scroll to what matters.
    `owner` and `category` are what is filtered by, empty for all; `colours` are of categories.
    A day is worked from minute `opens` to `closes`.
    `which` asks what of a series was dragged; until `dropped` answers, the browser shows it where it was dropped.
    """

    source = "calendar_grid.vue"
    view = tl.Unicode("mois").tag(sync=True)
    views = given(list[View])
    title = tl.Unicode().tag(sync=True)
    day = tl.Unicode().tag(sync=True)
    today = tl.Unicode().tag(sync=True)
    zone = tl.Unicode().tag(sync=True)
    opens = tl.Int(0).tag(sync=True)
    closes = tl.Int(1440).tag(sync=True)
    weekdays = given(list[Weekday])
    weeks = given(list[Week])
    hours = given(Hours)
    groups = given(list[Day])
    follow_ups = tl.Bool(True).tag(sync=True)
    selected = tl.Unicode().tag(sync=True)
    total = tl.Int(0).tag(sync=True)
    coming = given(Coming)
    asked = given(Question)
    which = given(Which)
    dropped = given(Dropped)
    owners = given(list[Choice])
    owner = tl.Unicode().tag(sync=True)
    categories = given(list[Choice])
    category = tl.Unicode().tag(sync=True)
    colours = given(dict[str, int])
    looked = tl.Int(0).tag(sync=True)

    def __init__(self, handler: CalendarHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def vue_look(self, data: dict[str, Any]) -> None:
        self._handler.look(data)

    def vue_open(self, data: dict[str, Any]) -> None:
        self._handler.open_event(str(data["key"]))

    def vue_add(self, data: dict[str, Any]) -> None:
        minute, until = data.get("minute"), data.get("until")
        starts = None if minute is None else min(max(int(minute), 0), 1439)
        self._handler.add_at(str(data.get("day", "")), starts, None if until is None else min(max(int(until), 0), 1440))

    def vue_shift(self, data: dict[str, Any]) -> None:
        days, minutes = (min(max(int(data[name]), -MOST), MOST) for name in ("days", "minutes"))
        self._handler.shift(str(data["key"]), Shift(days, minutes, bool(data["edge"])))

    def vue_choose(self, data: dict[str, Any]) -> None:
        self._handler.choose(str(data["scope"]))

    def vue_contact(self, data: dict[str, Any]) -> None:
        self._handler.open_lead(str(data["ref"]))

    def vue_import_file(self, _data: Any) -> None:
        self._handler.import_file()

    def vue_answer(self, data: dict[str, Any]) -> None:
        self._handler.answer(str(data["key"]), str(data["answer"]))
