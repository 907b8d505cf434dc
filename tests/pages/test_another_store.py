"""The store is taken back to an earlier moment under an open page: it says so, keeps what was typed, and writes on nobody else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from gnetics.actions.events import save_event
from gnetics.actions.leads import save_lead
from gnetics.operations.backup import back_up
from gnetics.pages.app import App
from gnetics.pages.calendrier.page import CalendarPage
from gnetics.pages.contacts.page import ContactsPage
from gnetics.store.crm import Crm, open_crm
from gnetics.store.sqlite_file import put
from tests.pages.conftest import NOON, page_of

Send = Callable[..., None]
GoBack = Callable[[str], None]
EVENT = {"title": "Démo", "starts_at": NOON, "ends_at": NOON.replace(hour=12)}


@pytest.fixture
def go_back(app: App, crm: Crm, tmp_path: Path) -> GoBack:
    """The page shows an amount of Zoé's; go_back(name) takes the store back to before it, then somebody adds a contact and an event."""
    back_up(crm.settings, tmp_path / "kept")
    save_lead(crm, "Ana", 3, {"amount": 900000}, None, app.snapshot)

    def back(name: str) -> None:
        shutil.copy(tmp_path / "kept", tmp_path / "again")
        put(tmp_path / "again", Path(str(crm.engine.url.database)))
        with closing(open_crm(crm.settings)) as other:
            snapshot = other.snapshot()
            save_lead(other, "Sam", None, {"name": name}, None, snapshot)
            save_event(other, "Sam", None, EVENT | {"title": name}, None, snapshot)

    return back


def _names(crm: Crm) -> list[str]:
    with closing(open_crm(crm.settings)) as other:
        return [str(name) for name in other.snapshot().leads["name"].dropna()]


def test_a_save_is_refused_the_form_kept_and_saved_after_rafraichir(app: App, go_back: GoBack, send: Send) -> None:
    app.moved("contacts", {"lead": "L-000001"})
    sheet = page_of(app, "contacts", ContactsPage)._sheet.widget
    send(sheet, "edit")
    send(sheet, "typed", form=sheet.form | {"notes": "Rappeler lundi"})
    go_back("Inès")
    send(sheet, "save", form=sheet.form | {"notes": "Rappeler lundi"})
    assert "restaurée ou remplacée" in app.frame.notice["text"] and app.frame.notice["kind"] == "error"
    assert (sheet.mode, app.frame.typing) == ("edit", True)
    send(app.frame, "refresh")
    assert "tout est relu" in app.frame.notice["text"] and not app.frame.newer
    assert (sheet.mode, app.frame.typing) == ("edit", True)
    send(sheet, "save", form=sheet.form | {"notes": "Rappeler lundi"})
    assert "note ajoutée" in app.frame.notice["text"]
    assert app.snapshot.lead(1)["notes"] == "Rappeler lundi"


def test_a_page_says_once_that_its_store_is_another_one(app: App, go_back: GoBack, send: Send) -> None:
    app.moved("contacts", {})
    go_back("Inès")
    for _ in range(2):
        send(app.frame, "tick")
        assert app.frame.newer and "restaurée ou remplacée" in app.frame.notice["text"]
        assert app.frame.notice["n"] == 1
    send(app.frame, "refresh")
    assert [card["title"] for card in page_of(app, "contacts", ContactsPage)._grid.cards].count("Inès") == 1
    send(app.frame, "tick")
    assert not app.frame.newer


@pytest.mark.parametrize("typing", ["form", "note"])
def test_words_typed_for_a_contact_never_go_to_the_one_that_now_has_its_number(
    app: App, crm: Crm, go_back: GoBack, send: Send, typing: str
) -> None:
    save_lead(crm, "Ana", None, {"name": "Léo"}, None, app.snapshot)
    app.moved("contacts", {"lead": "L-000004"})
    sheet = page_of(app, "contacts", ContactsPage)._sheet.widget
    if typing == "form":
        send(sheet, "edit")
        send(sheet, "typed", form=sheet.form | {"email": "leo@exemple.fr"})
    else:
        sheet.noting = True
    go_back("Inès")
    send(app.frame, "refresh")
    assert app.snapshot.lead(4)["name"] == "Inès"
    if typing == "form":
        send(sheet, "save", form=sheet.form | {"email": "leo@exemple.fr"})
        assert (sheet.mode, app.frame.typing) == ("edit", True)
    else:
        send(sheet, "add_note", ref="L-000004", text="Pour Léo")
        assert sheet.noting and sheet.head["title"] == "Léo"
        send(sheet, "remove")
    assert "n’est plus le même" in app.frame.notice["text"]
    row = app.snapshot.lead(4)
    assert (row["email"], row["notes"]) == (None, None) and "Inès" in _names(crm)
    sheet.noting = False
    send(sheet, "cancel")
    shown = sheet.shown
    assert not shown
    app.moved("contacts", {"lead": "L-000004"})
    assert sheet.shown and sheet.head["title"] == "Inès"
    send(sheet, "add_note", ref="L-000004", text="Pour Inès")
    assert app.snapshot.lead(4)["notes"].endswith("Pour Inès")


def test_a_sheet_being_read_closes_when_its_number_is_another_contact_s(app: App, crm: Crm, go_back: GoBack, send: Send) -> None:
    save_lead(crm, "Ana", None, {"name": "Léo"}, None, app.snapshot)
    app.moved("contacts", {"lead": "L-000004"})
    sheet = page_of(app, "contacts", ContactsPage)._sheet.widget
    go_back("Inès")
    send(app.frame, "refresh")
    assert not sheet.shown


def test_a_reason_asked_for_a_contact_never_goes_to_the_one_that_now_has_its_number(
    app: App, crm: Crm, go_back: GoBack, send: Send
) -> None:
    save_lead(crm, "Ana", None, {"name": "Léo"}, None, app.snapshot)
    app.moved("contacts", {})
    page = app.page("contacts")
    send(page._grid, "filter", view="pipeline")  # type: ignore[attr-defined]
    send(page._pipeline_view.widget, "move", ref="L-000004", status="Perdu")  # type: ignore[attr-defined]
    go_back("Inès")
    send(app.frame, "refresh")
    send(page._edits._lost, "answer", reason="Prix")  # type: ignore[attr-defined]
    assert "n’est plus le même" in app.frame.notice["text"]
    assert (app.snapshot.lead(4)["name"], app.snapshot.lead(4)["status"]) == ("Inès", "Nouveau")


def test_words_typed_for_an_event_never_go_to_another_one(app: App, crm: Crm, go_back: GoBack, send: Send) -> None:
    key = save_event(crm, "Ana", None, EVENT, None, app.snapshot).key
    app.moved("calendrier", {"event": str(key)})
    panel = page_of(app, "calendrier", CalendarPage)._sheet.widget
    send(panel, "edit")
    send(panel, "typed", form=panel.form | {"title": "Démo pour Léo"})
    go_back("Inès")
    send(panel, "save", form=panel.form | {"title": "Démo pour Léo"})
    assert "restaurée ou remplacée" in app.frame.notice["text"]
    send(app.frame, "refresh")
    send(panel, "save", form=panel.form | {"title": "Démo pour Léo"})
    assert "n’est plus dans la base" in app.frame.notice["text"] and (panel.mode, app.frame.typing) == ("edit", True)
    send(panel, "delete")
    assert app.snapshot.event(key)["title"] == "Inès"
    send(panel, "cancel")
    assert not panel.shown


def test_an_event_typed_for_a_contact_never_goes_to_the_one_that_now_has_its_number(
    app: App, crm: Crm, go_back: GoBack, send: Send
) -> None:
    save_lead(crm, "Ana", None, {"name": "Léo"}, None, app.snapshot)
    app.moved("calendrier", {"new": "1"})
    panel = page_of(app, "calendrier", CalendarPage)._sheet.widget
    assert panel.mode == "new"
    typed = panel.form | {"title": "Démo", "lead": "L-000004"}
    send(panel, "typed", form=typed)
    go_back("Inès")
    send(app.frame, "refresh")
    assert (panel.form["title"], panel.form["lead"], panel.mode) == ("Démo", "", "new") and "de nouveau" in panel.errors["lead"]
    assert app.frame.typing
    send(panel, "save", form=panel.form)
    made = app.snapshot.events[app.snapshot.events["title"] == "Démo"]
    assert len(made) == 1 and made["lead_key"].isna().all()


def test_an_event_typed_for_a_contact_that_is_still_the_same_keeps_it(app: App, go_back: GoBack, send: Send) -> None:
    app.moved("calendrier", {"new": "1"})
    panel = page_of(app, "calendrier", CalendarPage)._sheet.widget
    typed = panel.form | {"title": "Démo", "lead": "L-000001"}
    send(panel, "typed", form=typed)
    go_back("Inès")
    send(app.frame, "refresh")
    assert not panel.errors
    send(panel, "save", form=typed)
    assert app.snapshot.events["lead_key"].dropna().tolist() == [1]


def test_nothing_stays_ticked_and_no_earlier_change_can_be_taken_back(app: App, crm: Crm, go_back: GoBack, send: Send) -> None:
    app.moved("contacts", {})
    page = page_of(app, "contacts", ContactsPage)
    send(page._grid, "pick", refs=["L-000001", "L-000002"], on=True)
    go_back("Inès")
    send(app.frame, "refresh")
    assert page._lots.widget.count == 0 and not app.frame.notice["undo"]


def test_a_demo_put_in_place_of_real_data_is_told_as_one(app: App, demo_store: Path, send: Send) -> None:
    file = Path(str(app.crm.engine.url.database))
    shutil.copy(demo_store, file.with_suffix(".new"))
    put(file.with_suffix(".new"), file)
    before = app.frame.demo
    send(app.frame, "refresh")
    assert (before, app.frame.demo) == (False, True) and len(app.snapshot.leads) > 100
