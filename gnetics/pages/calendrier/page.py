"""Calendrier: month, week, day and agenda of the events, with the follow-ups as a faint layer; the page that writes events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import ipyvuetify as v

from gnetics.domain import dates
from gnetics.domain.typography import counted
from gnetics.errors import NotFound
from gnetics.pages.app import App
from gnetics.pages.calendrier import rows
from gnetics.pages.calendrier.after_events import POSTPONED, AfterEvents
from gnetics.pages.calendrier.event_sheet import EventSheet
from gnetics.pages.calendrier.index import EventIndex, FollowUpIndex
from gnetics.pages.calendrier.menu import Menu
from gnetics.pages.calendrier.moving import Moving
from gnetics.pages.calendrier.rows import Calendar
from gnetics.pages.calendrier.shown_days import VIEWS, CalendarView, iso_day
from gnetics.pages.calendrier.widgets.calendar_grid import CalendarGrid, Coming, Day, Shift
from gnetics.pages.opening import opener
from gnetics.store.occurrence_frames import repeated
from gnetics.widgets.given import NOTHING


class CalendarPage:
    """The address carries `vue`, `jour`, and `event` (key or uid; with `reporter=1` its form, on its new day) or `new=1` (with `lead`)
    when a panel is open.

    Implements CalendarHandler.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._view = CalendarView(app.region, app.today())
        self._after = AfterEvents(app)
        self._sheet = EventSheet(app, self._write_address, self._saved, self._after.met)
        self._grid = CalendarGrid(
            self,
            views=[{"key": key, "label": label} for key, label in VIEWS.items()],
            weekdays=rows.weekdays(app.region),
            zone=app.region.zone_name,
            opens=_minute(app.region.working[0]),
            closes=_minute(app.region.working[1]),
        )
        self._moving = Moving(app, self._sheet, self._moved)
        self._menu = Menu(app, lambda: self._sheet.key, self._keys_shown)
        self._fresh = ""  # what was just moved, for the next look
        self._load()
        self.widget = v.Html(
            tag="div", class_="g-page g-cal-page", children=[self._grid, self._sheet.widget, self._sheet.conflict, self._menu.widget]
        )

    def visit(self, query: dict[str, str]) -> None:
        before = self._view.to_query(self._app.today())
        self._view.from_query(query, self._app.today())
        try:
            if query.get("event"):
                ref = self._sheet.find(query["event"])
                if ref != self._sheet.ref and self._sheet.typed_first():  # Back, a link: the address goes back to what is being typed
                    self._app.set_query("calendrier", self._view.to_query(self._app.today()) | self._panel(), how="push")
                else:
                    if "jour" not in query:
                        self._view.show(self._sheet.day_of(ref))
                    self._sheet.show(ref)
                    if query.get("reporter") == "1":
                        self._sheet.postpone(ref)
            elif query.get("new") == "1":
                if not self._sheet.dirty or query.get("lead"):  # a form with typed words is kept, and says so
                    self._sheet.start_new(iso_day(query.get("jour", "")) or self._app.today(), lead=query.get("lead", ""))
            elif not self._sheet.dirty:
                self._sheet.hide()
        except NotFound as missing:
            self._sheet.hide()
            self._app.notify(str(missing), "warning")
        self._grid.selected = self._sheet.ref
        self._grid.asked = self._after.question()  # of whoever opened the page, which was made ahead for nobody
        if self._view.to_query(self._app.today()) != before or self._grid.today != self._app.today().isoformat():
            self._filter()
            self._show(moved=True)

    def refresh(self) -> None:
        self._load()
        self._show(fresh=self._fresh)
        self._fresh = ""
        self._sheet.refresh()
        self._grid.selected = self._sheet.ref

    def look(self, asked: dict[str, Any]) -> None:
        """Another view, period or layer; each part of `asked` is optional."""
        view, today = self._view, self._app.today()
        if asked.get("view") in VIEWS:
            view.view = asked["view"]
        if asked.get("day"):
            view.show(iso_day(str(asked["day"])) or view.day)
        if asked.get("step") in (1, -1):
            view.step(asked["step"], today)
        if asked.get("today"):
            view.show(today)
        if "follow_ups" in asked:
            view.follow_ups = bool(asked["follow_ups"])
        for name in ("owner", "category"):
            if name in asked:
                setattr(view, name, str(asked[name]))
        self._filter()
        self._show(moved=not asked.keys() & {"follow_ups", "owner", "category"})
        self._app.set_query("calendrier", view.to_query(today) | self._panel())

    def open_event(self, ref: str) -> None:
        if self._sheet.typed_first():
            return
        self._sheet.show(self._sheet.find(ref))
        self._write_address({"event": ref})

    def add_at(self, day: str, minute: int | None, until: int | None) -> None:
        first, last = self._view.named()
        likely = self._app.today() if first <= self._app.today() <= last and self._view.view != "jour" else self._view.day
        self._sheet.start_new(iso_day(day) or likely, minute, until)
        if self._sheet.editing:
            self._write_address({"new": "1"})

    def shift(self, ref: str, shift: Shift) -> None:
        self._settle(ref, lambda: self._moving.shift(ref, shift))

    def choose(self, scope: str) -> None:
        self._settle("", lambda: self._moving.choose(scope))

    def _settle(self, ref: str, move: Callable[[], str]) -> None:
        """The browser, which shows the event where it was dropped, hears how that ended, unless the series asks what is meant."""
        with self._grid.hold_sync():
            try:
                ref = move()
                self._grid.selected = self._sheet.ref
                self._app.set_query("calendrier", self._view.to_query(self._app.today()) | self._panel())
            finally:
                self._grid.which = self._moving.which
                if not self._moving.asking:
                    self._grid.dropped = {"key": ref, "n": self._grid.dropped.get("n", 0) + 1}

    def _moved(self, day: date, ref: str) -> None:
        if not self._view.shown()[0] <= day <= self._view.shown()[1]:
            self._view.show(day)
        self._fresh = ref

    def import_file(self) -> None:
        """« Importer » of Contacts takes what the browser was given."""
        self._app.go("contacts", importer="1")

    def open_lead(self, ref: str) -> None:
        self._app.go("contacts", lead=ref)

    def _keys_shown(self) -> set[int]:
        return {stretch.key for stretch in self._index.between(*self._view.shown())}

    def answer(self, ref: str, answer: str) -> None:
        if answer == POSTPONED:
            ref = self._sheet.find(ref)
            self._sheet.postpone(ref)
            if self._sheet.editing:
                self._write_address({"event": ref})
            return
        self._after.answer(ref, answer)
        self._show()

    def _panel(self) -> dict[str, str]:
        """The part of the address that names what is open."""
        if self._sheet.ref:
            return {"event": self._sheet.ref}
        return {"new": "1"} if self._sheet.editing else {}

    def _write_address(self, panel: dict[str, str]) -> None:
        self._grid.selected = self._sheet.ref
        self._app.set_query("calendrier", self._view.to_query(self._app.today()) | panel, how="push" if panel else "replace")

    def _saved(self, day: date, ref: str) -> None:
        """The event just saved is on screen, even where others hide each other."""
        first, last = self._view.named()
        if not first <= day <= last or self._view.view == "mois":
            self._view.show(day)
        self._show(moved=True, fresh=ref)
        self._grid.selected = ref
        self._app.set_query("calendrier", self._view.to_query(self._app.today()) | self._panel())

    def _filter(self) -> None:
        if (self._view.owner, self._view.category) != self._loaded:
            self._load()

    def _load(self) -> None:
        snapshot = self._app.snapshot
        events, real, view = snapshot.events, snapshot.real, self._view
        if view.owner:
            events, real = events[events["owner"] == view.owner], real[real["owner"] == view.owner]
        if view.category:
            events = events[events["category"] == view.category]
        self._loaded = view.owner, view.category
        self._index = EventIndex(events, self._app.region, repeated(events, snapshot.changed_occurrences, self._app.region))
        self._follow = FollowUpIndex(real)
        self._colours = rows.categories(snapshot.events)
        self._owners = rows.choices(snapshot.events["owner"], filter(None, [view.owner]))
        self._categories = rows.choices(snapshot.events["category"], filter(None, [view.category]))

    def _show(self, moved: bool = False, fresh: str = "") -> None:
        view, app = self._view, self._app
        follow = self._follow if view.follow_ups else None
        now, colours = app.crm.clock.now(), self._colours
        calendar = Calendar(app.snapshot.events, app.snapshot.leads, self._index, follow, app.region, now, colours, fresh)
        first, last = view.shown()
        with self._grid.hold_sync():
            self._grid.view, self._grid.title, self._grid.follow_ups = view.view, view.title(), view.follow_ups
            self._grid.day, self._grid.today = view.day.isoformat(), app.today().isoformat()
            self._grid.weeks = rows.month(calendar, first, last, view.day) if view.view == "mois" else []
            self._grid.hours = rows.hours(calendar, first, last) if view.view in ("semaine", "jour") else NOTHING
            self._grid.groups = self._groups(calendar, first, last)
            self._grid.total = len(app.snapshot.events)
            self._grid.owner, self._grid.category, self._grid.colours = view.owner, view.category, colours
            self._grid.owners, self._grid.categories = self._owners, self._categories
            self._grid.asked = self._after.question()
            self._grid.coming = self._coming(last) if view.view == "agenda" else NOTHING
            self._grid.looked += moved
        self._show_facts()

    def _groups(self, calendar: Calendar, first: date, last: date) -> list[Day]:
        day = self._view.day
        if self._view.view == "mois":
            return rows.agenda(calendar, day, day, keep=[day])
        return [] if self._view.view == "jour" else rows.agenda(calendar, first, last)

    def _coming(self, last: date) -> Coming:
        """The next day with an event after an empty agenda."""
        day = self._index.next_after(last)
        return {"date": day.isoformat(), "words": dates.long(day, self._app.region)} if day else NOTHING

    def _show_facts(self) -> None:
        first, last = self._view.shown()
        facts = [counted(len(self._index.between(first, last)), "événement")]
        if self._view.follow_ups:
            facts.append(counted(self._follow.count(first, last), "relance"))
        self._app.say_facts("calendrier", " · ".join(facts))


def _minute(hour: time) -> int:
    return hour.hour * 60 + hour.minute


def build(app: App) -> CalendarPage:
    return CalendarPage(app)


show = opener("calendrier")
