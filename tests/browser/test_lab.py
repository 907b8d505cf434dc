"""The analysts' side: the same notebook in JupyterLab."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.server.identity import COOKIE
from gnetics.store.crm import open_crm
from tests.browser.conftest import Watch
from tests.browser.test_sign_in import OWNER, PASSWORD, sign_in
from tests.served import ROOT, ZONE, environment, free_port, publish, serve, until_answering

CHIEF = "Ana"


@pytest.fixture
def store(copy_of_demo: Callable[[], str]) -> str:
    return copy_of_demo()


@pytest.fixture
def lab(tmp_path: Path, store: str) -> Iterator[str]:
    """The address of a JupyterLab over a copy of the Contacts notebook: Lab saves what it runs."""
    shutil.copy(ROOT / "notebooks" / "contacts.ipynb", tmp_path)
    (tmp_path / "analyses").mkdir()
    port = free_port()
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    options += ["--IdentityProvider.token=", "--LabApp.news_url=None", f"--ServerApp.root_dir={tmp_path}"]
    surroundings = environment(database_url=store, user=CHIEF) | {"JUPYTER_CONFIG_DIR": str(tmp_path / "config"), "PYTHONPATH": str(ROOT)}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "jupyterlab", *options], env=surroundings, stdout=log, stderr=log)
    try:
        until_answering(f"http://127.0.0.1:{port}/api")
        yield f"http://127.0.0.1:{port}/lab/tree/"
    finally:
        process.terminate()
        process.wait(20)


def test_contacts_opens_in_jupyterlab_inside_its_cell(page: Page, lab: str, watch: Watch) -> None:
    watch.expected += ["debugger state"]  # Lab’s own, when it is left before its debugger answered
    page.goto(f"{lab}contacts.ipynb")
    _run_all_cells(page)
    card = page.locator("a[data-lead]").first
    expect(card).to_be_visible(timeout=60_000)
    name = card.locator("b").first.inner_text()
    card.click()
    expect(page.locator(".g-sheet")).to_contain_text(name)
    assert _inside(page, ".g-app") and _inside(page, ".g-sheet"), "the app covers JupyterLab"
    assert "/lab/tree/contacts.ipynb" in page.url  # the address is Lab's
    _takes_the_room_of_its_cell(page)
    _pick_a_day(page, page.locator(".g-sheet"))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Abandonner").click()
    expect(page.locator(".g-sheet").get_by_role("button", name="Modifier")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".g-sheet")).to_have_count(0)
    expect(page.get_by_role("menuitem", name="File")).to_be_visible()
    cells = page.locator(".jp-Notebook .jp-Cell")
    before = cells.count()
    for key in ("Escape", "d", "d", "x", "b"):  # Lab's: leave the cell, delete it, cut it, one more below
        page.keyboard.press(key)
    expect(card).to_be_focused()
    expect(cells).to_have_count(before)
    page.close()  # before Lab stops


def _pick_a_day(page: Page, sheet: Locator) -> None:
    """The browser compiled the sheet, its panel, the panel's field of a date, and the calendar in it: parts of parts."""
    sheet.get_by_role("button", name="Modifier").click()
    sheet.get_by_role("button", name="Choisir : Prochaine relance").click()
    page.locator(".v-date-picker-month__day-btn:not([disabled])").first.click()
    expect(sheet.get_by_role("textbox", name="Prochaine relance")).to_have_value(re.compile(r"01/\d\d/20\d\d"))


def _takes_the_room_of_its_cell(page: Page) -> None:
    """What is folded in a window of its width is folded in a cell of it, by scripts and by style sheets."""
    app, drawer, content = (
        page.locator(each).first for each in (".g-app", ".g-drawer.v-navigation-drawer--active", "[data-page=contacts] .g-page")
    )
    for window, folded, padding in ((1300, True, "16px"), (1400, False, "24px")):
        page.set_viewport_size({"width": window, "height": 900})
        expect(drawer).to_have_count(0 if folded else 1)
        expect(content).to_have_css("padding-left", padding)
        box = app.bounding_box()
        assert box and (box["width"] < 960) is folded, box


def _inside(page: Page, selector: str) -> bool:
    """Whether it is drawn in the width of its cell; a panel that still slides in may be a little beside."""
    cell, part = (page.locator(each).first.bounding_box() for each in (".jp-OutputArea-output", selector))
    assert cell and part
    return part["x"] >= cell["x"] and part["x"] + part["width"] <= cell["x"] + cell["width"] + 24


def _accept(dialog: Locator) -> None:
    dialog.locator(".jp-mod-accept").click()


def _run_all_cells(page: Page) -> None:
    """Asked for until every cell has its star or number: Lab forgets what is run before its kernel listens, all cells or the last ones."""
    page.add_locator_handler(page.locator("dialog.jp-Dialog"), _accept)  # on a slow machine Lab asks which kernel to take
    waiting = page.locator(".jp-InputPrompt", has_text=re.compile(r"\[ *\]"))
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=60_000)
    for _attempt in range(6):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.wait_for_timeout(2_000)
        if not waiting.count():
            return
    raise AssertionError("not every cell ran")


@pytest.mark.soak
def test_an_analysis_that_was_written_in_lab_shows_each_person_their_own(
    page: Page, lab: str, store: str, tmp_path: Path, watch: Watch
) -> None:
    watch.expected += ["debugger state"]
    page.goto(f"{lab}analyses")
    page.locator('.jp-LauncherCard[data-category="Notebook"]').first.click(timeout=60_000)
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=60_000)
    cells = ("import gnetics", "crm = gnetics.open_crm()", 'print(len(crm.leads), "contacts")')
    for cell in cells:
        page.keyboard.type(cell)
        if cell is not cells[-1]:
            page.keyboard.press("Shift+Enter")  # the next cell is below
    _run_all_cells(page)
    output = page.locator(".jp-OutputArea-output", has_text=re.compile(r"\d+ contacts"))
    expect(output).to_be_visible(timeout=60_000)
    everything = output.inner_text().strip()
    place = tmp_path / "analyses" / "Untitled.ipynb"
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    page.close()  # before Lab stops

    crm = open_crm(replace(settings_module.load({}), region_zone=ZONE, database_url=store), trusted=True)
    with closing(crm):
        accounts.add(crm, "admin", CHIEF, "administration", PASSWORD)
        accounts.add(crm, "admin", OWNER, "édition", PASSWORD)
        accounts.set_own_leads(crm, "admin", OWNER, True)
        theirs = len(crm.snapshot(OWNER).leads)
    settings = {"notebooks_dir": str(tmp_path), "database_url": store, "user": CHIEF, "pools": ""}
    publish(place, **settings)
    page = page.context.new_page()
    with serve(tmp_path / "served", **settings) as server:
        for person, shown in ((CHIEF, everything), (OWNER, f"{theirs} contacts")):
            page.context.clear_cookies(name=COOKIE)
            page.goto(f"{server.url}voila/render/analyses/Untitled.ipynb")
            sign_in(page, person, PASSWORD)
            expect(page.locator("#rendered_cells")).to_contain_text(shown, timeout=60_000)
        page.close()
    assert everything != f"{theirs} contacts"
