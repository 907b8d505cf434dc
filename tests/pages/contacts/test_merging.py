"""« Fusionner » from the sheet: side by side, a choice per field, the message that undoes it, the line of the timeline."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gnetics.actions.bin import restore_lead
from gnetics.actions.leads import save_lead
from gnetics.actions.lots import delete_leads
from gnetics.actions.merging import merge_leads
from gnetics.pages.app import App
from gnetics.pages.contacts.page import ContactsPage
from gnetics.store.crm import Crm
from tests.pages.conftest import Heard, page_of

Send = Callable[..., None]

TWIN = {"name": "Durand Alice", "company": "Lumen", "email": "ALICE@lumen.fr", "phone": "06 12 34 56 70", "notes": "Vue au salon"}


@pytest.fixture
def page(app: App) -> ContactsPage:
    save_lead(app.crm, "Ana", None, TWIN, None, app.snapshot)
    app.moved("contacts", {"lead": "L-000001"})
    return page_of(app, "contacts", ContactsPage)


def test_the_note_of_a_duplicate_opens_both_side_by_side(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    sheet, dialog = page._sheet.widget, page._sheet.merging.widget
    assert [(d["ref"], d["why"]) for d in sheet.duplicates] == [("L-000004", "même email")]
    send(sheet, "merge", ref="L-000004")
    assert dialog.shown and [lead["title"] for lead in dialog.leads] == ["Alice Durand", "Durand Alice"]
    rows = {row["field"]: row for row in dialog.rows}
    assert [option["text"] for option in rows["name"]["options"]] == ["Alice Durand", "Durand Alice"]
    assert (rows["name"]["choice"], rows["phone"]["choice"]) == (1, 4)  # what only one of them knows is kept
    assert "lead_id" not in rows and "source" not in rows


def test_a_merge_is_shown_told_and_undone_from_its_message(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    sheet, dialog = page._sheet.widget, page._sheet.merging.widget
    send(sheet, "merge", ref="L-000004")
    send(dialog, "merge", survivor=4, choice={"name": 1, "company": 4})
    assert not dialog.shown and sheet.head["ref"] == "L-000004" and heard.addresses()[-1][1]["lead"] == "L-000004"
    assert (app.snapshot.lead(4)["name"], app.snapshot.lead(4)["company"], app.snapshot.lead(4)["amount"]) == (
        "Alice Durand",
        "Lumen",
        1240000,
    )
    assert sheet.duplicates == [] and 1 not in app.snapshot.leads.index
    assert "2 fiches" in app.frame.notice["text"] and app.frame.notice["undo"]
    send(app.frame, "undo")
    assert sorted(app.snapshot.leads.index) == [1, 2, 3, 4] and "chaque fiche est revenue" in app.frame.notice["text"]
    assert [(d["ref"]) for d in sheet.duplicates] == ["L-000001"]


def test_the_timeline_says_the_merge_and_offers_to_undo_it(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    sheet = page._sheet.widget
    send(sheet, "merge", ref="L-000004")
    send(page._sheet.merging.widget, "merge", survivor=1, choice={})
    line = next(entry for entry in sheet.timeline if entry["title"] == "Fusionné avec «\u00a0Durand Alice\u00a0»")
    assert any(entry["who"].endswith("(fiche fusionnée)") and entry["title"] == "Contact créé" for entry in sheet.timeline)
    save_lead(app.crm, "Sam", 1, {"phone": "06 00 00 00 01"}, {}, app.snapshot)
    send(sheet, "unmerge", rev=line["unmerge"])
    assert "Modifié depuis, et conservé" in app.frame.notice["text"] and "Téléphone" in app.frame.notice["text"]
    assert app.snapshot.lead(1)["phone"] == "06 00 00 00 01" and app.snapshot.lead(4)["phone"] == TWIN["phone"]
    assert sheet.timeline[0]["title"] == "Fusion annulée" and not any(entry.get("unmerge") for entry in sheet.timeline)


def test_the_address_of_a_merged_contact_opens_the_one_kept(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    send(page._sheet.widget, "merge", ref="L-000004")
    send(page._sheet.merging.widget, "merge", survivor=1, choice={})
    app.moved("contacts", {})
    app.moved("contacts", {"lead": "L-000004"})
    assert page._sheet.widget.shown and page._sheet.widget.head["ref"] == "L-000001"


def test_values_changed_meanwhile_are_shown_before_anything_is_written(
    app: App, page: ContactsPage, send: Send, heard: Heard, crm: Crm
) -> None:
    sheet, dialog = page._sheet.widget, page._sheet.merging.widget
    send(sheet, "merge", ref="L-000004")
    save_lead(crm, "Sam", 4, {"phone": "06 99 99 99 99"}, {}, crm.snapshot())
    send(dialog, "merge", survivor=1, choice={"phone": 4})
    assert dialog.shown and "relisez" in dialog.said and 4 in app.snapshot.leads.index
    assert "06 99 99 99 99" in [option["text"] for row in dialog.rows if row["field"] == "phone" for option in row["options"]]
    send(dialog, "merge", survivor=1, choice={"phone": 4})
    assert app.snapshot.lead(1)["phone"] == "06 99 99 99 99"


def test_a_merge_that_is_refused_says_so_in_the_dialog(app: App, page: ContactsPage, send: Send, heard: Heard, crm: Crm) -> None:
    send(page._sheet.widget, "merge", ref="L-000004")
    crm.set_sync(False, "admin")
    send(page._sheet.merging.widget, "merge", survivor=1, choice={})
    assert page._sheet.merging.widget.shown and "inactive" in page._sheet.merging.widget.said


def test_a_contact_merged_elsewhere_while_it_is_modified_keeps_what_was_typed(
    app: App, page: ContactsPage, send: Send, heard: Heard, crm: Crm
) -> None:
    sheet = page._sheet.widget
    send(sheet, "edit")
    merge_leads(crm, "Sam", [4, 1], {"name": 4, "phone": 4, "company": 4}, {}, crm.snapshot())
    typed = sheet.form | {"name": "Alice D.", "owner": "Zoé"}
    send(sheet, "save", form=typed)
    assert sheet.mode == "edit" and "«\u00a0Durand Alice\u00a0»" in app.frame.notice["text"]
    send(sheet, "typed", form=typed)
    send(sheet, "save", form=typed)
    assert [row["field"] for row in page._sheet.conflict.rows] == ["name"]  # the owner is the same on both: written without a word
    send(page._sheet.conflict, "choose", name="mine")
    assert (app.snapshot.lead(4)["name"], app.snapshot.lead(4)["owner"], sheet.head["ref"]) == ("Alice D.", "Zoé", "L-000004")


def test_a_contact_deleted_elsewhere_while_it_is_modified_keeps_what_was_typed(
    app: App, page: ContactsPage, send: Send, heard: Heard, crm: Crm
) -> None:
    sheet, other = page._sheet.widget, crm.snapshot()
    send(sheet, "edit")
    delete_leads(crm, "Sam", [1], other)
    typed = sheet.form | {"owner": "Zoé"}
    send(sheet, "save", form=typed)
    assert sheet.mode == "edit" and "corbeille" in app.frame.notice["text"]
    send(sheet, "typed", form=typed | {"amount": "12"})
    assert page._sheet.dirty
    restore_lead(crm, "Sam", 1, other)
    send(sheet, "save", form=typed)
    assert app.snapshot.lead(1)["owner"] == "Zoé" and sheet.mode == "read"
    send(sheet, "edit")
    delete_leads(crm, "Sam", [1], other)
    app.refresh()
    send(sheet, "cancel")
    assert not sheet.shown


def test_the_sheet_of_a_contact_merged_elsewhere_shows_the_one_kept(
    app: App, page: ContactsPage, send: Send, heard: Heard, crm: Crm
) -> None:
    merge_leads(crm, "Sam", [4, 1], {}, {}, crm.snapshot())
    app.refresh()
    assert page._sheet.widget.head["ref"] == "L-000004"


def test_a_merge_from_the_list_leaves_what_is_being_typed_on_screen(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    sheet, dialog = page._sheet.widget, page._sheet.merging.widget
    send(sheet, "edit")
    send(sheet, "typed", form=sheet.form | {"job_title": "Directrice"})
    page._sheet.merging.open([1, 4])
    send(dialog, "merge", survivor=4, choice={})
    assert (sheet.mode, app.frame.typing) == ("edit", True)
    send(sheet, "save", form=sheet.form | {"job_title": "Directrice"})
    send(sheet, "save", form=sheet.form | {"job_title": "Directrice"})
    assert app.snapshot.lead(4)["job_title"] == "Directrice"
