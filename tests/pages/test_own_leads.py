"""An app whose person sees only their own leads: Ana has Alice, not Atelier Nord nor Zoé."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ipywidgets.widgets.widget import _instances

from gnetics import texts
from gnetics.actions import accounts
from gnetics.errors import Forbidden
from gnetics.kernel.request import Request
from gnetics.pages.accueil.page import AccueilPage
from gnetics.pages.app import App
from gnetics.pages.contacts.page import ContactsPage
from gnetics.state.sidebar import MODULES
from gnetics.store.crm import Crm
from tests.pages.conftest import Heard, page_of

States = Callable[[], str]
SECRETS = ("Zoé", "zoe@exemple.fr", "Atelier Nord", "Lefèvre")


@pytest.fixture
def states() -> States:
    """All that the widgets made from now on would tell a browser."""
    before = set(_instances)
    return lambda: json.dumps([each.get_state() for key, each in _instances.items() if key not in before], default=str, ensure_ascii=False)


@pytest.fixture
def app(crm: Crm, states: States) -> App:
    """Of a kernel that was started for her."""
    accounts.add(crm, "Chef", "Chef", "administration", None)
    accounts.add(crm, "Chef", "Ana", "édition", None)
    accounts.set_own_leads(crm, "Chef", "Ana", True)
    return App(crm, "Ana")


def test_a_kernel_warmed_for_everybodys_eyes_shows_nothing_to_whoever_sees_only_their_own(app: App, crm: Crm, heard: Heard) -> None:
    warm = App(crm)
    warm.page("contacts")
    with pytest.raises(Forbidden, match="rechargez"):
        warm.show("contacts", Request("contacts", {}, "Ana"))
    assert not warm.frame.slots


def test_nothing_of_the_others_is_in_any_page(app: App, states: States, heard: Heard) -> None:
    app.show("contacts", Request("contacts", {}, "Ana"))
    for key in MODULES:
        app.moved(key, {})
    told = states()
    found = [name for name in ("Alice Durand", *SECRETS) if name in told]
    assert found == ["Alice Durand"]
    assert app.session.role == "édition" + texts.OWN_LEADS
    assert (app.find("zoe"), app.find("atelier")) == ([], []) and app.find("alice")
    assert app.frame.facts["contacts"] == "1 contact réel dont vous êtes responsable"


def test_an_empty_list_of_ones_own_is_not_told_as_an_empty_crm(app: App, crm: Crm, heard: Heard) -> None:
    accounts.add(crm, "Chef", "Noé", "édition", None)
    accounts.set_own_leads(crm, "Chef", "Noé", True)
    app = App(crm, "Noé")
    app.show("contacts", Request("contacts", {}, "Noé"))
    grid = page_of(app, "contacts", ContactsPage)._grid
    assert (grid.total, grid.limited) == (0, True)
    app.moved("accueil", {})
    home = page_of(app, "accueil", AccueilPage)._home
    assert not home.empty


def test_typing_what_another_has_tells_that_it_exists_and_no_more(app: App, heard: Heard, send: Callable[..., None]) -> None:
    app.show("contacts", Request("contacts", {"lead": "nouveau"}, "Ana"))
    sheet = page_of(app, "contacts", ContactsPage)._sheet.widget
    send(sheet, "typed", form={"name": "X", "email": "ZOE@exemple.fr"})
    assert sheet.duplicates == [{"ref": "", "title": texts.ELSEWHERE, "why": "même email", "sure": True, "more": 0}]


def test_a_contact_given_away_closes_its_sheet_and_says_so(app: App, heard: Heard, send: Callable[..., None]) -> None:
    app.show("contacts", Request("contacts", {"lead": "L-000001"}, "Ana"))
    sheet = page_of(app, "contacts", ContactsPage)._sheet.widget
    send(sheet, "edit")
    send(sheet, "save", form=sheet.form | {"owner": "Bruno"})
    assert not sheet.shown and app.frame.notice["text"] == texts.SAVED_AND_GONE and not app.frame.notice["undo"]
    app.go("contacts", lead="L-000001")
    assert not sheet.shown and "n’existe pas" in app.frame.notice["text"]


def test_a_limit_set_while_pages_are_open_counts_at_the_next_beat(app: App, crm: Crm, states: States, heard: Heard) -> None:
    accounts.set_own_leads(crm, "Chef", "Ana", False)
    app.show("contacts", Request("contacts", {}, "Ana"))
    for key in MODULES:
        app.moved(key, {})
    page = page_of(app, "contacts", ContactsPage)
    accounts.set_own_leads(crm, "Chef", "Ana", True)
    assert "Zoé" in states() and app.snapshot.real["name"].notna().sum() == 2
    app.check_newer()
    told = states()
    assert [name for name in ("Alice Durand", *SECRETS) if name in told] == ["Alice Durand"], "on the page on screen and on the others"
    assert app.session.role == "édition" + texts.OWN_LEADS and not app.session.newer
    assert app.frame.notice["text"] == texts.RIGHTS_CHANGED

    said = app.frame.notice
    app.check_newer()
    assert app.frame.notice == said, "told once"
    accounts.set_own_leads(crm, "Chef", "Ana", False)
    app.check_newer()
    assert page._grid.total == 3 and app.session.role == "édition"


def test_a_limit_set_while_pages_are_open_counts_at_the_next_gesture(
    app: App, crm: Crm, heard: Heard, send: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.set_own_leads(crm, "Chef", "Ana", False)
    app.show("contacts", Request("contacts", {}, "Ana"))
    exporter = page_of(app, "contacts", ContactsPage)._lots.exporter
    files: list[Any] = []
    monkeypatch.setattr(exporter, "run", lambda *said, **more: files.append(more.get("buffers")))
    accounts.set_own_leads(crm, "Chef", "Ana", True)
    send(exporter, "make", form="csv")
    text = files[0][0].decode("utf-8-sig")
    assert "Alice Durand" in text and not [name for name in SECRETS if name in text]
    accounts.set_disabled(crm, "Chef", "Ana", True)
    files.clear()
    send(exporter, "make", form="csv")
    assert not files and "désactivé" in app.frame.notice["text"]


def test_a_form_open_on_what_is_no_longer_ones_own_keeps_its_words_and_is_refused(
    app: App, crm: Crm, heard: Heard, send: Callable[..., None]
) -> None:
    accounts.set_own_leads(crm, "Chef", "Ana", False)
    app.show("contacts", Request("contacts", {"lead": "L-000003"}, "Ana"))
    sheet = page_of(app, "contacts", ContactsPage)._sheet.widget
    send(sheet, "edit")
    typed = sheet.form | {"notes": "Rappeler lundi"}
    send(sheet, "typed", form=typed)
    accounts.set_own_leads(crm, "Chef", "Ana", True)
    app.check_newer()
    send(sheet, "save", form=typed)
    assert sheet.shown and sheet.mode == "edit" and app.frame.notice["kind"] == "error"
    assert "Rappeler lundi" not in crm.snapshot().leads["notes"].tolist()
