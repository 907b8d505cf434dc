"""What a person waits for in the browser, after one act on a page that already shows."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psutil
from playwright.sync_api import BrowserContext, Page

from tests.bench.report import Report
from tests.bench.served_app import chromium
from tests.served import Served, serve_afresh

TURNS = 7
CALM = 4  # seconds until plain Voilà has its next kernel ready too, and nothing is left of the visit before
STAY = 2  # seconds on a page: Chromium keeps its scripts compiled only then
WARMING = 3  # visits before Chromium keeps scripts compiled
OURS = "[data-page=accueil]"  # what shows that a page can be used
# Notes when something first shows, counted by the browser from the start of the visit: Playwright's own wait looks ever more rarely.
SHOWN = """
const look = () => {
  const node = document.querySelector(%s);
  if (node && node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) window.shownAt = performance.now();
  else setTimeout(look, 4);
};
look();
"""
# milliseconds from the act to the last change of the document, once `ready` holds and it has been quiet for a while
TIMED = """
async () => {
  const ready = () => { %(ready)s };
  const start = performance.now();
  let last = start;
  const seen = new MutationObserver(() => { last = performance.now(); });
  seen.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
  { %(act)s }
  while (!ready() || performance.now() - last < 300) {
    if (performance.now() - start > 20000) throw new Error('not settled after 20 s');
    await new Promise((go) => setTimeout(go, 5));
  }
  seen.disconnect();
  return last - start;
}
"""


def timed(page: Page, act: str, ready: str) -> float:
    """`act` and `ready` are bodies of JavaScript functions."""
    return float(page.evaluate(TIMED % {"act": act, "ready": ready}))


def waited(report: Report, page: Page, turns: list[tuple[str, str]]) -> float:
    """Median of the turns, each (act, ready), after one to warm up."""
    return median([timed(page, *turn) for turn in turns[: report.size(len(turns), quick=2)]][1:])


def load(report: Report, browser: BrowserContext, address: str, content: str) -> float:
    """Seconds from the start of a visit until what that selector finds first shows."""
    page = browser.new_page()
    page.add_init_script(SHOWN % json.dumps(content))
    time.sleep(report.size(CALM, quick=0))
    page.goto(address, wait_until="commit")
    shown = page.wait_for_function("() => window.shownAt", polling=50).json_value()
    time.sleep(report.size(STAY, quick=0))
    page.close(run_before_unload=True)
    return float(shown) / 1000


@contextmanager
def opened(report: Report, url: str, folder: Path, page: str) -> Iterator[tuple[Served, BrowserContext, Page]]:
    """A server on that store and a browser at one of its pages, in a kernel of its own."""
    with serve_afresh(folder / "log", database_url=url, pools="accueil=0", user="Ana") as server, chromium(folder / "profile") as browser:
        shown = browser.new_page()
        shown.goto(f"{server.url}voila/render/{page}.ipynb")
        shown.wait_for_selector(f"[data-page={page}] >> visible=true", timeout=60_000)
        shown.wait_for_timeout(report.size(2_000))
        yield server, browser, shown
        shown.close(run_before_unload=True)


def kernel_megabytes(server: Served) -> float:
    """Memory that only the kernel of the page holds."""
    used: list[int] = [psutil.Process(pid).memory_full_info().uss for pid in server.kernels()]
    return max(used) / 2**20
