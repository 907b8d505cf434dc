"""The analysts' side: the same notebook in JupyterLab."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Watch
from tests.served import ROOT, environment, free_port, until_answering


@pytest.fixture
def lab(tmp_path: Path, copy_of_demo: Callable[[], str]) -> Iterator[str]:
    """The address of a JupyterLab over a copy of the Contacts notebook: Lab saves what it runs."""
    shutil.copy(ROOT / "notebooks" / "contacts.ipynb", tmp_path)
    port = free_port()
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    options += ["--IdentityProvider.token=", "--LabApp.news_url=None", f"--ServerApp.root_dir={tmp_path}"]
    surroundings = environment(database_url=copy_of_demo()) | {"JUPYTER_CONFIG_DIR": str(tmp_path / "config")}
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
