"""Calendrier without a browser: what each view shows, adding, modifying, finishing, deleting, conflicts, session-only changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from gnetics.actions.events import delete_event, save_event
from gnetics.actions.leads import save_lead
from gnetics.actions.lots import delete_leads
from gnetics.actions.merging import merge_leads
from gnetics.clock import fixed
from gnetics.domain.regions import REGIONS
from gnetics.domain.rights import Verb
from gnetics.pages.app import App
from gnetics.pages.calendrier.page import CalendarPage
from gnetics.pages.calendrier.widgets.calendar_grid import Day
from gnetics.pages.calendrier.widgets.event_form import EventForm
from gnetics.store.crm import Crm
from gnetics.widgets.given import NOTHING
from tests.pages.conftest import NOON, Heard

Send = Callable[..., None]
FORM = {"title": "Démo Lumen", "day": "26/11/2026", "start": "14:00", "end": "15:00"}


@pytest.fixture
def panel(page: CalendarPage) -> EventForm:
    return page._sheet.widget


def meet(app: App, title: str = "Démo", start: datetime = NOON, **values: Any) -> int:
    """Somebody else's session adds an event of an hour, and this one learns of it."""
    event = {"title": title, "starts_at": start, "ends_at": start + timedelta(hours=1)} | values
    saved = save_event(app.crm, "Sam", None, event, None, app.crm.snapshot())
    app.refresh()
    return saved.key


def change(app: App, key: int, **changes: Any) -> None:
    """Somebody else's session changes an event."""
    save_event(app.crm, "Sam", key, changes, None, app.crm.snapshot())


def titles_of(page: CalendarPage, day: str) -> list[str]:
    """Titles that the month shows on a day."""
    found = []
    for week in page._grid.weeks:
        for i, shown in enumerate(week["days"]):
            if shown["date"] == day:
                found += [item["title"] for item in week["items"] if item["column"] <= i < item["column"] + item["span"]]
    return found


def day(page: CalendarPage, wanted: str) -> Day:
    return next(each for week in page._grid.weeks for each in week["days"] if each["date"] == wanted)


def test_the_month_is_whole_weeks_with_today_and_holidays(page: CalendarPage) -> None:
    grid = page._grid
    assert (grid.title, len(grid.weeks), grid.weeks[0]["days"][0]["date"]) == ("novembre 2026", 6, "2026-10-26")
    assert [each["date"] for week in grid.weeks for each in week["days"] if each["today"]] == ["2026-11-24"]
    assert day(page, "2026-11-11")["holiday"] == "Armistice 1918"


def test_every_view_shows_an_event_on_its_day_and_hour(app: App, page: CalendarPage, send: Send) -> None:
    meet(app)
    assert titles_of(page, "2026-11-24") == ["Démo"]
    for view in ("semaine", "jour"):
        send(page._grid, "look", view=view)
        (column,) = [each for each in page._grid.hours["columns"] if each["date"] == "2026-11-24"]
        assert [(block["title"], block["start"], block["stop"]) for block in column["blocks"]] == [("Démo", 720, 780)]
    send(page._grid, "look", view="agenda")
    assert [(item["title"], item["when"]) for item in page._grid.groups[0]["items"]] == [("Démo", "12:00 – 13:00")]


@pytest.mark.parametrize(
    ("end", "said"), [(datetime(2026, 11, 26, 8, 30, tzinfo=UTC), "09:30"), (datetime(2026, 11, 26, 23, tzinfo=UTC), "00:00")]
)
def test_the_agenda_says_the_part_of_each_day_of_an_event_over_several(
    app: App, page: CalendarPage, send: Send, end: datetime, said: str
) -> None:
    meet(app, start=datetime(2026, 11, 25, 15, tzinfo=UTC), ends_at=end)
    send(page._grid, "look", view="agenda")
    when = [item["when"] for group in page._grid.groups for item in group["items"]]
    assert when == ["dès 16:00", f"jusqu’à {said}"]


def test_an_event_over_several_days_is_one_bar(app: App, page: CalendarPage) -> None:
    meet(app, "Salon", datetime(2026, 11, 27, 23, tzinfo=UTC), ends_at=datetime(2026, 12, 1, 23, tzinfo=UTC), all_day=True)
    bars = [(item["column"], item["span"], item["before"], item["after"]) for week in page._grid.weeks for item in week["items"]]
    assert bars == [(5, 2, False, True), (0, 2, True, False)]


def test_a_crowded_day_counts_what_it_hides(app: App, page: CalendarPage) -> None:
    for i in range(15):
        meet(app, f"Rendez-vous {i}")
    week = next(week for week in page._grid.weeks if any(each["today"] for each in week["days"]))
    assert (day(page, "2026-11-24")["count"], len(week["items"])) == (15, 12)


def test_follow_ups_are_their_own_layer_and_lead_to_the_contact(app: App, page: CalendarPage, send: Send) -> None:
    today = app.today()
    save_lead(app.crm, "Sam", 1, {"next_follow_up": today}, None, app.crm.snapshot())
    save_lead(app.crm, "Sam", 3, {"next_follow_up": today}, None, app.crm.snapshot())  # Clos: nothing to follow up
    app.refresh()
    assert day(page, "2026-11-24")["follow"] == [{"ref": "L-000001", "title": "Alice Durand"}]
    send(page._grid, "contact", ref="L-000001")
    assert app.session.page == "contacts"
    send(page._grid, "look", follow_ups=False)
    assert day(page, "2026-11-24")["follow_count"] == 0


def test_the_address_carries_view_and_day(page: CalendarPage, send: Send, heard: Heard, app: App) -> None:
    send(page._grid, "look", view="semaine")
    send(page._grid, "look", step=1)
    assert heard.addresses()[-1] == ("calendrier", {"vue": "semaine", "jour": "2026-12-01"}, "replace")
    app.moved("calendrier", {"vue": "jour", "jour": "2026-11-26"})
    assert (page._grid.view, page._grid.title) == ("jour", "jeudi 26 novembre 2026")
    send(page._grid, "look", today=True)
    assert heard.addresses()[-1] == ("calendrier", {"vue": "jour"}, "replace")


def test_a_deep_link_opens_the_event_at_its_day(app: App, page: CalendarPage, panel: EventForm) -> None:
    key = meet(app, start=datetime(2027, 3, 5, 9, tzinfo=UTC))
    uid = app.snapshot.event(key)["uid"]
    for ref in (str(key), uid):
        app.moved("calendrier", {"event": ref})
        assert (panel.shown, panel.head["when"], page._grid.title) == (True, "vendredi 5 mars 2027, 10:00 – 11:00 (1\u00a0h)", "mars 2027")
        app.moved("calendrier", {})
        assert not panel.shown


@pytest.mark.parametrize("ref", ["999", "-4", "inconnu", "9" * 400, "²", "--5"])
def test_an_event_that_does_not_exist_is_said(app: App, page: CalendarPage, panel: EventForm, ref: str) -> None:
    app.moved("calendrier", {"event": ref})
    assert "n’existe pas" in app.frame.notice["text"]
    assert not panel.shown


def test_an_empty_slot_prefills_its_day_and_hour(page: CalendarPage, panel: EventForm, send: Send) -> None:
    send(page._grid, "add", day="2026-11-26", minute=870)
    assert {key: panel.form[key] for key in ("day", "start", "end")} == {"day": "26/11/2026", "start": "14:30", "end": "15:30"}
    send(page._grid, "add", day="2026-11-27", minute=1410)
    assert (panel.form["start"], panel.form["end"]) == ("23:30", "23:59")
    send(panel, "cancel")
    send(page._grid, "add")
    assert (panel.form["day"], panel.form["start"]) == ("24/11/2026", "13:00")


def test_only_a_form_with_typed_words_stays_open_when_its_page_is_left(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    for form, stays in (({}, False), ({"title": "Démo"}, True)):
        send(page._grid, "add")
        send(panel, "typed", form=panel.form | form)
        app.moved("accueil", {})
        app.moved("calendrier", {})
        assert panel.shown is stays


def test_a_link_from_a_contact_prefills_who(app: App, panel: EventForm) -> None:
    app.moved("calendrier", {"new": "1", "lead": "L-000001"})
    assert (panel.mode, panel.form["title"], panel.form["lead"]) == ("new", "Rendez-vous avec Alice Durand", "L-000001")


def test_a_contact_merged_or_deleted_while_the_form_is_open(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    other = app.crm.snapshot()
    key = meet(app, lead_key=2)
    app.moved("calendrier", {"event": str(key)})
    send(panel, "edit")
    assert panel.form["lead"] == "L-000002"
    merge_leads(app.crm, "Sam", [1, 2], {}, {}, other)
    app.refresh()  # a form being filled stays
    send(panel, "save", form=panel.form | {"title": "Démo bis"})
    assert (app.snapshot.event(key)["title"], app.snapshot.event(key)["lead_key"]) == ("Démo bis", 1)
    send(panel, "cancel")
    send(page._grid, "add")
    send(panel, "save", form=FORM | {"lead": "L-000002"})  # chosen before the merge
    assert app.snapshot.event(int(page._grid.selected))["lead_key"] == 1
    send(page._grid, "add")
    delete_leads(app.crm, "Sam", [3], other)
    send(panel, "save", form=FORM | {"lead": "L-000003"})
    assert panel.shown and "supprimé" in panel.errors["lead"]
    send(panel, "typed", form=FORM | {"lead": ""})
    assert panel.errors == {}


def test_a_saved_event_appears_on_its_day_with_its_six_fields(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    send(page._grid, "add")
    more = {"description": "Présenter\nla gamme", "video_url": "https://visio.exemple.fr/a", "lead": "L-000001", "day": "05/03/2027"}
    send(panel, "save", form=FORM | more)
    assert not panel.shown
    assert page._grid.title == "mars 2027"
    assert titles_of(page, "2027-03-05") == ["Démo Lumen"]
    assert "est enregistré" in app.frame.notice["text"]
    event = app.crm.snapshot().event(int(page._grid.selected))
    assert (event["starts_at"], event["ends_at"]) == (datetime(2027, 3, 5, 13, tzinfo=UTC), datetime(2027, 3, 5, 14, tzinfo=UTC))
    assert (event["description"], event["video_url"], event["lead_key"], event["owner"]) == (
        *[more[n] for n in ("description", "video_url")],
        1,
        "Ana",
    )


def test_the_event_just_saved_is_seen_even_on_a_crowded_day(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    for i in range(15):
        meet(app, f"Rendez-vous {i}", NOON - timedelta(hours=3))
    send(page._grid, "add")
    send(panel, "save", form=FORM | {"day": "24/11/2026", "start": "18:00", "end": "19:00"})
    (lane,) = [item["lane"] for week in page._grid.weeks for item in week["items"] if item["title"] == "Démo Lumen"]
    assert lane == 0


def test_a_refused_form_says_why_and_keeps_what_was_typed(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    send(page._grid, "add")
    typed = FORM | {"title": "", "end": "13:00", "video_url": "ftp://x.fr", "day": "31/02/2026", "description": "x" * 3000}
    send(panel, "save", form=typed)
    assert set(panel.errors) == {"title", "video_url", "day"}
    assert panel.mode == "new"
    assert page._sheet._draft.form["description"] == "x" * 3000
    assert len(app.crm.snapshot().events) == 0


def test_a_form_with_typed_words_is_not_lost_to_a_click_elsewhere(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    key = meet(app)
    send(page._grid, "add")
    send(panel, "typed", form=FORM)
    assert app.frame.typing
    for event, data in (("open", {"key": str(key)}), ("add", {"day": "2026-11-30"})):
        send(page._grid, event, **data)
        assert (panel.mode, page._sheet._draft.form["title"]) == ("new", "Démo Lumen")
        assert "en cours de saisie" in app.frame.notice["text"]
    app.moved("contacts", {})
    app.moved("calendrier", {})
    assert page._sheet._draft.form["title"] == "Démo Lumen"
    app.frame.notice = NOTHING
    app.moved("calendrier", {"event": str(key)})
    assert (panel.mode, page._sheet._draft.form["title"]) == ("new", "Démo Lumen")
    assert "en cours de saisie" in app.frame.notice["text"]
    send(panel, "cancel")
    app.moved("calendrier", {"event": str(key)})
    assert (panel.mode, page._grid.selected) == ("read", str(key))
    assert not app.frame.typing


def test_modifying_shows_the_new_day(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    key = meet(app)
    send(page._grid, "open", key=key)
    send(panel, "edit")
    assert (panel.form["day"], panel.form["start"]) == ("24/11/2026", "12:00")
    send(panel, "save", form=panel.form | {"day": "15/12/2026"})
    assert (panel.mode, page._grid.title) == ("read", "décembre 2026")
    assert "15 décembre 2026, 12:00" in panel.head["when"]


def test_two_people_changing_different_fields_are_both_kept(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    key = meet(app)
    send(page._grid, "open", key=key)
    send(panel, "edit")
    change(app, key, description="Apporter les devis")
    send(panel, "save", form=panel.form | {"title": "Démo complète"})
    event = app.crm.snapshot().event(key)
    assert (event["title"], event["description"]) == ("Démo complète", "Apporter les devis")


def test_two_people_changing_the_same_hour_choose(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    key = meet(app)
    send(page._grid, "open", key=key)
    send(panel, "edit")
    change(app, key, ends_at=NOON + timedelta(hours=3))
    send(panel, "save", form=panel.form | {"end": "14:00"})
    dialog = page._sheet.conflict
    assert dialog.shown
    assert [(row["label"], row["mine"], row["stored"]) for row in dialog.rows] == [("Fin", "24/11/2026 à 14:00", "24/11/2026 à 15:00")]
    send(dialog, "choose", ends_at="mine")
    assert app.crm.snapshot().event(key)["ends_at"] == NOON + timedelta(hours=2)


def test_a_meeting_done_is_the_contact_s_last_one(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    key = meet(app, kind="Appel", lead_key=1)
    send(page._grid, "open", key=key)
    send(panel, "finish", done=True)
    assert app.crm.snapshot().lead(1)["last_contact"] == app.today()
    assert panel.head["done"]
    assert "Alice Durand a un nouveau dernier contact" in app.frame.notice["text"]
    send(panel, "finish", done=False)
    assert not app.crm.snapshot().event(key)["done"]


def test_a_deleted_event_leaves_the_grid(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    key = meet(app)
    send(page._grid, "open", key=key)
    send(panel, "remove")
    assert not panel.shown
    assert titles_of(page, "2026-11-24") == []
    assert key not in app.crm.snapshot().events.index


def test_an_event_deleted_elsewhere_closes_its_panel(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    key = meet(app)
    send(page._grid, "open", key=key)
    with app.crm.write("Sam", Verb.SAVE_LEAD) as uow:
        uow.delete("events", key)
        uow.commit()
    app.refresh()
    assert not panel.shown


def test_without_synchronisation_an_event_lasts_until_rafraichir(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    app.crm.set_sync(False, "admin")
    send(page._grid, "add")
    send(panel, "save", form=FORM)
    assert titles_of(page, "2026-11-26") == ["Démo Lumen"]
    assert "session" in app.frame.notice["text"]
    assert (app.session.unsaved, len(app.crm.snapshot().events)) == (1, 0)
    app.refresh()
    assert titles_of(page, "2026-11-26") == []


def test_only_http_links_are_ever_made_clickable(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    key = meet(app, video_url="https://visio.exemple.fr/a")
    with app.crm.write("import", Verb.SAVE_LEAD) as uow:
        uow.update("events", key, {"video_url": "javascript:alert(1)"})
        uow.commit()
    app.refresh()
    send(page._grid, "open", key=key)
    assert (panel.head["link"], panel.head["bad_link"]) == ("", "javascript:alert(1)")
    assert page._grid.groups[0]["items"][0]["link"] == ""


def test_the_contact_is_found_while_typing(page: CalendarPage, panel: EventForm, send: Send) -> None:
    send(page._grid, "add")
    send(panel, "search", text="lefevre")
    assert [(each["ref"], each["title"]) for each in panel.contacts] == [("L-000003", "Zoé Lefèvre")]


def test_quebec_weeks_begin_on_sunday_and_the_form_speaks_iso(crm: Crm, send: Send) -> None:
    app = App(replace(crm, region=REGIONS["CA-QC"], clock=fixed(NOON, REGIONS["CA-QC"].zone)), "Ana")
    app.moved("calendrier", {})
    page = app.page("calendrier")
    assert isinstance(page, CalendarPage)
    assert (page._grid.weekdays[0]["long"], page._grid.weeks[0]["days"][0]["date"]) == ("dimanche", "2026-11-01")
    send(page._grid, "add", day="2026-11-26", minute=540)
    send(page._sheet.widget, "save", form=page._sheet.widget.form | {"title": "Démo"})
    assert app.snapshot.events["starts_at"].item() == datetime(2026, 11, 26, 14, tzinfo=UTC)


def test_a_calendar_left_open_overnight_finds_today_again(app: App, page: CalendarPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "crm", replace(app.crm, clock=fixed(NOON + timedelta(days=1), app.region.zone)))
    app.moved("calendrier", {})
    assert page._grid.today == "2026-11-25"


def test_giving_up_a_form_whose_event_was_deleted_meanwhile_closes_it(app: App, panel: EventForm, page: CalendarPage, send: Send) -> None:
    key = meet(app)
    send(page._grid, "open", key=key)
    send(panel, "edit")
    delete_event(app.crm, "Sam", key, app.crm.snapshot())
    app.refresh()
    app.notify("")
    assert panel.mode == "edit"
    send(panel, "cancel")
    assert not panel.shown and not app.frame.notice["text"]


def test_an_event_leads_with_the_company_else_the_person(app: App, page: CalendarPage) -> None:
    save_lead(app.crm, "Sam", 1, {"company": "Lumen SAS"}, None, app.crm.snapshot())
    save_lead(app.crm, "Sam", 3, {"company": None}, None, app.crm.snapshot())
    for lead in (1, 3, None):
        meet(app, kind="Appel", lead_key=lead)
    shown = [(item["who"], item["more"]) for week in page._grid.weeks for item in week["items"]]
    assert shown == [
        ("Lumen SAS", "12:00 – 13:00, Alice Durand, Appel"),
        ("Zoé Lefèvre", "12:00 – 13:00, Appel"),
        ("", "12:00 – 13:00, Appel"),
    ]


def test_the_bar_counts_what_is_shown(app: App, page: CalendarPage, send: Send) -> None:
    for start in (datetime(2026, 10, 27, 9, tzinfo=UTC), NOON):  # of the month before, on its first line
        meet(app, start=start)
    save_lead(app.crm, "Sam", 1, {"next_follow_up": app.today()}, None, app.crm.snapshot())
    app.refresh()
    assert app.frame.facts["calendrier"] == "2\u00a0événements · 1\u00a0relance"
    send(page._grid, "look", follow_ups=False)
    assert app.frame.facts["calendrier"] == "2\u00a0événements"
    send(page._grid, "look", view="semaine")
    assert app.frame.facts["calendrier"] == "1\u00a0événement"


def test_a_cancelled_event_stays_struck_through_and_can_be_restored(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    key = meet(app, kind="Appel", done=True)
    send(page._grid, "open", key=key)
    send(panel, "call_off", cancelled=True)
    event = app.crm.snapshot().event(key)
    assert (event["cancelled"], event["done"]) == (True, False)
    (chip,) = [item for week in page._grid.weeks for item in week["items"]]
    assert (chip["cancelled"], chip["more"], panel.head["state"]) == (True, "12:00 – 13:00, Appel, annulé", "Annulé")
    app.undo()
    assert app.crm.snapshot().event(key)["done"]
    send(panel, "call_off", cancelled=True)
    send(panel, "call_off", cancelled=False)
    assert panel.head["state"] == "En cours"


HELD = NOON - timedelta(hours=3)  # a meeting over at noon


def test_a_meeting_of_mine_that_is_over_asks_what_became_of_it(app: App, page: CalendarPage, send: Send) -> None:
    key = meet(app, start=HELD, kind="Appel", owner="Ana", lead_key=1)
    meet(app, start=HELD - timedelta(days=1), kind="Visio", owner="Ana")
    for aside in (
        {"owner": "Sam", "kind": "Appel"},
        {"owner": "Ana", "kind": "Autre"},
        {"owner": "Ana", "kind": "Appel", "done": True},
        {"owner": "Ana", "kind": "Appel", "start": NOON - timedelta(days=20)},
        {"owner": "Ana", "kind": "Appel", "start": NOON},
    ):
        meet(app, **{"start": HELD} | aside)
    said = "«\u00a0Démo\u00a0» (Alice Durand), aujourd’hui à 09:00"
    assert page._grid.asked == {"key": str(key), "words": said, "left": 1, "follow_up": False}
    send(page._grid, "answer", key=key, answer="plus tard")
    assert page._grid.asked["words"] == "«\u00a0Démo\u00a0», hier à 09:00"


def test_what_took_place_updates_the_contact_and_offers_to_go_on_and_is_undone_at_once(app: App, page: CalendarPage, send: Send) -> None:
    save_lead(app.crm, "Sam", 1, {"next_follow_up": None, "last_contact": None}, None, app.crm.snapshot())
    key = meet(app, start=HELD, kind="Appel", owner="Ana", lead_key=1)
    send(page._grid, "answer", key=key, answer="fait")
    assert app.crm.snapshot().lead(1)["last_contact"] == app.today()
    assert page._grid.asked["words"] == "Relancer Alice Durand jeudi 3"
    app.undo()
    assert (app.crm.snapshot().lead(1)["last_contact"], app.crm.snapshot().event(key)["done"]) == (None, False)
    assert page._grid.asked["key"] == str(key)
    send(page._grid, "answer", key=key, answer="fait")
    send(page._grid, "answer", key="", answer="relance")
    assert app.crm.snapshot().lead(1)["next_follow_up"] == date(2026, 12, 3)
    assert page._grid.asked == NOTHING


def test_each_occurrence_that_is_over_asks_for_itself(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    key = meet(app, start=HELD - timedelta(days=2), kind="Appel", owner="Ana", lead_key=1, recurrence="FREQ=DAILY;COUNT=9")
    last, before = (f"{key}@2026-11-{day}T09:00:00" for day in (24, 23))
    assert (page._grid.asked["key"], page._grid.asked["left"]) == (last, 2)
    send(page._grid, "answer", key=last, answer="plus tard")
    assert page._grid.asked["words"] == "«\u00a0Démo\u00a0» (Alice Durand), hier à 09:00"
    send(page._grid, "answer", key=before, answer="annulé")
    assert (page._grid.asked["key"], page._grid.asked["left"]) == (f"{key}@2026-11-22T09:00:00", 0)
    save_lead(app.crm, "Sam", 1, {"next_follow_up": None, "last_contact": None}, None, app.crm.snapshot())
    send(page._grid, "answer", key=page._grid.asked["key"], answer="fait")
    assert app.crm.snapshot().lead(1)["last_contact"] == date(2026, 11, 22)
    assert page._grid.asked["follow_up"]
    send(page._grid, "answer", key="", answer="plus tard")
    assert page._grid.asked == NOTHING
    mine = app.crm.snapshot().events
    assert sorted(zip(mine["done"], mine["cancelled"], strict=True)) == [(False, False), (False, True), (True, False)]


def test_what_is_postponed_asks_for_its_new_day(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    key = meet(app, start=HELD, kind="Appel", owner="Ana")
    send(page._grid, "answer", key=key, answer="reporté")
    assert (panel.mode, panel.form["day"], panel.form["start"]) == ("edit", "25/11/2026", "09:00")
    send(panel, "save", form=panel.form)
    assert app.crm.snapshot().event(key)["starts_at"] == HELD + timedelta(days=1)
    assert page._grid.asked == NOTHING


def test_without_synchronisation_an_answer_lasts_until_rafraichir(app: App, page: CalendarPage, send: Send) -> None:
    key = meet(app, start=HELD, kind="Appel", owner="Ana")
    app.crm.set_sync(False, "admin")
    send(page._grid, "answer", key=key, answer="annulé")
    assert "session" in app.frame.notice["text"] and page._grid.asked == NOTHING
    app.refresh()
    assert page._grid.asked["key"] == str(key)


def test_weeks_have_their_number_and_days_off_are_shaded(app: App, page: CalendarPage, send: Send) -> None:
    assert [week["number"] for week in page._grid.weeks] == [44, 45, 46, 47, 48, 49]
    off = [each["date"] for each in page._grid.weeks[2]["days"] if each["off"]]
    assert off == ["2026-11-11", "2026-11-14", "2026-11-15"]
    send(page._grid, "look", view="semaine")
    assert page._grid.hours["week"] == 48
    send(page._grid, "look", view="jour", day="2027-01-01")
    assert page._grid.hours["week"] == 0


def test_events_are_filtered_by_person_and_by_category(app: App, page: CalendarPage, send: Send, heard: Heard) -> None:
    for title, owner, category in (("A", "Ana", "Salon"), ("B", "Sam", "Salon"), ("C", "Sam", None)):
        meet(app, title, owner=owner, category=category)
    assert [(each["value"], each["count"]) for each in page._grid.owners] == [("Ana", 1), ("Sam", 2)]
    assert [(each["value"], each["count"]) for each in page._grid.categories] == [("Salon", 2)]
    send(page._grid, "look", owner="Sam")
    assert titles_of(page, "2026-11-24") == ["B", "C"]
    send(page._grid, "look", category="Salon")
    assert titles_of(page, "2026-11-24") == ["B"]
    assert app.frame.facts["calendrier"].startswith("1\u00a0événement ")
    assert heard.addresses()[-1] == ("calendrier", {"responsable": "Sam", "categorie": "Salon"}, "replace")
    app.moved("calendrier", {"responsable": "Ana"})
    assert titles_of(page, "2026-11-24") == ["A"]
    app.moved("calendrier", {"responsable": "Personne"})
    assert titles_of(page, "2026-11-24") == [] and page._grid.total == 3
    assert ("Personne", 0) in [(each["value"], each["count"]) for each in page._grid.owners]


def test_the_owner_filters_follow_ups_too(app: App, page: CalendarPage, send: Send) -> None:
    for lead, owner in ((1, "Ana"), (2, "Sam")):
        save_lead(app.crm, "Sam", lead, {"next_follow_up": app.today(), "owner": owner}, None, app.crm.snapshot())
    app.refresh()
    send(page._grid, "look", owner="Ana")
    assert [each["ref"] for each in day(page, "2026-11-24")["follow"]] == ["L-000001"]


def test_a_category_says_its_word_and_keeps_its_colour(app: App, page: CalendarPage) -> None:
    for category in ("Salon", "Devis", None):
        meet(app, category=category, kind="Appel")
    shown = [(item["colour"], item["more"]) for week in page._grid.weeks for item in week["items"]]
    assert shown == [(0, "12:00 – 13:00, Appel, Salon"), (1, "12:00 – 13:00, Appel, Devis"), (-1, "12:00 – 13:00, Appel")]


def test_place_and_category_are_saved_from_the_form(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    meet(app, category="Salon")
    send(page._grid, "add")
    assert panel.categories == ["Salon"]
    send(panel, "save", form=FORM | {"place": "12 rue de la Paix", "category": "x" * 61})
    assert "60" in panel.errors["category"]
    send(panel, "save", form=FORM | {"place": "12 rue de la Paix", "category": "Devis"})
    send(page._grid, "open", key=page._grid.selected)
    assert (panel.head["place"], panel.head["category"]) == ("12 rue de la Paix", "Devis")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"owner": "Ana"}, " Il chevauche «\u00a0Démo\u00a0» (14:30 – 15:30)."),
        (
            {"owner": "Ana", "start": datetime(2026, 11, 24, 13, 30, tzinfo=UTC), "recurrence": "FREQ=DAILY"},
            " Il chevauche «\u00a0Démo\u00a0» (14:30 – 15:30).",
        ),
        ({"owner": "Sam"}, ""),
        ({"owner": "Ana", "cancelled": True}, ""),
        ({"owner": "Ana", "all_day": True}, ""),
        ({"owner": "Ana", "start": datetime(2026, 11, 26, 14, tzinfo=UTC)}, ""),  # begins when the other ends
    ],
)
def test_an_event_at_the_same_time_as_another_of_the_same_person_is_warned_of_never_refused(
    app: App, page: CalendarPage, panel: EventForm, send: Send, other: dict[str, Any], said: str
) -> None:
    meet(app, **{"start": datetime(2026, 11, 26, 13, 30, tzinfo=UTC)} | other)
    send(page._grid, "add")
    send(panel, "save", form=FORM)
    assert not panel.shown
    assert app.frame.notice["text"].endswith(f"est enregistré.{said}")
    assert app.frame.notice["kind"] == ("warning" if said else "success")


def test_planning_with_a_contact_offers_hours_at_which_i_am_free(app: App, page: CalendarPage, panel: EventForm, send: Send) -> None:
    meet(app, start=datetime(2026, 11, 25, 8, 30, tzinfo=UTC), owner="Ana")
    app.moved("calendrier", {"new": "1", "lead": "L-000001"})
    assert [each["words"] for each in panel.slots] == ["demain à 11:00", "jeudi 26 à 09:30", "vendredi 27 à 09:30"]
    assert panel.slots[0] == {"day": "25/11/2026", "start": "11:00", "end": "11:45", "words": "demain à 11:00"}
    assert panel.free_for == ""
    send(panel, "cancel")
    send(page._grid, "add")
    assert panel.slots == []


def test_hours_free_for_both_leave_out_the_series_of_whoever_follows_the_contact(
    app: App, page: CalendarPage, panel: EventForm, send: Send
) -> None:
    nine = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
    meet(app, start=nine, owner="Ana")
    meet(app, start=nine + timedelta(hours=1, minutes=30), owner="Sam", recurrence="FREQ=WEEKLY;BYDAY=WE,TH")
    meet(app, start=nine + timedelta(days=1), owner="Sam", recurrence="FREQ=DAILY", cancelled=True)
    save_lead(app.crm, "Ana", 1, {"owner": "Sam"}, None, app.crm.snapshot())
    app.changed()
    app.moved("calendrier", {"new": "1", "lead": "L-000001"})
    assert panel.free_for == "Sam"
    assert [each["words"] for each in panel.slots] == ["demain à 14:00", "jeudi 26 à 09:30", "vendredi 27 à 09:30"]
