"""Dashboard without a browser: figures, the day's list, filters in the address, and the leads behind a figure."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from gnetics.actions.leads import save_lead
from gnetics.clock import fixed
from gnetics.domain.rights import Verb
from gnetics.pages.app import App
from gnetics.pages.boards.board import boards
from gnetics.pages.boards.dash_data import DashDataPage
from gnetics.pages.boards.dashboard import DashboardPage
from gnetics.pages.boards.widgets.dashboard import Head
from gnetics.store.crm import Crm
from tests.pages.conftest import NOON, Heard, page_of

Send = Callable[..., None]
KINDS = ("À corriger", "En suivi", "Perdu", "Clos", None)


@pytest.fixture
def crm(crm: Crm) -> Crm:
    """It is Tuesday 24 November 2026, noon in Paris."""
    return replace(crm, clock=fixed(NOON, crm.region.zone))


@pytest.fixture
def page(app: App, heard: Heard) -> DashboardPage:
    app.moved("dashboard", {})
    made = app.page("dashboard")
    assert isinstance(made, DashboardPage)
    return made


def add(app: App, **values: Any) -> None:
    """Somebody else's session adds a lead, and this one learns of it."""
    save_lead(app.crm, "Sam", None, values, None, app.crm.snapshot())
    app.refresh()


def head(page: DashboardPage, ref: str) -> Head:
    return next(each for each in page.screen.heads if each["ref"] == ref)


def said(page: DashboardPage) -> str:
    """Everything the page says, as one text."""
    screen = page.screen
    return json.dumps([screen.heads, screen.waiting, screen.split, screen.blocks], ensure_ascii=False)


def test_the_foot_of_the_day_counts_what_is_planned_later_in_the_week_which_has_no_later_on_its_last_day(crm: Crm) -> None:
    for day, foot in ((24, ["Plus tard cette semaine\u00a0: 1"]), (29, [])):
        app = App(replace(crm, clock=fixed(NOON.replace(day=day), crm.region.zone)), "Ana")
        if foot:
            add(app, name="Léo", status="En suivi", next_follow_up=date(2026, 11, 29))
        app.moved("dashboard", {})
        assert [each["text"] for each in page_of(app, "dashboard", DashboardPage).screen.waiting["side"]] == foot


def test_the_three_figures_are_of_now(page: DashboardPage) -> None:
    assert [(each["label"], each["value"]) for each in page.screen.heads] == [
        ("Pipeline actif", "2"),
        ("Montant estimé", "12\u202f400\u00a0€"),
        ("Taux de conversion", "33,3\u00a0%"),
    ]
    assert head(page, "montant")["second"]["text"] == "1 sans montant"
    assert head(page, "conversion")["second"]["text"] == "réussite 100\u00a0%"


def test_the_headline_ignores_the_period(page: DashboardPage, send: Send) -> None:
    before = [each["value"] for each in page.screen.heads]
    send(page.bar, "filter", period="30j")
    assert [each["value"] for each in page.screen.heads] == before


def test_before_history_begins_the_variation_is_nd(page: DashboardPage) -> None:
    assert head(page, "pipeline")["move"]["text"] == "évolution n/d"
    assert "historique commence" in head(page, "pipeline")["move"]["title"]


@pytest.mark.parametrize(
    ("saved", "texts"),
    [
        ([], ["stable", "stable", "stable"]),
        ([(1, {"status": "Clos"})], ["8\u00a0%", "55\u00a0%", "7,7 points"]),
        ([(1, {"amount": 19_000_000}), (3, {"status": "Perdu"})], ["stable", "× 8,9", "7,7 points"]),
    ],
)
def test_the_headline_says_how_it_moved_since_one_period_ago(crm: Crm, saved: list[tuple[int, dict[str, Any]]], texts: list[str]) -> None:
    for number in range(10):
        save_lead(crm, "Sam", None, {"name": f"Ancien {number}", "status": "Nouveau", "amount": 100_000}, None, crm.snapshot())
    on = {day: replace(crm, clock=fixed(NOON + timedelta(days=day), crm.region.zone)) for day in (40, 60)}
    for key, values in saved:
        save_lead(on[40], "Sam", key, values, None, crm.snapshot())
    app = App(on[60], "Ana")
    app.moved("dashboard", {"periode": "30j"})
    heads = page_of(app, "dashboard", DashboardPage).screen.heads
    assert [each["move"]["text"] for each in heads] == [f"{text} depuis le 24/12/2026" for text in texts]
    assert heads[0]["move"]["title"] == "12 le 24/12/2026"


def test_a_base_of_a_few_leads_is_not_compared_and_says_so(crm: Crm) -> None:
    app = App(replace(crm, clock=fixed(NOON + timedelta(days=60), crm.region.zone)), "Ana")
    app.moved("dashboard", {"periode": "30j"})
    moves = [each["move"] for each in page_of(app, "dashboard", DashboardPage).screen.heads]
    assert moves[0]["text"] == "pas de base comparable\u00a0: 2\u00a0leads le 24/12/2026"
    assert all("au moins 10 leads" in each["title"] for each in moves)


def test_the_days_list_is_ranked_and_narrowed_by_its_counters(app: App, page: DashboardPage, heard: Heard, send: Send) -> None:
    add(app, name="Retard", status="En suivi", next_follow_up=date(2026, 11, 3), last_contact=date(2026, 10, 1))
    add(app, name="Bloquée", status="À corriger")
    waiting = page.screen.waiting
    assert waiting["rows"][0]["title"] == "Retard"
    assert waiting["rows"][0]["pill"] == "En retard · 21\u00a0j"
    assert "1 en retard de plus d’une semaine" in waiting["sentence"]
    assert {each["key"]: each["count"] for each in waiting["counters"]} == {"relancer": 1, "sans-contact": 2, "bloques": 1}
    send(page.screen, "queue", key="bloques")
    assert [row["title"] for row in page.screen.waiting["rows"]] == ["Bloquée"]
    assert heard.addresses()[-1] == ("dashboard", {"file": "bloques"}, "replace")
    send(page.screen, "queue", key="bloques")
    assert len(page.screen.waiting["rows"]) == 4


def test_a_long_list_counts_what_it_hides_and_shows_more(app: App, page: DashboardPage, send: Send) -> None:
    for number in range(12):
        save_lead(app.crm, "Sam", None, {"name": f"Lead {number}", "status": "Nouveau"}, None, app.crm.snapshot())
    app.refresh()
    assert (len(page.screen.waiting["rows"]), page.screen.waiting["left"]) == (8, 6)
    send(page.screen, "more")
    assert (len(page.screen.waiting["rows"]), page.screen.waiting["left"]) == (14, 0)


def test_a_follow_up_leads_to_the_sheet_with_consigner_open(app: App, page: DashboardPage) -> None:
    add(app, name="Retard", status="En suivi", next_follow_up=date(2026, 11, 3), last_contact=date(2026, 10, 1))
    rows = {row["verb"]: row["query"] for row in page.screen.waiting["rows"]}
    assert rows.pop("Relancer") == {"lead": "L-000004", "consigner": "1"}
    assert rows and all("consigner" not in query for query in rows.values())


def test_the_verb_moves_to_the_leads_sheet(page: DashboardPage, heard: Heard, send: Send) -> None:
    send(page.screen, "go", page="contacts", query={"lead": "L-000002"})
    assert heard.addresses()[-1] == ("contacts", {"lead": "L-000002"}, "push")


def test_filters_are_in_the_address_and_narrow_everything(page: DashboardPage, heard: Heard, send: Send) -> None:
    send(page.bar, "filter", owner="Ana")
    assert head(page, "pipeline")["value"] == "1"
    assert heard.addresses()[-1] == ("dashboard", {"responsable": "Ana"}, "replace")
    send(page.bar, "filter", owner="-")
    assert head(page, "pipeline")["value"] == "1"
    page.visit({"periode": "trimestre", "responsable": "Ana"})
    assert (page.bar.period, page.bar.owner) == ("trimestre", "Ana")
    page.visit({"periode": "jamais"})
    assert page.filters.to_query() == {}


def test_every_status_is_shown_zeros_included(page: DashboardPage) -> None:
    shown = {row["name"]: row["parts"][0]["text"] for row in page.screen.split["statuses"]}
    assert len(shown) == 9
    assert shown["Perdu"] == "0 · 0\u00a0%"
    assert [row["count"] for row in page.screen.split["groups"]] == ["2", "1", "0", "0", "0"]


def test_a_figure_opens_its_leads_and_back_closes_it(page: DashboardPage, heard: Heard, send: Send) -> None:
    send(page.screen, "choose", ref="conversion")
    assert page.evidence.shown
    assert (page.evidence.entry["value"], page.evidence.entry["detail"]) == ("33,3\u00a0%", "1 sur 3")
    assert [row["title"] for row in page.evidence.listed["rows"]] == ["Zoé Lefèvre"]
    assert heard.addresses()[-1] == ("dashboard", {"chiffre": "conversion"}, "push")
    send(page.evidence, "list", part="parmi", page=1)
    assert page.evidence.listed["count"] == 3
    page.visit({})
    assert not page.evidence.shown


def test_a_click_on_a_bar_opens_the_figure_of_that_part(page: DashboardPage) -> None:
    chart = page.charts["split"]
    chart.bars._handle_custom_msgs(None, {"event": "element_click", "data": {"index": 4}}, [])
    assert (page.evidence.entry["title"], page.evidence.listed["count"]) == ("En suivi", 1)


def test_every_figure_lists_as_many_leads_as_it_counts(page: DashboardPage, send: Send) -> None:
    assert len(page.book.entries) > 30
    for ref, entry in page.book.entries.items():
        send(page.screen, "choose", ref=ref)
        assert page.evidence.entry["parts"][0]["count"] == entry.figure.numerator
        send(page.evidence, "list", part="comptes", page=1)
        assert page.evidence.listed["count"] == entry.figure.numerator


def test_an_unknown_figure_opens_nothing(page: DashboardPage, send: Send) -> None:
    send(page.screen, "choose", ref="../../etc/passwd")
    page.visit({"chiffre": "inconnu"})
    assert not page.evidence.shown


def test_the_board_is_computed_once_for_both_pages_and_again_after_a_change(app: App, page: DashboardPage) -> None:
    app.moved("dash_data", {})
    assert page_of(app, "dash_data", DashDataPage).board is page.board
    before = page.board
    app.refresh()
    assert boards(app).get(app, page.filters) is before
    add(app, name="Nouvelle")
    assert boards(app).get(app, page.filters) is not before


@pytest.mark.parametrize("status", KINDS)
@pytest.mark.parametrize("amount", [None, 0, 999_999_999_999])
def test_one_sided_data_reads_nd_never_nan(crm: Crm, status: str | None, amount: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    with crm.write("Ana", Verb.SAVE_LEAD) as work:
        for key in crm.snapshot().leads.index:
            work.delete("leads", int(key))
        work.insert("leads", {"name": "Seul", "name_fold": "seul", "search": "seul", "real": True, "status": status, "amount": amount})
        work.commit()
    app = App(crm, "Ana")
    monkeypatch.setattr(app.frame, "run", lambda *_: None)
    app.moved("dashboard", {})
    page = app.page("dashboard")
    assert isinstance(page, DashboardPage)
    assert head(page, "pipeline")["value"] == ("1" if status in ("En suivi", "À corriger") else "0")
    assert "NaN" not in said(page)
    assert "nan" not in said(page)
    if status in ("En suivi", "À corriger", None):
        assert head(page, "conversion")["second"]["text"] == "réussite n/d"


def test_without_a_lead_the_page_says_why(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    with crm.write("Ana", Verb.SAVE_LEAD) as work:
        for key in crm.snapshot().leads.index:
            work.delete("leads", int(key))
        work.commit()
    app = App(crm, "Ana")
    monkeypatch.setattr(app.frame, "run", lambda *_: None)
    app.moved("dashboard", {})
    page = app.page("dashboard")
    assert isinstance(page, DashboardPage)
    assert "Aucun contact réel" in page.screen.empty
    assert head(page, "conversion")["value"] == "n/d"
