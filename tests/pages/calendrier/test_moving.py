"""Events dragged on Calendrier, without a browser: what is saved, asked, refused, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gnetics.actions import accounts
from gnetics.actions.events import save_event
from gnetics.domain import rights
from gnetics.domain.regions import REGIONS
from gnetics.pages.app import App
from gnetics.pages.calendrier.moving import shifted
from gnetics.pages.calendrier.page import CalendarPage
from gnetics.pages.calendrier.widgets.calendar_grid import Shift
from tests.pages.conftest import NOON

Send = Callable[..., None]


def meet(app: App, title: str = "Démo", start: datetime = NOON, **values: Any) -> int:
    event = {"title": title, "starts_at": start, "ends_at": start + timedelta(hours=1), "kind": "Rendez-vous", "owner": "Ana"} | values
    key = save_event(app.crm, "Ana", None, event, None, app.snapshot).key
    app.changed()
    return key


def when(app: App, key: int) -> str:
    event = app.crm.snapshot().event(key)
    return " – ".join(f"{event[name].astimezone(app.region.zone):%m-%d %H:%M}" for name in ("starts_at", "ends_at"))


def shift(page: CalendarPage, send: Send, key: int | str, days: int = 0, minutes: int = 0, *, edge: bool = False) -> None:
    before = page._grid.dropped.get("n", 0)
    send(page._grid, "shift", key=str(key), days=days, minutes=minutes, edge=edge)
    assert page._grid.dropped.get("n", 0) - before == (not page._moving.asking)  # the browser hears, or the series asks


def test_an_event_moved_or_stretched_is_saved_with_an_undo_and_warns_of_overlaps(app: App, page: CalendarPage, send: Send) -> None:
    key, _ = meet(app), meet(app, "Autre", NOON + timedelta(days=1, hours=1))
    shift(page, send, key, days=1, minutes=45)
    assert when(app, key) == "11-25 12:45 – 11-25 13:45"
    said = app.frame.notice["text"].replace("\u00a0", " ")
    assert said == "« Démo » est déplacé : mercredi 25 novembre 2026, 12:45 – 13:45 (1 h). Il chevauche « Autre » (13:00 – 14:00)."
    assert not page._sheet.widget.shown
    shift(page, send, key, minutes=-30, edge=True)
    assert when(app, key) == "11-25 12:45 – 11-25 13:15"
    app.undo()
    assert when(app, key) == "11-25 12:45 – 11-25 13:45"


def test_the_panel_that_shows_the_event_follows_it(app: App, page: CalendarPage, send: Send) -> None:
    key = meet(app, recurrence="FREQ=DAILY;COUNT=3")
    send(page._grid, "open", key=f"{key}@2026-11-25T12:00:00")
    shift(page, send, f"{key}@2026-11-25T12:00:00", minutes=60)
    send(page._grid, "choose", scope="one")
    assert page._sheet.widget.head["when"].startswith("mercredi 25 novembre 2026, 13:00")
    assert page._grid.dropped["key"] == page._grid.selected != f"{key}@2026-11-25T12:00:00"


@pytest.mark.parametrize(
    ("scope", "starts"),
    [
        ("one", ["11-24 12:00", "11-26 12:00", "12-08 12:00"]),
        ("following", ["11-24 12:00", "12-02 12:00", "12-09 12:00"]),
        ("all", ["11-25 12:00", "12-02 12:00", "12-09 12:00"]),
        ("", ["11-24 12:00", "12-01 12:00", "12-08 12:00"]),
    ],
)
def test_of_a_series_goes_what_is_meant_with_its_weekday(app: App, page: CalendarPage, send: Send, scope: str, starts: list[str]) -> None:
    key = meet(app, recurrence="FREQ=WEEKLY;BYDAY=TU;COUNT=3")
    shift(page, send, f"{key}@2026-12-01T12:00:00", days=-5 if scope == "one" else 1)
    assert page._grid.which["scopes"] == ["one", "following", "all"]
    send(page._grid, "choose", scope=scope)
    assert not page._moving.asking
    send(page._grid, "look", view="agenda", day="2026-11-24")
    assert [f"{group['date'][5:]} {item['time']}" for group in page._grid.groups for item in group["items"]] == starts


def test_what_somebody_moved_meanwhile_is_shown_as_it_is(app: App, page: CalendarPage, send: Send) -> None:
    key = meet(app)
    later = {"starts_at": NOON + timedelta(hours=2), "ends_at": NOON + timedelta(hours=3)}
    save_event(app.crm, "Sam", key, later, None, app.crm.snapshot())
    shift(page, send, key, days=1)
    assert "modifié entre-temps" in app.frame.notice["text"]
    assert when(app, key) == "11-24 14:00 – 11-24 15:00"


def test_a_form_with_typed_words_is_finished_first(app: App, page: CalendarPage, send: Send) -> None:
    key = meet(app)
    send(page._grid, "add", day="2026-11-26")
    send(page._sheet.widget, "typed", form={"title": "En cours"})
    shift(page, send, key, days=1)
    assert when(app, key) == "11-24 12:00 – 11-24 13:00"
    assert (page._sheet.dirty, app.frame.notice["kind"]) == (True, "warning")


def test_a_reader_moves_nothing_and_hears_why(app: App, page: CalendarPage, send: Send) -> None:
    key = meet(app)
    for name, role in (("Boss", rights.ADMINISTRATOR), ("Ana", rights.READER)):
        accounts.add(app.crm, "Boss", name, role, "un long mot de passe")
    shift(page, send, key, days=1)
    assert (app.frame.notice["kind"], when(app, key)) == ("error", "11-24 12:00 – 11-24 13:00")


def test_without_synchronisation_a_move_lasts_until_rafraichir(app: App, page: CalendarPage, send: Send) -> None:
    key = meet(app)
    app.crm.set_sync(False, "admin")
    shift(page, send, key, days=1)
    assert "session" in app.frame.notice["text"]
    assert f"{app.snapshot.event(key)['starts_at'].astimezone(app.region.zone):%m-%d %H:%M}" == "11-25 12:00"
    app.refresh()
    assert when(app, key) == "11-24 12:00 – 11-24 13:00"


def test_a_slot_that_was_drawn_is_the_time_of_the_new_event(page: CalendarPage, send: Send) -> None:
    send(page._grid, "add", day="2026-11-26", minute=600, until=705)
    assert [page._sheet.widget.form[name] for name in ("day", "start", "end")] == ["26/11/2026", "10:00", "11:45"]
    send(page._grid, "add", day="2026-11-26", minute=1425, until=1440)
    assert [page._sheet.widget.form[name] for name in ("start", "end")] == ["23:45", "23:59"]


@pytest.mark.parametrize(
    ("start", "end", "by", "became"),
    [
        # over the nights when clocks change in Paris, 25 October and 29 March: hours stay
        ("2026-10-24T09:00", "2026-10-24T10:00", Shift(1, 15, False), ("2026-10-25T09:15", "2026-10-25T10:15")),
        ("2026-03-28T22:00", "2026-03-29T04:00", Shift(1, 0, False), ("2026-03-29T22:00", "2026-03-30T04:00")),
        ("2026-03-28T02:30", "2026-03-28T02:45", Shift(1, 0, False), ("2026-03-29T03:30", "2026-03-29T03:45")),
        ("2026-03-28T01:30", "2026-03-28T02:00", Shift(1, 0, False), ("2026-03-29T01:30", "2026-03-29T03:00")),
        ("2026-03-28T02:30", "2026-03-28T03:00", Shift(1, 0, False), ("2026-03-29T03:30", "2026-03-29T04:00")),
        ("2026-10-24T00:00", "2026-10-25T00:00", Shift(1, 0, False), ("2026-10-25T00:00", "2026-10-26T00:00")),
        ("2028-02-28T10:00", "2028-02-28T11:00", Shift(1, 0, True), ("", "2028-02-29T11:00")),
    ],
)
def test_the_clock_of_the_region_goes_on_whatever_the_season(start: str, end: str, by: Shift, became: tuple[str, str]) -> None:
    zone = REGIONS["FR"].zone
    event = {"starts_at": _at(start), "ends_at": _at(end)}
    moved = shifted(event, by, REGIONS["FR"])
    shown = tuple(f"{moved[name].astimezone(zone):%Y-%m-%dT%H:%M}" if name in moved else "" for name in ("starts_at", "ends_at"))
    assert shown == became


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=REGIONS["FR"].zone).astimezone(UTC)
