"""Contacts in a real browser: searching while typing, the table edited with the keyboard, the pipeline, saved views, a narrow screen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

# pills whose words are higher than their box, and parts of a card that lie over one another
CUT = """[...document.querySelectorAll('.g-lead-box')].flatMap((box) => {
  const found = [...box.querySelectorAll('.g-days, .g-pill, .g-double, .g-pick, .g-act, .g-last > *, .g-avatar')];
  const parts = found.map((part) => [part.className, part.getBoundingClientRect()]);
  const low = parts.filter(([name, r]) => name.includes('g-pill') && r.height < 22).map(([name]) => `${name} is cut`);
  const meet = (r, o) => r.left < o.right - 1 && o.left < r.right - 1 && r.top < o.bottom - 1 && o.top < r.bottom - 1;
  const over = parts.flatMap(([name, r], i) => parts.slice(i + 1).filter(([, o]) => meet(r, o)).map(([on]) => `${name} is over ${on}`));
  return [...low, ...over];
})"""


def active(page: Page, attribute: str) -> str | None:
    value: str | None = page.evaluate(f"document.activeElement.getAttribute('{attribute}')")
    return value


def test_typing_searches_and_the_table_is_edited_sorted_and_kept_as_a_view(visit: Visit) -> None:
    page = visit("contacts")
    count = page.locator(".g-contacts [aria-live]")
    field = page.get_by_role("textbox", name="Rechercher un contact")
    field.press_sequentially("L-00021", delay=15)
    expect(field).to_have_value("L-00021")
    expect(page).to_have_url(re.compile(r"q=L-00021$"))
    expect(count).to_have_text(re.compile(r"^10 sur "))
    expect(page.get_by_label("Chiffres de la sélection")).to_contain_text("Pondéré")

    page.get_by_role("radio", name="Table").click()
    expect(page.locator(".g-lt tbody tr")).to_have_count(10)
    page.locator(".g-lt").get_by_role("button", name="Nom", exact=True).click()
    expect(page).to_have_url(re.compile("tri=nom"))
    cell = page.locator(".g-lt td[data-x='1'][data-y='0']")
    cell.click()
    page.keyboard.press("Enter")
    page.keyboard.type("Maison Essai")
    page.keyboard.press("Enter")
    expect(cell).to_have_text("Maison Essai")
    expect(cell).to_be_focused()
    for key in ("ArrowRight", "ArrowRight", "F2"):
        page.keyboard.press(key)
    page.keyboard.type("abc")
    page.keyboard.press("Enter")
    expect(page.locator(".g-lt-error")).to_contain_text("n’est pas un montant")
    page.keyboard.press("Escape")
    expect(page.locator(".g-lt-edit")).to_have_count(0)
    assert active(page, "data-x") == "3"

    page.get_by_role("button", name="Colonnes").click()
    page.get_by_role("group", name="Colonnes").get_by_label("Email").uncheck()
    expect(page.locator(".g-lt thead")).not_to_contain_text("Email")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Mes vues").click()
    name = page.get_by_role("textbox", name="Nom de la nouvelle vue")
    expect(name).to_be_focused()
    name.fill("Dix contacts")
    page.keyboard.press("Enter")
    expect(page.get_by_text("est enregistrée dans « Mes vues »")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Effacer les filtres").click()
    expect(field).to_have_value("")
    expect(page.locator(".g-lt tbody tr")).to_have_count(50)
    page.get_by_role("button", name="Mes vues").click()
    page.get_by_role("dialog", name="Mes vues").get_by_text("Dix contacts").click()
    expect(page.locator(".g-lt tbody tr")).to_have_count(10)
    expect(field).to_have_value("L-00021")
    expect(page).to_have_url(re.compile("q=L-00021"))  # the address follows the page: Back before that would leave this step out
    page.go_back()
    expect(page.locator(".g-lt tbody tr")).to_have_count(50)


def test_a_card_of_the_pipeline_is_dragged_then_moved_with_the_keyboard(visit: Visit) -> None:
    page = visit("contacts?vue=pipeline&tri=nom")
    column = page.locator
    card = column("[data-column='Nouveau'] a").first
    ref = card.get_attribute("data-lead")
    card.drag_to(column("[data-column='Contacté'] header"))
    expect(page.locator(".g-toast")).to_contain_text("Nouveau → Contacté")
    expect(column(f"[data-column='Nouveau'] a[data-lead='{ref}']")).to_have_count(0)

    card = column("[data-column='Nouveau'] a").first
    ref = card.get_attribute("data-lead")
    card.focus()
    page.keyboard.press("m")
    menu = page.get_by_role("menu", name="Actions pour")
    expect(menu.get_by_role("menuitemradio", name="À contacter")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).not_to_be_visible()
    expect(card).to_be_focused()
    page.keyboard.press("m")
    expect(menu.get_by_role("menuitemradio", name="À contacter")).to_be_focused()
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_label("Motif de perte").fill("Prix")
    page.keyboard.press("Enter")
    expect(column(f"[data-column='Nouveau'] a[data-lead='{ref}']")).to_have_count(0)
    expect(column("[data-column='Perdu'] .g-pl-fold")).to_be_focused()  # the column it went to is folded: it stands for the card
    page.keyboard.press("Enter")
    expect(column(f"[data-column='Perdu'] a[data-lead='{ref}']")).to_be_visible()

    card = column("[data-column='Nouveau'] a").first
    ref = card.get_attribute("data-lead")
    card.focus()
    page.keyboard.press("m")
    expect(menu.get_by_role("menuitemradio", name="À contacter")).to_be_focused()
    page.keyboard.press("Enter")
    expect(column(f"[data-column='À contacter'] a[data-lead='{ref}']")).to_be_focused()


def test_at_390_px_two_rows_stand_before_the_count_and_filters_are_a_panel(visit: Visit) -> None:
    page = visit("contacts", 390)
    expect(page.get_by_role("button", name="Filtres")).to_be_visible()
    expect(page.locator(".g-add")).not_to_contain_text("Ajouter")
    assert (page.locator(".g-tool:visible").bounding_box() or {"height": 999})["height"] <= 96
    assert (page.locator(".g-grid a[data-lead]").first.bounding_box() or {"y": 999})["y"] <= 240
    page.get_by_role("button", name="Filtres").click()
    page.get_by_role("complementary", name="Filtres").get_by_label("En retard").check()
    expect(page.get_by_role("button", name="Retirer le filtre Prochaine relance : En retard")).to_be_visible()
    for view in ("Table", "Pipeline"):
        page.get_by_role("radio", name=view).click()
        expect(page.locator(".g-lt, .g-pl").locator("visible=true")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, view


def test_each_facet_is_one_stop_of_tab_and_arrows_go_on_from_there(visit: Visit) -> None:
    page = visit("contacts")
    panel = page.get_by_role("complementary", name="Filtres")
    for title in ("Prochaine relance", "Statut"):  # Tab comes back to where each was left
        panel.get_by_role("button", name=title).focus()
    page.keyboard.press("Tab")
    expect(panel.get_by_role("button", name="Prochaine relance")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(panel.get_by_label("Aujourd’hui")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Retirer le filtre Prochaine relance")).to_be_visible()
    expect(panel.get_by_label("Aujourd’hui")).to_be_focused()
    for _ in range(40):
        page.keyboard.press("Tab")
        if active(page, "data-lead"):
            break
    assert active(page, "data-lead") == page.locator(".g-grid a").first.get_attribute("data-lead")


def test_a_duplicate_is_two_clicks_away(visit: Visit) -> None:
    page = visit("contacts")
    page.get_by_role("complementary", name="Filtres").get_by_label("Doublon possible").check()
    page.get_by_role("button", name="Doublon possible\u00a0: comparer").first.click()
    expect(page.locator("#g-merge-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Doublon possible\u00a0: comparer").first).to_be_focused()


def test_the_menu_of_a_card_calls_writes_consigns_and_gives_the_focus_back(visit: Visit) -> None:
    page = visit("contacts?q=L-00001&tri=nom")
    button = page.locator(".g-lead-box .g-act").first
    button.click()
    menu = page.get_by_role("menu", name="Actions pour")
    expect(menu.get_by_role("menuitem", name="Ouvrir la fiche")).to_be_focused()
    hrefs = menu.locator("a[role=menuitem]").evaluate_all("(links) => links.map((link) => link.getAttribute('href'))")
    ways = [re.sub(r":.*|=L-\d+", "", href) for href in hrefs]
    assert ways[:2] == ["contacts.ipynb?lead", "contacts.ipynb?lead&consigner=1"] and ways[-1] == "mailto"
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


@pytest.mark.parametrize("width", [1400, 1024, 390])
def test_nothing_of_the_lists_is_cut_or_overlaps(visit: Visit, width: int) -> None:
    page = visit("contacts?verifier=doublon", width)
    expect(page.locator(".g-double").first).to_be_visible()
    assert page.evaluate(CUT) == []
    height = (page.locator(".g-tool:visible").bounding_box() or {"height": 999})["height"]
    assert height <= (96 if width == 390 else 40), "the toolbar is one row"
    if width >= 1024:
        assert page.evaluate("getComputedStyle(document.querySelector('.g-grid')).gridTemplateColumns.split(' ').length") >= 2
    page.get_by_role("radio", name="Pipeline").check()
    expect(page.locator(".g-pl").locator("visible=true")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == 1400:  # with the panel of the filters beside them too
        ends = page.evaluate(
            "[...document.querySelectorAll('.g-pl, .g-pl-column:has(header)')].map((el) => el.getBoundingClientRect().right)"
        )
        assert len(ends) == 6 and max(ends[1:]) <= ends[0]
