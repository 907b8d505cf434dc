"""What people do all day, done without a mouse: how many keys each takes, beside the letters of a name, and where the focus is then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Load, until
from tests.served import Served, serve

pytestmark = pytest.mark.soak
MOST = 40  # keys from one thing to the next: it is not reached


@pytest.fixture(scope="module")
def served(copy_of_demo: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of their own: they merge, write and move."""
    with serve(tmp_path_factory.mktemp("keyboard") / "log", database_url=copy_of_demo(), user="Ana", pools="contacts=1") as server:
        yield server


@dataclass
class Keys:
    """Somebody at the keyboard of a page."""

    page: Page
    count: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def reach(self, selector: str, key: str = "Tab") -> None:
        """By pressing that key, again and again."""
        for _ in range(MOST):
            if self.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
            self.press(key)
        raise AssertionError(f"{selector} is not reached by {key}")

    def skip(self) -> None:
        """« Aller au contenu »."""
        self.press("Tab", "Enter")

    def command(self, words: str) -> None:
        self.press("Control+k")
        self.comes(".g-palette")
        self.write(words)
        expect(self.page.locator(".g-found .on")).to_contain_text(words, ignore_case=True)
        self.press("Enter")

    def comes(self, selector: str) -> None:
        """It has the focus, or holds it."""
        until(self.page, f"document.activeElement.closest(`{selector}`)")


Start = Callable[[str], Keys]


@pytest.fixture
def start(load: Load) -> Start:
    return lambda where: Keys(load(where))


def test_the_first_contact_to_call_is_found_and_the_call_logged(start: Start) -> None:
    keys = start("accueil")
    keys.skip()
    keys.reach(".g-home-verb[href*=consigner]")
    keys.press("Enter")
    keys.comes(".g-consign [value=Appel]")
    keys.press("Control+Enter")
    keys.comes(".g-sheet h2")
    expect(keys.page.locator(".g-line li").first).to_contain_text("Appel")
    assert keys.count <= 8
    keys.count = 0
    keys.press("c")
    keys.comes(".g-consign [value=Appel]")
    keys.press("Control+Enter")
    keys.comes(".g-sheet h2")
    assert keys.count == 2


def test_a_contact_is_added(start: Start) -> None:
    keys = start("accueil")
    keys.command("Ajouter un contact")
    keys.comes(".g-sheet input")
    keys.write("Claire Sans-Souris")
    keys.press("Enter")
    keys.comes(".g-sheet h2")
    expect(keys.page.locator(".g-sheet h2")).to_have_text("Claire Sans-Souris")
    assert keys.count == 3


def test_a_deal_is_moved(start: Start) -> None:
    keys = start("contacts?vue=pipeline")
    card = keys.page.locator(".g-pl-card").first
    expect(card).to_be_visible()
    keys.skip()
    keys.reach(".g-pl-card")
    ref = keys.page.evaluate("document.activeElement.dataset.lead || document.activeElement.closest('[data-lead]').dataset.lead")
    keys.press("m")
    keys.comes(".g-lead-menu [role=menuitemradio]")
    status = keys.page.evaluate("document.activeElement.innerText.trim()")
    keys.press("Enter")
    expect(keys.page.get_by_role("status").filter(has_text=status).first).to_be_visible()
    keys.comes(f"[data-lead='{ref}']")
    assert keys.count <= 14


def test_contacts_are_filtered_and_the_view_saved(start: Start) -> None:
    keys = start("contacts")
    keys.skip()
    keys.reach(".g-facets [data-at]")
    keys.reach(".g-facets input", "ArrowDown")
    keys.press("Space")
    expect(keys.page.locator(".g-chip")).to_have_count(1)
    keys.reach(".g-views-button", "Shift+Tab")
    keys.press("Enter")
    keys.comes(".g-views input")
    keys.write("Sans souris")
    keys.press("Enter")
    expect(keys.page.locator(".g-views-button")).to_contain_text("Sans souris")
    keys.press("Escape")
    keys.comes(".g-views-button")
    assert keys.count <= 17


def test_a_duplicate_is_found_and_merged(start: Start) -> None:
    keys = start("contacts")
    keys.skip()
    keys.reach(".g-facets [data-at]")
    keys.reach("[data-facet=verifier] [data-at='']", "ArrowDown")
    if keys.page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "false":
        keys.press("Enter")
    keys.reach("[data-facet=verifier] [data-at=doublon]", "ArrowDown")
    keys.press("Space")
    expect(keys.page.locator(".g-chip")).to_have_count(1)
    keys.reach(".g-double")
    keys.press("Enter")
    keys.comes(".g-merge h2")
    keys.press("Shift+Tab", "Enter")  # « Fusionner », the last of the dialog
    expect(keys.page.locator(".g-merge >> visible=true")).to_have_count(0)
    keys.comes(".g-sheet h2")
    assert keys.count <= 40


def test_an_event_is_added(start: Start) -> None:
    keys = start("accueil")
    keys.command("Ajouter un événement")
    keys.comes(".g-event-side input")
    keys.write("Point du lundi")
    keys.press("Enter")
    expect(keys.page.locator(".g-event-side")).to_have_count(0)
    expect(keys.page.locator(".g-toast")).to_contain_text("Point du lundi")
    assert not keys.page.evaluate("document.activeElement === document.body")
    assert keys.count == 3


def test_the_contacts_behind_three_figures_are_opened(start: Start) -> None:
    keys = start("dashboard")
    keys.skip()
    for _ in range(3):
        keys.press("Tab")
        keys.reach(".g-head .g-figure")
        figure = keys.page.evaluate("document.activeElement.innerText")
        keys.press("Enter")
        keys.comes(".g-evidence")
        expect(keys.page.locator(".g-evidence .g-ev-row").first).to_be_visible()
        keys.press("Escape")
        keys.comes(".g-head .g-figure")
        assert keys.page.evaluate("document.activeElement.innerText") == figure
    assert keys.count <= 22


def test_an_answer_is_found(start: Start) -> None:
    keys = start("accueil")
    keys.command("FAQ")
    keys.comes("h1")
    keys.reach('[data-page="faq"] input')
    keys.write("importer")
    expect(keys.page.locator(".g-faq-text >> visible=true").first).to_contain_text("import", ignore_case=True)
    assert keys.count <= 4


def test_contacts_are_exported(start: Start) -> None:
    keys = start("accueil")
    keys.command("Exporter les contacts")
    keys.comes(".g-tools-menu")
    keys.reach('[aria-label$="CSV"]')
    with keys.page.expect_download() as given:
        keys.press("Enter")
    assert given.value.suggested_filename.endswith(".csv")
    keys.press("Escape")
    keys.comes("[data-act=exporter]")
    assert keys.count <= 6
