"""Dialogs, side panels, menus and lists: Escape closes what is on top whenever it comes, the focus comes in, goes round and goes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Literal

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, expect

from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.store.crm import open_crm
from tests.browser.conftest import Load, Visit, on, open_page, until
from tests.browser.test_sign_in import PASSWORD, sign_in
from tests.served import ZONE, Served, serve

SLOWER = 6  # times
TIMES = 20
STEP = 10  # milliseconds between the gesture and Escape, one more each time
SOMEBODY = "Claire"
TURNS = count(1)  # what somebody else writes is another word each time, or nobody disagrees
LIST = ".v-overlay--active > :is(.v-select__content, .v-autocomplete__content, .v-combobox__content)"
Find = Callable[[Page], Locator]


def button(name: str) -> Find:
    return lambda page: page.get_by_role("button", name=name, exact=True).locator("visible=true").first


def combobox(name: str) -> Find:
    return lambda page: page.get_by_role("combobox", name=name)


def at(selector: str) -> Find:
    return lambda page: page.locator(f"{selector} >> visible=true").first


def nothing(page: Page) -> None:
    """The page as it comes."""


def click(*found: Find) -> Callable[[Page], None]:
    def clicked(page: Page) -> None:
        for each in found:
            each(page).click()

    return clicked


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


def type_in(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("textbox", name=name, exact=True).fill("À moitié")


def change_a_lead(page: Page) -> None:
    MODIFY(page).click()
    type_in("Fonction")(page)


def disagree(page: Page) -> None:
    """Type what somebody else changes meanwhile."""
    change_a_lead(page)
    other = open_page(page.context.new_page(), page.url)
    MODIFY(other).click()
    other.get_by_role("textbox", name="Fonction", exact=True).fill(f"Gérante {next(TURNS)}")
    button("Sauvegarder")(other).click()
    expect(MODIFY(other)).to_be_visible()
    other.close()
    page.bring_to_front()


def note(page: Page) -> None:
    """Something that is not saved, where nothing is."""
    type_in("Ajouter une note")(page)
    button("Ajouter la note")(page).click()
    expect(page.locator(".g-notes")).to_contain_text("À moitié")
    page.keyboard.press("Escape")


MORE = button("Autres actions")
MODIFY = button("Modifier")


@dataclass(frozen=True)
class Layer:
    """What opens when `key` is pressed on `opener`, on that page, once `before` was done; `box` is a selector of what is then there."""

    name: str
    where: str
    box: str
    opener: Find
    key: str = "Enter"  # or « click », or « back » of the browser
    before: Callable[[Page], None] = nothing
    back: Find | None = None  # what has the focus in the end, when it is not the opener
    goes_round: bool = True  # or Tab leaves it, which closes it
    within: Find | None = None  # a field of it that has a list
    asked: bool = True  # or it comes by itself: Escape is for it from the moment it is there
    page: Literal["left open", "anew", "apart"] = (
        "left open"  # anew: text is left in it; apart: of a server with accounts, without synchronisation
    )
    width: int = 1400

    @property
    def shown(self) -> str:
        return shown(self.box)

    def ask(self, page: Page) -> None:
        opener = self.opener(page)
        if self.key == "click":
            opener.click()
            return
        opener.focus()
        if self.key == "back":
            page.evaluate("history.back()")
        else:
            page.keyboard.press(self.key)

    def just_asked(self, page: Page) -> None:
        self.ask(page)
        if not self.asked:
            until(page, f"document.querySelector('{self.box}')")

    def opened(self, page: Page) -> None:
        """On the screen, and with the focus."""
        self.ask(page)
        until(page, self.shown)
        until(page, f"document.activeElement.closest('{self.box}')")


def shown(box: str) -> str:
    return f"[...document.querySelectorAll('{box}')].some((el) => el.checkVisibility({{ visibilityProperty: true }}))"


LEAD = "contacts?lead=L-000211"
LOOSE = "[aria-labelledby=g-loose-title]"


def picker(field: str) -> dict[str, Any]:
    """What a click on its icon opens; the field itself has the focus."""
    own = f"[data-field={field}]"
    return {"opener": at(f"{own} [role=button][aria-haspopup]"), "key": "click", "back": at(f"{own} input"), "goes_round": False}


ALWAYS = [  # in `make test`; one of each kind: asked of the kernel, panel, menu
    Layer("bin", "contacts", "[aria-labelledby=g-bin-title]", tool("Corbeille"), back=MORE),
    Layer("lead", "contacts", ".g-sheet", at(".g-grid a[data-lead]")),
    Layer("saved views", "contacts", ".g-views", button("Mes vues"), goes_round=False),
]
LAYERS = [
    *ALWAYS,
    Layer("palette", "contacts", ".g-palette", at(".g-search")),
    Layer("pages", "faq", ".g-drawer.v-navigation-drawer--active", button("Ouvrir le menu"), width=390),
    Layer("account", "contacts", ".v-list:has([href$=mot-de-passe])", button(f"Compte de {SOMEBODY}"), goes_round=False, page="apart"),
    Layer("dropping", LEAD, "[aria-label^=Abandonner]", button("Rafraîchir"), before=note, page="apart"),
    Layer("recent actions", "contacts", "[aria-labelledby=g-recent-title]", tool("Actions récentes"), back=MORE),
    Layer("import", "contacts", ".g-import", at("[data-act=importer]")),
    Layer("merge", "contacts", ".g-merge", in_lot("Fusionner"), before=select_two),
    Layer("lot", "contacts", "[aria-labelledby=g-lot-title]", in_lot("Statut"), before=select_two, within=combobox("Statut")),
    Layer("tools", "contacts", ".g-tools-menu", at("[data-act=exporter]"), goes_round=False),
    Layer("card", "contacts", ".g-lead-menu", at(".g-grid .g-act"), goes_round=False),
    Layer("columns", "contacts?vue=table", ".g-lt-columns", button("Colonnes"), goes_round=False),
    Layer("cell", "contacts?vue=table", ".g-lt-edit", at('td[data-x="1"][data-y="0"]'), goes_round=False),
    Layer("pipeline", "contacts?vue=pipeline", ".g-lead-menu", at(".g-pl-card"), key="m", goes_round=False),
    Layer("consigning", LEAD, "[aria-labelledby=g-consign-title]", button("Consigner"), within=combobox("Statut")),
    Layer("new contact", "contacts", ".g-sheet", button("Ajouter un contact"), within=combobox("Statut")),
    Layer("status", LEAD, ".v-overlay--active [role=listbox]", at(".g-status"), goes_round=False),
    Layer("loss", LEAD, "[aria-labelledby=g-lost-title]", lost, back=at(".g-status")),
    Layer("deletion", LEAD, "[aria-label^=Supprimer].v-dialog", button("Supprimer")),
    Layer("giving up", LEAD, "[aria-label^=Abandonner]", button("Fermer la fiche"), before=change_a_lead, page="anew"),
    Layer("conflict", LEAD, "[aria-labelledby=g-conflict-title]", button("Sauvegarder"), before=disagree, asked=False, page="anew"),
    Layer("date", LEAD, ".v-date-picker", before=click(MODIFY), page="anew", **picker("next_follow_up")),
    Layer(
        "loose mail",
        "contacts?message=61",
        LOOSE,
        at(".g-grid a[data-lead]"),
        "back",
        lambda page: page.keyboard.press("Escape"),
    ),
    Layer("list", "contacts?lead=nouveau", LIST, combobox("Statut"), "ArrowDown", goes_round=False),
    Layer("event", "calendrier", ".g-event-side", at("[data-event]")),
    Layer("new event", "calendrier", ".g-event-side", button("Ajouter un événement"), within=combobox("Type")),
    Layer("deletion of an event", "calendrier", "[aria-label^=Supprimer].v-dialog", button("Supprimer"), before=click(at("[data-event]"))),
    Layer(
        "giving up an event",
        "calendrier?new=1",
        "[aria-label^=Abandonner]",
        button("Fermer l’événement"),
        before=type_in("Titre"),
        page="anew",
    ),
    Layer("day of an event", "calendrier?new=1", ".v-date-picker", **picker("day")),
    Layer("hour of an event", "calendrier?new=1", ".g-event-hours", **picker("start")),
    Layer("follow-ups of a day", "calendrier?vue=mois", ".g-due-list", at(".g-follow[aria-haspopup]"), goes_round=False),
    Layer("day of a board", "dash_data", ".v-date-picker", button("Choisir le jour"), goes_round=False),
    Layer("evidence", "dash_data", ".g-evidence", at(".g-dd-rows .g-fig")),
    Layer("run", "automations", ".g-entry", at("tr[data-key]")),
    Layer("message", "inbox", ".g-entry", at("tr[data-key]")),
]


@contextmanager
def slowed(page: Page) -> Iterator[None]:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.set_default_timeout(120_000)  # six times slower than a busy machine
    yield
    page.set_default_timeout(30_000)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    session.detach()


@pytest.fixture(scope="module")
def apart(copy_of_demo: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with an account, without synchronisation."""
    crm = open_crm(replace(settings_module.load({}), region_zone=ZONE, database_url=copy_of_demo()), trusted=True)
    accounts.add(crm, "admin", SOMEBODY, "édition", PASSWORD)
    crm.set_sync(False, "admin")
    crm.close()
    with serve(tmp_path_factory.mktemp("apart") / "log", database_url=str(crm.engine.url), pools="contacts=1") as server:
        yield server


@pytest.fixture
def go(request: pytest.FixtureRequest) -> Callable[[Layer], Page]:
    """To what a layer opens from."""

    def signed_in(where: str) -> Page:
        page, address = request.getfixturevalue("page"), on(request.getfixturevalue("apart"), where)
        page.goto(address)
        if page.title().startswith("Connexion"):
            sign_in(page, SOMEBODY, PASSWORD)
        return open_page(page, address)

    def to(layer: Layer) -> Page:
        page: Page
        if layer.page == "left open":
            page = request.getfixturevalue("visit")(layer.where, layer.width)
        else:
            page = signed_in(layer.where) if layer.page == "apart" else request.getfixturevalue("load")(layer.where)
        layer.before(page)
        expect(layer.opener(page)).to_be_visible()
        if layer.back and layer.key != "click":  # the opener is in a menu, opened to look at it
            page.keyboard.press("Escape")
        return page

    return to


# what was asked of the kernel is answered, and drawn
QUIET = """async () => {
  await window.jupyterapp.widgetManager.kernel.requestKernelInfo();
  for (let i = 0; i < 3; i += 1) await new Promise(requestAnimationFrame);
  await new Promise((drawn) => setTimeout(drawn, 120));
}"""


def stays_away(page: Page, box: str) -> bool:
    """Or goes, once the kernel has answered: what missed its Escape stays for good."""
    page.evaluate(QUIET)
    try:
        until(page, f"!({shown(box)})")
    except PlaywrightError:
        return False
    return True  # not looked at again: on a busy machine it may come only now, for a moment


@pytest.mark.parametrize("layer", [pytest.param(each, marks=() if each in ALWAYS else pytest.mark.soak, id=each.name) for each in LAYERS])
def test_escape_closes_it_even_before_it_is_there_and_the_focus_comes_in_goes_round_and_goes_back(
    go: Callable[[Layer], Page], layer: Layer
) -> None:
    page = go(layer)
    with slowed(page):
        layer.just_asked(page)
        page.keyboard.press("Escape")
        assert stays_away(page, layer.box)
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
@pytest.mark.parametrize("blurred", [False, True], ids=["from the opener", "from the body"])
@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_no_escape_of_twenty_is_lost(go: Callable[[Layer], Page], layer: Layer, blurred: bool) -> None:
    page = go(layer)
    missed = []
    with slowed(page):
        for wait in range(0, TIMES * STEP, STEP):
            layer.just_asked(page)
            if blurred:
                page.evaluate("document.activeElement.blur()")
            page.wait_for_timeout(wait)
            page.keyboard.press("Escape")
            if not stays_away(page, layer.box):
                missed.append(wait)
                page.keyboard.press("Escape")
                until(page, f"!({layer.shown})")
    assert missed == [], "milliseconds after the gesture"


@pytest.mark.soak
@pytest.mark.parametrize("layer", [each for each in LAYERS if each.within], ids=lambda layer: layer.name)
def test_no_escape_of_twenty_from_a_list_within_is_lost_nor_closes_more_than_the_list(go: Callable[[Layer], Page], layer: Layer) -> None:
    page = go(layer)
    assert layer.within
    missed = []
    with slowed(page):
        layer.opened(page)
        for wait in range(0, TIMES * STEP, STEP):
            layer.within(page).press("ArrowDown")
            page.wait_for_timeout(wait)
            page.keyboard.press("Escape")
            if not stays_away(page, LIST):
                missed.append(wait)
                page.keyboard.press("Escape")
                until(page, f"!({shown(LIST)})")
            assert page.evaluate(layer.shown)
        page.keyboard.press("Escape")
        assert stays_away(page, layer.box)
    assert missed == [], "milliseconds after the gesture"


def test_an_escape_that_overtakes_a_save_leaves_no_question_about_what_is_saved(load: Load) -> None:
    page = load(LEAD)
    change_a_lead(page)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(MODIFY(page)).to_be_visible()
    expect(page.locator("[aria-label^=Abandonner] >> visible=true")).to_have_count(0)


ATTACH = "[...document.querySelectorAll('.g-mail a')].find((el) => el.textContent.includes('Rattacher'))"
ESCAPE = "dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))"


@pytest.mark.parametrize("ask", [f"{ATTACH}.click(); {ESCAPE}", f"history.back(); {ESCAPE}"], ids=["from a log", "by Back"])
def test_an_escape_that_overtakes_the_page_that_opens_a_dialog_cancels_it(visit: Visit, ask: str) -> None:
    """Both in one turn: neither the kernel nor the browser can have answered."""
    page = visit(LEAD)  # whose sheet stays open
    visit("contacts?message=61" if "back" in ask else "inbox?message=61")
    if "back" in ask:
        until(page, shown(LOOSE))
        page.keyboard.press("Escape")
        until(page, "!location.search")
    page.evaluate(f"() => {{ {ask} }}")
    until(page, "location.pathname.endsWith('/contacts.ipynb')")
    assert stays_away(page, LOOSE)
    assert page.url.endswith("/contacts.ipynb")  # what had been open beneath on the page left did not call back there


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
