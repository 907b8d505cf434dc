"""« ⋯ » of Calendrier: files of what one sees, and the address by which another calendar follows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar

from gnetics.actions import accounts
from gnetics.actions.events import save_event
from gnetics.imports.importer import import_workbook
from gnetics.pages.app import App
from gnetics.pages.calendrier.page import CalendarPage
from gnetics.pages.calendrier.widgets.calendar_menu import CalendarMenu
from tests.pages.conftest import NOON

Send = Callable[..., None]
SERIES = (
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:serie@x\nSUMMARY:Point\nDTSTART;TZID=Europe/Paris:20261124T100000\n"
    "DTEND;TZID=Europe/Paris:20261124T110000\nRRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\nBEGIN:VEVENT\nUID:serie@x\nSUMMARY:Point déplacé\n"
    "RECURRENCE-ID;TZID=Europe/Paris:20261201T100000\nDTSTART;TZID=Europe/Paris:20261202T100000\nDURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR\n"
)


@pytest.fixture
def menu(page: CalendarPage) -> CalendarMenu:
    return page._menu.widget


@pytest.fixture
def saved(menu: CalendarMenu, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """(name, titles in it) of each file that the browser was given."""
    files: list[tuple[str, list[str]]] = []

    def save(name: str, media_type: str, content: bytes) -> None:
        assert media_type.startswith("text/calendar")
        files.append((name, sorted(str(each["SUMMARY"]) for each in Calendar.from_ical(content).walk("VEVENT"))))

    monkeypatch.setattr(menu.download, "save", save)
    return files


def meet(app: App, title: str, days: int, **values: Any) -> int:
    start = NOON + timedelta(days=days)
    event = {"title": title, "starts_at": start, "ends_at": start + timedelta(hours=1)} | values
    key = save_event(app.crm, "Sam", None, event, None, app.crm.snapshot()).key
    app.refresh()
    return key


def test_a_file_has_what_is_shown_or_all_or_the_event_that_is_open(
    app: App, page: CalendarPage, menu: CalendarMenu, saved: list[tuple[str, list[str]]], send: Send
) -> None:
    near, _ = meet(app, "Démo", 1), meet(app, "Bilan", 200)
    send(menu, "save", what="shown")
    send(menu, "save", what="all")
    page.open_event(str(near))
    send(menu, "save", what="event")
    assert saved == [
        ("gnetics-calendrier-2026-11-24.ics", ["Démo"]),
        ("gnetics-calendrier-2026-11-24.ics", ["Bilan", "Démo"]),
        ("gnetics-evenement-2026-11-24.ics", ["Démo"]),
    ]


def test_one_occurrence_leaves_with_its_series(
    app: App, page: CalendarPage, menu: CalendarMenu, saved: list[tuple[str, list[str]]], send: Send
) -> None:
    import_workbook(app.crm, "Sam", SERIES.encode(), "serie.ics")
    app.refresh()
    frame = app.snapshot.events
    page.open_event(str(frame.index[frame["title"] == "Point déplacé"][0]))
    send(menu, "save", what="event")
    assert saved[0][1] == ["Point", "Point déplacé"]


def test_nothing_to_export_is_said(app: App, menu: CalendarMenu, saved: list[tuple[str, list[str]]], send: Send) -> None:
    send(menu, "save", what="all")
    assert saved == [] and "Aucun événement" in app.frame.notice["text"]


def test_an_address_is_shown_once_then_only_since_when_until_it_is_revoked(app: App, menu: CalendarMenu, send: Send) -> None:
    trusted = replace(app.crm, trusted=True)
    accounts.add(trusted, "Léa", app.user, "lecture", None)
    send(menu, "subscribe")
    assert (menu.subscribing, menu.path, menu.since) == (True, "", "")
    send(menu, "renew")
    assert menu.path.startswith("calendrier/") and menu.since == "24/11/2026"
    send(menu, "subscribe")
    assert (menu.path, menu.since) == ("", "24/11/2026")
    send(menu, "revoke")
    assert menu.since == ""


def test_without_an_account_it_is_said_why_there_is_no_address(app: App, menu: CalendarMenu, send: Send) -> None:
    send(menu, "renew")
    assert menu.path == "" and "compte" in app.frame.notice["text"]
