"""Files of the boards without a browser: the report, a block, the rows behind a figure, and what the command line writes."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from gnetics import cli
from gnetics.actions.leads import save_lead
from gnetics.clock import Clock, fixed
from gnetics.imports.workbook import read
from gnetics.pages.app import App
from gnetics.pages.boards.dash_data import DashDataPage
from gnetics.store.crm import Crm
from gnetics.widgets.base import GuardedTemplate
from tests.pages.conftest import NOON, Heard

Send = Callable[..., None]
Sheets = dict[str, list[list[Any]]]
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def crm(crm: Crm) -> Crm:
    return replace(crm, clock=fixed(NOON, crm.region.zone))


@pytest.fixture
def page(app: App, heard: Heard) -> DashDataPage:
    app.moved("dash_data", {})
    found = app.page("dash_data")
    assert isinstance(found, DashDataPage)
    return found


@pytest.fixture
def saved(monkeypatch: pytest.MonkeyPatch, send: Send) -> Callable[[Any, str], tuple[str, bytes]]:
    """saved(download, form): what the browser would save after a press on that button."""
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(GuardedTemplate, "run", lambda self, *arguments, buffers=None: calls.append((*arguments, buffers)))

    def press(download: Any, form: str) -> tuple[str, bytes]:
        calls.clear()
        send(download, "make", form=form)
        assert [call[0] for call in calls] == ["save", "rest"], "the button is freed once the file is given"
        return calls[0][1], calls[0][-1][0]

    return press


def sheets(content: bytes) -> Sheets:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def line(rows: list[list[Any]], first: Any) -> list[Any]:
    return next(row for row in rows if row[0] == first)


def plain(cell: Any) -> str:
    return str(cell).replace("\u202f", " ").replace("\u00a0", " ")


def test_the_report_has_a_sheet_per_block_with_real_values(page: DashDataPage, saved: Any) -> None:
    name, content = saved(page.bar.exporter, "xlsx")
    assert name == "gnetics-rapport-2026-11-24.xlsx"
    found = sheets(content)
    assert [each[0] for each in found] == ["S", "A", "B", "C", "D", "E", "F", "D"]
    assert line(found["Synthèse"], "Pipeline actif")[1] == 2.0
    assert line(found["Synthèse"], "Montant estimé")[1:3] == [12400.0, "1 sans montant"]
    assert line(found["Synthèse"], "Taux de conversion")[1] == pytest.approx(1 / 3)
    assert line(found["Synthèse"], "Établi le")[1] == "mardi 24 novembre 2026 à 12:00"
    assert line(found["A KPIs globaux"], date(2026, 11, 1))[3] == 8000.0
    assert line(found["D Pipeline & productivité"], "En suivi")[2] == 12400.0
    assert len(found["Définitions"]) > 30


def test_the_workbook_has_native_charts_frozen_heads_and_print_areas(page: DashDataPage, saved: Any) -> None:
    _, content = saved(page.bar.exporter, "xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        files = {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}
    drawn = [text for name, text in files.items() if name.startswith("xl/charts/")]
    assert len(drawn) >= 9, "one of each picture that has something to show"
    assert all("<c:f>" in text and "<c:pt " in text for text in drawn), "drawn from cells, and shown by what computes nothing"
    sheets_ = [text for name, text in files.items() if name.startswith("xl/worksheets/sheet")]
    assert all('state="frozen"' in text and "numberStoredAsText" in text for text in sheets_)
    assert files["xl/workbook.xml"].count("Print_Area") == len(sheets_)


def test_every_number_of_a_block_is_the_one_on_screen(page: DashDataPage, saved: Any) -> None:
    for block in page.screen.blocks:
        _, content = saved(page.screen.exporters[block["key"]], "xlsx")
        rows = next(iter(sheets(content).values()))
        for section in block["sections"]:
            for shown in section["table"]["rows"]:
                texts = [cell["text"].replace("\u202f", "") for cell in shown["cells"]]
                numbers = {int(text) for text in texts if text.isdigit()}
                assert any(numbers <= set(row) for row in rows), shown


def test_a_block_as_csv_is_its_main_table(page: DashDataPage, saved: Any) -> None:
    name, content = saved(page.screen.exporters["B"], "csv")
    assert name == "gnetics-b-conversion-par-source-2026-11-24.csv"
    lines = content.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("Bloc;B. Conversion par source;")
    assert any(each.startswith("LinkedIn;1;0;0;0/1;n/d;0,00;") for each in lines)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_rows_of_the_part_on_screen_leave_with_the_figure(page: DashDataPage, saved: Any, form: str) -> None:
    page.choose("A.montant")
    page.turn("comptes", 1)
    name, content = saved(page.evidence.exporter, form)
    assert name == f"gnetics-montant-gagne-en-12-mois-2026-11-24.{form}"
    book = read(content, name)
    told = {plain(cell) for sheet in book.sheets for _, cells in sheet.rows() for cell in cells}
    assert {"Montant gagné en 12 mois", "8 000 €", "Comptés : 1 contact"} <= told
    assert "Zoé Lefèvre" in told and "Alice Durand" not in told


def test_the_printed_page_escapes_what_people_typed(app: App, page: DashDataPage, saved: Any) -> None:
    save_lead(app.crm, "Sam", None, {"name": "x", "source": EVIL, "owner": EVIL}, None, app.snapshot)
    app.refresh()
    name, content = saved(page.bar.exporter, "html")
    text = content.decode()
    assert name.endswith(".html") and "<script" not in text and "&lt;script&gt;" in text
    assert "http" not in text, "nothing is asked from anywhere"
    assert text.count("data:font/woff2;base64,") == 2, "the product's type comes along"
    assert "12 400 €".replace(" ", "\u202f", 1).replace(" ", "\u00a0") in text


def test_the_first_page_on_paper_says_it_all(page: DashDataPage, saved: Any) -> None:
    first, *chapters = plain(saved(page.bar.exporter, "html")[1].decode()).split("<section")[1:]
    assert all(words in first for words in ("Pipeline actif", "12 400 €", "évolution n/d", "À faire aujourd’hui"))
    assert first.count("<svg") == 3
    for block in page.screen.blocks:
        assert plain(html.escape(block["reading"], quote=False)) in first
    assert all("<table" in chapter for chapter in chapters[:-1]) and chapters[-1].count("<dt>") > 30


def test_the_command_line_writes_the_same_report(crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("GNETICS_DATA_DIR", str(tmp_path))
    out = tmp_path / "r.xlsx"
    assert cli.main(["report", "--out", str(out), "--responsable", "Ana", "--periode", "90j"]) == 0
    found = sheets(out.read_bytes())["Synthèse"]
    assert line(found, "Responsable")[1] == "Ana" and line(found, "Pipeline actif")[1] == 1.0
    for wrong in (["--out", "r.pdf"], ["--out", "r.html", "--responsable", "Personne"], ["--out", "r.html", "--periode", "hier"]):
        assert cli.main(["report", *wrong]) == 1
    today = Clock(crm.region.zone).today().strftime("%d/%m/%Y")
    assert cli.main(["report", "--out", str(out), "--au", today]) == 0, "today is no earlier day"
    assert cli.main(["report", "--out", str(out), "--au", "01/01/2001"]) == 1
    said = capsys.readouterr().err
    assert "l’historique commence le 24/11/2026" in said
    assert ".xlsx ou .html" in said and "« Personne »" in plain(said) and "« hier »" in plain(said)
