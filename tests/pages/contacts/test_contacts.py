"""Contacts without a browser: cards, sheet, save, conflict, tables, session-only changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from gnetics.actions.events import save_event
from gnetics.actions.leads import save_lead
from gnetics.domain.rights import Verb
from gnetics.pages.app import App
from gnetics.pages.calendrier.page import CalendarPage
from gnetics.pages.contacts.page import ContactsPage
from gnetics.pages.contacts.widgets.lead_sheet import LeadSheet
from gnetics.pages.logs.inbox import InboxPage
from tests.pages.conftest import Heard, page_of

Send = Callable[..., None]


@pytest.fixture
def page(contacts_page: ContactsPage) -> ContactsPage:
    return contacts_page


@pytest.fixture
def sheet(page: ContactsPage) -> LeadSheet:
    return page._sheet.widget


def titles(page: ContactsPage) -> list[str]:
    return [card["title"] for card in page._grid.cards]


def other_writes(app: App, key: int, **changes: object) -> None:
    """Somebody else's session saves."""
    save_lead(app.crm, "Sam", key, changes, None, app.crm.snapshot())


def test_a_card_with_missing_fields_shows_what_there_is_and_what_to_complete(page: ContactsPage) -> None:
    card = next(card for card in page._grid.cards if card["ref"] == "L-000002")
    assert card["title"] == "Atelier Nord"
    assert card["missing"] == "Compléter le nom"


def test_filters_narrow_the_cards_and_write_the_address(page: ContactsPage, send: Send, heard: Heard) -> None:
    send(page._grid, "filter", toggle=["statut", "Clos"])
    assert titles(page) == ["Zoé Lefèvre"]
    assert heard.addresses()[-1] == ("contacts", {"statut": "Clos"}, "replace")
    send(page._grid, "filter", clear=True)
    assert len(titles(page)) == 3


def test_nothing_matching_is_told_from_nothing_yet(page: ContactsPage, send: Send) -> None:
    send(page._grid, "filter", text="introuvable")
    assert (page._grid.count, page._grid.total, page._grid.filtered) == (0, 3, True)


def test_a_deep_link_opens_the_sheet_and_leaving_the_address_closes_it(app: App, page: ContactsPage, sheet: LeadSheet) -> None:
    app.moved("contacts", {"lead": "L-000003"})
    assert sheet.shown
    assert sheet.head["title"] == "Zoé Lefèvre"
    app.moved("contacts", {})
    assert not sheet.shown


@pytest.mark.parametrize("ref", ["L-999999", "~12345", "~x", "<script>", ""])
def test_an_unknown_lead_in_the_address_is_said_and_harmless(app: App, page: ContactsPage, sheet: LeadSheet, ref: str) -> None:
    app.moved("contacts", {"lead": ref})
    assert not sheet.shown
    assert bool(app.frame.notice["text"]) == bool(ref)


def test_a_saved_change_is_in_the_store_the_card_and_the_history(app: App, page: ContactsPage, sheet: LeadSheet, send: Send) -> None:
    send(page._grid, "open", ref="L-000001")
    send(sheet, "edit")
    send(sheet, "save", form=sheet.form | {"name": "Alice Martin"})
    assert sheet.mode == "read"
    assert "Alice Martin" in titles(page)
    assert app.crm.snapshot().leads.loc[1, "name"] == "Alice Martin"
    assert sheet.timeline[0]["title"] == "Nom\u00a0: Alice Durand → Alice Martin"


def test_a_consent_is_chosen_in_the_form_and_read_with_its_day(page: ContactsPage, sheet: LeadSheet, send: Send) -> None:
    send(page._grid, "open", ref="L-000001")
    send(sheet, "edit")
    assert sheet.options["consent"] == ["donné", "refusé", "retiré"] and "intérêt légitime" in sheet.options["legal_basis"]
    send(sheet, "save", form=sheet.form | {"consent": "donné", "legal_basis": "consentement"})
    (section,) = [each for each in sheet.sections if each["title"] == "Consentement"]
    assert [field["text"] for field in section["fields"]] == ["consentement", "donné", "24/11/2026", "saisi à la main"]
    assert "Consentement\u00a0: vide → donné" in [line for entry in sheet.timeline for line in (entry["title"], *entry["lines"])]


def test_a_refused_save_keeps_the_form_and_says_why_beside_the_field(app: App, page: ContactsPage, sheet: LeadSheet, send: Send) -> None:
    send(page._grid, "open", ref="L-000001")
    send(sheet, "edit")
    send(sheet, "save", form=sheet.form | {"email": "pas une adresse"})
    assert sheet.mode == "edit"
    assert list(sheet.errors) == ["email"]
    assert app.crm.snapshot().leads.loc[1, "email"] == "alice@lumen.fr"


def test_a_new_contact_gets_its_number_and_the_address_names_it(page: ContactsPage, sheet: LeadSheet, send: Send, heard: Heard) -> None:
    send(page._grid, "add")
    assert sheet.mode == "new"
    send(sheet, "save", form=sheet.form | {"company": "Boulangerie des Halles"})
    assert sheet.mode == "read"
    assert heard.addresses()[-1] == ("contacts", {"lead": "L-000004"}, "push")
    assert "Boulangerie des Halles" in titles(page)


def test_only_a_form_with_typed_words_stays_open_when_its_page_is_left(app: App, page: ContactsPage, sheet: LeadSheet, send: Send) -> None:
    for form, stays in (({}, False), ({"company": "Boulangerie"}, True)):
        send(page._grid, "add")
        send(sheet, "typed", form=sheet.form | form)
        app.moved("accueil", {})
        app.moved("contacts", {})
        assert sheet.shown is stays
    for by_address in (False, True):
        app.notify("")
        if by_address:
            app.moved("contacts", {"lead": "L-000003"})
        else:
            send(page._grid, "open", ref="L-000003")
        assert sheet.mode == "new"
        assert "en cours de saisie" in app.frame.notice["text"]


def test_a_new_contact_without_identity_is_refused(page: ContactsPage, sheet: LeadSheet, send: Send) -> None:
    send(page._grid, "add")
    send(sheet, "save", form=sheet.form | {"notes": "vu au salon"})
    assert sheet.mode == "new"
    assert "" in sheet.errors
    assert len(titles(page)) == 3


def test_two_people_changing_different_fields_are_merged(app: App, page: ContactsPage, sheet: LeadSheet, send: Send) -> None:
    send(page._grid, "open", ref="L-000001")
    send(sheet, "edit")
    other_writes(app, 1, company="Lumen Groupe")
    send(sheet, "save", form=sheet.form | {"name": "Alice Martin"})
    lead = app.crm.snapshot().leads.loc[1]
    assert (lead["name"], lead["company"]) == ("Alice Martin", "Lumen Groupe")


def test_two_people_changing_the_same_field_choose_field_by_field(app: App, page: ContactsPage, sheet: LeadSheet, send: Send) -> None:
    dialog = page._sheet.conflict
    send(page._grid, "open", ref="L-000001")
    send(sheet, "edit")
    other_writes(app, 1, amount=1300000)
    send(sheet, "save", form=sheet.form | {"amount": "14 000", "name": "Alice Martin"})
    assert dialog.shown
    (row,) = dialog.rows
    assert [row["mine"], row["stored"], row["original"]] == ["14\u202f000,00\u00a0€", "13\u202f000,00\u00a0€", "12\u202f400,00\u00a0€"]
    assert app.crm.snapshot().leads.loc[1, "name"] == "Alice Durand"
    send(dialog, "choose", amount="mine")
    lead = app.crm.snapshot().leads.loc[1]
    assert (lead["name"], lead["amount"]) == ("Alice Martin", 1400000)
    assert sheet.mode == "read"


def test_choosing_the_stored_value_still_saves_the_other_fields(app: App, page: ContactsPage, sheet: LeadSheet, send: Send) -> None:
    send(page._grid, "open", ref="L-000001")
    send(sheet, "edit")
    other_writes(app, 1, amount=1300000)
    send(sheet, "save", form=sheet.form | {"amount": "14 000", "name": "Alice Martin"})
    send(page._sheet.conflict, "choose", amount="stored")
    lead = app.crm.snapshot().leads.loc[1]
    assert (lead["name"], lead["amount"]) == ("Alice Martin", 1300000)


def test_a_refresh_during_typing_keeps_the_form(app: App, page: ContactsPage, sheet: LeadSheet, send: Send) -> None:
    send(page._grid, "open", ref="L-000001")
    send(sheet, "edit")
    send(sheet, "typed", form=sheet.form | {"name": "En cours"})
    send(app.frame, "refresh")
    assert sheet.mode == "edit"
    assert app.frame.typing


def test_a_blocked_contact_goes_back_where_it_was(app: App, page: ContactsPage, sheet: LeadSheet, send: Send) -> None:
    save_lead(app.crm, "Ana", 1, {"status": "À corriger"}, None, app.snapshot)
    app.changed()
    send(page._grid, "open", ref="L-000001")
    assert sheet.head["back_to"] == "En suivi"
    send(sheet, "unblock")
    assert app.crm.snapshot().leads.loc[1, "status"] == "En suivi"


def test_an_earlier_value_can_be_put_back(app: App, page: ContactsPage, sheet: LeadSheet, send: Send) -> None:
    other_writes(app, 1, name="Erreur")
    app.changed()
    send(page._grid, "open", ref="L-000001")
    send(sheet, "restore", key=sheet.timeline[0]["restores"][0]["key"])
    assert app.crm.snapshot().leads.loc[1, "name"] == "Alice Durand"


def test_without_synchronisation_a_change_lasts_until_rafraichir(app: App, page: ContactsPage, sheet: LeadSheet, send: Send) -> None:
    app.crm.set_sync(False, "admin")
    send(page._grid, "open", ref="L-000001")
    send(sheet, "edit")
    send(sheet, "save", form=sheet.form | {"name": "Provisoire"})
    assert "Provisoire" in titles(page)
    assert app.frame.unsaved == 1
    assert not app.frame.sync_active
    assert app.crm.snapshot().leads.loc[1, "name"] == "Alice Durand"
    send(app.frame, "refresh")
    assert "Alice Durand" in titles(page)
    assert app.frame.unsaved == 0


def test_without_synchronisation_a_new_contact_is_found_opened_and_edited_in_the_session(
    app: App, page: ContactsPage, sheet: LeadSheet, send: Send
) -> None:
    app.crm.set_sync(False, "admin")
    send(page._grid, "add")
    send(sheet, "save", form=sheet.form | {"name": "Contact Provisoire"})
    assert (sheet.mode, sheet.head["title"]) == ("read", "Contact Provisoire")
    send(sheet, "cancel")
    send(page._grid, "filter", text="provisoire")
    (card,) = page._grid.cards
    send(page._grid, "open", ref=card["ref"])
    send(sheet, "edit")
    send(sheet, "save", form=sheet.form | {"company": "Lumen"})
    assert page._grid.cards[0]["subtitle"] == "Lumen"
    assert len(app.crm.snapshot().leads) == 3


def test_every_status_has_its_table_and_rows_come_when_asked(page: ContactsPage, send: Send) -> None:
    tables = {table["status"]: table["count"] for table in page._tables.tables}
    assert len(tables) == 8
    assert sum(tables.values()) == 3
    assert page._tables.content == {}
    send(page._tables, "rows", status="Clos")
    (row,) = page._tables.content["Clos"]["rows"]
    assert row["ref"] == "L-000003"
    assert len(row["cells"]) == len(page._tables.columns) == 29


def test_an_unknown_status_has_its_own_table(app: App, page: ContactsPage, send: Send) -> None:
    with app.crm.write("Ana", Verb.SAVE_LEAD) as uow:
        uow.update("leads", 1, {"status": "Tiède"})
        uow.update("leads", 2, {"status": None})
        uow.commit()
    send(app.frame, "refresh")
    assert [table["status"] for table in page._tables.tables][8:] == ["Tiède", "Statut inconnu"]
    send(page._tables, "rows", status="Statut inconnu")
    assert [row["ref"] for row in page._tables.content["Statut inconnu"]["rows"]] == ["L-000002"]


def test_a_name_is_text_and_nothing_else(page: ContactsPage, sheet: LeadSheet, send: Send) -> None:
    send(page._grid, "add")
    send(sheet, "save", form=sheet.form | {"name": "<img src=x onerror=alert(1)>"})
    assert "<img src=x onerror=alert(1)>" in titles(page)


def test_the_timeline_leads_to_its_events_and_mails_and_to_a_new_event_with_the_contact(
    app: App, page: ContactsPage, sheet: LeadSheet, send: Send, heard: Heard
) -> None:
    start = datetime(2026, 11, 24, 9, tzinfo=UTC)
    event = {"title": "Démo", "starts_at": start, "ends_at": start + timedelta(hours=1), "lead_key": 1}
    meeting = save_event(app.crm, "Sam", None, event, None, app.snapshot)
    with app.crm.write("Sam", Verb.SAVE_LEAD) as uow:
        mail = uow.insert(
            "messages", {"message_id": "<1@x>", "direction": "reçu", "kind": "message", "subject": "Devis", "at": start, "lead_key": 1}
        )
        uow.commit()
    app.changed()
    send(page._grid, "open", ref="L-000001")
    links = {entry["title"]: entry["link"] for entry in sheet.timeline if entry.get("link")}
    assert links == {
        "Démo": {"page": "calendrier", "query": {"event": str(meeting.key)}},
        "Reçu\u00a0: Devis": {"page": "inbox", "query": {"message": str(mail)}},
    }
    send(sheet, "follow", **links["Reçu\u00a0: Devis"])
    assert heard.addresses()[-1] == ("inbox", {"message": str(mail)}, "push")
    assert page_of(app, "inbox", InboxPage).opened == mail
    send(sheet, "follow", page="calendrier", query={"new": 1, "lead": sheet.head["ref"]})
    panel = page_of(app, "calendrier", CalendarPage)._sheet.widget
    assert (panel.mode, panel.form["lead"], panel.form["title"]) == ("new", "L-000001", "Rendez-vous avec Alice Durand")
