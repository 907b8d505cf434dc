"""Chromium against the really served app; every page opened is watched for console errors and outside requests."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, BrowserType, ConsoleMessage, Page, Request, WebError, expect
from playwright.sync_api import Error as PlaywrightError

from gnetics import settings
from gnetics.demo import workbook as demo_workbook
from gnetics.demo.store import shift
from gnetics.imports.importer import import_workbook
from gnetics.store.crm import create_crm
from tests.probes import write_probe
from tests.served import ROOT, ZONE, Served, serve

expect.set_options(timeout=15_000)  # a busy machine is slow, and a wait that succeeds costs nothing
CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)
BROKEN = "panne"  # a page whose cell fails
Load = Callable[[str], Page]
HIDDEN_PICTURE = "A negative value is not valid"  # bqplot, of a picture left before it has a size; drawn well once shown
# what a page heard last, and which dialogs stand in it: printed when a test fails, since a lost key leaves no other trace
HEARD = """(() => {
  const heard = window.heard = [];
  const hear = (event) => {
    const { type, key, isTrusted, target } = event;
    heard.push([Math.round(performance.now()), type, key || '', isTrusted, (target.outerHTML || '').slice(0, 80)].join(' '));
    if (heard.length > 60) heard.shift();
  };
  for (const type of ['keydown', 'click', 'focusin', 'popstate', 'blur']) window.addEventListener(type, hear, true);
})()"""
STANDS = """() => [...(window.heard || []), ...[...document.querySelectorAll('.v-overlay')].map((overlay) =>
  [overlay.className, overlay.style.cssText, ...[...overlay.children].map((el) => `${el.className} ${el.style.cssText}`)].join(' | '))]"""
# a person who saves data is sent nothing but the page asked for: half the work of a test
SAVING = "Object.defineProperty(navigator, 'connection', { value: { saveData: %s }, configurable: true })"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Visit(Protocol):
    def __call__(self, where: str, width: int = 1400) -> Page: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"locale": "fr-FR", "timezone_id": ZONE, "viewport": {"width": 1400, "height": 900}}


@pytest.fixture(scope="session")
def served_url(copy_of_demo: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the shared server's store: the demo, or where OWN_STORE is set a team's own, of the same workbook."""
    return _own_store(tmp_path_factory.mktemp("own")) if os.environ.get("OWN_STORE") else copy_of_demo()


def _own_store(folder: Path) -> str:
    chosen = replace(settings.load({}), data_dir=folder, region_zone=ZONE)
    with closing(create_crm(chosen, "real")) as crm:
        import_workbook(crm, "Ana", demo_workbook.PATH, shift_days=shift(crm.clock.today()))
        return crm.settings.url


@pytest.fixture(scope="session")
def served(served_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all tests that do not disturb each other, on its own copy of the demo."""
    folder = tmp_path_factory.mktemp("served")
    notebooks = shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    write_probe(notebooks, BROKEN, "1 / 0")
    with serve(folder / "log", notebooks_dir=str(notebooks), database_url=served_url, user="Ana", pools="contacts=1") as server:
        yield server


# of a server that stops under a page, which may be loading what other pages need
AWAY = ["net::ERR_", "ChunkLoadError", "WebSocket", "Connection lost", "Failed to fetch"]


@dataclass
class Watch:
    """What the browser complained of. A test that provokes a complaint names a part of it in `expected`."""

    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=lambda: [HIDDEN_PICTURE])

    def follow(self, context: BrowserContext) -> None:
        context.on("console", self._heard)
        context.on("weberror", self._failed)
        context.on("request", self._asked)

    def leave(self, context: BrowserContext) -> None:
        context.remove_listener("console", self._heard)
        context.remove_listener("weberror", self._failed)
        context.remove_listener("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def _failed(self, error: WebError) -> None:
        self.complaints.append(f"exception: {error.error}")

    def _asked(self, request: Request) -> None:
        place = urlsplit(request.url)
        if place.scheme in ("http", "https", "ws", "wss") and place.hostname not in ("127.0.0.1", "localhost"):
            self.complaints.append(f"outside request: {request.url}")

    @property
    def unexpected(self) -> list[str]:
        return [each for each in self.complaints if not any(part in each for part in self.expected)]


@pytest.fixture
def watch() -> Iterator[Watch]:
    watching = Watch()
    yield watching
    assert not watching.unexpected


@pytest.fixture(scope="session")
def profile(
    browser_type: BrowserType, browser_context_args: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """A browser that comes back, as a person's does: from the third page on its scripts are kept compiled."""
    assert CHROMIUM, "Chromium is missing: run tests/system.sh"
    place = tmp_path_factory.mktemp("profile")
    options = browser_context_args | {"executable_path": CHROMIUM, "args": ARGUMENTS}
    with browser_type.launch_persistent_context(place, **options) as context:
        context.add_init_script(HEARD)
        context.add_init_script(SAVING % "true")
        yield context


@pytest.fixture
def context(profile: BrowserContext, watch: Watch) -> Iterator[BrowserContext]:
    """The shared browser, watched; pages opened in it are left for good; other cookies stay, the tab left open needs its own."""
    watch.follow(profile)
    yield profile
    for page in profile.pages[1:]:
        if page not in Tab.kept:
            _leave(page)
    profile.clear_cookies(name="gnetics_theme")
    watch.leave(profile)


def _leave(page: Page) -> None:
    with suppress(PlaywrightError):  # its test left it, or its server is gone
        page.evaluate("dispatchEvent(new Event('pagehide'))")
    page.close()


def open_page(page: Page, address: str, name: str | None = None) -> Page:
    """Go to a page of the app and wait until it shows; `name` when the address does not tell."""
    name = name or urlsplit(address).path.rsplit("/", 1)[-1].removesuffix(".ipynb") or "accueil"
    page.goto(address, timeout=90_000)
    page.wait_for_selector(f'[data-page="{name}"] >> visible=true', timeout=90_000)
    return page


def until(page: Page, condition: str, seconds: int = 15) -> None:
    """Wait for an expression of the page; Playwright's own wait evaluates text at each look, which our policy refuses at the second."""
    page.evaluate(
        f"""async () => {{
          const end = performance.now() + {seconds * 1000};
          while (!({condition})) {{
            if (performance.now() > end) throw new Error({json.dumps(f"{condition} never came")});
            await new Promise((next) => setTimeout(next, 50));
          }}
        }}"""
    )


def on(served: Served, where: str) -> str:
    """The whole address of "contacts?lead=L-000001"."""
    name, _, query = where.partition("?")
    return f"{served.url}voila/render/{name}.ipynb{'?' + query if query else ''}"


# « Rafraîchir » is answered after all that was asked before it: then the page shows what the store holds
MOVE = """async (address) => {
  const button = () => document.querySelector('.g-refresh');
  const frame = () => new Promise(requestAnimationFrame);
  const refresh = async () => { button().click(); do await frame(); while (button().matches('.v-btn--loading')); };
  document.activeElement?.blur(); scrollTo(0, 0);
  await refresh();
  history.pushState({}, '', address); dispatchEvent(new PopStateEvent('popstate'));
  await refresh();
}"""


class Tab:
    """A page left open from test to test, as a person leaves it open all day: to move costs a tenth of a load.

    A test that leaves text in a form, another theme or a broken kernel takes `load` instead; after a failure the page is loaded anew.
    """

    kept: ClassVar[set[Page]] = set()
    page: Page | None = None

    def __init__(self, profile: BrowserContext, served: Served) -> None:
        self._profile, self._served = profile, served

    def visit(self, where: str, width: int = 1400) -> Page:
        address = on(self._served, where)
        if self.page is None:
            self.page = self._profile.new_page()
            self.kept.add(self.page)
            self.page.set_viewport_size({"width": width, "height": 900})
            return open_page(self.page, address)
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.bring_to_front()  # what a test opened beside it took the focus
        self.page.evaluate(MOVE, address)
        name = where.partition("?")[0]
        self.page.wait_for_selector(f'[data-page="{name}"] >> visible=true')
        return self.page

    def leave(self) -> None:
        if self.page:
            self.kept.discard(self.page)
            _leave(self.page)
        self.page = None

    def tell(self) -> None:
        if self.page:
            print(self.page.url, *self.page.evaluate(STANDS), sep="\n")


@pytest.fixture(scope="session")
def tab(profile: BrowserContext, served: Served) -> Tab:
    return Tab(profile, served)


@pytest.fixture
def visit(request: pytest.FixtureRequest, context: BrowserContext, tab: Tab) -> Iterator[Visit]:
    """visit("contacts?lead=L-000001") shows that page of the shared server, in the page left open by the test before."""
    failures = request.session.testsfailed
    yield tab.visit
    if request.session.testsfailed > failures:
        tab.tell()
        tab.leave()


@pytest.fixture
def load(page: Page, served: Served) -> Load:
    """load("contacts") opens that page of the shared server anew, in a kernel of its own."""

    def go(where: str) -> Page:
        return open_page(page, on(served, where))

    return go
