"""What a person waits for: loading a page, moving between pages, « Rafraîchir »; and what ten rounds leave behind."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import BrowserContext, Page

from gnetics.pages.app import AHEAD
from tests.bench.browsing import OURS, WARMING, load
from tests.bench.report import RATIO, Report
from tests.bench.served_app import PAGES, chromium, demo_server, plain_voila
from tests.served import Served

AGAIN, FIRST, REFRESH = 120, 500, 150  # ms
WARM, COLD, NEW = 0.9, 0.7, 0.9  # times a bare notebook: kernels ready, none ready, a browser that was never here
LOADS = 5
THEIRS = ".v-btn"
ROUNDS = 10
Times = tuple[list[float], list[float]]  # of our page, of the bare notebook

# Milliseconds from `act` to the last change of the document, once the page shows, without skeleton, and has been quiet for a while.
SETTLED = """
async ([act, key]) => {
  const start = performance.now();
  let last = start, shown = 0;
  const seen = new MutationObserver(() => { last = performance.now(); });
  seen.observe(document.body, { childList: true, subtree: true, characterData: true });
  const visible = (node) => node && node.checkVisibility({ visibilityProperty: true });
  // tables below the window are filled when they are scrolled to
  const onScreen = (node) => visible(node) && node.getBoundingClientRect().top < innerHeight;
  const done = () => {
    const slot = document.querySelector(`[data-page="${key}"]`);
    if (!visible(slot) || [...slot.querySelectorAll('.g-skeleton')].some(onScreen)) return false;
    shown = shown || performance.now();
    return performance.now() - Math.max(last, shown) > 400;
  };
  if (act === 'move') document.querySelector(`.g-nav a[href="${key}.ipynb"]`).click();
  else document.querySelector('.g-refresh').click();
  while (!done()) {
    if (performance.now() - start > 20000) throw new Error(`${act} ${key}: not settled after 20 s`);
    await new Promise((go) => setTimeout(go, 10));
  }
  seen.disconnect();
  return Math.max(last, shown) - start;
}
"""


def run(report: Report) -> None:
    with TemporaryDirectory() as folder:
        place = Path(folder)
        with demo_server(place / "warm", "accueil=1") as server:
            with plain_voila(place / "warm") as bare:
                visits = count(1)

                def ready() -> None:
                    server.wait_until_warm(next(visits))

                with chromium(place / "profile") as browser:
                    _compare(report, "load", WARM, *_loads(report, server, browser, bare, ready))
                _compare(report, "first_load", NEW, *_first_loads(report, server, place, bare, ready))
            with chromium(place / "profile") as browser:
                pages = PAGES[: report.size(len(PAGES), quick=2)]
                _moves(report, server, browser, pages)
                _rounds(report, server, browser, pages, report.size(ROUNDS) * (10 if report.soak else 1))
        with (
            demo_server(place / "cold", "") as server,
            plain_voila(place / "cold", warm=False) as bare,
            chromium(place / "profile") as browser,
        ):
            _compare(report, "cold_load", COLD, *_loads(report, server, browser, bare))


def _compare(report: Report, name: str, limit: float, ours: list[float], theirs: list[float]) -> None:
    report(name, 1000 * median(ours), "ms")
    report(f"{name}_bare", 1000 * median(theirs), "ms")
    report(f"{name}_to_bare", median(ours) / median(theirs), RATIO, limit)


def _loads(report: Report, server: Served, browser: BrowserContext, bare: str, ready: Callable[[], None] = lambda: None) -> Times:
    """Seconds until Accueil shows, and until the one button of plain Voilà does; in turn, so that both meet the same machine."""
    ours, theirs = [], []
    warming = report.size(WARMING, quick=0)
    for _ in range(warming + report.size(LOADS)):
        ready()
        ours.append(load(report, browser, server.url, OURS))
        theirs.append(load(report, browser, bare, THEIRS))
    return ours[warming:], theirs[warming:]


def _first_loads(report: Report, server: Served, folder: Path, bare: str, ready: Callable[[], None]) -> Times:
    """The same in a browser that has never seen any of it, a new one for each visit."""
    ours, theirs = [], []
    for visit in range(report.size(LOADS)):
        ready()
        with chromium(folder / f"ours-{visit}") as browser:
            ours.append(load(report, browser, server.url, OURS))
        with chromium(folder / f"theirs-{visit}") as browser:
            theirs.append(load(report, browser, bare, THEIRS))
    return ours, theirs


def _arrive(server: Served, browser: BrowserContext) -> Page:
    page = browser.new_page()
    page.goto(server.url)
    page.wait_for_selector("[data-page=accueil] >> visible=true")
    return page


def _open(server: Served, browser: BrowserContext) -> Page:
    page = _arrive(server, browser)
    for key in AHEAD:  # made while a person reads Accueil
        page.wait_for_selector(f'[data-page="{key}"]', state="attached")
    page.evaluate(SETTLED, ["move", "accueil"])
    return page


def _moves(report: Report, server: Served, browser: BrowserContext, pages: tuple[str, ...]) -> None:
    first: dict[str, list[float]] = {key: [] for key in pages[1:]}
    again: dict[str, list[float]] = {key: [] for key in pages}
    refresh: dict[str, list[float]] = {key: [] for key in pages}
    hasty = []
    for _ in range(report.size(LOADS)):
        page = _arrive(server, browser)
        hasty.append(page.evaluate(SETTLED, ["move", "dashboard"]))
        page.close(run_before_unload=True)
        page = _open(server, browser)
        for key in first:
            first[key].append(page.evaluate(SETTLED, ["move", key]))
        for key in pages:
            again[key].append(page.evaluate(SETTLED, ["move", key]))
        for key in pages:
            page.evaluate(SETTLED, ["move", key])
            refresh[key].append(page.evaluate(SETTLED, ["refresh", key]))
        page.close(run_before_unload=True)
    report("first_visit.dashboard_at_once", median(hasty), "ms")
    for name, times, limit in (("first_visit", first, FIRST), ("shown_again", again, AGAIN), ("refresh", refresh, REFRESH)):
        middle = {key: median(values) for key, values in times.items()}
        for key, value in middle.items():
            report(f"{name}.{key}", value, "ms")
        report(f"{name}.worst", max(middle.values()), "ms", limit)


def _rounds(report: Report, server: Served, browser: BrowserContext, pages: tuple[str, ...], rounds: int) -> None:
    page = _open(server, browser)
    _round(page, pages, report.size(2))
    before = _weight(browser, page)
    _round(page, pages, rounds)
    after = _weight(browser, page)
    page.close(run_before_unload=True)
    for name, value in after.items():
        report(f"rounds.{name}", value / before[name], RATIO, 1.02)


def _round(page: Page, pages: tuple[str, ...], rounds: int) -> None:
    for _ in range(rounds):
        for key in pages:
            page.evaluate(SETTLED, ["move", key])


def _weight(browser: BrowserContext, page: Page) -> dict[str, float]:
    tools = browser.new_cdp_session(page)
    tools.send("HeapProfiler.collectGarbage")
    tools.send("Performance.enable")
    metrics: dict[str, Any] = {each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]}
    models = page.evaluate("window.jupyterapp.widgetManager._models.size ?? Object.keys(window.jupyterapp.widgetManager._models).length")
    return {"models": models, "nodes": metrics["Nodes"], "listeners": metrics["JSEventListeners"]}
