"""A series on Calendrier, without a browser: made in the form, shown by occurrences, changed and deleted in part, found elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from gnetics.actions.series import save_occurrence
from gnetics.domain.series_changes import Scope
from gnetics.pages.accueil.page import AccueilPage
from gnetics.pages.app import App
from gnetics.pages.calendrier.page import CalendarPage
from gnetics.pages.calendrier.widgets.event_form import EventForm
from gnetics.pages.contacts.page import ContactsPage
from gnetics.store.schema import events
from tests.pages.conftest import Heard, page_of

Send = Callable[..., None]
WEEKLY = {"title": "Point", "day": "26/11/2026", "start": "14:00", "end": "15:00", "repeat": "weekly", "ends": "after", "times": "4"}


@pytest.fixture
def panel(page: CalendarPage, send: Send) -> EventForm:
    """With a series: four Thursdays at two from 26 November on."""
    send(page._grid, "add", day="2026-11-26")
    send(page._sheet.widget, "save", form=WEEKLY)
    assert page._sheet.widget.errors == {}
    return page._sheet.widget


def shown(page: CalendarPage) -> dict[str, tuple[str, str]]:
    """Title and hour by name, in the agenda."""
    return {item["key"]: (item["title"], item["time"]) for group in page._grid.groups for item in group["items"]}


def scopes(panel: EventForm) -> list[str]:
    """The answers to which of a series is meant, while that is asked."""
    return panel.which.get("scopes", [])


def days(page: CalendarPage, send: Send, month: str = "2026-12-01") -> list[str]:
    send(page._grid, "look", view="agenda", day=month)
    return [f"{group['date'][5:]} {item['title']}" for group in page._grid.groups for item in group["items"]]


def occurrence(page: CalendarPage, panel: EventForm, send: Send, wall: str) -> dict[str, Any]:
    """Open it; its form."""
    send(page._grid, "open", key=f"1@{wall}:00")
    send(panel, "edit")
    return dict(panel.form)


def test_a_series_is_made_in_the_form_and_each_occurrence_opens(page: CalendarPage, panel: EventForm, send: Send, heard: Heard) -> None:
    assert days(page, send) == ["12-03 Point", "12-10 Point", "12-17 Point"]
    chip = page._grid.groups[0]["items"][0]
    assert (chip["key"], chip["repeats"], chip["hours"]) == ("1@2026-12-03T14:00:00", True, "14:00 – 15:00")
    assert "se répète" in chip["said"]
    send(page._grid, "open", key=chip["key"])
    assert (panel.head["when"], panel.head["repeats"]) == (
        "jeudi 3 décembre 2026, 14:00 – 15:00 (1\u00a0h)", "chaque semaine le jeudi, 4 fois",
    )  # fmt: skip
    assert heard.addresses()[-1][1]["event"] == chip["key"]


def test_a_link_to_a_series_opens_its_next_occurrence(app: App, page: CalendarPage, panel: EventForm) -> None:
    app.moved("calendrier", {"event": "1"})
    assert page._grid.selected == "1@2026-11-26T14:00:00"
    app.moved("calendrier", {"event": "1@2026-12-10T14:00:00"})
    assert panel.head["when"].startswith("jeudi 10 décembre")
    app.moved("calendrier", {"event": "1@2026-12-11T14:00:00"})
    assert (panel.shown, app.frame.notice["kind"]) == (False, "warning")


def test_saving_asks_which_of_the_series_and_the_answer_saves(page: CalendarPage, panel: EventForm, send: Send, app: App) -> None:
    form = occurrence(page, panel, send, "2026-12-03T14:00")
    typed = form | {"day": "04/12/2026", "title": "Démo"}
    send(panel, "save", form=typed)
    assert (scopes(panel), panel.mode) == (["one", "following", "all"], "edit")
    send(panel, "choose", scope="")
    assert (scopes(panel), panel.mode) == ([], "edit")
    send(panel, "save", form=typed)
    send(panel, "choose", scope="one")
    assert (panel.mode, panel.head["apart"], panel.head["when"][:18]) == ("read", True, "vendredi 4 décembr")
    assert days(page, send) == ["12-04 Démo", "12-10 Point", "12-17 Point"]
    app.undo()
    assert days(page, send) == ["12-03 Point", "12-10 Point", "12-17 Point"]


def test_the_following_are_moved_and_the_panel_stays_with_them(page: CalendarPage, panel: EventForm, send: Send) -> None:
    send(panel, "save", form=occurrence(page, panel, send, "2026-12-10T14:00") | {"day": "11/12/2026", "start": "09:00", "end": "10:00"})
    send(panel, "choose", scope="following")
    assert days(page, send) == ["12-03 Point", "12-11 Point", "12-18 Point"]
    assert panel.head["repeats"] == "chaque semaine le vendredi, 2 fois"
    assert panel.head["when"].startswith("vendredi 11 décembre 2026, 09:00")


def test_another_repetition_is_for_the_following_or_all(page: CalendarPage, panel: EventForm, send: Send) -> None:
    form = occurrence(page, panel, send, "2026-12-03T14:00")
    assert (form["repeat"], form["ends"], form["times"]) == ("weekly", "after", "4")
    send(panel, "save", form=form | {"repeat": "biweekly", "ends": "on", "until": "31/12/2026"})
    assert scopes(panel) == ["following", "all"]
    send(panel, "choose", scope="following")
    assert days(page, send) == ["12-03 Point", "12-17 Point"]
    assert panel.head["repeats"] == "toutes les 2 semaines le jeudi, jusqu’au 31/12/2026"


@pytest.mark.parametrize("kept", ["Mien", "Sien"])
def test_an_occurrence_changed_apart_meanwhile_asks_which_value_stays(
    page: CalendarPage, panel: EventForm, send: Send, app: App, kept: str
) -> None:
    form = occurrence(page, panel, send, "2026-12-03T14:00")
    wall = "2026-12-03T14:00:00"
    save_occurrence(app.crm, "Sam", 1, wall, Scope.ONE, {"title": "Sien", "place": "Lyon"}, None, app.crm.snapshot())
    send(panel, "save", form=form | {"title": "Mien", "description": "Salle 2"})
    send(panel, "choose", scope="one")
    dialog = page._sheet.conflict
    assert [row["label"] for row in dialog.rows] == ["Titre"]
    send(dialog, "choose", title="mine" if kept == "Mien" else "stored")
    mine = app.crm.snapshot().events
    assert sorted(zip(mine["title"], mine["place"].fillna(""), mine["description"].fillna(""), strict=True)) == sorted(
        [(kept, "Lyon", "Salle 2"), ("Point", "", "")]
    )


@pytest.mark.parametrize(("scope", "left"), [("one", ["12-03 Point", "12-17 Point"]), ("following", ["12-03 Point"]), ("all", [])])
def test_deleting_takes_what_was_meant_and_can_be_undone(
    app: App, page: CalendarPage, panel: EventForm, send: Send, scope: str, left: list[str]
) -> None:
    send(page._grid, "open", key="1@2026-12-10T14:00:00")
    send(panel, "remove", scope=scope)
    assert (panel.shown, days(page, send)) == (False, left)
    app.undo()
    assert days(page, send) == ["12-03 Point", "12-10 Point", "12-17 Point"]


def test_one_occurrence_is_done_and_the_others_are_still_to_do(page: CalendarPage, panel: EventForm, send: Send) -> None:
    send(page._grid, "open", key="1@2026-11-26T14:00:00")
    send(panel, "finish", done=True)
    assert panel.head["done"]
    send(page._grid, "open", key="1@2026-12-03T14:00:00")
    assert not panel.head["done"]


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"repeat": "weekly", "days": "MO"}, "days", "un jeudi"),
        ({"repeat": "weekly", "ends": "on", "until": ""}, "until", "jusqu’à quand"),
        ({"repeat": "weekly", "ends": "on", "until": "31/02/2027"}, "until", "n’existe pas"),
        ({"repeat": "weekly", "ends": "on", "until": "27/11/2026"}, "repeat", "deuxième fois"),
        ({"repeat": "monthly", "ends": "after", "times": "1"}, "times", "de 2 à"),
        ({"repeat": "workdays", "day": "28/11/2026"}, "repeat", "ne comprend pas le samedi"),
        ({"repeat": "x"}, "repeat", "dans la liste"),
    ],
)
def test_a_repetition_that_cannot_be_says_why(page: CalendarPage, send: Send, more: dict[str, str], field: str, words: str) -> None:
    send(page._grid, "add", day="2026-11-26")
    send(page._sheet.widget, "typed", form={**WEEKLY, "ends": "", "times": "", **more})
    assert words in page._sheet.widget.errors[field]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"repeat": "workdays"}, "chaque jour ouvré, du lundi au vendredi"),
        ({"repeat": "weekly", "days": "TU,TH"}, "chaque semaine le mardi et le jeudi"),
        ({"repeat": "monthly"}, "chaque mois le 26"),
        ({"repeat": "nth"}, "chaque mois le 4e jeudi"),
        ({"repeat": "yearly"}, "chaque année le 26 novembre"),
        ({"repeat": "weekly", "ends": "on", "until": "10/12/2026"}, "chaque semaine le jeudi, jusqu’au 10/12/2026"),
    ],
)
def test_each_repetition_of_the_form_comes_back_as_it_was_chosen(
    app: App, page: CalendarPage, send: Send, more: dict[str, str], said: str
) -> None:
    send(page._grid, "add", day="2026-11-26")
    panel = page._sheet.widget
    send(panel, "save", form={**WEEKLY, "ends": "", "times": "", **more})
    app.moved("calendrier", {"event": "1"})
    assert panel.head["repeats"] == said
    send(panel, "edit")
    assert {name: panel.form[name] for name in more} == more
    send(panel, "save", form=panel.form)
    assert (scopes(panel), panel.mode) == ([], "read")  # nothing changed


def test_home_and_the_sheet_of_the_contact_have_the_next_occurrence(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    send(panel, "save", form=occurrence(page, panel, send, "2026-11-26T14:00") | {"lead": "L-000001"})
    send(panel, "choose", scope="all")
    send(panel, "remove", scope="one")
    home = page_of(app, "accueil", AccueilPage)
    home.refresh()
    names = [f"1@2026-12-{day}T14:00:00" for day in ("03", "10", "17")]
    assert [each["key"] for each in home._home.agenda] == names
    assert home._home.agenda[0]["day"] == "Jeudi 3"
    app.moved("contacts", {"lead": "L-000001"})
    entry = next(each for each in page_of(app, "contacts", ContactsPage)._sheet.widget.timeline if each["id"] == "e1")
    assert (entry["detail"], entry["link"]["query"]) == ("Se répète", {"event": "1@2026-12-03T14:00:00"})


@pytest.mark.parametrize("column", ["recurrence", "zone", "wall_start", "wall_end", "excluded"])
def test_a_series_that_is_stored_as_nothing_readable_still_opens_and_stops_no_other(
    app: App, page: CalendarPage, panel: EventForm, send: Send, column: str
) -> None:
    key = int(app.snapshot.events.index.max())
    with app.crm.engine.begin() as connection:
        connection.execute(update(events).where(events.c.key == key).values({column: "n’importe quoi", "rev": events.c.rev + 1}))
    fresh = App(app.crm, app.user)
    fresh.moved("calendrier", {"event": str(key)})
    opened = page_of(fresh, "calendrier", CalendarPage)
    assert opened._sheet.widget.shown and opened._sheet.key == key
