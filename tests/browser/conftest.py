"""Chromium against the really served app; every page opened is watched for console errors and outside requests."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect
from playwright.sync_api import Error as PlaywrightError

from tests.served import Served, serve

expect.set_options(timeout=15_000)  # a busy machine is slow, and a wait that succeeds costs nothing
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    assert CHROMIUM, "Chromium is missing: apt-get install chromium"
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"locale": "fr-FR", "timezone_id": "Europe/Paris", "viewport": {"width": 1400, "height": 900}}


@pytest.fixture(scope="session")
def served_url(copy_of_demo: Callable[[], str]) -> str:
    """The address of the shared server's store."""
    return copy_of_demo()


@pytest.fixture(scope="session")
def served(served_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all tests that do not disturb each other, on its own copy of the demo."""
    log = tmp_path_factory.mktemp("served") / "log"
    with serve(log, database_url=served_url, user="Ana", pools="contacts=1") as server:
        yield server


@dataclass
class Watch:
    """What the browser complained of. A test that provokes a complaint names a part of it in `expected`."""

    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.complaints.append(f"exception: {error.error}"))
        context.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

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


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext], watch: Watch) -> Iterator[Callable[..., BrowserContext]]:
    """Every context of pytest-playwright, watched; its kernels stop at the end, which a context closed by Playwright does not tell."""
    contexts: list[BrowserContext] = []

    def create(**options: Any) -> BrowserContext:
        context = new_context(**options)
        watch.follow(context)
        contexts.append(context)
        return context

    yield create
    for page in [page for context in contexts for page in context.pages]:
        with suppress(PlaywrightError):  # closed by its test
            page.evaluate("dispatchEvent(new Event('pagehide'))")


def open_page(page: Page, address: str, name: str | None = None) -> Page:
    """Go to a page of the app and wait until it shows; `name` when the address does not tell."""
    name = name or urlsplit(address).path.rsplit("/", 1)[-1].removesuffix(".ipynb") or "accueil"
    page.goto(address)
    page.wait_for_selector(f'[data-page="{name}"] >> visible=true', timeout=30_000)
    return page


@pytest.fixture
def visit(page: Page, served: Served) -> Callable[[str], Page]:
    """visit("contacts?lead=L-000001") opens that page of the shared server."""

    def go(where: str) -> Page:
        name, _, query = where.partition("?")
        return open_page(page, f"{served.url}voila/render/{name}.ipynb{'?' + query if query else ''}")

    return go
