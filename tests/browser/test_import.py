"""« Importer » in Chromium: a real file, its accents, a date that does not exist, and files that are no workbook."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from tests.browser.conftest import Tab, Visit
from tests.served import Served, serve

CSV = (
    "Nom;Entreprise;Email;Statut;Prochaine relance\r\n"
    "Hélène Gauthier-Œuvrard;Forêt & Fils;helene@foret.fr;En suivi;31/02/2026\r\n"
    "Loïc Béranger;Chaîne d’été;loic@ete.fr;Contacté;03/12/2026\r\n"
    ";;;;\r\n"
)


@pytest.fixture(scope="module")
def real_store(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty real store; the demo takes no import."""
    return Path(shutil.copy(empty_store, tmp_path_factory.mktemp("real") / "gnetics.db"))


@pytest.fixture(scope="module")
def real(real_store: Path) -> Iterator[Served]:
    with serve(real_store.with_name("log"), database_url=f"sqlite:///{real_store}", user="Ana", warm_kernels="0") as server:
        yield server


@pytest.fixture(scope="module")
def real_tab(profile: BrowserContext, real: Served) -> Iterator[Tab]:
    tab = Tab(profile, real)
    yield tab
    tab.leave()  # before its server stops


@pytest.fixture
def page(context: BrowserContext, real_tab: Tab) -> Page:
    """Contacts of the real store."""
    return real_tab.visit("contacts")


@pytest.fixture
def dialog(page: Page) -> Iterator[Locator]:
    """The dialog opened on Contacts."""
    page.get_by_role("button", name="Importer").first.click()
    opened = page.get_by_role("dialog")
    expect(opened.get_by_role("button", name="Choisir un fichier")).to_be_focused()
    yield opened
    page.keyboard.press("Escape")


def give(dialog: Locator, name: str, content: bytes) -> None:
    dialog.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


def test_a_csv_is_checked_then_imported_and_its_rows_appear(page: Page, dialog: Locator) -> None:
    give(dialog, "clients.csv", CSV.encode("cp1252"))
    expect(dialog.get_by_text("2 contacts à ajouter, 1 remarque.")).to_be_visible()
    problem = dialog.get_by_role("region", name="Liste des remarques").locator("tbody tr")
    expect(problem).to_have_count(1)
    expect(problem).to_contain_text("31/02/2026")
    expect(dialog.get_by_role("row", name="Prochaine relance 31/02/2026 → (rien)")).to_be_visible()
    expect(page.locator("a[data-lead]")).to_have_count(0)
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="Toutes les remarques, CSV").click()
    assert saved.value.suggested_filename == "clients - problèmes.csv"
    assert "clients;2;Prochaine relance;31/02/2026;" in Path(saved.value.path()).read_text("utf-8-sig")
    dialog.get_by_role("button", name="Importer").click()
    expect(dialog.get_by_text(re.compile(r"Import terminé\s: 2\scontacts ajoutés"))).to_be_visible()
    expect(page.locator("a[data-lead]")).to_have_count(2)
    dialog.get_by_role("button", name="Importer un autre fichier").click()
    # a file whose titles say nothing: its columns are chosen, then the import is undone
    give(dialog, "amis.csv", "Qui;Où\r\nÉlodie;Lyon\r\n".encode())
    expect(dialog.get_by_role("alert")).to_contain_text("dites ci-dessous")
    dialog.get_by_label("Champ de la colonne Qui").select_option("name")
    dialog.get_by_text("Ajouter ceux qui").click()
    dialog.get_by_role("button", name="Vérifier").click()
    expect(dialog.get_by_role("region", name="Liste des changements").locator("tbody tr")).to_contain_text("Élodie")
    dialog.get_by_role("button", name="Importer", exact=True).click()
    expect(page.locator("a[data-lead]")).to_have_count(3)
    dialog.get_by_role("button", name="Annuler cet import").click()
    dialog.get_by_role("button", name="Confirmer").click()
    expect(dialog.get_by_text(re.compile(r"Import annulé\s: 1\sligne retirée"))).to_be_visible()
    expect(page.locator("a[data-lead]")).to_have_count(2)
    dialog.get_by_role("button", name="Fermer", exact=True).last.click()
    expect(dialog).to_be_hidden()
    expect(page.locator("a[data-lead]").filter(has_text="Hélène Gauthier-Œuvrard")).to_be_visible()
    expect(page.get_by_role("button", name="Importer").first).to_be_focused()


def test_a_file_that_is_no_workbook_is_said_and_the_dialog_waits(page: Page, dialog: Locator) -> None:
    give(dialog, "photo.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(2000))
    expect(dialog.get_by_role("alert")).to_contain_text(
        "Ce fichier n’est pas un classeur : choisissez un fichier .xlsx, .xls, .ods ou .csv."
    )
    expect(dialog.get_by_role("alert")).to_contain_text("photo.xlsx")
    expect(dialog.get_by_role("button", name="Choisir un fichier")).to_be_focused()


def test_a_file_of_several_slices_arrives_whole(dialog: Locator) -> None:
    filler = "".join(f"Personne {n};Société {n};p{n}@exemple.fr;Nouveau;\r\n" for n in range(3000))
    blank = ";;;;\r\n" * 400_000  # 2.4 MB of blank rows: quick to read, slow to send
    give(dialog, "grand.csv", (CSV.splitlines()[0] + "\r\n" + filler + blank).encode())
    expect(dialog.get_by_text(re.compile(r"3\s000\scontacts à ajouter"))).to_be_visible(timeout=60_000)


def test_progress_moves_while_the_kernel_works(page: Page, dialog: Locator) -> None:
    page.evaluate(
        """() => { window.seen = new Set(); new MutationObserver(() => {
            const bar = document.querySelector('.g-import-busy'); if (bar) window.seen.add(bar.innerText.replace(/\\s+/g, ' ')); })
            .observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true }); }"""
    )
    rows = "".join(f"Personne {n};Société {n};p{n}@exemple.fr;Nouveau;\r\n" for n in range(8000))
    give(dialog, "grand.csv", (CSV + rows).encode())
    expect(dialog.get_by_text("contacts à ajouter")).to_be_visible(timeout=60_000)
    checking = {text for text in page.evaluate("[...window.seen]") if text.startswith("Vérification") and "%" in text}
    assert len(checking) >= 2, checking  # a busy browser draws few of them; tests/pages counts them all


def test_an_import_that_waits_is_stopped_and_then_done(page: Page, dialog: Locator, real_store: Path) -> None:
    give(dialog, "amis.csv", b"Nom\r\nOdile Quesnel\r\n")
    expect(dialog.get_by_text("1 contact à ajouter.")).to_be_visible()
    with closing(sqlite3.connect(real_store, isolation_level=None)) as another:
        another.execute("BEGIN IMMEDIATE")  # somebody else writes: the import waits
        dialog.get_by_role("button", name="Importer", exact=True).click()
        expect(dialog.get_by_role("progressbar", name="Import en cours…")).to_be_visible()
        page.keyboard.press("Escape")  # an import is stopped, never left
        dialog.get_by_role("button", name="Arrêter").click()
        expect(dialog.get_by_role("button", name="Arrêt…")).to_be_disabled()
        page.evaluate("document.querySelector('.g-refresh').click()")  # answered once what was asked before it was heard
        expect(page.locator(".g-refresh.v-btn--loading")).to_have_count(0)
        another.execute("ROLLBACK")
    expect(dialog.get_by_role("alert")).to_have_text("Arrêté : rien n’a été changé.")
    expect(page.locator("a[data-lead]").filter(has_text="Odile Quesnel")).to_have_count(0)
    dialog.get_by_role("button", name="Importer", exact=True).click()
    expect(dialog.get_by_text("Import terminé")).to_be_visible()
    expect(page.locator("a[data-lead]").filter(has_text="Odile Quesnel")).to_be_visible()


def test_escape_closes_and_gives_the_focus_back(page: Page, dialog: Locator) -> None:
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Importer").first).to_be_focused()


def test_back_takes_the_dialog_away_with_its_page(page: Page, dialog: Locator) -> None:
    page.evaluate("document.querySelector('.g-nav a[href^=\"faq\"]').click()")
    expect(dialog).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Aller à une page, un contact, une action")).to_be_focused()


def test_the_demo_refuses_and_says_what_to_do(visit: Visit) -> None:
    page = visit("contacts")
    page.get_by_role("button", name="Importer").first.click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("gnetics import CLASSEUR")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("way", ["by mouse", "by keyboard"])
def test_five_rows_are_imported_in_four_clicks_or_five_keys_besides_choosing_the_file(page: Page, way: str) -> None:
    people = "".join(f"Personne {n} {way};personne{n}@{way[3:]}.fr\r\n" for n in range(5))
    file: FilePayload = {"name": "cinq.csv", "mimeType": "text/csv", "buffer": f"Nom;Email\r\n{people}".encode()}
    by_mouse = way == "by mouse"
    choose, go, done = (
        page.get_by_role("dialog").get_by_role("button", name=name, exact=True) for name in ("Choisir un fichier", "Importer", "Fermer")
    )

    def use(button: Locator) -> None:
        """A click, or Enter where the focus is already."""
        if by_mouse:
            button.click()
        else:
            expect(button).to_be_focused()
            page.keyboard.press("Enter")

    page.keyboard.press("Escape")  # what the test before left open with its page
    expect(page.get_by_role("dialog")).to_have_count(0)
    if by_mouse:
        page.get_by_role("button", name="Importer").first.click()
    else:
        page.keyboard.press("Control+k")
        page.keyboard.type("importer")
        expect(page.locator(".g-found .on")).to_contain_text("Importer des contacts")
        page.keyboard.press("Enter")
    with page.expect_file_chooser() as asked:
        use(choose)
    asked.value.set_files(file)
    expect(page.get_by_text("5 contacts à ajouter")).to_be_visible()
    use(go)
    expect(page.locator(".g-import-sum")).to_have_text(re.compile(r"Import terminé\s: 5\scontacts ajoutés"))
    use(done.last)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("document.activeElement !== document.body")


def test_a_calendar_file_dropped_on_calendrier_is_imported_as_any_other(context: BrowserContext, real_tab: Tab) -> None:
    page = real_tab.visit("calendrier")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:depose@exemple", "DTSTAMP:20320701T080000Z"]
    lines += ["DTSTART:20320706T080000Z", "DTEND:20320706T090000Z", "SUMMARY:Déposé", "END:VEVENT", "END:VCALENDAR", ""]
    make = """(text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], 'agenda.ics', { type: 'text/calendar' }));
      return data;
    }"""
    page.locator(".g-cal").dispatch_event("drop", {"dataTransfer": page.evaluate_handle(make, "\r\n".join(lines))})
    dialog = page.locator(".g-import")
    expect(dialog).to_contain_text("agenda.ics")
    dialog.get_by_role("button", name=re.compile("^Importer")).click()
    expect(dialog).to_contain_text("1 événement ajouté")
    page.keyboard.press("Escape")
    page = real_tab.visit("calendrier?jour=2032-07-06")
    expect(page.locator(".g-month a.g-event").filter(has_text="Déposé")).to_be_visible()
