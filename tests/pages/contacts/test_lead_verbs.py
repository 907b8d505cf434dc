"""The sheet of a lead, in place: score explained, status, note, neighbours, undo, version, deletion and bin."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gnetics.actions.bin import delete_lead
from gnetics.actions.leads import save_lead
from gnetics.actions.lots import delete_leads
from gnetics.domain.rights import Verb
from gnetics.pages.app import App
from gnetics.pages.contacts.page import ContactsPage
from gnetics.pages.contacts.widgets.lead_sheet import ReadField
from gnetics.store.crm import Crm
from tests.pages.conftest import Heard, page_of

Send = Callable[..., None]


@pytest.fixture
def page(app: App) -> ContactsPage:
    app.moved("contacts", {"lead": "L-000001", "tri": "nom"})
    return page_of(app, "contacts", ContactsPage)


def field(page: ContactsPage, key: str) -> ReadField:
    return next(f for section in page._sheet.widget.sections for f in section["fields"] if f["key"] == key)


def test_the_score_is_explained_and_a_manual_one_says_so_and_can_be_cleared(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    sheet = page._sheet.widget
    automatic = str(sheet.score["total"])
    assert (field(page, "score")["text"], field(page, "score")["note"], sheet.score["by_hand"]) == (automatic, "automatique", False)
    assert [row["label"] for row in sheet.score["rows"]] == ["Profil", "Activité", "Récence", "Source"]
    assert sum(row["points"] for row in sheet.score["rows"]) == sheet.score["total"]
    send(sheet, "edit")
    send(sheet, "save", form=sheet.form | {"score": "80"})
    assert field(page, "score")["text"] == "80" and field(page, "score")["note"] == f"saisi à la main (automatique : {automatic})"
    send(sheet, "clear_score")
    assert (field(page, "score")["text"], app.snapshot.lead(1)["score"]) == (automatic, None)


def test_a_status_chosen_in_place_is_saved_and_undone_from_the_message(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    sheet = page._sheet.widget
    send(sheet, "set_status", status="Perdu")
    send(page._edits._lost, "answer", reason="Prix trop élevé")
    lead = app.snapshot.lead(1)
    assert (lead["status"], lead["lost_reason"], lead["probability"]) == ("Perdu", "Prix trop élevé", 0)
    assert app.frame.notice["undo"]
    send(app.frame, "undo")
    lead = app.snapshot.lead(1)
    assert (lead["status"], lead["lost_reason"], lead["probability"], lead["closed_at"]) == ("En suivi", None, 75, None)
    assert (field(page, "status")["text"], app.frame.notice["undo"]) == ("En suivi", False)
    send(app.frame, "undo")  # once only
    assert app.snapshot.lead(1)["status"] == "En suivi"


@pytest.mark.parametrize("where", ["sheet", "pipeline"])
def test_a_contact_of_this_session_stays_on_its_sheet_once_the_store_has_it(
    app: App, page: ContactsPage, crm: Crm, send: Callable[..., None], heard: Heard, where: str
) -> None:
    sheet = page._sheet.widget
    crm.set_sync(False, "admin")
    send(page._grid, "add")
    send(sheet, "save", form=sheet.form | {"name": "Inès"})
    crm.set_sync(True, "admin")
    ref = sheet.head["ref"]
    if where == "sheet":
        send(sheet, "set_status", status="Qualifié")
    else:
        send(page._pipeline_view.widget, "move", ref=ref, status="Qualifié")
    assert (sheet.shown, sheet.head["title"], sheet.head["ref"]) == (True, "Inès", "L-000004") != (True, "Inès", ref)
    assert heard.addresses()[-1][1]["lead"] == page._grid.selected == "L-000004"


def test_an_undone_creation_closes_its_sheet(app: App, page: ContactsPage, send: Callable[..., None], heard: Heard) -> None:
    sheet = page._sheet.widget
    send(page._grid, "add")
    send(sheet, "save", form=sheet.form | {"name": "Inès"})
    assert sheet.shown and sheet.head["title"] == "Inès"
    send(app.frame, "undo")
    assert (sheet.shown, page._grid.selected, page._grid.total) == (False, "", 3)


def test_a_contact_goes_back_to_perdu_without_being_asked_why_again(
    app: App, page: ContactsPage, send: Callable[..., None], heard: Heard
) -> None:
    for status in ({"status": "Perdu", "lost_reason": "Prix"}, {"status": "À corriger"}):
        save_lead(app.crm, "Sam", 1, status, None, app.crm.snapshot())
    send(app.frame, "refresh")
    send(page._sheet.widget, "unblock")
    assert not page._edits._lost.shown and app.snapshot.lead(1)["status"] == "Perdu"


def test_a_refusal_in_place_is_said(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    send(page._sheet.widget, "set_status", status="Perdu")
    send(page._edits._lost, "answer", reason="x" * 600)
    assert "maximum" in app.frame.notice["text"] and app.snapshot.lead(1)["status"] == "En suivi"


def test_a_note_is_added_and_the_box_emptied(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    sheet = page._sheet.widget
    sheet.noting = True
    send(sheet, "add_note", ref="L-000001", text="Rappeler lundi")
    assert not sheet.noting and sheet.head["notes"].endswith("Ana\u00a0: Rappeler lundi")
    assert (sheet.timeline[0]["title"], sheet.timeline[0]["detail"]) == (
        "Note ajoutée",
        "Rappeler lundi",
    )  # the entry has its day and author
    sheet.noting = True
    send(sheet, "add_note", ref="L-000001", text="  ")
    assert sheet.noting and "Écrivez" in app.frame.notice["text"]


def test_a_note_being_typed_keeps_its_contact_on_screen(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    sheet, grid = page._sheet.widget, page._grid
    sheet.noting = True
    typing = app.frame.typing
    assert typing  # closing the browser's tab asks first
    leaves: tuple[Callable[[], None], ...] = (
        lambda: send(grid, "open", ref="L-000002"),
        lambda: send(grid, "add"),
        lambda: app.moved("contacts", {"lead": "L-000002"}),  # Ctrl+K
        lambda: app.moved("contacts", {}),  # Back
    )
    for leave in leaves:
        app.notify("")
        leave()
        assert (sheet.shown, sheet.mode, sheet.head["ref"], grid.selected) == (True, "read", "L-000001", "L-000001")
        assert "Une note est en cours" in app.frame.notice["text"]
    assert heard.addresses()[-1][1]["lead"] == "L-000001"  # and not the one that was asked for
    send(app.frame, "refresh")
    assert sheet.noting
    sheet.noting = False
    assert not app.frame.typing
    send(grid, "open", ref="L-000002")
    assert sheet.head["ref"] == "L-000002"


def test_leaving_a_contact_all_the_same_drops_its_note(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    sheet = page._sheet.widget
    for event, data in (("go", {"ref": "L-000002"}), ("cancel", {})):  # sent once « Abandonner » is chosen
        sheet.noting = True
        send(sheet, event, **data)
        assert not sheet.noting and not app.frame.typing


def test_a_note_is_added_to_the_contact_it_was_typed_for(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    sheet = page._sheet.widget
    send(page._grid, "open", ref="L-000002")
    send(sheet, "add_note", ref="L-000001", text="Rappeler lundi")
    assert "Rappeler" in app.snapshot.lead(1)["notes"] and app.snapshot.lead(2)["notes"] is None
    assert sheet.head["ref"] == heard.addresses()[-1][1]["lead"] == "L-000001"


def test_a_note_being_typed_outlives_its_contact(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    sheet = page._sheet.widget
    sheet.noting = True
    delete_lead(app.crm, "Sam", 1, app.crm.snapshot())
    send(app.frame, "refresh")
    assert sheet.shown and sheet.noting and sheet.head["ref"] == "L-000001"
    send(sheet, "add_note", ref="L-000001", text="Rappeler lundi")
    assert sheet.noting and "n’existe plus" in app.frame.notice["text"]


def test_neighbours_follow_the_filter_and_the_order(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    sheet, grid = page._sheet.widget, page._grid
    by_name = [card["ref"] for card in grid.cards]
    assert sheet.around["length"] == 3
    assert sheet.around["place"] == by_name.index("L-000001") + 1
    send(sheet, "go", ref=by_name[1])
    assert (sheet.around["before"], sheet.around["after"]) == (by_name[0], by_name[2])
    send(grid, "filter", text="zoé")
    assert sheet.around["length"] == 1


def test_an_earlier_version_is_offered_and_restored(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    sheet = page._sheet.widget
    send(sheet, "edit")
    send(sheet, "save", form=sheet.form | {"company": "Autre", "owner": "Sam"})
    created = sheet.timeline[-1]
    assert created["title"] == "Contact créé"
    assert not any(entry.get("version") for entry in sheet.timeline if entry["id"] != created["id"])  # once a moment, and not now
    send(sheet, "restore_version", key=created["version"])
    assert (app.snapshot.lead(1)["company"], app.snapshot.lead(1)["owner"]) == ("Lumen SAS", "Ana")


def test_an_imported_past_offers_each_of_its_moments_once(app: App, page: ContactsPage, crm: Crm, send: Send, heard: Heard) -> None:
    now = crm.clock.now()
    moments = [now.replace(year=2025, day=1, month=month) for month in (3, 3, 5)]
    line = {"who": "Ana", "action": "modification", "entity": "lead", "entity_key": 1, "field": "owner"}
    with crm.write("Ana", Verb.SAVE_LEAD) as uow:
        uow.add_history([line | {"at": at, "before": before, "after": "x"} for at, before in zip(moments, "abc", strict=True)])
        uow.commit()
    send(page._sheet.widget, "go", ref="L-000001")
    offered = [bool(entry.get("version")) for entry in page._sheet.widget.timeline]
    assert offered == [False, True, True]  # created now; then May, and March


def test_a_deleted_contact_leaves_the_page_and_comes_back_from_the_bin(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    sheet = page._sheet.widget
    send(sheet, "remove")
    assert not sheet.shown and "corbeille" in app.frame.notice["text"] and page._grid.total == 2
    app.moved("dashboard", {})  # figures do without it
    app.moved("dash_data", {})
    app.moved("contacts", {})
    send(page._grid, "bin")
    bin_ = page._bin.widget
    assert [row["title"] for row in bin_.rows] == ["Alice Durand"] and bin_.rows[0]["left"] == 30
    send(bin_, "restore", keys=[bin_.rows[0]["key"]])
    assert bin_.rows == [] and page._grid.total == 3
    assert "« Alice Durand » est de nouveau" in app.frame.notice["text"].replace("\u00a0", " ")


def test_several_are_found_in_the_bin_and_restored_together(app: App, page: ContactsPage, crm: Crm, send: Send, heard: Heard) -> None:
    delete_leads(crm, "Sam", [1, 2, 3], app.snapshot)
    send(page._grid, "bin")
    bin_ = page._bin.widget
    assert (bin_.count, len(bin_.rows)) == (3, 3)
    send(bin_, "find", text="Exemple lefevre")
    assert [row["title"] for row in bin_.rows] == ["Zoé Lefèvre"] and bin_.count == 1
    send(bin_, "find", text="")
    send(bin_, "restore", keys=[1, 3])
    assert [row["key"] for row in bin_.rows] == [2] and page._grid.total == 2
    assert app.frame.notice["text"].startswith("2\u00a0contacts sont de nouveau")


def test_automation_runs_are_in_the_timeline(app: App, page: ContactsPage, crm: Crm, heard: Heard) -> None:
    with crm.write("robot", Verb.SAVE_LEAD) as uow:
        uow.insert("runs", {"idempotency_key": "k", "rule": "Relance", "status": "ignoré", "reason": "déjà répondu", "lead_key": 1})
        uow.commit()
    app.refresh()
    (run,) = [entry for entry in page._sheet.widget.timeline if entry["icon"] == "mdi-robot-outline"]
    assert (run["title"], run["detail"]) == ("Relance\u00a0: ignoré", "déjà répondu")


def test_the_timeline_shows_its_latest_entries_says_how_many_there_are_and_goes_on(
    app: App, page: ContactsPage, send: Send, heard: Heard
) -> None:
    sheet = page._sheet.widget
    with app.crm.write("Sam", Verb.SAVE_LEAD) as uow:
        uow.insert("messages", {"message_id": "<a@b>", "direction": "reçu", "subject": "Devis", "lead_key": 1, "at": None})
        uow.commit()
    for euros in range(1, 51):
        save_lead(app.crm, "Sam", 1, {"amount": euros * 100}, None, app.crm.snapshot())
    send(app.frame, "refresh")
    assert (len(sheet.timeline), sheet.timeline_length) == (40, 52)
    assert sheet.timeline[0]["title"].endswith("50,00\u00a0€")
    send(sheet, "older")
    shown = [entry["id"] for entry in sheet.timeline]
    assert len(set(shown)) == sheet.timeline_length == 52
    assert [entry["title"] for entry in sheet.timeline[-2:]] == ["Contact créé", "Reçu\u00a0: Devis"]  # without a date, last
    send(sheet, "restore_version", key=sheet.timeline[-2]["version"])
    assert app.snapshot.lead(1)["amount"] == 1240000
    assert len(sheet.timeline) == 53  # as far as one had gone
    send(page._grid, "open", ref="L-000002")
    send(page._grid, "open", ref="L-000001")
    assert len(sheet.timeline) == 40
