"""The app frame in a real browser: moving, addresses, keyboard, themes, narrow screens, a kernel that is gone."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from gnetics.pages.app import AHEAD
from gnetics.state.sidebar import PAGES
from tests.browser.conftest import SAVING, Load, Visit, Watch, on, open_page, until
from tests.served import Served

TWICE = "() => [...document.querySelectorAll('[id]')].map((each) => each.id).filter((id, i, all) => all.indexOf(id) !== i)"


def where(page: Page) -> str:
    place = urlsplit(page.url)
    return place.path.rsplit("/", 1)[-1] + (f"?{place.query}" if place.query else "")


def shown(page: Page, key: str) -> None:
    expect(page.locator(f'[data-page="{key}"]')).to_be_visible()


@pytest.fixture
def loads(page: Page) -> list[str]:
    """Documents loaded: moving between pages adds none."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url) if request.is_navigation_request() else None)
    return seen


def test_one_click_on_each_page_changes_page_address_and_title_without_reload(load: Load, loads: list[str]) -> None:
    page = load("accueil")
    for entry in PAGES[1:] + PAGES[:1]:
        page.locator(".g-nav").get_by_role("link", name=entry.title, exact=True).click()
        shown(page, entry.key)
        expect(page).to_have_title(f"{entry.title} · CRM GNETICS")
        assert where(page) == f"{entry.key}.ipynb"
    assert len(loads) == 1
    assert page.evaluate(TWICE) == [], "a label, or what describes an element, would be another page's"


def test_heavy_pages_are_drawn_before_they_are_visited(page: Page, served: Served) -> None:
    page.add_init_script(SAVING % "false")
    open_page(page, on(served, "faq"))
    for key in AHEAD:
        expect(page.locator(f'[data-page="{key}"]')).to_be_attached()
        expect(page.locator(f'[data-page="{key}"]')).to_be_hidden()
    bars = page.locator('[data-page="dashboard"] .g-chart .bar')
    expect(bars).not_to_have_count(0)
    widths = bars.evaluate_all("(bars) => bars.map((bar) => bar.getBoundingClientRect().width)")
    page.locator(".g-nav").get_by_role("link", name="Dashboard").click()
    shown(page, "dashboard")
    assert widths == bars.evaluate_all("(bars) => bars.map((bar) => bar.getBoundingClientRect().width)"), "drawn at their size"


def test_back_and_forward_land_on_the_same_page(visit: Visit) -> None:
    page = visit("contacts")
    page.locator(".g-nav").get_by_role("link", name="Calendrier").click()
    shown(page, "calendrier")
    page.go_back()
    shown(page, "contacts")
    page.go_forward()
    shown(page, "calendrier")


def test_back_closes_the_sheet_first(visit: Visit) -> None:
    page = visit("contacts")
    page.locator(".g-grid a[data-lead]").first.click()
    sheet = page.locator(".g-sheet")
    expect(sheet).to_be_visible()
    expect(page).to_have_url(re.compile("lead="))
    page.go_back()
    expect(sheet).to_have_count(0)
    shown(page, "contacts")
    expect(page).to_have_url(re.compile(r"contacts\.ipynb$"))


def test_a_deep_link_opens_the_sheet(visit: Visit) -> None:
    page = visit("contacts?lead=L-000211")
    expect(page.locator(".g-sheet")).to_contain_text("L-000211")


def test_an_unknown_lead_is_said_in_french_and_the_page_works(load: Load) -> None:
    page = load("contacts?lead=L-999999")
    expect(page.get_by_text("n’existe pas ou n’existe plus")).to_be_visible()
    expect(page.locator(".g-grid a[data-lead]").first).to_be_visible()


def test_a_page_can_be_reloaded_after_a_search_too_long_for_its_address_and_opened_by_an_address_that_is(page: Page, load: Load) -> None:
    load("contacts?statut=Clos")
    page.get_by_role("textbox", name="Rechercher un contact").fill("a" * 70_000)
    expect(page.get_by_text("trop long pour l’adresse")).to_be_visible()
    assert where(page) == "contacts.ipynb?statut=Clos"
    page.reload()
    shown(page, "contacts")
    load(f"contacts?statut=Clos&p={'9' * 5_000}&q={'a' * 20_000}")
    expect(page.get_by_text("la page n’en a suivi qu’une partie")).to_be_visible()
    expect(page.locator(".g-grid a[data-lead]").first).to_be_visible()


def test_ctrl_k_finds_a_page_or_a_contact_with_the_keyboard_alone(visit: Visit) -> None:
    page = visit("contacts")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Aller à une page, un contact, une action")
    expect(field).to_be_focused()
    page.keyboard.type("L-000211")
    expect(page.locator(".g-found").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".g-sheet")).to_contain_text("L-000211")


def test_ctrl_k_acts_too_and_enter_may_come_before_the_answer(visit: Visit) -> None:
    page = visit("faq")
    field = page.get_by_role("combobox", name="Aller à une page, un contact, une action")
    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    page.keyboard.type("L-000211")
    page.keyboard.press("Enter")
    expect(page.locator(".g-sheet")).to_contain_text("L-000211")
    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    page.keyboard.type("ajouter evenement")
    expect(field).to_have_attribute("aria-activedescendant", "g-found-0")
    page.keyboard.press("Enter")
    expect(page.locator(".g-event-side")).to_be_visible()


def test_the_first_tab_skips_to_the_content_and_what_is_said_has_a_place_before_it_comes(visit: Visit) -> None:
    page = visit("faq")
    for voice in ("status", "alert"):
        expect(page.locator(f".g-toasts[role={voice}]")).to_be_attached()
    page.locator(".g-skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main#g-content")).to_be_focused()


def test_escape_closes_the_palette_and_gives_focus_back(visit: Visit) -> None:
    page = visit("contacts")
    search = page.get_by_role("textbox", name="Rechercher un contact")
    search.focus()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Aller à une page, un contact, une action")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".g-found")).not_to_be_visible()
    expect(search).to_be_focused()


def test_escape_closes_the_sheet_and_gives_focus_back_to_its_card(visit: Visit) -> None:
    page = visit("contacts")
    card = page.locator(".g-grid a[data-lead]").nth(2)
    card.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".g-sheet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".g-sheet")).to_have_count(0)
    expect(card).to_be_focused()


def test_without_a_choice_the_theme_is_the_systems_and_a_choice_is_kept(page: Page, load: Load, served: Served, watch: Watch) -> None:
    watch.expected += ["404"]
    page.emulate_media(color_scheme="dark")
    load("contacts")
    box = page.locator(".g-pick").first
    expect(page.locator("html.g-dark .v-application.v-theme--dark")).to_be_visible()
    page.get_by_role("button", name="Passer au thème clair").click()
    expect(page.locator("html:not(.g-dark) .v-application.v-theme--light")).to_be_visible()
    expect(box).to_have_css("color-scheme", "light")
    page.reload()
    page.wait_for_selector('[data-page="contacts"] >> visible=true', timeout=30_000)
    expect(page.locator("html:not(.g-dark) .v-application.v-theme--light")).to_be_visible()
    page.goto(f"{served.url}nimporte")
    expect(page.locator("body")).to_have_css("background-color", "rgb(246, 248, 250)")


def test_at_390_px_the_drawer_closes_after_a_choice_and_no_page_overflows(visit: Visit) -> None:
    page = visit("accueil", 390)
    for entry in PAGES[1:]:
        page.get_by_role("button", name="Ouvrir le menu").click()
        page.locator(".g-nav").get_by_role("link", name=entry.title, exact=True).click()
        shown(page, entry.key)
        expect(page.locator(".v-navigation-drawer__scrim")).to_have_count(0)
        until(page, "document.documentElement.scrollWidth <= 390")


def test_typed_text_survives_a_visit_to_another_page(visit: Visit) -> None:
    page = visit("contacts")
    page.get_by_role("button", name="Ajouter un contact").first.click()
    name = page.locator(".g-sheet").get_by_role("textbox", name="Nom", exact=True)
    name.fill("Saisie en cours")
    page.locator(".g-nav").get_by_role("link", name="FAQ").click()
    shown(page, "faq")
    page.locator(".g-nav").get_by_role("link", name="Contacts").click()
    expect(name).to_have_value("Saisie en cours")
    name.press("Escape")
    page.get_by_role("button", name="Abandonner").click()
    expect(page.locator(".g-sheet")).to_have_count(0)


@pytest.mark.parametrize(
    ("key", "add", "field"), [("contacts", "Ajouter un contact", "name"), ("calendrier", "Ajouter un événement", "title")]
)
def test_text_typed_at_the_very_moment_of_leaving_survives_too(visit: Visit, key: str, add: str, field: str) -> None:
    page = visit(key)
    page.get_by_role("button", name=add).first.click()
    box = page.locator(f"[data-field={field}] input >> visible=true")
    expect(box).to_be_focused()
    page.evaluate(
        """async (pages) => {
        document.activeElement.value = 'Au dernier moment';
        document.activeElement.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise(requestAnimationFrame);
        for (const page of pages) document.querySelector(`.g-nav a[href^="${page}"]`).click();
    }""",
        ["faq", key],
    )
    page.get_by_role("button", name="Rafraîchir").click()
    expect(page.locator(".g-refresh.v-btn--loading")).to_have_count(0)
    expect(box).to_have_value("Au dernier moment")
    box.press("Escape")
    page.get_by_role("button", name="Abandonner").click()
    expect(box).to_have_count(0)


def test_escape_closes_an_open_list_before_its_form_and_the_form_gives_focus_back(visit: Visit) -> None:
    page = visit("contacts")
    add = page.get_by_role("button", name="Ajouter un contact").first
    add.focus()
    page.keyboard.press("Enter")
    form = page.locator(".g-sheet")
    name = form.get_by_role("textbox", name="Nom", exact=True)
    expect(name).to_be_focused()
    name.fill("À moitié")
    _escape_from_a_list(page, form.get_by_role("combobox", name="Statut"))
    source = form.get_by_role("combobox", name="Source")
    source.click()  # here the focus stays in the field, inside the panel
    expect(source).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(source).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_text("Abandonner votre saisie")).to_have_count(0)
    name.fill("")
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(add).to_be_focused()
    page.locator(".g-nav").get_by_role("link", name="Calendrier").click()
    page.get_by_role("button", name="Ajouter un événement").first.click()
    form = page.locator(".g-event-side")
    expect(form.get_by_role("textbox", name="Titre")).to_be_focused()
    _escape_from_a_list(page, form.get_by_role("combobox", name="Type"))
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)


def _escape_from_a_list(page: Page, field: Locator) -> None:
    field.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".v-overlay--active .v-list :focus")).to_be_visible()  # Vuetify moves it there a moment later
    page.keyboard.press("Escape")
    expect(page.locator(".v-overlay--active .v-list")).to_have_count(0)
    expect(field).to_be_focused()
