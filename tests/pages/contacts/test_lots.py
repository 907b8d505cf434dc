"""Contacts ticked in cards and table: the bar, each verb, one undo, the files."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gnetics.actions.leads import save_lead
from gnetics.actions.lots import undo_lot
from gnetics.domain.accesses import Access
from gnetics.pages.app import App
from gnetics.pages.contacts.page import ContactsPage
from gnetics.pages.contacts.widgets.lot_bar import LotBar
from gnetics.store import access_log
from gnetics.store.crm import Crm
from tests.pages.conftest import Heard, page_of

Send = Callable[..., None]


@pytest.fixture
def page(app: App) -> ContactsPage:
    app.moved("contacts", {"tri": "nom"})
    return page_of(app, "contacts", ContactsPage)


@pytest.fixture
def bar(page: ContactsPage) -> LotBar:
    return page._lots.widget


def ticked(page: ContactsPage) -> list[str]:
    return page._grid.picked


def apply(send: Send, bar: LotBar, verb: str, **texts: str) -> str:
    send(bar, "apply", verb=verb, texts=texts)
    return str(bar.outcome["sentence"])


def test_cards_and_rows_are_ticked_alone_in_a_row_or_all(app: App, page: ContactsPage, bar: LotBar, send: Send, heard: Heard) -> None:
    first, second, third = [card["ref"] for card in page._grid.cards]
    send(page._grid, "pick", refs=[first], on=True)
    assert (bar.count, ticked(page), bar.mergeable) == (1, [first], False)
    send(page._grid, "filter", view="table")  # another view keeps what is ticked
    table = page._table_view.widget
    send(table, "pick", refs=[third], on=True, through=True)
    assert (bar.count, set(table.picked), bar.mergeable) == (3, {first, second, third}, True)
    send(bar, "clear")
    assert (bar.count, table.picked) == (0, [])
    send(bar, "pick_all")
    assert (bar.count, bar.matching) == (3, 3)


def test_other_filters_untick_everything(app: App, page: ContactsPage, bar: LotBar, send: Send, heard: Heard) -> None:
    send(bar, "pick_all")
    send(page._grid, "filter", sort="recent")
    assert bar.count == 3
    send(page._grid, "filter", text="alice")
    assert (bar.count, bar.matching) == (0, 1)
    send(bar, "pick_all")
    assert bar.count == 1
    send(page._grid, "filter", toggle=["statut", "En suivi"])
    assert bar.count == 0


def test_each_verb_changes_all_and_the_message_undoes_them(app: App, page: ContactsPage, bar: LotBar, send: Send, heard: Heard) -> None:
    send(bar, "pick_all")
    assert apply(send, bar, "owner", owner="Sam") == ""
    assert "3" in app.frame.notice["text"] and [lead["owner"] for lead in map(app.snapshot.lead, (1, 2, 3))] == ["Sam"] * 3
    send(app.frame, "undo")
    assert [lead["owner"] for lead in map(app.snapshot.lead, (1, 2, 3))] == ["Ana", None, None]
    assert "pourquoi" in apply(send, bar, "status", status="Perdu", lost_reason=" ")
    assert apply(send, bar, "status", status="Perdu", lost_reason="Budget") == ""
    assert {lead["status"] for lead in map(app.snapshot.lead, (1, 2, 3))} == {"Perdu"}
    assert apply(send, bar, "tags", tags="salon; VIP") == "" and apply(send, bar, "untag", tags="vip") == ""
    assert app.snapshot.lead(2)["tags"] == "salon"
    assert "31/02" in apply(send, bar, "next_follow_up", next_follow_up="31/02/2027")
    assert apply(send, bar, "next_follow_up", next_follow_up="01/03/2027") == ""
    assert apply(send, bar, "source", source="") == "" and app.snapshot.lead(2)["source"] is None
    assert bar.count == 3 and bar.options["owner"]


def test_an_undo_names_what_was_edited_since(app: App, page: ContactsPage, bar: LotBar, send: Send, heard: Heard, crm: Crm) -> None:
    send(bar, "pick_all")
    apply(send, bar, "owner", owner="Sam")
    save_lead(crm, "Ana", 1, {"owner": "Zoé"}, {}, crm.snapshot())
    send(app.frame, "undo")
    assert "conservé" in app.frame.notice["text"] and "Alice Durand" in app.frame.notice["text"]


def test_a_lot_is_undone_later_from_the_recent_actions(
    app: App, page: ContactsPage, bar: LotBar, send: Send, heard: Heard, crm: Crm
) -> None:
    send(bar, "pick_all")
    apply(send, bar, "owner", owner="Sam")
    apply(send, bar, "source", source="Salon")
    save_lead(crm, "Ana", 1, {"owner": "Zoé"}, {}, crm.snapshot())
    send(page._grid, "recent")
    recent = page._recent.widget
    assert recent.shown and [row["what"] for row in recent.rows] == ["Source\u00a0: Salon", "Responsable\u00a0: Sam"]
    assert recent.rows[1]["facts"].startswith("3\u00a0contacts · 24/11/2026 à 12:") and recent.rows[1]["facts"].endswith(" · Ana")
    send(recent, "undo", rev=recent.rows[1]["rev"])
    assert "conservé" in app.frame.notice["text"] and "Alice Durand" in app.frame.notice["text"]
    assert [lead["owner"] for lead in map(app.snapshot.lead, (1, 2, 3))] == ["Zoé", None, None]
    assert app.snapshot.lead(2)["source"] == "Salon" and [row["undone"] for row in recent.rows] == [False, True]
    undo_lot(crm, "Sam", recent.rows[0]["rev"], crm.snapshot())
    send(recent, "undo", rev=recent.rows[0]["rev"])
    assert "déjà annulée" in app.frame.notice["text"] and recent.rows[0]["undone"]


def test_many_are_deleted_and_come_back(app: App, page: ContactsPage, bar: LotBar, send: Send, heard: Heard) -> None:
    send(bar, "pick_all")
    assert apply(send, bar, "delete") == ""
    assert (page._grid.total, bar.count) == (0, 0) and "corbeille" in app.frame.notice["text"]
    send(app.frame, "undo")
    assert page._grid.total == 3


def test_two_ticked_contacts_are_merged_side_by_side(app: App, page: ContactsPage, bar: LotBar, send: Send, heard: Heard) -> None:
    send(page._grid, "pick", refs=["L-000001", "L-000003"], on=True)
    send(bar, "merge")
    assert page._sheet.merging.widget.shown and len(page._sheet.merging.widget.leads) == 2
    send(page._sheet.merging.widget, "merge", survivor=3, choice={})
    assert bar.count == 1 and page._sheet.widget.head["ref"] == "L-000003"


def test_the_list_or_the_ticked_leave_in_three_forms(app: App, page: ContactsPage, bar: LotBar, send: Send, heard: Heard) -> None:
    name, content = page._lots.exporter._make("csv")
    assert name.startswith("gnetics-contacts-") and content.decode("utf-8-sig").count("\r\n") == 4
    send(page._grid, "filter", text="alice")
    assert page._lots.exporter._make("csv")[1].decode("utf-8-sig").count("\r\n") == 2
    send(page._grid, "filter", clear=True)
    send(page._grid, "pick", refs=["L-000003", "L-000001"], on=True)
    assert "2" in page._lots.exporter.what and page._lots.exporter._make("vcf")[1].count(b"BEGIN:VCARD") == 2
    assert page._lots.exporter._make("xlsx")[1][:2] == b"PK"
    with app.crm.read() as connection:
        told = [(line.what, line.person, line.rows) for line in access_log.lines(connection)]
    assert told[0] == (Access.EXPORTED, app.user, 2) and len(told) == 4, "told before it is handed over"


def test_a_refusal_without_synchronisation_is_said_in_the_dialog(
    app: App, page: ContactsPage, bar: LotBar, send: Send, heard: Heard, crm: Crm
) -> None:
    send(bar, "pick_all")
    crm.set_sync(False, "admin")
    assert "inactive" in apply(send, bar, "owner", owner="Sam")


def test_without_synchronisation_the_bar_and_the_sheet_say_it_before_anything_is_typed(
    app: App, page: ContactsPage, bar: LotBar, send: Send, heard: Heard, crm: Crm
) -> None:
    assert bar.blocked == page._sheet.widget.blocked == ""
    crm.set_sync(False, "admin")
    send(app.frame, "tick")
    assert "inactive" in bar.blocked and bar.blocked == page._sheet.widget.blocked
    crm.set_sync(True, "admin")
    send(app.frame, "tick")
    assert bar.blocked == page._sheet.widget.blocked == ""
