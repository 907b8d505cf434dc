"""Contacts at 100,000 leads, in the browser: searching, turning a page, opening sheets, saving; and what the kernel holds."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect

from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.settings import Settings
from gnetics.store.crm import Crm, create_crm
from tests.bench.browsing import TURNS, kernel_megabytes, opened, timed, waited
from tests.bench.leads import NOW, make_store
from tests.bench.report import Report

LEADS, MAILS = 100_000, 500
FIND = "document.querySelector('.g-find input')"
TYPE = f"const box = {FIND}; box.value = '%s'; box.dispatchEvent(new Event('input', {{ bubbles: true }}));"
COUNT = "document.querySelector('.g-chips [aria-live]').textContent"
CARD = "document.querySelector('.g-lead')"
TABLE = "document.querySelector('[data-table] .g-st-foot')"


def run(report: Report) -> None:
    with TemporaryDirectory(prefix="gnetics-bench-") as name:
        folder = Path(name)
        create_crm(Settings(data_dir=folder), "real").close()
        with opened(report, f"sqlite:///{folder / 'gnetics.db'}", folder, "contacts") as (server, _, _page):
            empty = kernel_megabytes(server)
        with closing(make_store(folder / "many.db", report.size(LEADS))) as crm:
            _write_to_first(crm, report.size(MAILS))
        with opened(report, f"sqlite:///{folder / 'many.db'}", folder, "contacts") as (server, _, page):
            report("search", _search(report, page), "ms", 150)
            report("table_page", _table(report, page), "ms", 150)
            report("open_sheet", _open(report, page), "ms", 150)
            report("open_sheet_of_500_mails", _open_first(report, page), "ms", 200)
            report("save", _save(report, page), "ms", 200)
            report("table_view", _view(report, page, "Table", ".g-lt-table td"), "ms", 150)
            report("pipeline_view", _view(report, page, "Pipeline", ".g-pl-card"), "ms")
            report("kernel_memory_above_empty", kernel_megabytes(server) - empty, "MB")


def _search(report: Report, page: Page) -> float:
    """From the keystroke to the cards."""
    words = ["martin", "durand", "leroy lumiere", "bernard", "camille", "studio", "groupe du lac", "petit"]
    found = waited(report, page, [(f"window.was = {COUNT}; {TYPE % word}", f"return {COUNT} !== window.was;") for word in words])
    timed(page, TYPE % "", f"return !{COUNT}.includes('sur');")
    return found


def _table(report: Report, page: Page) -> float:
    page.locator("[data-table]").first.scroll_into_view_if_needed()  # its rows are read when it is near
    page.locator("[data-table] .g-st-foot").first.scroll_into_view_if_needed()
    act = f"window.was = {TABLE}.textContent; {TABLE}.querySelector('[aria-label=\"Page suivante\"]').click();"
    return waited(report, page, [(act, f"return {TABLE}.textContent !== window.was;")] * (TURNS + 1))


def _open(report: Report, page: Page) -> float:
    times = []
    for _ in range(report.size(TURNS + 1, quick=2)):
        times.append(timed(page, f"{CARD}.click();", "return !!document.querySelector('.g-sheet .g-line');"))
        page.keyboard.press("Escape")
        expect(page.locator(".g-sheet")).to_have_count(0)
    return median(times[1:])


def _write_to_first(crm: Crm, count: int) -> None:
    """So many mails of the first lead, in exchanges of four."""
    mails = [
        {
            "message_id": f"<{number}@banc>",
            "thread": f"<{number // 4}@banc>",
            "direction": "reçu" if number % 2 else "envoyé",
            "sender": "Zoé <zoe@client.example>",
            "subject": f"Objet {number // 4}",
            "at": NOW - timedelta(hours=number),
            "text": "Bonjour et merci. " * 80,
            "lead_key": 1,
        }
        for number in range(count)
    ]
    with crm.write("", Verb.IMPORT) as uow:
        uow.insert_many("messages", mails, Action.IMPORTED)
        uow.commit()


def _open_first(report: Report, page: Page) -> float:
    timed(page, TYPE % "L-000001", "return document.querySelectorAll('.g-lead').length === 1;")
    found = _open(report, page)
    timed(page, TYPE % "", f"return !{COUNT}.includes('sur');")
    return found


def _save(report: Report, page: Page) -> float:
    """From « Sauvegarder » to the card of the list showing it."""
    times = []
    for turn in range(report.size(TURNS, quick=2)):
        page.locator(".g-lead").first.click()
        page.get_by_role("button", name="Modifier").click()
        page.locator('[data-field="company"] input').fill(f"Banc {turn}")
        ready = f"return !document.querySelector('.g-sheet [data-field]') && {CARD}.textContent.includes('Banc {turn}');"
        times.append(timed(page, "document.querySelector('.g-sheet [type=submit]').click();", ready))
        page.keyboard.press("Escape")
        expect(page.locator(".g-sheet")).to_have_count(0)
    return median(times[1:])


def _view(report: Report, page: Page, name: str, first: str) -> float:
    """From the click on a view to it, coming from the cards, once it was shown."""
    switch = "document.querySelector('.g-switch [aria-label=%s]').click();"
    shown = "return [...document.querySelectorAll('%s')].some((each) => each.offsetParent);"
    times = []
    for _ in range(report.size(TURNS, quick=2)):
        times.append(timed(page, switch % name, shown % first))
        timed(page, switch % "Cartes", shown % ".g-lead")
    return median(times[1:])
