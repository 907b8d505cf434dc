"""Dash Data without a browser: six blocks with pictures, tables, definitions, and each figure's leads."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from gnetics.actions.leads import save_lead
from gnetics.actions.retention import erase_old
from gnetics.clock import fixed
from gnetics.domain.rights import Verb
from gnetics.pages.app import App
from gnetics.pages.boards import evidence_file
from gnetics.pages.boards.dash_data import DashDataPage
from gnetics.pages.boards.dashboard import DashboardPage
from gnetics.pages.boards.widgets.dash_data import Cell
from gnetics.store.crm import Crm
from gnetics.store.nights import KEPT_DAYS
from tests.conftest import live
from tests.pages.conftest import NOON, Heard, page_of

Send = Callable[..., None]


@pytest.fixture
def crm(crm: Crm) -> Crm:
    return replace(crm, clock=fixed(NOON, crm.region.zone))


@pytest.fixture
def page(app: App, heard: Heard) -> DashDataPage:
    return shown(app)


def shown(app: App, **query: str) -> DashDataPage:
    app.moved("dash_data", query)
    page = app.page("dash_data")
    assert isinstance(page, DashDataPage)
    return page


def rows(page: DashDataPage, block: str, section: int = 0) -> dict[str, list[Cell]]:
    found = next(each for each in page.screen.blocks if each["key"] == block)
    return {row["cells"][0]["text"]: row["cells"] for row in found["sections"][section]["table"]["rows"]}


def add(app: App, **values: Any) -> None:
    save_lead(app.crm, "Sam", None, values, None, app.crm.snapshot())


def test_six_blocks_each_with_a_sentence_a_picture_a_table_and_definitions(page: DashDataPage) -> None:
    assert [each["key"] for each in page.screen.blocks] == list("ABCDEF")
    for block in page.screen.blocks:
        assert block["reading"].endswith(".")
        assert block["sections"][0]["chart"] in page.screen.charts
        assert block["sections"][0]["table"]["columns"]
        assert all(each["formula"] and each["population"] for each in block["definitions"])


def test_a_small_source_reads_as_a_fraction_with_its_interval(page: DashDataPage) -> None:
    cells = rows(page, "B")["LinkedIn"]
    assert (cells[4]["text"], cells[4]["tint"]) == ("0/1", "quiet")
    assert cells[4]["note"].startswith("0\u00a0%\u00a0–\u00a0")
    assert "Moins de 10 contacts par source" in page.screen.blocks[1]["reading"]


def test_outreach_of_the_dashboard_has_its_figures_in_block_d(app: App, heard: Heard) -> None:
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    mails = (
        ("<1@x>", "envoyé", "message", 1),
        ("<2@x>", "reçu", "message", 1),
        ("<3@x>", "envoyé", "message", 3),
        ("<4@x>", "reçu", "rejet", 3),
    )
    with app.crm.write("Sam", Verb.SAVE_LEAD) as uow:
        for hour, (name, direction, kind, lead) in enumerate(mails):
            uow.insert(
                "messages",
                {"message_id": name, "direction": direction, "kind": kind, "at": at + timedelta(hours=hour), "lead_key": lead},
            )
        uow.commit()
    app.refresh()
    page = shown(app)
    found = {name: [cell["text"] for cell in cells[1:]] for name, cells in rows(page, "D", -1).items()}
    assert found == {
        "Messages envoyés": ["2", ""],
        "Contacts sollicités": ["2", ""],
        "Ont répondu": ["1", "50\u00a0%"],
        "Rejets": ["1", ""],
        "Désinscriptions": ["0", ""],
    }
    linked = next(each for each in page_of(app, "dashboard", DashboardPage).screen.blocks if each["key"] == "outreach")
    block = next(each for each in page.screen.blocks if each["key"] == linked["query"]["bloc"])
    assert "outreach" in {section["chart"] for section in block["sections"]}
    assert linked["reading"] == "1\u00a0contact sur 2 sollicités a répondu en 12 mois\u00a0: 50\u00a0%."


def test_a_contact_of_the_future_was_not_contacted_in_some_days(app: App, heard: Heard) -> None:
    told = {"name": "Demain", "name_fold": "demain", "search": "demain", "real": True, "owner": "Ana", "last_contact": date(2026, 12, 18)}
    with app.crm.write("Sam", Verb.SAVE_LEAD) as uow:  # as an import may bring it
        uow.insert("leads", told)
        uow.commit()
    app.refresh()
    page = shown(app)
    page.choose("A.contacts")
    facts = next(row["facts"] for row in page.evidence.listed["rows"] if row["title"] == "Demain")
    assert facts == "Ana · dernier contact dans le futur (18/12/2026)"


def test_a_mail_that_went_from_the_log_is_counted_and_its_line_says_so(app: App, heard: Heard, send: Send) -> None:
    mail = {"message_id": "<1@x>", "direction": "envoyé", "at": datetime(2026, 9, 1, 9, tzinfo=UTC), "lead_key": 1, "subject": "Devis"}
    with app.crm.write("Sam", Verb.SAVE_LEAD) as uow:
        uow.insert("messages", mail)
        uow.commit()
    old = replace(app.crm, trusted=True)
    live(old, KEPT_DAYS)
    assert erase_old(old, "messages", 1) == 1
    app.refresh()
    page = shown(app)
    assert rows(page, "D", -1)["Messages envoyés"][1]["text"] == "1"
    ref, entry = next((ref, each) for ref, each in page.book.entries.items() if each.figure.table == "messages" and each.figure.numerator)
    send(page.screen, "choose", ref=ref)
    assert page.board
    (line,) = page.evidence.listed["rows"]
    assert (line["title"], line["facts"], line["link"]) == ("Message effacé du journal (conservation)", "01/09/2026 à 11:00", None)
    _, content = evidence_file.made(entry, "comptes", "csv", app, page.board)
    assert "1\u00a0message de ce nombre" in content.decode("utf-8-sig")


def test_the_forecast_table_adds_up(app: App, heard: Heard) -> None:
    for lead in (
        {"amount": 1_000_000, "status": "En suivi", "expected_close": date(2026, 11, 30)},
        {"amount": 33_333, "status": "Qualifié"},
        {"amount": 500_000, "status": "Perdu", "lost_reason": "prix"},
        {"amount": 20_000, "status": "Contacté", "expected_close": date(2026, 9, 1)},
    ):
        add(app, name=f"Lead {lead['amount']}", **lead)
    app.refresh()
    found = rows(shown(app), "E")
    assert found["nov. 26"][2]["text"] == "7\u202f500,00\u00a0€"
    assert found["En retard"][2]["text"] == "50,00\u00a0€"
    assert found["En retard"][0]["tint"] == "late"
    # 166,67 € of this test and 9 300 € of Alice, who has no date either
    assert found["Sans date"][2]["text"] == "9\u202f466,67\u00a0€"
    assert found["Total de la prévision"][2]["text"] == "17\u202f016,67\u00a0€"


def test_a_rule_shows_its_count_its_rate_and_what_to_do(page: DashDataPage) -> None:
    cells = rows(page, "F")["Sans responsable"]
    assert cells[1]["pill"] == "avertissement"
    assert (cells[2]["text"], cells[3]["text"], cells[4]["text"]) == ("2", "66,7\u00a0%", "Attribuer un responsable.")


def test_a_late_status_is_said_with_a_tint(app: App, heard: Heard) -> None:
    with app.crm.write("Ana", Verb.SAVE_LEAD) as work:
        work.update("leads", 1, {"status_since": date(2026, 10, 1)})
        work.commit()
    app.refresh()
    page = shown(app)
    cells = rows(page, "D")["En suivi"]
    assert (cells[8]["text"], cells[8]["tint"]) == ("1", "late")
    assert page.screen.blocks[3]["reading"].startswith("1\u00a0contact est en retard")


def test_the_address_names_the_block_and_the_index_writes_it(page: DashDataPage, heard: Heard, send: Send) -> None:
    page.visit({"bloc": "E", "periode": "30j"})
    assert (page.screen.goto["block"], page.bar.period) == ("E", "30j")
    send(page.screen, "block", key="B")
    assert heard.addresses()[-1] == ("dash_data", {"periode": "30j", "bloc": "B"}, "replace")
    page.visit({"bloc": "<script>"})
    assert page.extras() == {}


def test_every_cell_that_opens_something_lists_what_it_counts(page: DashDataPage, send: Send) -> None:
    refs = [
        cell["ref"]
        for block in page.screen.blocks
        for section in block["sections"]
        for row in section["table"]["rows"]
        for cell in row["cells"]
        if cell.get("ref")
    ]
    assert len(refs) > 50
    for ref in refs:
        send(page.screen, "choose", ref=ref)
        entry = page.book.entries[ref]
        assert page.evidence.shown
        assert page.evidence.entry["parts"][0]["count"] == entry.figure.numerator


def test_a_refresh_with_nothing_new_builds_and_sends_nothing(app: App, page: DashDataPage) -> None:
    before = page.screen.blocks
    app.refresh()
    assert page.screen.blocks is before


def test_what_reaches_the_browser_is_plain_and_never_nan(page: DashDataPage) -> None:
    text = json.dumps(page.screen.blocks, ensure_ascii=False, allow_nan=False)
    assert "NaN" not in text


def test_pictures_follow_new_data_without_new_widgets(app: App, page: DashDataPage) -> None:
    figure = page.charts["owners"].figure
    add(app, name="Gagnée", status="Clos", amount=100_000, owner="Zacharie")
    app.refresh()
    assert page.charts["owners"].figure is figure
    assert "Zacharie" in page.charts["owners"].names.domain


def test_without_a_lead_every_block_says_why(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    with crm.write("Ana", Verb.SAVE_LEAD) as work:
        for key in crm.snapshot().leads.index:
            work.delete("leads", int(key))
        work.commit()
    app = App(crm, "Ana")
    monkeypatch.setattr(app.frame, "run", lambda *_: None)
    page = shown(app)
    assert "Aucun contact réel" in page.screen.empty
    assert all(block["reading"] for block in page.screen.blocks)
