"""Who a contact looks like: on its sheet, while it is typed, behind the figures of Dash Data, on the command line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gnetics import cli
from gnetics.actions.leads import save_lead
from gnetics.pages.app import App
from gnetics.pages.boards.dash_data import DashDataPage
from gnetics.pages.contacts.page import ContactsPage
from gnetics.store.crm import Crm
from tests.pages.conftest import Heard, page_of

Send = Callable[..., None]


@pytest.fixture
def page(app: App) -> ContactsPage:
    app.moved("contacts", {})
    return page_of(app, "contacts", ContactsPage)


def add(app: App, **lead: str) -> int:
    key = save_lead(app.crm, "Sam", None, lead, None, app.snapshot).key
    app.changed()
    return key


def test_a_new_contact_already_known_is_said_while_typing(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    sheet = page._sheet.widget
    send(page._grid, "add")
    assert sheet.duplicates == []
    told = []
    for typed in (
        {"email": "ALICE@Lumen.fr"},
        {"phone": "0033 6 12 34 56 78"},
        {"name": "lefevre zoe"},
        {"name": "Zoé Lefèvre"},
        {"name": "Durant Alice", "company": "lumen sas"},
        {"name": "Personne"},
    ):
        send(sheet, "typed", form=sheet.form | typed)
        told.append([(note["ref"], note["why"], note["sure"]) for note in sheet.duplicates])
    assert told == [
        [("L-000001", "même email", True)],
        [("L-000003", "même téléphone", True)],
        [],
        [("L-000003", "même nom", False)],
        [("L-000001", "noms semblables, même entreprise", True)],
        [],
    ]
    send(sheet, "save", form=sheet.form | {"name": "Z. Lefèvre", "phone": "06 12 34 56 78"})
    assert [(note["title"], note["why"]) for note in sheet.duplicates] == [("Zoé Lefèvre", "même téléphone")]  # and still once saved
    send(page._grid, "add")
    assert sheet.duplicates == []


def test_a_form_of_a_kept_contact_does_not_find_itself(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    sheet = page._sheet.widget
    send(page._grid, "open", ref="L-000003")
    send(sheet, "edit")
    send(sheet, "typed", form=sheet.form | {"name": "Zoé L."})
    assert sheet.duplicates == []
    send(sheet, "typed", form=sheet.form | {"email": "alice@lumen.fr"})
    assert [note["ref"] for note in sheet.duplicates] == ["L-000001"]


def test_colleagues_on_one_switchboard_are_one_note_that_does_not_accuse(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    for name in ("Hugo Petit", "Inès Roche", "Karim Faure"):
        add(app, name=name, phone="01 99 00 10 10")
    send(page._grid, "open", ref="L-000004")
    (note,) = page._sheet.widget.duplicates
    assert (note["ref"], note["why"], note["sure"], note["more"]) == ("L-000005", "même téléphone, autre nom", False, 1)


def test_the_leads_behind_the_rules_say_of_whom_they_are_duplicates(app: App, send: Send, heard: Heard) -> None:
    add(app, name="Durand Alice", email="ALICE@lumen.fr")
    add(app, name="Alice Durant", email="a.durant@lumen.fr")
    app.moved("dash_data", {"bloc": "F", "chiffre": "F.doublon-certain"})
    panel = page_of(app, "dash_data", DashDataPage).evidence
    assert {row["title"]: row["facts"] for row in panel.listed["rows"]} == {
        "Alice Durand": "même email\u00a0: Durand Alice (et 1\u00a0autre)",
        "Durand Alice": "même email\u00a0: Alice Durand (et 1\u00a0autre)",
    }
    app.moved("dash_data", {"bloc": "F", "chiffre": "F.doublon-probable"})
    facts = {row["title"]: row["facts"] for row in panel.listed["rows"]}
    assert facts["Alice Durant"].startswith("noms semblables, même domaine lumen.fr\u00a0: ")


def test_the_command_lists_pairs_with_their_reason(
    app: App, crm: Crm, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add(app, name="Durand Alice", email="ALICE@lumen.fr")
    add(app, name="Atelier Petit", phone="06 12 34 56 78")
    add(app, name="Jean-Pierre Roy", company="Forêt")
    add(app, name="ROY Jean Pierre", company="FORET")
    monkeypatch.setenv("GNETICS_DATABASE_URL", str(crm.engine.url))
    assert cli.main(["duplicates"]) == 0
    *lines, total = capsys.readouterr().out.splitlines()
    assert lines == [
        "certain   L-000001 Alice Durand  =  L-000004 Durand Alice  (même email)",
        "probable  L-000006 Jean-Pierre Roy  =  L-000007 ROY Jean Pierre  (noms semblables, même entreprise)",
        "partagé   L-000003 Zoé Lefèvre  =  L-000005 Atelier Petit  (même téléphone, autre nom)",
    ]
    assert total.startswith("1 doublon(s) certain(s), 1 probable(s), 1 paire(s)") and total.endswith("parmi 7 contact(s).")
