"""Contacts without a browser: table, pipeline, figures of the selection, saved views."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from gnetics.actions.leads import save_lead
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.pages.app import App
from gnetics.pages.contacts.page import ContactsPage
from tests.pages.conftest import Heard

Send = Callable[..., None]
EURO = "\u00a0€"


@pytest.fixture
def page(contacts_page: ContactsPage) -> ContactsPage:
    return contacts_page


@pytest.fixture
def table(page: ContactsPage, send: Send) -> Any:
    send(page._grid, "filter", view="table")
    return page._table_view.widget


@pytest.fixture
def pipeline(page: ContactsPage, send: Send) -> Any:
    send(page._grid, "filter", view="pipeline")
    return page._pipeline_view.widget


def cell(table: Any, ref: str, key: str) -> str:
    place = [column["key"] for column in table.columns].index(key)
    (row,) = [row for row in table.rows if row["ref"] == ref]
    return str(row["cells"][place])


def column(pipeline: Any, status: str) -> dict[str, Any]:
    (found,) = [column for column in pipeline.columns if column["status"] == status]
    return dict(found)


def stored(app: App, key: int) -> dict[str, Any]:
    return app.crm.snapshot().lead(key)


def test_the_view_and_its_columns_are_in_the_address(app: App, page: ContactsPage, table: Any, send: Send, heard: Heard) -> None:
    send(table, "show_columns", columns=["name", "notes", "nonsense"])
    assert heard.addresses()[-1] == ("contacts", {"vue": "table", "col": "name|notes"}, "replace")
    app.moved("contacts", {"vue": "table", "col": "company"})
    assert [column["key"] for column in table.columns] == ["company"]
    app.moved("contacts", {})
    assert page._grid.view == "cartes" and page._grid.cards


def test_a_click_on_a_header_sorts_and_the_order_is_said_in_words(page: ContactsPage, table: Any, send: Send) -> None:
    send(table, "sorting", column="company")
    assert [row["cells"][1] for row in table.rows] == ["Atelier Nord", "Lumen SAS", ""]
    send(table, "sorting", column="company")
    assert [row["cells"][1] for row in table.rows] == ["Lumen SAS", "Atelier Nord", ""]
    assert table.sort == {"column": "company", "ascending": False}
    assert {s["key"]: s["words"] for s in page._grid.sorts}[page._grid.sort] == "entreprise de Z à A"


def test_a_cell_is_edited_in_its_row(app: App, table: Any, send: Send) -> None:
    send(table, "edit", ref="L-000001", field="amount", text="14 000")
    assert table.outcome["sentence"] == ""
    assert cell(table, "L-000001", "amount") == f"14\u202f000,00{EURO}"
    assert stored(app, 1)["amount"] == 1_400_000
    send(table, "edit", ref="L-000001", field="amount", text="")
    assert stored(app, 1)["amount"] is None


def test_a_consent_is_chosen_in_its_row_filtered_and_kept_in_a_view(app: App, page: ContactsPage, table: Any, send: Send) -> None:
    send(table, "show_columns", columns=["name", "consent", "consent_on", "legal_basis"])
    assert (table.columns[1]["kind"], table.options["consent"]) == ("choice", ["donné", "refusé", "retiré"])
    send(table, "edit", ref="L-000001", field="consent", text="retiré")
    assert cell(table, "L-000001", "consent_on") == "24/11/2026"
    send(page._grid, "filter", toggle=["consentement", "retiré"])
    assert [row["ref"] for row in table.rows] == ["L-000001"]
    send(page._views.widget, "save", name="À ne plus écrire")
    assert page._views.widget.views[0]["on"]
    send(table, "edit", ref="L-000001", field="consent", text="")
    assert (stored(app, 1)["consent"], stored(app, 1)["consent_on"], table.rows) == (None, None, [])


@pytest.mark.parametrize(
    ("field", "text"), [("consent", "oui"), ("amount", "abc"), ("next_follow_up", "31/02/2026"), ("email", "pas une adresse")]
)
def test_a_cell_that_cannot_be_read_says_so_and_writes_nothing(app: App, table: Any, send: Send, field: str, text: str) -> None:
    before = stored(app, 1)
    send(table, "edit", ref="L-000001", field=field, text=text)
    assert table.outcome["sentence"] and (table.outcome["ref"], table.outcome["field"]) == ("L-000001", field)
    assert stored(app, 1) == before


def test_the_last_identity_of_a_contact_cannot_be_emptied(app: App, table: Any, send: Send) -> None:
    with app.crm.write("Ana", Verb.SAVE_LEAD) as uow:
        uow.update("leads", 2, {"lead_id": None})
        uow.commit()
    send(app.frame, "refresh")
    send(table, "edit", ref="~2", field="company", text="")
    assert "Indiquez au moins" in table.outcome["sentence"]


@pytest.mark.parametrize("field", ["lead_id", "notes", "score", "created_at", "stage", "deleted", "rev"])
def test_only_simple_fields_are_edited_in_a_row(app: App, table: Any, send: Send, field: str) -> None:
    before = stored(app, 1)
    send(table, "edit", ref="L-000001", field=field, text="x")
    assert stored(app, 1) == before


def test_a_cell_changed_meanwhile_elsewhere_is_a_choice(app: App, page: ContactsPage, table: Any, send: Send) -> None:
    save_lead(app.crm, "Sam", 1, {"company": "Lumen Groupe"}, None, app.crm.snapshot())
    send(table, "edit", ref="L-000001", field="company", text="Lumen Paris")
    dialog = page._edits._conflict
    assert dialog.shown and [dialog.rows[0][side] for side in ("mine", "stored", "original")] == [
        "Lumen Paris",
        "Lumen Groupe",
        "Lumen SAS",
    ]
    assert stored(app, 1)["company"] == "Lumen Groupe"
    send(dialog, "choose", company="stored")
    assert stored(app, 1)["company"] == cell(table, "L-000001", "company") == "Lumen Groupe"
    send(table, "edit", ref="L-000001", field="company", text="Lumen Paris")
    assert stored(app, 1)["company"] == "Lumen Paris"


def test_another_field_changed_meanwhile_elsewhere_is_kept(app: App, table: Any, send: Send) -> None:
    save_lead(app.crm, "Sam", 1, {"phone": "06 12 34 56 78"}, None, app.crm.snapshot())
    send(table, "edit", ref="L-000001", field="company", text="Lumen Paris")
    assert (stored(app, 1)["company"], stored(app, 1)["phone"]) == ("Lumen Paris", "06 12 34 56 78")
    assert cell(table, "L-000001", "phone") == "06 12 34 56 78"


def test_columns_of_the_pipeline_count_and_sum_what_the_filters_keep(page: ContactsPage, pipeline: Any, send: Send) -> None:
    assert len(pipeline.columns) == 8
    assert (column(pipeline, "Clos")["count"], column(pipeline, "Clos")["exact"]) == (1, f"8\u202f000,00{EURO}")
    send(page._grid, "filter", text="durand")
    assert [c["status"] for c in pipeline.columns if c["count"]] == ["En suivi"]


def test_a_column_shows_a_page_of_cards_and_more_when_asked(app: App, page: ContactsPage, pipeline: Any, send: Send) -> None:
    with app.crm.write("Ana", Verb.SAVE_LEAD) as uow:
        uow.insert_many("leads", [{"name": f"N {number:02}", "status": "Nouveau", "amount": 100} for number in range(30)], Action.IMPORTED)
        uow.commit()
    send(app.frame, "refresh")
    found = column(pipeline, "Nouveau")
    assert (found["count"], len(found["cards"]), found["exact"]) == (31, 12, f"30,00{EURO}")
    send(pipeline, "more", status="Nouveau")
    assert len(column(pipeline, "Nouveau")["cards"]) == 31


def test_moving_a_card_changes_its_status(app: App, pipeline: Any, send: Send) -> None:
    send(pipeline, "move", ref="L-000002", status="Contacté")
    assert (stored(app, 2)["status"], stored(app, 2)["probability"]) == ("Contacté", 25)
    assert [card["ref"] for card in column(pipeline, "Contacté")["cards"]] == ["L-000002"]
    send(pipeline, "move", ref="L-000002", status="Inventé")
    assert stored(app, 2)["status"] == "Contacté"


def test_perdu_asks_the_reason_first(app: App, page: ContactsPage, pipeline: Any, send: Send) -> None:
    dialog = page._edits._lost
    send(pipeline, "move", ref="L-000001", status="Perdu")
    assert dialog.shown and dialog.title == "Alice Durand"
    assert stored(app, 1)["status"] == "En suivi"
    send(dialog, "answer", reason="  ")
    assert stored(app, 1)["status"] == "En suivi"
    send(dialog, "answer", reason="Prix")
    assert (stored(app, 1)["status"], stored(app, 1)["lost_reason"]) == ("Perdu", "Prix")
    send(pipeline, "move", ref="L-000002", status="Perdu")
    assert dialog.reasons == ["Prix"]


def test_a_card_moved_meanwhile_elsewhere_is_a_choice(app: App, page: ContactsPage, pipeline: Any, send: Send) -> None:
    save_lead(app.crm, "Sam", 1, {"status": "Clos"}, None, app.crm.snapshot())
    send(pipeline, "move", ref="L-000001", status="Perdu")
    send(page._edits._lost, "answer", reason="Prix")
    assert stored(app, 1)["status"] == "Clos" and page._edits._conflict.shown
    send(page._edits._conflict, "choose", status="mine")
    assert (stored(app, 1)["status"], stored(app, 1)["lost_reason"]) == ("Perdu", "Prix")


def test_an_unknown_status_has_a_column_where_nothing_is_dropped(app: App, pipeline: Any, send: Send) -> None:
    with app.crm.write("Ana", Verb.SAVE_LEAD) as uow:
        uow.update("leads", 1, {"status": "Tiède"})
        uow.commit()
    send(app.frame, "refresh")
    assert (column(pipeline, "Statut inconnu")["count"], column(pipeline, "Statut inconnu")["known"]) == (1, False)


def test_without_synchronisation_a_moved_card_stays_in_the_session(app: App, pipeline: Any, send: Send) -> None:
    app.crm.set_sync(False, "admin")
    send(pipeline, "move", ref="L-000002", status="Contacté")
    assert column(pipeline, "Contacté")["count"] == 1
    assert stored(app, 2)["status"] == "Nouveau"


def test_a_card_moved_beyond_those_shown_stays_in_sight(app: App, pipeline: Any, send: Send) -> None:
    with app.crm.write("Ana", Verb.SAVE_LEAD) as uow:
        early = [{"name": f"N {n:02}", "status": "Contacté", "next_follow_up": date(2026, 1, 1)} for n in range(30)]
        uow.insert_many("leads", early, Action.IMPORTED)
        uow.commit()
    send(app.frame, "refresh")
    send(pipeline, "move", ref="L-000002", status="Contacté")
    cards = column(pipeline, "Contacté")["cards"]
    assert (len(cards), cards[-1]["ref"]) == (13, "L-000002")


def test_the_menu_of_a_contact_consigns_and_compares(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    menu = page._menu.widget
    send(page._grid, "filter", toggle=["statut", "En suivi"])
    send(menu, "consign", ref="L-000001")
    where = {"statut": "En suivi", "lead": "L-000001"}
    assert heard.addresses()[-2:] == [("contacts", {**where, "consigner": "1"}, "push"), ("contacts", where, "replace")]
    send(menu, "move", ref="L-000002", status="Contacté")
    assert stored(app, 2)["status"] == "Contacté"
    send(menu, "compare", ref="L-000001")
    dialog: Any = page._sheet.merging.widget
    assert not dialog.shown and "au moins deux fiches" in app.frame.notice["text"]
    save_lead(app.crm, "Sam", 3, {"email": "alice@lumen.fr"}, None, app.crm.snapshot())
    send(app.frame, "refresh")
    send(menu, "compare", ref="L-000001")
    assert dialog.shown and {lead["key"] for lead in dialog.leads} == {1, 3}
    assert [row["doubled"] for row in page._grid.cards] == [True]


def test_a_row_says_what_is_late_in_words(app: App, page: ContactsPage, table: Any, send: Send) -> None:
    with app.crm.write("Ana", Verb.SAVE_LEAD) as uow:
        uow.update("leads", 1, {"next_follow_up": date(2026, 11, 20), "expected_close": date(2026, 10, 1)})
        uow.update("leads", 2, {"next_follow_up": date(2026, 11, 24)})
        uow.commit()
    send(app.frame, "refresh")
    flags = {row["ref"]: row["flags"] for row in table.rows}
    assert flags["L-000001"]["next_follow_up"] == {"text": "4\u00a0j de retard", "tone": "late"}
    assert flags["L-000001"]["expected_close"] == {"text": "dépassée", "tone": "late"}
    assert flags["L-000002"] == {"next_follow_up": {"text": "aujourd’hui", "tone": "soon"}}
    assert flags["L-000003"] == {}


def test_a_view_is_given_a_name_from_its_filters(page: ContactsPage, send: Send) -> None:
    assert page._views.widget.suggested == ""
    send(page._grid, "filter", toggle=["statut", "En suivi"])
    send(page._grid, "filter", text="durand")
    assert page._views.widget.suggested == "durand, En suivi"


def test_the_figures_of_the_selection(page: ContactsPage, send: Send) -> None:
    assert page._grid.figures == []
    send(page._grid, "filter", toggle=["statut", "En suivi"])
    send(page._grid, "filter", toggle=["statut", "Nouveau"])
    assert {f["label"]: f["text"] for f in page._grid.figures} == {
        "Montant": f"12\u202f400,00{EURO}", "Pondéré": f"9\u202f300,00{EURO}", "Sans montant": "1",
    }  # fmt: skip


def test_every_search_is_answered_even_one_that_fails(page: ContactsPage, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    send(page._grid, "filter", text="alice")
    assert page._grid.answered == 1
    monkeypatch.setattr(page, "_show_grid", lambda: 1 / 0)
    send(page._grid, "filter", text="zoe")
    assert page._grid.answered == 2, "the browser waits for it before sending the next"


def test_a_saved_view_brings_back_filters_order_and_columns(app: App, page: ContactsPage, send: Send, heard: Heard) -> None:
    menu = page._views.widget
    send(page._grid, "filter", view="table")
    send(page._grid, "filter", toggle=["statut", "Clos"])
    send(page._table_view.widget, "show_columns", columns=["name", "amount"])
    send(menu, "save", name="Gagnés")
    (view,) = menu.views
    assert (view["name"], view["on"], menu.outcome["sentence"]) == ("Gagnés", True, "")
    app.moved("contacts", {})
    assert not menu.views[0]["on"]
    send(menu, "choose", key=view["key"])
    assert heard.addresses()[-1] == ("contacts", {"statut": "Clos", "vue": "table", "col": "name|amount"}, "push")
    assert ([row["ref"] for row in page._table_view.widget.rows], menu.views[0]["on"]) == (["L-000003"], True)
    send(menu, "rename", key=view["key"], name="")
    assert "nom" in menu.outcome["sentence"]
    send(menu, "rename", key=view["key"], name="Affaires gagnées")
    assert [each["name"] for each in menu.views] == ["Affaires gagnées"]
    send(menu, "remove", key=view["key"])
    assert menu.views == []
    send(menu, "remove", key=view["key"])
    assert "n’existe plus" in menu.outcome["sentence"]
