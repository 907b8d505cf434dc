"""An analysis that was published, as managers meet it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import open_page, until
from tests.probes import write_probe
from tests.served import ROOT, Served, publish, serve

CELLS = (
    "import gnetics, ipywidgets, os, time\ncrm = gnetics.open_crm()",
    "crm.figures.contacts(by='status').frame",
    "label, slider = ipywidgets.Label('rien'), ipywidgets.IntSlider(description='Mois')\n"
    "slider.observe(lambda change: setattr(label, 'value', f'mois {change[\"new\"]}'), 'value')\n"
    "ipywidgets.VBox([slider, label])",
    "while os.path.exists({slow!r}):\n    open({slow!r}, 'w').write('commencé')\n    time.sleep(0.05)",
    "print('la suite')",
)


@pytest.fixture
def server(tmp_path: Path, copy_of_demo: Callable[[], str]) -> Iterator[Served]:
    """One whose third page is an analysis; its cell before the last is endless while the file « lente » is there."""
    write_probe(tmp_path, "contacts")
    (tmp_path / "accueil.ipynb").write_bytes((ROOT / "notebooks" / "accueil.ipynb").read_bytes())
    (tmp_path / "analyses").mkdir()
    cells = [nbformat.v4.new_code_cell(cell.replace("{slow!r}", repr(str(tmp_path / "lente")))) for cell in CELLS]
    heading = nbformat.v4.new_markdown_cell("# Contacts par statut\n\nUn tableau.")
    place = tmp_path / "analyses" / "statuts.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[heading, *cells]), place)
    settings = {"notebooks_dir": str(tmp_path), "database_url": copy_of_demo(), "user": "Ana", "pools": ""}
    publish(place, **settings)
    with serve(tmp_path / "log", **settings) as served:
        yield served


def test_an_analysis_is_opened_from_the_sidebar_run_anew_interrupted_and_left(
    server: Served, context: BrowserContext, tmp_path: Path
) -> None:
    page = open_page(context.new_page(), server.url)
    page.locator(".g-nav a", has_text="Contacts par statut").click()
    expect(page).to_have_url(f"{server.url}voila/render/analyses/statuts.ipynb")
    expect(page.locator("#rendered_cells table")).to_contain_text("Qualifié", timeout=30_000)
    expect(page.get_by_text("À jour à")).to_be_visible()
    expect(page.get_by_role("button", name="Interrompre")).to_be_hidden()
    expect(page.locator(".g-side a.on")).to_have_text("Contacts par statut")

    page.locator(".widget-slider .noUi-handle").press("ArrowRight")
    expect(page.get_by_text("mois 1")).to_be_visible()

    for width in (1400, 390):
        page.set_viewport_size({"width": width, "height": 900})
        until(page, "document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Changer de thème").click()
    until(page, "document.documentElement.classList.contains('g-dark')")
    page.set_viewport_size({"width": 1400, "height": 900})

    (tmp_path / "lente").touch()
    page.get_by_role("button", name="Rafraîchir").click(no_wait_after=True)
    expect(page.get_by_text("Calcul en cours…")).to_be_visible(timeout=30_000)
    end = time.monotonic() + 30
    while not (tmp_path / "lente").read_text():
        assert time.monotonic() < end
        page.wait_for_timeout(50)
    until(page, "document.getElementById('jupyter-config-data')")
    page.get_by_role("button", name="Interrompre").click(no_wait_after=True)
    expect(page.get_by_role("alert")).to_have_text("Calcul interrompu\u00a0: cette partie n’est pas affichée.", timeout=30_000)
    expect(page.get_by_text("la suite")).to_be_visible()
    until(page, "document.documentElement.classList.contains('g-dark')")
    server.wait_for_kernels(1)

    page.keyboard.press("Control+k")
    page.keyboard.type("ACCUEIL")
    expect(page.locator("#g-found a")).to_have_text(["AccueilPage", "Chercher «\u00a0ACCUEIL\u00a0»Contacts"])
    page.keyboard.press("Enter")
    page.wait_for_selector('[data-page="accueil"] >> visible=true', timeout=30_000)
