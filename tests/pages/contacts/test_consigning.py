"""« Consigner » and « Nouvelle affaire » on the sheet: from the address to one entry of the timeline, and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from gnetics.actions.leads import save_lead
from gnetics.pages.app import App
from gnetics.pages.contacts.page import ContactsPage
from gnetics.store.crm import Crm
from tests.pages.conftest import Heard, page_of

Send = Callable[..., None]
CALL: dict[str, Any] = {
    "kind": "Appel",
    "result": "Joint",
    "line": "Devis demandé",
    "follow_up": "03/12/2026",
    "status": "En suivi",
    "reason": "",
}


@pytest.fixture
def page(app: App, heard: Heard) -> ContactsPage:
    app.moved("contacts", {"lead": "L-000001", "consigner": "1"})
    return page_of(app, "contacts", ContactsPage)


def test_the_address_opens_it_once_and_offers_the_next_working_days(page: ContactsPage, heard: Heard) -> None:
    dialog = page._sheet.consigning.widget
    assert (dialog.shown, dialog.title, dialog.status) == (True, "Alice Durand", "En suivi")
    assert [(day["label"], day["text"]) for day in dialog.days] == [
        ("+1\u00a0j", "25/11/2026"),
        ("+3\u00a0j", "27/11/2026"),
        ("+7\u00a0j", "03/12/2026"),
    ]
    assert heard.addresses()[-1] == ("contacts", {"lead": "L-000001"}, "replace")


def test_an_exchange_is_one_entry_of_the_timeline_and_one_undo(app: App, page: ContactsPage, send: Send) -> None:
    dialog, sheet = page._sheet.consigning.widget, page._sheet.widget
    send(dialog, "consign", **CALL | {"status": "Qualifié"})
    entry = sheet.timeline[0]
    assert not dialog.shown and (entry["title"], entry["detail"]) == ("Appel\u00a0: joint", "Fait · Devis demandé")
    assert "Statut\u00a0: En suivi → Qualifié" in entry["lines"] and len(sheet.timeline) == sheet.timeline_length == 2
    assert "Appel\u00a0: joint" in app.frame.notice["text"] and "03/12/2026" in app.frame.notice["text"]
    send(app.frame, "undo")
    lead = app.snapshot.lead(1)
    assert (lead["status"], lead["last_contact"], lead["next_follow_up"], len(app.snapshot.events)) == ("En suivi", None, None, 0)


def test_the_timeline_shows_exchanges_or_changes_alone(page: ContactsPage, send: Send) -> None:
    sheet = page._sheet.widget
    send(page._sheet.consigning.widget, "consign", **CALL)
    send(sheet, "show_line", kind="Échanges")
    assert [entry["title"] for entry in sheet.timeline] == ["Appel\u00a0: joint"] and sheet.timeline_length == 1
    send(sheet, "show_line", kind="Modifications")
    assert sheet.timeline[-1]["title"] == "Contact créé" and len(sheet.timeline) == sheet.timeline_length == 2


def test_a_follow_up_that_cannot_be_read_is_said_beside_it_and_nothing_is_lost(app: App, page: ContactsPage, send: Send) -> None:
    dialog = page._sheet.consigning.widget
    send(dialog, "consign", **CALL | {"follow_up": "bientôt"})
    assert dialog.shown and dialog.errors["next_follow_up"] and dialog.answered == 1 and app.snapshot.events.empty


def test_a_follow_up_moved_by_a_colleague_is_chosen_field_by_field(app: App, page: ContactsPage, crm: Crm, send: Send) -> None:
    sheet = page._sheet
    save_lead(crm, "Sam", 1, {"next_follow_up": date(2026, 12, 24)}, None, crm.snapshot())
    send(sheet.consigning.widget, "consign", **CALL)
    assert sheet.consigning.conflict.shown and app.snapshot.events.empty
    send(sheet.consigning.conflict, "choose", next_follow_up="stored")
    assert (len(app.snapshot.events), app.snapshot.lead(1)["next_follow_up"]) == (1, date(2026, 12, 24))


def test_a_save_is_one_entry_that_gives_each_field_back(app: App, page: ContactsPage, send: Send) -> None:
    sheet = page._sheet.widget
    send(sheet, "edit")
    send(sheet, "save", form=sheet.form | {"company": "Autre", "status": "Perdu", "lost_reason": "Prix"})
    entry = sheet.timeline[0]
    assert entry["title"] == "Statut\u00a0: En suivi → Perdu"
    assert entry["lines"] == [
        "Entreprise\u00a0: Lumen SAS → Autre",
        "Motif de perte\u00a0: vide → Prix",
    ]  # what follows goes without saying
    assert app.frame.notice["text"] == "Alice Durand\u00a0: En suivi → Perdu · Entreprise\u00a0: Lumen SAS → Autre · et 1\u00a0autre champ."
    send(sheet, "restore", key=entry["restores"][1]["key"])
    assert app.snapshot.lead(1)["company"] == "Lumen SAS"


def test_what_is_left_to_the_product_stands_in_the_blank_fields(page: ContactsPage, send: Send) -> None:
    sheet = page._sheet.widget
    send(sheet, "edit")
    assert sheet.hints["stage"] == "Automatique\u00a0: Négociation"
    send(sheet, "typed", form=sheet.form | {"status": "Qualifié"})
    assert sheet.hints["stage"] == "Automatique\u00a0: Besoin qualifié"


def test_a_new_deal_of_a_won_contact_is_said_on_both_sheets(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    sheet = page._sheet.widget
    send(sheet, "go", ref="L-000003")
    assert sheet.head["closed"] and sheet.head["call"] == "tel:+33612345678" and sheet.head["write"].startswith("mailto:")
    send(sheet, "new_deal")
    assert (sheet.mode, sheet.of_whom, sheet.form["email"]) == ("new", "Zoé Lefèvre", "zoe@exemple.fr")
    send(sheet, "typed", form=sheet.form | {"amount": "500"})
    assert sheet.duplicates == []
    send(sheet, "save", form=sheet.form | {"amount": "500"})
    assert sheet.head["ref"] == "L-000004" and [deal["ref"] for deal in sheet.deals] == ["L-000003"] and sheet.duplicates == []
    send(sheet, "go", ref="L-000003")
    assert sheet.deals == [{"ref": "L-000004", "text": "Nouveau, 500,00\u00a0€"}]
