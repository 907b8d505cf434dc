"""The boards at an earlier day: the picker, the banner, what was then, and what nobody can know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gnetics import settings as settings_module
from gnetics.actions.leads import save_lead
from gnetics.clock import fixed
from gnetics.domain.rights import Verb
from gnetics.metrics.earlier import earlier_frames
from gnetics.pages.app import App
from gnetics.pages.boards import evidence_file
from gnetics.pages.boards.board import board_of
from gnetics.pages.boards.dash_data import DashDataPage
from gnetics.pages.boards.dashboard import DashboardPage
from gnetics.pages.boards.period import PERIODS, BoardFilters
from gnetics.pages.boards.report import report_of
from gnetics.store.crm import Crm, open_crm
from gnetics.widgets.charts import Bar
from gnetics.widgets.given import NOTHING
from tests.conftest import copied
from tests.pages.conftest import Heard, page_of

Send = Callable[..., None]


@pytest.fixture
def crm(empty_store: Path, tmp_path: Path) -> Iterator[Crm]:
    """Two leads of 2 November; on the 10th one was won and a third one came; it is the 24th, noon in Paris."""
    copied(empty_store, tmp_path)
    crm = open_crm(replace(settings_module.load({}), data_dir=tmp_path))

    def on(day: int) -> Crm:
        return replace(crm, clock=fixed(datetime(2026, 11, day, 11, tzinfo=UTC), crm.region.zone))

    for name, owner in (("Alice", "Ana"), ("Bruno", "Sam")):
        save_lead(on(2), "Ana", None, {"name": name, "status": "Qualifié", "amount": 50_000, "owner": owner}, None, crm.snapshot())
    save_lead(on(10), "Ana", 1, {"status": "Clos", "owner": "Sam", "amount": 70_000}, None, crm.snapshot())
    save_lead(on(10), "Ana", None, {"name": "Zoé"}, None, crm.snapshot())
    yield on(24)
    crm.close()


@pytest.fixture
def notes(app: App, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the app says."""
    said: list[str] = []
    monkeypatch.setattr(app.frame, "say", lambda text, *_: said.append(text))
    return said


@pytest.fixture
def page(app: App, heard: Heard, notes: list[str]) -> DashboardPage:
    app.moved("dashboard", {})
    made = app.page("dashboard")
    assert isinstance(made, DashboardPage)
    return made


def heads(page: DashboardPage) -> list[str]:
    return [each["value"] for each in page.screen.heads]


def test_a_day_picked_shows_the_board_of_that_day_and_is_in_the_address(page: DashboardPage, heard: Heard, send: Send) -> None:
    assert heads(page) == ["2", "500\u00a0€", "33,3\u00a0%"]
    assert page.bar.past == NOTHING
    send(page.bar, "filter", day="2026-11-09")
    assert heads(page) == ["2", "1\u202f000\u00a0€", "0\u00a0%"]
    assert page.bar.past["title"] == "État au 09/11/2026"
    assert heard.addresses()[-1] == ("dashboard", {"au": "2026-11-09"}, "replace")
    send(page.screen, "choose", ref="pipeline")
    assert [(row["title"], row["status"], row["amount"]) for row in page.evidence.listed["rows"]] == [
        ("Alice", "Qualifié", "500,00\u00a0€"),
        ("Bruno", "Qualifié", "500,00\u00a0€"),
    ]
    assert page.evidence.entry["window"] == "Au 09/11/2026, tous les contacts"
    send(page.bar, "filter", day="")
    assert (heads(page)[0], page.bar.past, page.filters.to_query()) == ("2", NOTHING, {})


def test_the_owner_filter_follows_who_owned_the_lead_then(page: DashboardPage) -> None:
    page.visit({"au": "2026-11-09", "responsable": "Ana"})
    assert heads(page)[0] == "1"
    page.visit({"responsable": "Ana"})
    assert heads(page)[0] == "0"


def test_the_rows_of_a_figure_of_an_earlier_day_leave_as_they_were_without_what_is_not_known(page: DashboardPage) -> None:
    page.visit({"au": "2026-11-09"})
    page.choose("pipeline")
    board = page.board
    assert board
    _, content = evidence_file.made(page.book.entries["pipeline"], "comptes", "csv", page.app, board)
    titles, *rows = [
        line.split(";") for line in content.decode("utf-8-sig").split("\r\n") if ";Alice;" in line or line.startswith("ID Lead")
    ]
    assert "Notes" not in titles
    assert [row[titles.index("Statut")] for row in rows] == ["Qualifié"]


@pytest.mark.parametrize("owner", ["", "Sophie Marchand"])
def test_the_base_that_a_period_is_compared_with_is_the_headline_of_that_day(copy_of_demo: Callable[[], str], owner: str) -> None:
    with closing(open_crm(replace(settings_module.load({}), database_url=copy_of_demo()))) as crm:
        snapshot, today, zone = crm.snapshot(), crm.clock.today(), crm.region
        for period in PERIODS:
            filters = BoardFilters(period=period.key, owner=owner)
            now = board_of(snapshot, filters, today, zone)
            then = board_of(earlier_frames(snapshot, now.compared, today, zone.zone), filters, now.compared, zone).headline
            for name in ("pipeline", "amount", "conversion"):
                before = getattr(now.variation, name).previous
                assert before and before.value == getattr(then, name).value, (period.key, name)
                assert sorted(before.keys) == sorted(getattr(then, name).keys)


def test_the_day_that_is_looked_at_follows_to_dash_data(app: App, page: DashboardPage) -> None:
    page.visit({"au": "2026-11-09"})
    assert all(block["query"]["au"] == "2026-11-09" for block in page.screen.blocks)
    app.moved("dash_data", {"au": "2026-11-09"})
    data = app.page("dash_data")
    assert isinstance(data, DashDataPage)
    assert data.board is page.board
    assert (data.bar.past["title"], data.screen.blocks[0]["reading"][:10]) == ("État au 09/11/2026", "2\u00a0contacts")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("2026-11-25", "Le 25/11/2026 est dans le futur\u00a0: choisissez un jour passé."),
        ("2026-11-01", "L’état du 01/11/2026 est inconnu\u00a0: l’historique commence le 02/11/2026."),
        ("2026-02-31", "n’existe pas"),
        ("<script>", "n’est pas une date"),
    ],
)
def test_a_day_that_cannot_be_shown_is_refused_and_the_board_stays(
    page: DashboardPage, notes: list[str], send: Send, asked: str, sentence: str
) -> None:
    send(page.bar, "filter", day="2026-11-09")
    before = page.bar.asked
    send(page.bar, "filter", day=asked)
    assert sentence in notes[-1]
    assert (page.bar.day_words, page.bar.asked) == ("09/11/2026", before + 1)
    page.visit({"au": asked})
    assert sentence in notes[-1]
    assert page.bar.day_words == "24/11/2026"


def test_today_is_not_an_earlier_day(page: DashboardPage) -> None:
    page.visit({"au": "2026-11-24"})
    assert (page.bar.past, page.filters.to_query()) == (NOTHING, {})


def test_what_is_of_today_only_or_lost_is_not_shown_but_said(app: App, page: DashboardPage) -> None:
    with app.crm.write("Ana", Verb.SAVE_LEAD) as work:
        work.delete("leads", 2)
        work.commit()
    app.refresh()
    page.visit({"au": "2026-11-09"})
    limits = " ".join(page.bar.past["limits"])
    assert "1\u00a0contact supprimé depuis" in limits
    assert "priorité du jour" in limits
    assert page.screen.waiting == NOTHING
    quality = page.screen.blocks[-1]
    assert (quality["drawn"], quality["rows"]) == (False, [])
    assert "ne se rejoue pas" in quality["reading"]
    app.moved("dash_data", {"au": "2026-11-09"})
    last = page_of(app, "dash_data", DashDataPage).screen.blocks[-1]
    assert (last["key"], last["sections"]) == ("F", [])


def test_a_change_elsewhere_is_taken_into_the_earlier_day(app: App, page: DashboardPage) -> None:
    page.visit({"au": "2026-11-09"})
    save_lead(app.crm, "Sam", 2, {"amount": 90_000}, None, app.crm.snapshot())
    app.refresh()
    assert heads(page)[1] == "1\u202f000\u00a0€"


def test_every_mark_of_a_picture_can_be_reached_in_the_table_beside_it(app: App, page: DashboardPage) -> None:
    rows = {block["key"]: block["rows"] for block in page.screen.blocks} | {"split": page.screen.split["statuses"]}
    for name, chart in page.charts.items():
        listed = {part["ref"] for row in rows[name] for part in row["parts"]}
        assert chart._shown and listed >= {ref for bar in chart._shown for ref in _drawn(bar)}
    app.moved("dash_data", {})
    data = app.page("dash_data")
    assert isinstance(data, DashDataPage)
    for block in data.screen.blocks:
        listed = {cell.get("ref", "") for section in block["sections"] for row in section["table"]["rows"] for cell in row["cells"]}
        for section in block["sections"]:
            for bar in data.charts[section["chart"]]._shown if section["chart"] else ():
                assert set(_drawn(bar)) <= listed


def _drawn(mark: Any) -> list[str]:
    """References of what a pointer can click on."""
    if hasattr(mark, "ref"):
        return [mark.ref] if mark.value is not None else []
    return [ref for ref, height in zip(mark.refs, mark.parts, strict=True) if height]


def test_a_layer_lists_as_many_leads_as_it_draws(page: DashboardPage) -> None:
    for name in ("split", "pipeline", "outreach"):
        shown = page.charts[name]._shown
        assert shown
        for bar in shown:
            assert isinstance(bar, Bar)
            for ref, height in zip(bar.refs, bar.parts, strict=True):
                assert page.book.entries[ref].figure.numerator == height


def test_the_report_of_an_earlier_day_tells_that_day_and_nothing_to_do_now(crm: Crm) -> None:
    now, then = (report_of(crm, {"au": day}, "html").decode() for day in ("", "2026-11-05"))
    assert "Priorité du jour" in now and "À faire aujourd’hui" in now
    assert "Priorité du jour" not in then and "À faire aujourd’hui" not in then and "État au" in then
