"""Moving, refreshing and finding, for one session."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ipywidgets.widgets.widget import _instances

from gnetics.actions.leads import save_lead
from gnetics.clock import fixed
from gnetics.pages.app import AHEAD, LASTING, App
from gnetics.pages.calendrier.page import CalendarPage
from gnetics.pages.contacts.page import ContactsPage
from gnetics.state.sidebar import MODULES
from gnetics.store.analyses import Analysis, digest_of, record
from gnetics.store.crm import Crm
from tests.pages.conftest import Heard, page_of

Send = Callable[..., None]


def test_a_page_is_built_at_its_first_visit_and_kept(app: App, send: Send) -> None:
    send(app.frame, "moved", page="contacts", query={})
    send(app.frame, "moved", page="faq", query={})
    send(app.frame, "moved", page="contacts", query={})
    assert [slot["key"] for slot in app.frame.slots] == ["contacts", "faq"]
    assert app.session.page == "contacts"


def test_a_page_made_ahead_is_mounted_without_being_shown(app: App, send: Send) -> None:
    send(app.frame, "moved", page="faq", query={})
    for asked in (*AHEAD, *AHEAD, "calendrier", "../x"):
        send(app.frame, "prepare", page=asked)
    assert [slot["key"] for slot in app.frame.slots] == ["faq", *AHEAD]
    assert (app.session.page, app.frame.route) == ("faq", "accueil")


@pytest.mark.parametrize("key", MODULES)
def test_every_page_opens_on_real_data_and_on_an_empty_query(app: App, key: str, send: Send) -> None:
    app.frame.notice = {"text": "", "kind": "info", "n": 0, "undo": False}
    send(app.frame, "moved", page=key, query={})
    assert app.frame.slots[-1]["key"] == key
    assert app.frame.notice["text"] == ""


def test_an_unknown_page_shows_accueil(app: App, send: Send) -> None:
    send(app.frame, "moved", page="../../etc/passwd", query={})
    assert app.session.page == "accueil"


def test_the_browser_is_told_when_a_move_is_over_even_to_a_place_that_there_is_not(app: App, send: Send) -> None:
    for query in ({}, {"lead": "L-999999"}):
        send(app.frame, "moved", page="contacts", query=query)
    assert app.frame.arrived == 2


def test_the_dot_appears_when_somebody_else_wrote_and_goes_with_rafraichir(app: App, send: Send) -> None:
    send(app.frame, "moved", page="contacts", query={})
    save_lead(app.crm, "Sam", None, {"name": "Nouvelle"}, None, app.crm.snapshot())
    shown = [app.frame.newer]
    for event in ("tick", "refresh"):
        send(app.frame, event)
        shown.append(app.frame.newer)
    assert shown == [False, True, False]
    assert app.frame.facts["contacts"].startswith("4 contacts réels")


def test_rafraichir_says_when_there_is_nothing_new_and_answers_the_button(app: App, send: Send) -> None:
    before = app.frame.answered
    send(app.frame, "refresh")
    assert "Rien de nouveau\u00a0:" in app.frame.notice["text"]
    assert app.frame.answered == before + 1


def test_the_button_is_answered_even_when_the_store_is_gone(app: App, send: Send) -> None:
    app.crm.engine.dispose()
    path = app.crm.engine.url.database
    assert path
    import os

    os.rename(path, path + ".away")
    before = app.frame.answered
    send(app.frame, "refresh")
    os.rename(path + ".away", path)
    assert app.frame.answered == before + 1
    assert app.frame.notice["kind"] == "error"


@pytest.mark.parametrize("text", ["zoe lefevre", "ZOÉ", "exemple.fr", "0612345678", "L-000003"])
def test_the_palette_finds_a_contact_however_it_is_typed(app: App, text: str, send: Send) -> None:
    send(app.frame, "find", text=text)
    assert [row["title"] for row in app.frame.contacts] == ["Zoé Lefèvre"]


def test_going_to_a_page_writes_its_address(app: App, heard: Heard) -> None:
    app.go("contacts", lead="L-000001")
    assert heard.addresses() == [("contacts", {"lead": "L-000001"}, "push")]


def test_moves_and_refreshes_build_no_new_widget(app: App, send: Send) -> None:
    for key in MODULES:
        send(app.frame, "moved", page=key, query={})
    before = len(_instances)
    for _ in range(3):
        for key in MODULES:
            send(app.frame, "moved", page=key, query={})
            send(app.frame, "refresh")
    assert len(_instances) == before


def test_the_store_holds_no_widget_that_the_browser_could_reach(app: App) -> None:
    reachable: Mapping[str, Any] = vars(app.frame)
    assert not [name for name, value in reachable.items() if value is app.crm or value is app.crm.engine]


@pytest.mark.parametrize("key", MODULES)
def test_a_page_is_filled_and_follows_its_address_before_it_is_mounted(app: App, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    build = importlib.import_module(MODULES[key]).build

    def watched(app: App) -> Any:
        page = build(app)
        refresh, visit = page.refresh, page.visit

        def filled() -> None:
            order.append("filled")
            refresh()

        def visited(query: dict[str, str]) -> None:
            visit(query)
            order.append("visited")

        page.refresh, page.visit = filled, visited
        return page

    monkeypatch.setattr(f"{MODULES[key]}.build", watched)
    app.frame.observe(lambda _: order.append("mounted"), "slots")
    app.moved(key, {})
    assert order == ["filled", "visited", "mounted"]


def test_closing_one_form_leaves_the_browser_asking_for_the_other(app: App, send: Send) -> None:
    send(app.frame, "moved", page="contacts", query={"lead": "nouveau"})
    sheet = page_of(app, "contacts", ContactsPage)._sheet.widget
    send(sheet, "typed", form={"name": "À moitié"})
    send(app.frame, "moved", page="calendrier", query={"new": "1"})
    panel = page_of(app, "calendrier", CalendarPage)._sheet.widget
    send(panel, "typed", form={"title": "Démo"})
    send(panel, "cancel")
    assert app.frame.typing
    send(sheet, "cancel")
    assert not app.frame.typing


def test_a_page_is_filled_again_when_the_hour_makes_it_untrue_not_at_each_visit(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    app.moved("contacts", {})
    filled = []
    monkeypatch.setattr(app.page("contacts"), "refresh", lambda: filled.append(1))
    app.moved("accueil", {})
    app.moved("contacts", {})
    assert not filled
    now = app.crm.clock.now() + LASTING
    monkeypatch.setattr(app, "crm", replace(app.crm, clock=fixed(now, app.region.zone)))
    app.moved("contacts", {})
    app.moved("contacts", {})
    assert len(filled) == 1


def test_the_sidebar_lists_the_analyses_that_are_published_and_notices_when_one_is_no_more(tmp_path: Path, crm: Crm) -> None:
    crm = replace(crm, settings=replace(crm.settings, notebooks_dir=tmp_path), trusted=True)
    file = tmp_path / "analyses" / "essai.ipynb"
    file.parent.mkdir()
    file.write_text("{}", "utf-8")
    app = App(crm)
    app.check_newer()
    assert app.frame.analyses == []
    record(crm, Analysis("essai", "Un essai", "Ana", crm.clock.now(), digest_of(b"{}")))
    app.check_newer()
    assert app.frame.analyses == [{"name": "essai", "title": "Un essai"}]
    file.write_text("{} ", "utf-8")
    app.check_newer()
    assert app.frame.analyses == []
