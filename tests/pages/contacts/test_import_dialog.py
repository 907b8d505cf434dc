"""« Importer » without a browser: slices, the check that writes nothing, the import, and every refusal."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest

from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.imports import workbook
from gnetics.imports.plan import Asked
from gnetics.imports.report import Doubt, Report, SheetReport
from gnetics.imports.upload import LARGEST, SLICE
from gnetics.pages.app import App
from gnetics.pages.contacts.import_dialog import SHOWN_CHANGES, SHOWN_KEPT, SHOWN_PROBLEMS
from gnetics.pages.contacts.page import ContactsPage
from gnetics.pages.contacts.widgets.import_dialog import ImportDialog
from gnetics.store.crm import Crm, create_crm, open_crm
from tests.conftest import copied
from tests.pages.conftest import Heard

FILES = Path(__file__).parents[2] / "files"
Send = Callable[..., None]
CSV = (
    "ID Lead;Nom;Entreprise;Email;Prochaine relance\n"
    "L-000001;Alice Durand;Lumen SAS;alice@lumen.fr;\n"
    "L-000100;Hélène Gauthier;Forêt & Fils;helene@foret.fr;31/02/2026\n"
    ";;;;\n"
    "L-000101;Loïc Béranger;;;03/12/2026\n"
)


class Browser:
    """Answers the dialog as the .vue does: a slice for each one asked."""

    def __init__(self, dialog: ImportDialog) -> None:
        self.dialog = dialog
        self.asked: list[tuple[int, int]] = []
        self.steps: list[str] = []
        self.percents: list[int] = []
        self.saved: list[tuple[str, bytes]] = []
        dialog.observe(lambda change: self.steps.append(change["new"]), "step")
        dialog.observe(lambda change: self.percents.append(change["new"]), "progress")

    def run(self, method: str, *arguments: Any, buffers: list[bytes] | None = None) -> None:
        if method == "next":
            self.asked.append(arguments)
        elif method == "save":
            self.saved.append((arguments[0], (buffers or [b""])[0]))

    def begin(self, data: bytes, name: str = "clients.csv", number: int = 1) -> None:
        self.event("begin", number=number, name=name, size=len(data))

    def part(self, number: int, offset: int, data: bytes) -> None:
        content = {"event": "part", "data": {"number": number, "offset": offset}}
        self.dialog._handle_event(self.dialog, content, [memoryview(data)])

    def event(self, what: str, /, **data: Any) -> None:
        self.dialog._handle_event(self.dialog, {"event": what, "data": data}, [])

    def send(self, data: bytes, name: str = "clients.csv", number: int = 1) -> None:
        self.begin(data, name, number)
        while self.asked and self.dialog.step == "send":
            asked, offset = self.asked[-1]
            self.part(asked, offset, data[offset : offset + SLICE])


def opened(app: App, monkeypatch: pytest.MonkeyPatch) -> Browser:
    app.moved("contacts", {})
    page = app.page("contacts")
    assert isinstance(page, ContactsPage)
    visitor = Browser(page._importing.widget)
    monkeypatch.setattr(visitor.dialog, "run", visitor.run)
    monkeypatch.setattr(visitor.dialog.exporter, "run", visitor.run)
    page._grid._handle_event(page._grid, {"event": "importing", "data": {}}, [])
    assert visitor.dialog.shown
    return visitor


@pytest.fixture
def visitor(app: App, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> Browser:
    return opened(app, monkeypatch)


def names(crm: Crm) -> set[str]:
    return set(crm.snapshot().leads["name"].dropna())


def open_files() -> list[str]:
    """Temporary files of ours that this process holds open (they have no name in the folder)."""
    links = []
    for each in Path("/proc/self/fd").iterdir():
        try:
            links.append(os.readlink(each))
        except FileNotFoundError:  # the one that lists the folder
            continue
    return [link for link in links if link.startswith(gettempdir()) and link.endswith("(deleted)")]


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """Whatever happened, the temporary file is gone once the dialog is closed or the file refused."""
    before = open_files()
    yield
    assert open_files() == before


def test_the_check_says_what_would_happen_and_writes_nothing(crm: Crm, visitor: Browser) -> None:
    rev = crm.latest_rev()
    visitor.send(CSV.encode())
    assert visitor.dialog.step == "review"
    (sheet,) = visitor.dialog.report["sheets"]
    assert {key: sheet[key] for key in ("rows", "taken", "updated", "unchanged", "blank", "refused")} == {
        "rows": "4", "taken": "2", "updated": "0", "unchanged": "1", "blank": "1", "refused": "0",
    }  # fmt: skip
    (problem,) = visitor.dialog.report["problems"]
    assert (problem["line"], problem["column"], problem["value"]) == ("3", "Prochaine relance", "31/02/2026")
    assert visitor.dialog.report["summary"] == "2\u00a0contacts à ajouter, 1\u00a0contact inchangé, 1\u00a0remarque."
    assert crm.latest_rev() == rev
    visitor.event("close")


def test_importing_writes_closes_and_shows_the_rows(app: App, crm: Crm, visitor: Browser) -> None:
    visitor.send(CSV.encode())
    visitor.event("confirm")
    assert {"Hélène Gauthier", "Loïc Béranger"} <= names(crm)
    assert visitor.dialog.report["summary"] == app.frame.notice["text"]
    assert app.frame.notice["text"] == "Import terminé\u00a0: 2\u00a0contacts ajoutés, 1\u00a0contact inchangé, 1\u00a0remarque."
    page = app.page("contacts")
    assert isinstance(page, ContactsPage)
    assert "Hélène Gauthier" in [card["title"] for card in page._grid.cards]
    assert visitor.steps == ["send", "check", "review", "write", "done"]
    visitor.event("close")


@pytest.mark.parametrize("name", ["clients.xls", "clients.ods"])
def test_old_and_open_workbooks_are_imported_like_the_others(crm: Crm, visitor: Browser, name: str) -> None:
    visitor.send((FILES / name).read_bytes(), name)
    assert (visitor.dialog.step, visitor.dialog.report["problems"]) == ("review", [])
    visitor.event("confirm")
    assert visitor.dialog.step == "done"
    assert {"Élodie Lefèvre", "Anne-Laure Noël", "François Gaçon"} <= names(crm)
    visitor.event("close")


def test_a_calendar_is_imported_without_columns_or_cells_to_correct(app: App, visitor: Browser) -> None:
    start = "DTSTART;TZID=Europe/Paris:20261201T090000"
    events = (f"BEGIN:VEVENT\nUID:{uid}\nSUMMARY:Démo\n{line}\nEND:VEVENT\n" for uid, line in (("a", start), ("b", "LOCATION:Lyon")))
    visitor.send(f"BEGIN:VCALENDAR\n{''.join(events)}END:VCALENDAR".encode(), "agenda.ics")
    report = visitor.dialog.report
    assert (visitor.dialog.step, report["summary"]) == ("review", "1\u00a0événement à ajouter, 1\u00a0ligne refusée, 1\u00a0remarque.")
    assert [(problem["value"], problem["reason"]) for problem in report["problems"]] == [("Démo", "Il n’a pas de début (DTSTART).")]
    assert (report["cells"], visitor.dialog.columns) == (False, [])
    visitor.event("confirm")
    assert (visitor.dialog.step, visitor.dialog.report["refused"]) == ("done", 0)
    assert app.snapshot.events["title"].tolist() == ["Démo"]
    visitor.event("close")


def test_confirming_twice_imports_once(crm: Crm, visitor: Browser) -> None:
    visitor.send(CSV.encode())
    visitor.event("confirm")
    rev = crm.latest_rev()
    visitor.event("confirm")
    assert crm.latest_rev() == rev
    visitor.event("close")


def test_nothing_is_imported_before_the_check(crm: Crm, visitor: Browser) -> None:
    visitor.begin(CSV.encode())
    visitor.event("confirm")
    assert "Hélène Gauthier" not in names(crm)
    visitor.event("close")


def test_a_large_file_comes_in_slices_each_asked_after_the_one_before(visitor: Browser) -> None:
    data = CSV.encode() + b";;;;\n" * (2 * SLICE // 5)
    visitor.send(data)
    assert visitor.asked == [(1, 0), (1, SLICE), (1, 2 * SLICE)]
    assert visitor.dialog.step == "review"
    assert visitor.dialog.report["sheets"][0]["taken"] == "2"
    visitor.event("close")


def test_progress_reaches_the_browser_during_the_check(visitor: Browser) -> None:
    rows = "".join(f"L-{n:06d};Personne {n};;;\n" for n in range(1000, 5000))
    visitor.send((CSV.splitlines()[0] + "\n" + rows).encode())
    checking = visitor.percents[visitor.percents.index(100) + 1 :]  # after the upload's
    assert checking[0] == -1
    assert len([percent for percent in checking if 0 < percent < 100]) >= 5
    assert checking[-1] == 100
    visitor.event("close")


@pytest.mark.parametrize(
    ("offset", "length"), [(SLICE, 10), (-1, 10), (0, SLICE + 1), (0, 0)], ids=["ahead", "negative", "too long", "empty"]
)
def test_a_slice_that_does_not_follow_is_refused(visitor: Browser, offset: int, length: int) -> None:
    visitor.begin(b"x" * 3 * SLICE)
    visitor.part(1, offset, b"x" * length)
    assert visitor.dialog.step == "choose"
    assert "choisissez-le de nouveau" in visitor.dialog.error


def test_more_than_announced_is_refused(visitor: Browser) -> None:
    visitor.begin(b"x" * 100)
    visitor.part(1, 0, b"x" * 101)
    assert "choisissez-le de nouveau" in visitor.dialog.error


def test_a_late_slice_of_a_file_given_up_is_ignored(visitor: Browser) -> None:
    visitor.begin(b"x" * 3 * SLICE)
    visitor.event("close")
    visitor.part(1, 0, b"x" * SLICE)
    assert (visitor.dialog.step, visitor.dialog.error) == ("choose", "")
    visitor.begin(CSV.encode(), number=2)
    visitor.part(1, 0, b"x" * 10)
    visitor.part(2, 0, CSV.encode())
    assert visitor.dialog.step == "review"
    visitor.event("close")


def test_the_temporary_file_lasts_as_long_as_the_dialog(visitor: Browser) -> None:
    before = len(open_files())
    visitor.send(CSV.encode())
    assert len(open_files()) == before + 1
    visitor.event("close")
    assert len(open_files()) == before


def test_a_file_over_the_limit_is_refused_before_a_byte(visitor: Browser) -> None:
    visitor.event("begin", number=1, name="gros.csv", size=LARGEST + 1)
    assert visitor.asked == []
    assert "100\u00a0Mo" in visitor.dialog.error


BAD = {
    "pas un classeur": (b"%PDF-1.7 \x00\x01", "classeur"),
    "vide": (b"", "vide"),
    "guillemet ouvert": (b'Nom;Email\n"Alice;a@b.fr\n', "guillemet"),
    "zip abîmé": (b"PK\x03\x04" + b"\0" * 200, "endommagé"),
    "trop de colonnes": (";".join(f"c{n}" for n in range(10_000)).encode() + b"\n", "10000 colonnes"),
    "vieil encodage": ("Nom;Email\nAndr‚ Lef\u0160vre;a@b.fr\n".encode("cp1252"), "encodage"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_said_and_the_dialog_waits_for_another(crm: Crm, visitor: Browser, case: str) -> None:
    data, expected = BAD[case]
    visitor.send(data, "fichier.csv")
    assert visitor.dialog.shown
    assert visitor.dialog.step == "choose"
    assert expected in visitor.dialog.error
    visitor.send(CSV.encode(), number=2)
    assert (visitor.dialog.step, visitor.dialog.error) == ("review", "")
    visitor.event("close")


def test_a_file_whose_columns_say_nothing_is_imported_once_they_are_chosen(crm: Crm, visitor: Browser) -> None:
    visitor.send(b"Qui;Poids\nRougette;3\n")
    assert (visitor.dialog.step, visitor.dialog.report["ready"]) == ("review", False)
    assert "dites ci-dessous" in visitor.dialog.error
    assert [(column["name"], [each["before"] for each in column["examples"]], column["field"]) for column in visitor.dialog.columns] == [
        ("Qui", ["Rougette"], ""),
        ("Poids", ["3"], ""),
    ]
    visitor.event("confirm")  # a browser that does not care
    visitor.event("look", mode="create", columns={"Qui": "name", "Poids": ""}, statuses={}, dates={}, sheets=[], persons={})
    assert (visitor.dialog.error, visitor.dialog.report["summary"]) == ("", "1\u00a0contact à ajouter.")
    (change,) = visitor.dialog.report["changes"]
    assert (change["line"], change["what"], change["title"]) == ("2", "ajout", "Rougette")
    visitor.event("confirm")
    assert "Rougette" in names(crm)
    visitor.event("close")


def test_the_statuses_of_the_file_are_matched_with_ours(crm: Crm, visitor: Browser) -> None:
    visitor.send(b"Nom;Statut\nRougette;Chaud\n")
    assert visitor.dialog.words == [{"word": "Chaud", "ours": "", "count": "1"}]
    visitor.event("look", mode="both", columns={}, statuses={"Chaud": "Qualifié", "Autre": "Inventé"}, dates={}, sheets=[], persons={})
    assert visitor.dialog.words[0]["ours"] == "Qualifié" and visitor.dialog.report["count"] == 0
    visitor.event("confirm")
    assert crm.snapshot().real["status"].tolist()[-1] == "Qualifié"
    visitor.event("again")
    assert visitor.dialog.words == []
    visitor.event("close")


def test_an_import_is_undone_from_its_result_or_from_the_list(crm: Crm, visitor: Browser) -> None:
    before = names(crm)
    visitor.send(CSV.encode())
    visitor.event("confirm")
    (past,) = visitor.dialog.past
    assert (past["file"], past["undone"]) == ("clients.csv", False)
    visitor.event("undo", number=visitor.dialog.report["number"])
    assert visitor.dialog.undone["text"] == "Import annulé\u00a0: 2\u00a0lignes retirées, 0\u00a0rétablie."
    assert names(crm) == before
    assert visitor.dialog.past[0]["undone"]
    visitor.event("again")
    visitor.event("undo", number=past["number"])
    assert "déjà annulé" in visitor.dialog.error
    visitor.event("close")


def test_refused_rows_are_given_as_a_workbook(visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitor.dialog.refused, "run", visitor.run)
    visitor.send((CSV + "L-000101;Encore lui;;;\n").encode())
    visitor.event("confirm")
    visitor.dialog.refused._handle_event(None, {"event": "make", "data": {"form": "xlsx"}}, [])
    ((name, content),) = visitor.saved
    assert name == "clients - lignes refusées.xlsx"
    assert [cells[1] for _, cells in workbook.read(content).sheets[0].rows()] == ["Nom", "Encore lui"]
    visitor.event("close")


def test_an_address_of_the_local_network_is_refused_to_the_page(visitor: Browser) -> None:
    visitor.event("fetch", address="http://127.0.0.1:8866/list.csv")
    assert visitor.dialog.step == "choose"
    assert "réseau local" in visitor.dialog.error


def test_the_dialog_closed_while_a_file_is_sent_or_checked_forgets_it_at_once(crm: Crm, visitor: Browser) -> None:
    before = names(crm)

    async def visit() -> None:
        visitor.begin(b"x" * 2 * SLICE)
        visitor.event("close")
        assert visitor.dialog.step == "choose"
        visitor.send(CSV.encode(), number=2)
        assert visitor.dialog.step == "check"
        await asyncio.sleep(0)  # the work begins
        visitor.event("close")
        assert visitor.dialog.step == "choose"

    asyncio.run(visit())  # ends with the work
    assert (visitor.dialog.step, visitor.dialog.error) == ("choose", "")
    assert names(crm) == before


def test_an_import_stopped_writes_nothing_and_its_undoing_stopped_takes_nothing_back(crm: Crm, visitor: Browser) -> None:
    before = names(crm)

    async def visit() -> None:
        visitor.send(CSV.encode())
        await reaches(visitor.dialog, "review")
        visitor.event("confirm")
        assert visitor.dialog.step == "write"
        visitor.event("stop")
        await reaches(visitor.dialog, "review")
        assert visitor.dialog.error == "Arrêté\u00a0: rien n’a été changé."
        assert names(crm) == before
        visitor.event("confirm")
        await reaches(visitor.dialog, "done")
        visitor.event("undo", number=visitor.dialog.report["number"])
        assert visitor.dialog.step == "undo"
        visitor.event("stop")
        await reaches(visitor.dialog, "done")
        assert visitor.dialog.error == "Arrêté\u00a0: rien n’a été changé."
        assert {"Hélène Gauthier", "Loïc Béranger"} <= names(crm)
        visitor.event("undo", number=visitor.dialog.report["number"])
        await reaches(visitor.dialog, "undone")
        assert names(crm) == before

    asyncio.run(visit())
    visitor.event("close")


def test_undoing_tells_how_far_it_is(visitor: Browser) -> None:
    visitor.send(("Nom\n" + "".join(f"Personne {n}\n" for n in range(1200))).encode())
    visitor.event("confirm")
    visitor.percents.clear()
    visitor.event("undo", number=visitor.dialog.report["number"])
    assert visitor.percents == [-1, 0, 41, 83]
    visitor.event("close")


def test_a_cut_preview_says_how_many_changes_there_are(visitor: Browser) -> None:
    visitor.send(CSV.encode())
    assert visitor.dialog.report["preview"] == ""
    visitor.event("again")
    rows = "".join(f"Personne {n}\n" for n in range(SHOWN_CHANGES + 900))
    visitor.send(("Nom\n" + rows).encode(), number=2)
    assert len(visitor.dialog.report["changes"]) == SHOWN_CHANGES == 200
    assert visitor.dialog.report["preview"] == "200 lignes sur 1\u202f100\u00a0: de chaque sorte, les 200 premières."
    visitor.event("close")


def test_what_an_undoing_kept_is_listed_in_part_and_given_whole_as_a_file(
    crm: Crm, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitor.dialog.kept_rows, "run", visitor.run)
    visitor.send(("Nom\n" + "".join(f"Personne {n:03d}\n" for n in range(SHOWN_KEPT + 5))).encode())
    visitor.event("confirm")
    with crm.write("alice", Verb.SAVE_LEAD) as uow:
        rows = list(uow.rows("leads", range(4, SHOWN_KEPT + 9)).values())
        uow.update_many("leads", [(row, {"source": "Salon"}) for row in rows], Action.CHANGED)
        uow.commit()
    visitor.event("undo", number=visitor.dialog.report["number"])
    assert len(visitor.dialog.undone["kept"]) == SHOWN_KEPT
    assert visitor.dialog.undone["more"] == "Les 100 premières sur 105\u00a0; le fichier CSV les contient toutes."
    visitor.dialog.kept_rows._handle_event(None, {"event": "make", "data": {"form": "csv"}}, [])
    ((name, content),) = visitor.saved
    lines = content.decode("utf-8-sig").splitlines()
    assert name == "gnetics-import-annule-gardes-2026-11-24.csv"
    assert (lines[:2], len(lines)) == (["Contact;Ce qui est gardé", "Personne 000;modifié depuis, il est gardé."], SHOWN_KEPT + 6)
    visitor.event("close")


async def reaches(dialog: ImportDialog, step: str) -> None:
    for _ in range(600):
        if dialog.step == step:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(dialog.step)


def test_a_file_the_browser_cannot_read_is_said(visitor: Browser) -> None:
    visitor.begin(b"x" * 100)
    visitor.event("unread", number=1)
    assert "navigateur" in visitor.dialog.error


def test_a_defect_does_not_leave_the_dialog_waiting(app: App, visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: Any, **_options: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("gnetics.pages.contacts.import_dialog.import_workbook", fails)
    visitor.send(CSV.encode())
    assert visitor.dialog.step == "choose"
    assert "référence" in app.frame.notice["text"]


def test_the_same_file_again_has_nothing_to_import(visitor: Browser, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor.send(CSV.encode())
    visitor.event("confirm")
    again = opened(app, monkeypatch)
    again.send(CSV.encode(), number=2)
    assert not again.dialog.report["ready"]
    assert "déjà dans le CRM" in again.dialog.report["summary"]
    again.event("close")


def test_only_the_first_problems_are_shown_and_the_file_has_them_all_without_formulas(visitor: Browser) -> None:
    rows = "".join(f"L-{n:06d};N{n};;;=HYPERLINK({n})\n" for n in range(1000, 1000 + SHOWN_PROBLEMS + 5))
    visitor.send((CSV.splitlines()[0] + "\n" + rows).encode())
    assert len(visitor.dialog.report["problems"]) == SHOWN_PROBLEMS
    assert visitor.dialog.report["count"] == SHOWN_PROBLEMS + 5
    visitor.dialog.exporter._handle_event(None, {"event": "make", "data": {"form": "csv"}}, [])
    ((name, content),) = visitor.saved
    assert name == "clients - problèmes.csv"
    lines = content.decode("utf-8-sig").splitlines()
    assert len(lines) == SHOWN_PROBLEMS + 6
    assert ";'=HYPERLINK(1000);" in lines[1]
    visitor.event("close")


def test_without_synchronisation_importing_is_refused_with_its_reason(
    app: App, crm: Crm, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.set_sync(False, "admin")
    visitor = opened(app, monkeypatch)
    assert "synchronisation est inactive" in visitor.dialog.refusal
    visitor.send(CSV.encode())  # a browser that does not care
    assert visitor.asked == []
    assert "Hélène Gauthier" not in names(crm)


def test_synchronisation_stopped_after_the_check_still_refuses(crm: Crm, visitor: Browser) -> None:
    visitor.send(CSV.encode())
    crm.set_sync(False, "admin")
    visitor.event("confirm")
    assert "synchronisation est inactive" in visitor.dialog.error
    assert visitor.dialog.step == "review"
    assert "Hélène Gauthier" not in names(crm)
    visitor.event("close")


def test_a_demo_that_a_setting_names_takes_no_real_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    demo = create_crm(replace(settings_module.load({}), data_dir=tmp_path / "demo"), "demo")
    app = App(demo, "Ana")
    monkeypatch.setattr(app.frame, "run", lambda *_arguments: None)
    visitor = opened(app, monkeypatch)
    assert "GNETICS_DATABASE_URL" in visitor.dialog.refusal
    visitor.send(CSV.encode())
    assert "démonstration" in visitor.dialog.error
    assert demo.snapshot().leads.empty
    demo.close()


@pytest.fixture
def demo(tmp_path: Path, demo_store: Path) -> Iterator[Crm]:
    """The demo, served for want of a real store."""
    settings = replace(settings_module.load({}), data_dir=tmp_path / "data")
    settings.data_dir.mkdir()
    copied(demo_store, settings.demo_store)
    with closing(open_crm(settings)) as crm:
        yield crm


def test_a_file_given_to_the_demo_begins_a_store_of_its_own_that_the_pages_move_to(demo: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    app, colleague = App(demo, "Ana"), App(open_crm(demo.settings), "Bob")
    for each in (app, colleague):
        monkeypatch.setattr(each.frame, "run", lambda *_arguments: None)
    visitor, shown = opened(app, monkeypatch), names(demo)
    assert (visitor.dialog.begins, visitor.dialog.refusal, visitor.dialog.past) == (True, "", [])
    visitor.send(CSV.encode())
    assert visitor.dialog.report["summary"].startswith("3\u00a0contacts à ajouter") and not demo.settings.real_store.exists()
    visitor.event("confirm")
    assert names(demo) == {"Alice Durand", "Hélène Gauthier", "Loïc Béranger"} and not app.frame.demo
    assert visitor.dialog.step == "done" and "3\u00a0contacts ajoutés" in app.frame.notice["text"]
    assert (colleague.frame.demo, set(colleague.snapshot.leads["name"].dropna())) == (True, shown)
    colleague.check_newer()  # the beat of a page
    assert (colleague.frame.demo, colleague.frame.newer) == (False, False)
    assert "remplace la démonstration" in colleague.frame.notice["text"]
    assert "Hélène Gauthier" in set(colleague.snapshot.leads["name"])
    visitor.event("undo", number=visitor.dialog.report["number"])
    assert names(demo) == set()
    visitor.event("close")
    colleague.crm.close()


def test_of_two_files_given_to_the_demo_at_once_one_begins_the_store(demo: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = App(demo, "Ana"), App(open_crm(demo.settings), "Bob")
    visitors = []
    for each in (first, second):
        monkeypatch.setattr(each.frame, "run", lambda *_arguments: None)
        visitors.append(opened(each, monkeypatch))
        visitors[-1].send(CSV.encode())
    visitors[0].event("confirm")
    visitors[1].event("confirm")
    assert "vient d’être créée" in visitors[1].dialog.error
    assert names(demo) == {"Alice Durand", "Hélène Gauthier", "Loïc Béranger"}
    for visitor in visitors:
        visitor.event("close")
    second.crm.close()


def test_whoever_administers_nothing_does_not_begin_the_store(demo: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts.add(replace(demo, trusted=True), "x", "Ana", "édition", None)
    app = App(demo, "Ana")
    monkeypatch.setattr(app.frame, "run", lambda *_arguments: None)
    visitor = opened(app, monkeypatch)
    assert "édition" in visitor.dialog.refusal
    visitor.send(CSV.encode())
    assert visitor.asked == [] and not demo.settings.real_store.exists()


def test_each_column_shows_what_its_first_values_become(visitor: Browser) -> None:
    visitor.send("Nom;Prénom;Montant;ID;Vu\nPetit;Anne;1 500 €;B-7;oui\nBob;;beaucoup;;\n".encode())
    spaces = re.compile(r"\s")
    shown = {column["name"]: [(each["before"], each["after"]) for each in column["examples"]] for column in visitor.dialog.columns}
    assert (shown["Nom"], shown["Prénom"]) == ([("Petit", "Anne Petit"), ("Bob", "Bob")], [("Anne", "Anne Petit")])
    assert shown["ID"] == [("B-7", "B-7")], "what another program calls the contact is kept beside it"
    assert [(before, spaces.sub(" ", after)) for before, after in shown["Montant"]] == [("1 500 €", "1 500,00 €"), ("beaucoup", "")]
    assert shown["Vu"] == [("oui", "")]
    visitor.event("close")


def test_a_doubt_is_asked_and_its_answer_is_what_the_file_is_read_by(visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    doubt = Doubt("clients", "Relance", "02/03/2026 : 2 mars ou 3 février ?", (("jma", "2 mars"), ("mja", "3 février")), "jma")
    asked: list[Asked] = []

    def doubting(*_arguments: Any, **options: Any) -> Report:
        asked.append(options["asked"])
        sheets = [SheetReport("clients", "leads", taken=1, doubts=[doubt]), SheetReport("Listes", "", aside="Ce n’est pas une liste.")]
        return Report("clients.csv", True, sheets)

    monkeypatch.setattr("gnetics.pages.contacts.import_dialog.import_workbook", doubting)
    visitor.send(CSV.encode())
    (shown,) = visitor.dialog.report["doubts"]
    assert shown["readings"] == [{"answer": "jma", "says": "2 mars"}, {"answer": "mja", "says": "3 février"}]
    assert visitor.dialog.report["aside"] == [{"name": "Listes", "why": "Ce n’est pas une liste."}]
    dates = {"Relance": "mja", "Autre": "maj"}
    visitor.event("look", mode="both", columns={}, statuses={}, dates=dates, sheets=["Listes"], persons={})
    assert (asked[-1].dates, asked[-1].sheets) == ({"Relance": "mja"}, ["Listes"])
    visitor.event("close")


def test_a_row_that_may_be_somebody_is_shown_beside_them_and_the_answer_is_taken(visitor: Browser) -> None:
    visitor.send(b"Nom;Email;Fonction\nPaul Roux;alice@lumen.fr;Achats\n")
    (shown,) = visitor.dialog.report["likenesses"]
    assert shown["title"] == "Alice Durand"
    assert {"label": "Nom", "theirs": "Paul Roux", "ours": "Alice Durand"} in shown["fields"]
    assert not visitor.dialog.report["ready"]
    chosen = {"mode": "both", "columns": {}, "statuses": {}, "dates": {}, "sheets": []}
    for answer, summary in (("other", "1\u00a0contact à ajouter"), ("same", "1\u00a0contact à mettre à jour")):
        visitor.event("look", **chosen, persons={shown["id"]: answer, "autre!x": "same"})
        assert visitor.dialog.report["summary"].startswith(summary)
        assert visitor.dialog.report["likenesses"] == []
    visitor.event("close")


def test_every_cell_that_is_not_kept_as_it_is_comes_in_a_workbook(visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitor.dialog.cells, "run", visitor.run)
    visitor.send(CSV.encode())
    visitor.dialog.cells._handle_event(None, {"event": "make", "data": {"form": "xlsx"}}, [])
    ((name, content),) = visitor.saved
    (sheet,) = workbook.read(content, name, 500).sheets
    assert [row[1:4] for _, row in sheet.rows()][1] == [3.0, "Prochaine relance", "31/02/2026"]
    (told,) = visitor.dialog.report["read_as"]
    assert "03/12/2026" in told and "votre région" in told
    visitor.event("close")


def test_a_form_being_filled_is_finished_first(app: App, heard: Heard, send: Send) -> None:
    app.moved("contacts", {"lead": "nouveau"})
    page = app.page("contacts")
    assert isinstance(page, ContactsPage)
    send(page._sheet.widget, "typed", form=page._sheet.widget.form | {"company": "Boulangerie"})
    send(page._grid, "importing")
    assert not page._importing.widget.shown
