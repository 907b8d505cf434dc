"""Dialogs, side panels, menus and lists: Escape closes what is on top whenever it comes, the focus comes in, goes round and goes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit, until

SLOWER = 6  # times
TIMES = 20
Find = Callable[[Page], Locator]


def button(name: str) -> Find:
    return lambda page: page.get_by_role("button", name=name, exact=True).locator("visible=true").first


def at(selector: str) -> Find:
    return lambda page: page.locator(f"{selector} >> visible=true").first


def nothing(page: Page) -> None:
    """The page as it comes."""


def click(found: Find) -> Callable[[Page], None]:
    return lambda page: found(page).click()


def select_two(page: Page) -> None:
    boxes = page.locator(".g-grid .g-pick >> visible=true")
    for place in range(2):
        boxes.nth(place).check()


def lost(page: Page) -> Locator:
    """« Perdu » in the menu of a lead's status."""
    at(".g-status")(page).click()
    item = page.locator(".v-overlay--active [role=option]", has_text="Perdu")
    expect(item).to_be_visible()
    return item


def tool(name: str) -> Find:
    """In « ⋯ », above the list."""

    def found(page: Page) -> Locator:
        MORE(page).click()
        item = page.get_by_role("dialog", name="Autres actions").get_by_role("button", name=name)
        expect(item).to_be_visible()
        return item

    return found


def in_lot(name: str) -> Find:
    return lambda page: page.get_by_role("toolbar", name="Contacts sélectionnés").get_by_role("button", name=name)


MORE = button("Autres actions")


@dataclass(frozen=True)
class Layer:
    """What opens when `key` is pressed on `opener`, on that page, once `before` was done; `box` is a selector of what is then there."""

    name: str
    where: str
    box: str
    opener: Find
    key: str = "Enter"
    before: Callable[[Page], None] = nothing
    back: Find | None = None  # what has the focus in the end, when it is not the opener
    goes_round: bool = True  # or Tab leaves it, which closes it
    width: int = 1400

    @property
    def shown(self) -> str:
        return f"[...document.querySelectorAll('{self.box}')].some((el) => el.checkVisibility({{ visibilityProperty: true }}))"

    def ask(self, page: Page) -> None:
        self.opener(page).focus()
        page.keyboard.press(self.key)

    def opened(self, page: Page) -> None:
        """On the screen, and with the focus."""
        self.ask(page)
        until(page, self.shown)
        until(page, f"document.activeElement.closest('{self.box}')")


LEAD = "contacts?lead=L-000211"
ALWAYS = [  # in `make test`; one of each kind: asked of the kernel, panel, menu
    Layer("bin", "contacts", "[aria-labelledby=g-bin-title]", tool("Corbeille"), back=MORE),
    Layer("lead", "contacts", ".g-sheet", at(".g-grid a[data-lead]")),
    Layer("saved views", "contacts", ".g-views", button("Mes vues"), goes_round=False),
]
LAYERS = [
    *ALWAYS,
    Layer("palette", "contacts", ".g-palette", at(".g-search")),
    Layer("pages", "faq", ".g-drawer.v-navigation-drawer--active", button("Ouvrir le menu"), width=390),
    Layer("recent actions", "contacts", "[aria-labelledby=g-recent-title]", tool("Actions récentes"), back=MORE),
    Layer("import", "contacts", ".g-import", at("[data-act=importer]")),
    Layer("merge", "contacts", ".g-merge", in_lot("Fusionner"), before=select_two),
    Layer("lot", "contacts", "[aria-labelledby=g-lot-title]", in_lot("Responsable"), before=select_two),
    Layer("tools", "contacts", ".g-tools-menu", at("[data-act=exporter]"), goes_round=False),
    Layer("columns", "contacts?vue=table", ".g-lt-columns", button("Colonnes"), goes_round=False),
    Layer("cell", "contacts?vue=table", ".g-lt-edit", at('td[data-x="1"][data-y="0"]'), goes_round=False),
    Layer("pipeline", "contacts?vue=pipeline", ".g-lead-menu", at(".g-pl-card"), key="m", goes_round=False),
    Layer("consigning", LEAD, "[aria-labelledby=g-consign-title]", button("Consigner")),
    Layer("new contact", "contacts", ".g-sheet", button("Ajouter un contact")),
    Layer("status", LEAD, ".v-overlay--active [role=listbox]", at(".g-status"), goes_round=False),
    Layer("loss", LEAD, "[aria-labelledby=g-lost-title]", lost, back=at(".g-status")),
    Layer("deletion", LEAD, ".v-dialog .v-card", button("Supprimer")),
    Layer(
        "list",
        "contacts?lead=nouveau",
        ".v-select__content",
        lambda page: page.get_by_role("combobox", name="Statut"),
        "ArrowDown",
        goes_round=False,
    ),
    Layer("event", "calendrier", ".g-event-side", at("[data-event]")),
    Layer("new event", "calendrier", ".g-event-side", button("Ajouter un événement")),
    Layer("deletion of an event", "calendrier", ".v-dialog .v-card", button("Supprimer"), before=click(at("[data-event]"))),
    Layer("evidence", "dash_data", ".g-evidence", at(".g-dd-rows .g-fig")),
    Layer("run", "automations", ".g-entry", at("tr[data-key]")),
    Layer("message", "inbox", ".g-entry", at("tr[data-key]")),
]


@contextmanager
def slowed(page: Page) -> Iterator[None]:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    yield
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    session.detach()


@pytest.fixture
def go(visit: Visit) -> Callable[[Layer], Page]:
    """To what a layer opens from."""

    def to(layer: Layer) -> Page:
        page = visit(layer.where, layer.width)
        layer.before(page)
        expect(layer.opener(page)).to_be_visible()
        if layer.back:  # the opener is in a menu, opened to look at it
            page.keyboard.press("Escape")
        return page

    return to


def stays_away(page: Page, layer: Layer) -> bool:
    """Or goes, once the kernel had the time to answer: what missed its Escape stays for good."""
    page.wait_for_timeout(500)
    try:
        until(page, f"!({layer.shown})", 5)
    except PlaywrightError:
        return False
    return True  # not looked at again: on a busy machine it may come only now, for a moment


@pytest.mark.parametrize("layer", [pytest.param(each, marks=() if each in ALWAYS else pytest.mark.soak, id=each.name) for each in LAYERS])
def test_escape_closes_it_even_before_it_is_there_and_the_focus_comes_in_goes_round_and_goes_back(
    go: Callable[[Layer], Page], layer: Layer
) -> None:
    page = go(layer)
    with slowed(page):
        layer.ask(page)
        page.keyboard.press("Escape")
        assert stays_away(page, layer)
        layer.opened(page)
    for _ in range(20 if layer.goes_round else 0):
        page.keyboard.press("Tab")
        assert page.evaluate(f"!!document.activeElement.closest('{layer.box}')")
    page.keyboard.press("Escape")
    until(page, f"!({layer.shown})")
    back = (layer.back or layer.opener)(page)
    expect(back).to_be_focused()
    expect(back).to_be_in_viewport()


@pytest.mark.soak
@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_no_escape_of_twenty_is_lost(go: Callable[[Layer], Page], layer: Layer) -> None:
    page = go(layer)
    missed = []
    with slowed(page):
        for turn in range(TIMES):
            layer.ask(page)
            page.wait_for_timeout(turn * 10)
            page.keyboard.press("Escape")
            if not stays_away(page, layer):
                missed.append(turn * 10)
                page.keyboard.press("Escape")
                until(page, f"!({layer.shown})")
    assert missed == [], "milliseconds after the gesture"


def test_a_popup_left_by_tab_closes_and_the_focus_goes_on_from_what_opened_it(visit: Visit) -> None:
    page = visit("contacts")
    button("Mes vues")(page).focus()
    page.keyboard.press("Enter")
    until(page, "document.activeElement.closest('.g-views')")
    for _ in range(20):
        page.keyboard.press("Tab")
        if not page.evaluate("!!document.activeElement.closest('.g-views')"):
            break
    expect(page.locator(".g-views >> visible=true")).to_have_count(0)
    assert page.evaluate("document.activeElement !== document.body")


def test_after_a_walk_from_lead_to_lead_the_focus_goes_back_to_the_one_now_shown(visit: Visit) -> None:
    page = visit("contacts")
    cards = page.locator(".g-grid a[data-lead]")
    cards.nth(0).focus()
    page.keyboard.press("Enter")
    sheet = page.locator(".g-sheet")
    expect(sheet.locator("h2").first).to_be_focused()
    for place in (1, 2):
        page.keyboard.press("j")
        expect(sheet).to_contain_text(str(cards.nth(place).get_attribute("data-lead")))
    page.keyboard.press("Escape")
    expect(cards.nth(2)).to_be_focused()
    expect(cards.nth(2)).to_be_in_viewport()
