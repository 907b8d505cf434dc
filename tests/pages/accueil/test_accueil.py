"""Accueil without a browser: the day in words and the figures of the cards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.actions.leads import save_lead
from gnetics.domain.rights import Verb
from gnetics.imports.importer import import_workbook
from gnetics.pages.accueil.page import AccueilPage
from gnetics.pages.accueil.widgets.home import Home
from gnetics.pages.accueil.words import day_sentence, greeting
from gnetics.pages.app import App
from gnetics.pages.contacts.page import ContactsPage
from gnetics.store.crm import Crm, create_crm
from tests.pages.conftest import Heard

Send = Callable[..., None]


def home(app: App) -> Home:
    page = app.page("accueil")
    assert isinstance(page, AccueilPage)
    return page._home


@pytest.mark.parametrize(("hour", "word"), [(4, "Bonsoir"), (5, "Bonjour"), (17, "Bonjour"), (18, "Bonsoir")])
def test_the_greeting_follows_the_hour_and_calls_people_by_their_first_name(hour: int, word: str) -> None:
    assert greeting(datetime(2026, 11, 24, hour, tzinfo=UTC), "ana lopez") == f"{word} Ana"
    assert greeting(datetime(2026, 11, 24, hour, tzinfo=UTC), " ") == word


def test_the_day_is_said_in_one_sentence() -> None:
    assert day_sentence(12, 1, 2, 4) == (
        "Aujourd’hui, 12\u00a0contacts à relancer (dont 4 en retard de plus d’une semaine), 1 encore jamais contacté et 2\u00a0bloqués."
    )
    assert day_sentence(0, 0, 1, 0) == "Aujourd’hui, 1\u00a0bloqué."
    assert "aucun contact n’attend" in day_sentence(0, 0, 0, 0)


def test_what_is_under_way_today_is_an_event_of_today(app: App, crm: Crm, send: Send) -> None:
    midnight = crm.clock.now().astimezone(crm.region.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    spans = {"since yesterday": (-1, 11), "whole days": (-24, 48), "ended": (-3, 0), "tomorrow": (24, 25), "today": (9, 10)}
    with crm.write("Ana", Verb.SAVE_LEAD) as uow:
        for name, (start, end) in spans.items():
            times = {"starts_at": midnight + timedelta(hours=start), "ends_at": midnight + timedelta(hours=end)}
            uow.insert("events", {"uid": name, "title": name, **times})
        uow.commit()
    send(app.frame, "moved", page="accueil", query={})
    send(app.frame, "refresh")
    assert next(card["figure"] for card in home(app).cards if card["page"] == "calendrier") == "3"


def test_an_event_under_way_is_said_until_when_and_the_days_to_come_by_their_name(app: App, crm: Crm, send: Send) -> None:
    now = crm.clock.now()  # Tuesday 24 November, 12:00
    days = {"Passé": (-3, 0), "Atelier": (-20, 1), "Salon": (-30, 50), "Appel": (7 * 24, 7 * 24 + 1), "Fin d’année": (24 * 40, 24 * 40 + 1)}
    with crm.write("Ana", Verb.SAVE_LEAD) as uow:
        for title, (start, end) in days.items():
            times = {"starts_at": now + timedelta(hours=start), "ends_at": now + timedelta(hours=end)}
            uow.insert("events", {"uid": title, "title": title, **times})
        uow.commit()
    send(app.frame, "moved", page="accueil", query={})
    send(app.frame, "refresh")
    said = [(event["title"], event["day"], event["hours"]) for event in home(app).agenda]
    assert said == [
        ("Salon", "En cours", "jusqu’à jeudi 26"),
        ("Atelier", "En cours", "jusqu’à 13:00"),
        ("Appel", "Mardi 1er", "12:00 – 13:00"),
        ("Fin d’année", "Dimanche 3 janvier 2027", "12:00 – 13:00"),
    ]
    card = next(card for card in home(app).cards if card["page"] == "calendrier")
    assert (card["figure"], card["note"]) == ("3", "en cours jusqu’à jeudi 26")
    assert "événement en cours jusqu’à jeudi 26\u00a0: «\u00a0Salon\u00a0»" in home(app).sentence


def test_each_card_has_the_live_figure_of_its_page(app: App, crm: Crm, send: Send) -> None:
    now = crm.clock.now()
    with crm.write("Ana", Verb.SAVE_LEAD) as uow:
        uow.insert("runs", {"idempotency_key": "a", "rule": "R", "status": "échec", "queued_at": now - timedelta(days=2)})
        uow.insert("runs", {"idempotency_key": "b", "rule": "R", "status": "réussi", "queued_at": now - timedelta(days=20)})
        uow.insert("messages", {"message_id": "<1>", "direction": "reçu", "reply_state": "modifiée", "lead_key": 1, "at": now})
        soon = {"starts_at": now + timedelta(minutes=5), "ends_at": now + timedelta(hours=1)}
        uow.insert("events", {"uid": "e", "title": "Démo", **soon})
        uow.insert("events", {"uid": "c", "title": "Annulé", "cancelled": True, **soon})
        uow.commit()
    send(app.frame, "moved", page="accueil", query={})
    send(app.frame, "refresh")
    cards = {card["page"]: card for card in home(app).cards}
    assert cards["contacts"]["figure"] == "3"
    assert cards["dashboard"]["figure"] == "2"
    assert cards["dash_data"]["figure"] == "33,3\u00a0%"
    assert (cards["automations"]["figure"], cards["automations"]["alert"]) == ("1", True)
    assert (cards["inbox"]["figure"], cards["calendrier"]["figure"]) == ("1", "1")
    assert [event["title"] for event in home(app).agenda] == ["Démo"]
    assert "«\u00a0Démo\u00a0»" in home(app).sentence


def test_a_card_and_a_lead_lead_to_their_page(app: App, heard: Heard, send: Send) -> None:
    send(app.frame, "moved", page="accueil", query={})
    first = home(app).first[0]["ref"]
    send(home(app), "go", page="contacts", query={"lead": first})
    assert heard.addresses()[-1] == ("contacts", {"lead": first}, "push")
    assert app.session.page == "contacts"


def test_a_new_store_says_what_to_do(app: App, crm: Crm, send: Send) -> None:
    with crm.write("Ana", Verb.SAVE_LEAD) as uow:
        for key in app.snapshot.leads.index:
            uow.delete("leads", int(key))
        uow.commit()
    send(app.frame, "moved", page="accueil", query={})
    send(app.frame, "refresh")
    assert home(app).empty
    assert {card["page"]: card["figure"] for card in home(app).cards}["dash_data"] == "n/d"
    assert home(app).first == []


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[App]:
    """An own store without a contact."""
    with closing(create_crm(replace(settings_module.load({}), data_dir=tmp_path), "real")) as crm:
        yield App(crm, "Ana")


def done(app: App) -> list[bool]:
    return [step["done"] for step in home(app).steps]


def test_a_store_of_ones_own_shows_three_steps_that_are_ticked_one_after_the_other(begun: App, send: Send, tmp_path: Path) -> None:
    send(begun.frame, "moved", page="accueil", query={})
    assert home(begun).empty and done(begun) == [False, False, False]
    save_lead(begun.crm, "Ana", None, {"name": "Zoé"}, None, begun.snapshot)
    send(begun.frame, "refresh")
    assert done(begun) == [False, True, False]
    table = tmp_path / "leads.csv"
    table.write_text("Nom;Email\nAli;ali@lumen.fr\n", "utf-8")
    import_workbook(begun.crm, "Ana", table)
    accounts.add(replace(begun.crm, trusted=True), "Ana", "Ana", "administration", "une longue phrase de passe")
    send(begun.frame, "refresh")
    assert done(begun) == [True, True, True]


def test_the_steps_go_once_the_store_is_under_way_and_the_demo_has_none(begun: App, app: App, send: Send, tmp_path: Path) -> None:
    table = tmp_path / "leads.csv"
    table.write_text("Nom\n" + "".join(f"Contact {letter}\n" for letter in "ABCDEFGHIJ"), "utf-8")
    import_workbook(begun.crm, "Ana", table)
    for one in (begun, app):
        send(one.frame, "moved", page="accueil", query={})
        send(one.frame, "refresh")
        assert home(one).steps == []


def test_a_step_leads_to_the_dialog_that_imports(begun: App, send: Send) -> None:
    send(begun.frame, "moved", page="accueil", query={})
    send(home(begun), "go", page="contacts", query=home(begun).steps[0]["query"])
    page = begun.page("contacts")
    assert isinstance(page, ContactsPage) and page._importing.widget.shown
