"""Dash Data without a browser: six blocks with pictures, tables, definitions, and each figure's leads."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from gnetics.actions.leads import save_lead
from gnetics.clock import fixed
from gnetics.domain.rights import Verb
from gnetics.pages.app import App
from gnetics.pages.boards.dash_data import DashDataPage
from gnetics.pages.boards.dashboard import DashboardPage
from gnetics.pages.boards.widgets.dash_data import Cell
from gnetics.store.crm import Crm
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
    # 166,67 € of this test and 9 300,00 € of Alice, who has no date either
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
