"""What a person waits for on Contacts with 100,000 leads, in the browser: searching, paging, opening, saving, changing view."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from tests.bench.leads import make_store
from tests.bench.report import Report
from tests.bench.served_app import chromium
from tests.served import serve

LEADS = 100_000
SEARCH, TABLE, OPEN, SAVE = 150, 150, 150, 200  # ms
WORDS = ("lefevre", "atelier alpes", "l’ete", "+33 6 12", "L-0421", "rappeler")
TURNS = 7
VIEWS = {"Table": ".g-lt-table td", "Pipeline": "a.g-pl-card", "Cartes": "a.g-lead"}

# Milliseconds from the act to the first frame drawn after `done` holds. Written whole: the page's policy forbids evaluating text.
TIMED = """
async () => {
  const start = performance.now();
  ACT;
  while (!(DONE)) {
    if (performance.now() - start > 20000) throw new Error('20 s');
    await new Promise((go) => setTimeout(go, 2));
  }
  await new Promise((go) => requestAnimationFrame(go));
  return performance.now() - start;
}
"""
GRID = "document.querySelector('.g-contacts')"
COUNTED = f"{GRID}.querySelector('[aria-live]').textContent"
TYPE = """
{ const field = document.querySelector('input[aria-label="Rechercher un contact"]');
Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, TEXT);
field.dispatchEvent(new Event('input', { bubbles: true })); }
"""


def run(report: Report) -> None:
    with TemporaryDirectory(prefix="gnetics-bench-") as folder:
        place = Path(folder)
        store = place / "leads.db"
        make_store(store, LEADS).close()
        with (
            serve(place / "log", database_url=f"sqlite:///{store}", pools="contacts=1", user="Ana") as server,
            chromium(place / "profile") as browser,
        ):
            page = browser.new_page()
            page.goto(f"{server.url}voila/render/contacts.ipynb")
            page.wait_for_selector("a[data-lead] >> visible=true", timeout=60_000)
            report("search_key", _search(page), "ms", SEARCH)
            report("table_page", _status_table(page), "ms", TABLE)
            report("open_sheet", _sheets(page), "ms", OPEN)
            report("save", _saves(page), "ms", SAVE)
            for view, first in VIEWS.items():
                click = f"document.querySelector('.g-switch [aria-label={view}]').click()"
                shown = f"[...document.querySelectorAll('{first}')].some((each) => each.offsetParent)"
                report(f"view_{view.lower()}", _time(page, click, shown), "ms")


def _time(page: Page, act: str, done: str) -> float:
    milliseconds: float = page.evaluate(TIMED.replace("ACT", act).replace("DONE", done))
    page.wait_for_timeout(200)
    return milliseconds


def _turns(work: Callable[[int], float]) -> float:
    work(0)
    return median(work(turn) for turn in range(1, TURNS + 1))


def _search(page: Page) -> float:
    """From each key of the words to its own cards, in the median."""
    times = []
    for word in WORDS:
        for end in range(1, len(word) + 1):
            if word[end - 1] == " ":
                continue  # changes nothing
            page.evaluate(f"window.before = {GRID}.dataset.answered")
            answered = f"{GRID}.dataset.answered !== window.before"
            times.append(_time(page, TYPE.replace("TEXT", repr(word[:end])), answered))
        _time(page, TYPE.replace("TEXT", "''"), f"{COUNTED}.startsWith('100')")
    return median(times)


def _status_table(page: Page) -> float:
    """Another page of a table of 12,500 rows."""
    page.locator('[data-table="Contacté"]').scroll_into_view_if_needed()
    page.wait_for_selector('[data-table="Contacté"] tbody tr')
    row = "document.querySelector('[data-table=\"Contacté\"] tbody tr').dataset.lead"

    def turn(_: int) -> float:
        page.evaluate(f"window.before = {row}")
        click = 'document.querySelector(\'[data-table="Contacté"] [aria-label="Page suivante"]\').click()'
        return _time(page, click, f"{row} !== window.before")

    return _turns(turn)


def _sheets(page: Page) -> float:
    def turn(number: int) -> float:
        card = f"document.querySelectorAll('a.g-lead')[{number}]"
        title = f"document.querySelector('.g-sheet h2')?.textContent.trim() === {card}.querySelector('b').textContent.trim()"
        return _time(page, f"{card}.click()", f"{title} && document.querySelector('.g-sheet .g-line li')")

    return _turns(turn)


def _saves(page: Page) -> float:
    """From « Sauvegarder » to the card that shows it."""
    ref = page.locator("a.g-lead.on").get_attribute("data-lead")  # whose sheet is open

    def turn(number: int) -> float:
        page.get_by_role("button", name="Modifier").click()
        page.get_by_role("textbox", name="Entreprise").fill(f"Maison {number}")
        page.wait_for_timeout(400)
        save = "[...document.querySelectorAll('.g-sheet button')].find((b) => b.textContent.includes('Sauvegarder')).click()"
        return _time(page, save, f"document.querySelector('a.g-lead[data-lead=\"{ref}\"]').textContent.includes('Maison {number}')")

    return _turns(turn)
