"""Reminders on every page, without a browser: when one shows, to whom, and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from gnetics.actions.events import save_event
from gnetics.clock import Clock
from gnetics.pages.app import App
from gnetics.pages.calendrier.page import CalendarPage
from gnetics.store.crm import Crm
from tests.pages.conftest import NOON, Heard, page_of

Send = Callable[..., None]


class Hands:
    """Of a clock that a test turns."""

    now = NOON


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def crm(crm: Crm, hands: Hands) -> Crm:
    return replace(crm, clock=Clock(crm.region.zone, lambda: hands.now))


@pytest.fixture
def meet(app: App) -> Callable[..., int]:
    def add(title: str, start: datetime, **values: Any) -> int:
        event = {"title": title, "starts_at": start, "ends_at": start + timedelta(hours=1), "owner": "Ana", "reminder": 30} | values
        key = save_event(app.crm, "Sam", None, event, None, app.crm.snapshot()).key
        app.changed()
        return key

    return add


def shown(app: App) -> list[str]:
    app.check_newer()
    return [f"{each['title']}, {each['when']}" for each in app.frame.recalled]


def test_a_reminder_shows_from_its_time_until_the_event_is_over(app: App, hands: Hands, meet: Callable[..., int]) -> None:
    meet("Démo", NOON + timedelta(hours=1))
    assert shown(app) == []
    hands.now = NOON + timedelta(minutes=29)
    assert shown(app) == []
    hands.now = NOON + timedelta(minutes=30)
    assert shown(app) == ["Démo, aujourd’hui à 13:00"]
    hands.now = NOON + timedelta(hours=2)
    assert shown(app) == []


@pytest.mark.parametrize("values", [{"owner": "Sam"}, {"owner": None}, {"reminder": None}, {"done": True}, {"cancelled": True}])
def test_nobody_is_reminded_of_what_is_not_theirs_or_not_to_come(app: App, meet: Callable[..., int], values: dict[str, Any]) -> None:
    meet("Démo", NOON + timedelta(minutes=10))
    meet("Autre", NOON + timedelta(minutes=10), **values)
    assert shown(app) == ["Démo, aujourd’hui à 12:10"]


def test_each_occurrence_of_a_series_is_recalled_and_dismissed_alone(app: App, hands: Hands, meet: Callable[..., int], send: Send) -> None:
    meet("Point", NOON + timedelta(minutes=10), recurrence="FREQ=DAILY")
    assert shown(app) == ["Point, aujourd’hui à 12:10"]
    send(app.frame, "recall", ref=app.frame.recalled[0]["ref"], answer="masquer")
    assert shown(app) == []
    hands.now = NOON + timedelta(days=1)
    assert shown(app) == ["Point, aujourd’hui à 12:10"]
    hands.now = NOON + timedelta(days=9)  # a page left open
    assert shown(app) == ["Point, aujourd’hui à 12:10"]


def test_what_was_dismissed_is_recalled_once_it_is_moved(app: App, meet: Callable[..., int], send: Send) -> None:
    key = meet("Démo", NOON + timedelta(minutes=10))
    send(app.frame, "recall", ref=str(key), answer="masquer")
    save_event(app.crm, "Sam", key, {"starts_at": NOON + timedelta(minutes=20)}, None, app.crm.snapshot())
    app.changed()
    assert shown(app) == ["Démo, aujourd’hui à 12:20"]


def test_done_from_a_reminder_marks_the_event_with_an_undo(app: App, meet: Callable[..., int], send: Send) -> None:
    key = meet("Point", NOON + timedelta(minutes=10), recurrence="FREQ=DAILY;COUNT=3")
    send(app.frame, "recall", ref=app.frame.recalled[0]["ref"], answer="fait")
    assert app.frame.notice["text"].endswith("est marqué comme fait.")
    done = app.crm.snapshot().events.query("done")
    assert done["series_key"].tolist() == [key]
    assert shown(app) == []


def test_a_reminder_leads_to_the_event_and_to_its_new_day(app: App, heard: Heard, meet: Callable[..., int], send: Send) -> None:
    key = meet("Démo", NOON + timedelta(minutes=10))
    send(app.frame, "recall", ref=str(key), answer="reporter")
    page = page_of(app, "calendrier", CalendarPage)
    assert (page._sheet.widget.mode, page._sheet.widget.form["day"]) == ("edit", "25/11/2026")
    send(page._sheet.widget, "save", form=page._sheet.widget.form)
    assert app.crm.snapshot().event(key)["starts_at"] == NOON + timedelta(days=1, minutes=10)
    assert shown(app) == []
