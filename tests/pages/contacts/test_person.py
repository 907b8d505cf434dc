"""The person behind a sheet: what is known is given as a file, and erasing asks the name and says what still names them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from gnetics.actions import accounts
from gnetics.actions.leads import save_lead
from gnetics.errors import NotFound
from gnetics.pages.app import App
from gnetics.pages.contacts.page import ContactsPage
from gnetics.pages.contacts.widgets.contacts_grid import LeadCard
from gnetics.store import access_log
from gnetics.store.crm import Crm
from tests.pages.conftest import page_of

Send = Callable[..., None]


@pytest.fixture
def page(app: App) -> ContactsPage:
    app.moved("contacts", {"lead": "L-000001"})
    return page_of(app, "contacts", ContactsPage)


def test_all_that_is_known_is_handed_over_and_told_to_the_access_log(
    app: App, page: ContactsPage, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[tuple[Any, ...]] = []
    menu = page._sheet._person.widget
    monkeypatch.setattr(menu.download, "save", lambda *given: saved.append(given))
    for form in ("json", "html"):
        send(menu, "give", form=form)
    (name, kind, content), (_, _, printed) = saved
    assert (name, kind) == ("gnetics-personne-2026-11-24.json", "application/json")
    assert json.loads(content)["held"]["leads"]["rows"][0]["email"] == "alice@lumen.fr" and b"alice@lumen.fr" in printed
    with app.crm.read() as connection:
        assert [(line.what, line.detail) for line in access_log.lines(connection)] == [("export", "personne L-000001")] * 2


def test_erasing_says_what_goes_asks_the_name_and_lists_what_still_names_the_person(app: App, page: ContactsPage, send: Send) -> None:
    save_lead(app.crm, "Ana", 2, {"notes": "Vu avec Alice Durand, alice@lumen.fr"}, None, app.snapshot)
    sheet, menu = page._sheet.widget, page._sheet._person.widget
    assert (menu.title, menu.may_erase, menu.shown) == ("Alice Durand", True, False)
    send(menu, "ask")
    assert menu.shown and menu.going[0] == "Fiches\u00a0: 1\u00a0ligne" and menu.going[-1] == "ses coordonnées dans 2\u00a0textes d’autrui"
    send(menu, "erase", name="Alice")
    assert "nom tapé" in menu.refusal and app.snapshot.lead(1)["name"] == "Alice Durand"
    send(menu, "erase", name="Alice Durand")
    left: list[str] = menu.left
    assert [line.split()[0] for line in left] == ["Fiches", "Historique"] and left[0] == "Fiches L-000002"
    head = sheet.head
    assert (head["title"], head["erased"], head["action"], head["call"], head["write"]) == ("Personne effacée", True, "", "", "")
    assert sheet.missing == [] and not menu.may_erase
    assert "Alice" not in str([sheet.sections, sheet.timeline]) and app.snapshot.lead(2)["notes"] == "Vu avec Alice Durand, [effacé]"


def test_nothing_is_offered_to_do_with_who_was_erased(app: App, page: ContactsPage, send: Send) -> None:
    grid, thread = page._grid, page._sheet._exchange.widget

    def card_of_alice() -> LeadCard:
        return next(card for card in grid.cards if card["ref"] == "L-000001")

    save_lead(app.crm, "Ana", 1, {"status": "En suivi", "next_follow_up": date(2026, 11, 1)}, None, app.snapshot)
    app.changed()
    assert card_of_alice()["late"] and thread.shown
    send(page._sheet._person.widget, "erase", name="Alice Durand")
    card = card_of_alice()
    assert card["erased"] and not (card["late"] or card["missing"] or card["action"] or card["call"] or card["write"] or card["doubled"])
    assert (thread.erased, thread.shown) == (True, False)
    app.moved("contacts", {"lead": "L-000001", "consigner": "1"})
    assert not page._sheet.consigning.widget.shown
    with pytest.raises(NotFound):
        page._sheet.merging.open([1, 2])
    send(grid, "filter", view="table")
    row = next(row for row in page._table_view.widget.rows if row["ref"] == "L-000001")
    assert row["erased"] and row["flags"] == {}
    assert [found["ref"] for found in app.find("l-000001")] == ["L-000001"]  # to look at
    assert app.find("l-000001", erased=False) == []  # nothing is given to nobody


def test_only_an_administrator_is_offered_to_erase_and_not_while_the_team_is_not_in_step(crm: Crm) -> None:
    accounts.add(crm, "Chef", "Chef", "administration", None)
    accounts.add(crm, "Chef", "Ana", "édition", None)
    offered = {}
    for name in ("Ana", "Chef"):
        app = App(crm, name)
        app.moved("contacts", {"lead": "L-000001"})
        offered[name] = page_of(app, "contacts", ContactsPage)._sheet._person.widget.may_erase
    assert offered == {"Ana": False, "Chef": True}
    crm.set_sync(False, "Chef")
    app = App(crm, "Chef")
    app.moved("contacts", {"lead": "L-000001"})
    assert "synchronisation" in page_of(app, "contacts", ContactsPage)._sheet._person.widget.blocked


def test_contacts_without_a_legal_basis_are_to_be_checked(app: App, page: ContactsPage) -> None:
    save_lead(app.crm, "Ana", 1, {"legal_basis": "contrat"}, None, app.snapshot)
    app.changed()
    app.moved("contacts", {"verifier": "base"})
    assert sorted(page._shown) == [2, 3]
