"""An analyst's open store: what it gives is theirs, agrees with the pages, and is limited as the person is."""

from __future__ import annotations

import doctest
import importlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import gnetics
from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.analysis.columns import TABLES, named
from gnetics.analysis.figures import PLACES
from gnetics.analysis.opened import OpenCrm
from gnetics.analysis.visiting import read_rev
from gnetics.domain.statuses import OPEN
from gnetics.errors import Forbidden, GneticsError, NotFound, Refused, StoreError
from gnetics.metrics import figure as metrics
from gnetics.metrics.board import board
from gnetics.metrics.window import EVERYTHING
from gnetics.pages.boards.board import board_of
from gnetics.pages.boards.period import EVERYTHING as ALL
from gnetics.pages.boards.period import BoardFilters
from gnetics.settings import VISITOR
from gnetics.store import crm as store

SOPHIE = "Sophie Marchand"


@pytest.fixture(scope="module")
def address(copy_of_demo: Callable[[], str]) -> str:
    return copy_of_demo()


@pytest.fixture(scope="module")
def crm(address: str) -> Iterator[OpenCrm]:
    with closing(gnetics.open_crm(address)) as found:
        yield found


def test_a_frame_is_ones_own(crm: OpenCrm) -> None:
    taken = crm.leads
    taken["mine"] = 1
    taken.loc[:, "status"] = "Clos"
    taken["name"].array[0] = "Personne"
    crm.refresh()
    assert "mine" not in crm.leads and not (crm.leads["status"] == "Clos").all() and crm.leads["name"].iloc[0] != "Personne"


def test_amounts_are_euros_and_instants_those_of_the_region(crm: OpenCrm, address: str) -> None:
    with closing(gnetics.open_crm(address, euros=False)) as cents:
        both = pd.DataFrame({"euros": crm.leads["amount"], "cents": cents.leads["amount"]}).dropna()
        assert len(both) and (both["euros"] * 100 == both["cents"]).all()
        assert cents.figures.pipeline_amount().value == 100 * (crm.figures.pipeline_amount().value or 0)
    stored = crm.blocks.frames.events["starts_at"].dt.tz_convert(crm.region.zone).dt.tz_localize(None)
    assert stored.equals(crm.events["starts_at"])


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_explained(crm: OpenCrm, table: str) -> None:
    frame, told = getattr(crm, table), crm.columns(table)
    assert list(frame.columns) == list(told.index) == named(TABLES[table])
    assert (told["meaning"] != "").all() and (told["dtype"] == [str(dtype) for dtype in frame.dtypes]).all()


def test_a_table_that_there_is_not_is_named(crm: OpenCrm) -> None:
    with pytest.raises(NotFound, match="leads, events"):
        crm.columns("nimporte")


def test_the_accessor_counts_as_the_figures_do(crm: OpenCrm) -> None:
    leads, figures = crm.leads, crm.figures
    assert len(leads.gn.real) == figures.contacts().value
    assert len(leads.gn.open) == figures.open().value and set(leads.gn.open["status"]) <= set(OPEN)
    assert (len(leads.gn.won), len(leads.gn.lost)) == (figures.won().value, figures.lost().value)
    by_source = leads.gn.real.gn.source.value_counts().to_dict()
    assert by_source == figures.contacts(by="source").frame["n"].to_dict()


def _of_the_pages(crm: OpenCrm, filters: BoardFilters) -> dict[str, metrics.Figure]:
    """By definition, the figures of the boards that are one of a kind."""
    made = board_of(crm.blocks.frames, filters, crm.day, crm.region)
    blocks = (made.headline, made.priority, made.kpis, made.outreach, made.forecast, made.quality)
    held = [getattr(block, each.name) for block in blocks for each in fields(block)]
    return {figure.definition: figure for figure in held if isinstance(figure, metrics.Figure)}


def test_every_figure_has_the_value_of_its_page(crm: OpenCrm) -> None:
    filters = BoardFilters(period="12m")
    start, end = filters.span(crm.day)
    assert start and end
    pages = _of_the_pages(crm, filters)
    mine = {made.figure.definition: made.figure for made in (getattr(crm.period((start, end)).figures, name)() for name in PLACES)}
    assert mine.keys() - pages.keys() == {"owner_first_contact"} and pages.keys() <= mine.keys()
    assert {name: mine[name].value for name in pages} == {name: figure.value for name, figure in pages.items()}


def test_days_to_the_first_contact_are_those_of_the_page_for_each_owner(crm: OpenCrm) -> None:
    rows = board_of(crm.blocks.frames, BoardFilters(period=ALL), crm.day, crm.region).owners
    mine = crm.figures.first_contact(by="owner").figures
    assert {name: figure.value for (name,), figure in mine.items()} == {
        row["owner"]: row["first_median"].value for row in rows if row["leads"].numerator
    }


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("by", ["source", "owner", "status", "created_month"])
def test_groups_count_each_lead_once(crm: OpenCrm, name: str, by: Any) -> None:
    whole, table = getattr(crm.figures, name)(), getattr(crm.figures, name)(by=by)
    assert sum(figure.n for figure in table.figures.values()) == whole.n
    counted = [key for figure in table.figures.values() for key in figure.figure.keys]
    assert len(counted) == len(set(counted)) and set(counted) == set(whole.figure.keys)


def test_groups_of_two_things_are_those_of_each_split_again(crm: OpenCrm) -> None:
    frame = crm.figures.won(by=("source", "owner")).frame["n"]
    assert frame.groupby("source").sum().to_dict() == crm.figures.won(by="source").frame["n"].to_dict()


def test_ends_of_months_are_what_each_day_showed(crm: OpenCrm) -> None:
    table = crm.figures.pipeline(at="month_end", last=4)
    days = list(table.frame.index)
    assert len(days) == 4 and days[-1] == crm.day and all((day + timedelta(days=1)).day == 1 for day in days[:-1])
    earlier = days[1]
    assert table[earlier].value == crm.as_of(earlier).figures.pipeline().value == _at(crm, earlier)


def _at(crm: OpenCrm, day: Any) -> Any:
    frames = crm.as_of(day).blocks.frames
    return board(frames, day, crm.region.zone, EVERYTHING).headline.pipeline.value


def test_a_figure_says_itself(crm: OpenCrm) -> None:
    figure = crm.figures.pipeline_amount()
    assert len(figure.leads) == figure.n and figure.leads["amount"].sum() == figure.value
    assert "sans montant" in repr(figure) and "Montant estimé" in repr(figure)
    assert figure.definition.formula in figure.told.to_string(max_colwidth=None)
    assert float(figure) == figure.value


def test_what_is_unknown_is_no_number(tmp_path: Path) -> None:
    with closing(store.create_crm(replace(settings_module.load({}), data_dir=tmp_path), "real")):
        pass
    with closing(gnetics.open_crm(tmp_path / "gnetics.db")) as empty:
        assert empty.figures.conversion().value is None and pd.isna(float(empty.figures.conversion()))
        assert empty.figures.conversion(by="source").frame.empty and len(empty.leads) == 0
        assert empty.figures.contacts(by=("source", "status")).frame.empty


def test_earlier_days_are_days_that_passed(crm: OpenCrm) -> None:
    with pytest.raises(Refused, match="pas encore"):
        crm.as_of(crm.day + timedelta(days=1))
    assert crm.as_of(crm.day).figures.pipeline().value == crm.figures.pipeline().value


def test_logs_come_newest_first_and_say_when_they_were_cut(crm: OpenCrm) -> None:
    some, every = crm.messages(limit=5), crm.messages()
    assert some.attrs["cut"] and not every.attrs["cut"] and list(some.index) == list(every.index[:5])
    assert every["logged_at"].is_monotonic_decreasing
    lead = int(every["lead_key"].dropna().iloc[0])
    assert set(crm.messages(lead=lead)["lead_key"]) == {lead}
    assert (crm.runs(since=crm.day - timedelta(days=2))["logged_at"] >= pd.Timestamp(crm.day - timedelta(days=2))).all()


@pytest.mark.parametrize("ending", ["xlsx", "csv", "parquet"])
@pytest.mark.parametrize("what", ["leads", "events", "messages", "figures"])
def test_any_frame_becomes_a_file(crm: OpenCrm, tmp_path: Path, ending: str, what: str) -> None:
    frame = {"leads": crm.leads, "events": crm.events, "messages": crm.messages(), "figures": crm.figures.won(by="source").frame}[what]
    path = crm.export(frame, tmp_path / f"x.{ending}")
    match ending:
        case "xlsx":
            read = pd.read_excel(path, engine="calamine")
        case "csv":
            read = pd.read_csv(path, sep=";", decimal=",")
        case _:
            read = pd.read_parquet(path)
    assert len(read) == len(frame)


def test_a_file_runs_no_formula_and_another_format_is_refused(crm: OpenCrm, tmp_path: Path) -> None:
    frame = pd.DataFrame({"nom": ["=1+1", "Ana", None]})
    assert crm.export(frame, tmp_path / "x.csv").read_text("utf-8-sig").splitlines()[1] == "'=1+1"
    odd = pd.DataFrame({"=titre": pd.Categorical(["=2+2"]), "mêlés": [[1, 2]]})
    assert crm.export(odd, tmp_path / "x.csv").read_text("utf-8-sig").splitlines() == ["'=titre;mêlés", "'=2+2;[1, 2]"]
    with pytest.raises(Refused, match=r"\.parquet"):
        crm.export(frame, tmp_path / "x.doc")


def test_changes_are_a_lot_that_is_undone(copy_of_demo: Callable[[], str]) -> None:
    with closing(gnetics.open_crm(copy_of_demo(), write=True)) as crm:
        keys = crm.leads.gn.open.index[:3]
        with crm.writing("Ana") as writing:
            lot = writing.tag(keys, "salon 2026")
            assert lot.count == 3 and crm.leads.loc[keys, "tags"].str.contains("salon 2026").all()
            lot.undo()
        assert not crm.leads["tags"].str.contains("salon 2026").fillna(False).any()


def test_nothing_is_written_by_who_reads(crm: OpenCrm) -> None:
    with pytest.raises(Refused, match="lecture"), crm.writing("Ana"):
        pass


@pytest.fixture
def limited(copy_of_demo: Callable[[], str]) -> str:
    """A store with accounts, where Sophie sees her own leads and Rémi only reads."""
    url = copy_of_demo()
    with closing(store.open_crm(replace(settings_module.load({}), database_url=url), trusted=True)) as crm:
        accounts.add(crm, "x", "Chef", "administration", "une longue phrase de passe")
        accounts.add(crm, "x", SOPHIE, "édition", "une longue phrase de passe")
        accounts.add(crm, "x", "Rémi", "lecture", "une longue phrase de passe")
        accounts.set_own_leads(crm, "x", SOPHIE, True)
    return url


def test_as_a_person_one_sees_their_leads_everywhere(limited: str) -> None:
    with closing(gnetics.open_crm(limited, as_user=SOPHIE)) as mine, closing(gnetics.open_crm(limited)) as every:
        assert set(mine.leads["owner"].str.casefold()) == {SOPHIE.casefold()} and len(mine.leads) < len(every.leads)
        assert mine.sql("select count(*) as n from leads")["n"].item() == len(mine.leads)
        assert mine.figures.contacts().value == len(mine.leads.gn.real)
        seen = set(mine.leads.index)
        assert set(mine.messages()["lead_key"].dropna()) | set(mine.runs()["lead_key"].dropna()) <= seen
        pairs = mine.duplicates()
        assert set(pairs["low"]) | set(pairs["high"]) <= seen
        assert set(mine.as_of(mine.day - timedelta(days=40)).leads["owner"].dropna().str.casefold()) <= {SOPHIE.casefold()}


def test_nobody_is_somebody_else_and_a_reader_writes_nothing(limited: str) -> None:
    with pytest.raises(StoreError):
        gnetics.open_crm(limited, as_user="Inconnue")
    with closing(gnetics.open_crm(limited, write=True)) as crm, crm.writing("Rémi") as writing, pytest.raises(Forbidden):
        writing.tag(crm.leads.index[:1], "salon")


def test_in_a_published_analysis_one_is_its_visitor(limited: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GNETICS_DATABASE_URL", limited)
    monkeypatch.setenv(VISITOR, SOPHIE)
    with closing(gnetics.open_crm()) as mine, closing(gnetics.open_crm(euros=False)):
        assert set(mine.leads["owner"].str.casefold()) == {SOPHIE.casefold()}
        assert mine.sql("select distinct lower(owner) as o from leads")["o"].tolist() == [SOPHIE.lower()]
        assert read_rev() == store.open_crm(replace(settings_module.load(), database_url=limited)).latest_rev()
        with pytest.raises(Refused), mine.writing(SOPHIE):
            raise AssertionError("writes")
    refused: list[dict[str, Any]] = [{"write": True}, {"as_user": "Rémi"}, {"as_user": ""}, {"where": limited}, {"where": ""}]
    for asked in refused:
        with pytest.raises(Refused, match="analyse publiée"):
            gnetics.open_crm(**asked)
    monkeypatch.setenv(VISITOR, "Inconnue")
    with pytest.raises(StoreError):
        gnetics.open_crm()


@pytest.mark.parametrize("where", ["/nulle/part.db", "http://exemple.fr/x", "", "postgresql://x:secret@127.0.0.1:1/y"])
def test_a_store_that_is_not_there_is_one_sentence(where: str) -> None:
    with pytest.raises(GneticsError) as found:
        gnetics.open_crm(where)
    assert found.value._render_traceback_() == [str(found.value)]
    assert "secret" not in str(found.value) and "\n" not in str(found.value)


def test_it_says_in_a_line_what_it_is(crm: OpenCrm) -> None:
    assert repr(crm).startswith("<CRM GNETICS demo.db (démonstration) : ") and "\n" not in repr(crm)


@pytest.mark.parametrize("module", ["opening", "opened", "figures"])
def test_examples_of_docstrings_run(crm: OpenCrm, module: str) -> None:
    found = importlib.import_module(f"gnetics.analysis.{module}")
    failed, tried = 0, 0
    for example in doctest.DocTestFinder().find(found, extraglobs={"crm": crm, "open_crm": lambda: crm}):
        result = doctest.DocTestRunner().run(example)
        failed, tried = failed + result.failed, tried + result.attempted
    assert tried and not failed


def test_pictures_draw_what_they_are_given_in_plain_colours(crm: OpenCrm) -> None:
    table = crm.figures.conversion(by="source")
    (bars, labels) = table.bars().marks
    assert list(bars.y) == table.frame["value"].tolist() and list(labels.text) == [figure.words for figure in table.figures.values()]
    frame = crm.figures.cohorts().frame["value"].unstack()
    (cells,) = crm.plot.heatmap(frame).marks
    assert cells.color.shape == frame.shape and list(cells.row) == list(frame.index)
    spans = pd.DataFrame({"low": [0.1, 0.2], "value": [0.2, None], "high": [0.4, 0.5]}, index=["Salon", "Site"])
    figures = [table.bars(), crm.plot.columns(table.frame), crm.plot.ranges(spans), crm.plot.bars(pd.Series(dtype="float64"))]
    assert not [
        colour
        for figure in figures
        for mark in figure.marks
        for colour in (*mark.colors, getattr(mark, "stroke", ""))
        if "var(" in str(colour)
    ]


def test_a_heat_map_crosses_two_things(crm: OpenCrm) -> None:
    assert crm.figures.won(by=("owner", "source")).heatmap().marks
    with pytest.raises(Refused, match="deux"):
        crm.figures.won(by="owner").heatmap()
