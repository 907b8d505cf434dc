"""Dash Data in a real browser: six blocks, the index in view, drill-down from tables and bars, narrow screens."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit


def block(page: Page, key: str) -> str:
    return f'[data-page="dash_data"] [data-block="{key}"]'


def test_six_blocks_each_with_a_picture_and_a_table(visit: Visit) -> None:
    page = visit("dash_data")
    for key in "ABCDEF":
        card = page.locator(block(page, key))
        expect(card.locator(".bar").first).to_be_attached()
        expect(card.locator("table >> visible=true").first).to_be_visible()
    text = page.locator(".g-dd").inner_text()
    assert "NaN" not in text
    assert "nan" not in text.split()


def test_the_index_stays_in_view_and_follows_the_reading(visit: Visit) -> None:
    page = visit("dash_data")
    page.locator(".g-dd-index a").nth(4).click()
    expect(page.locator(".g-dd-index a.on")).to_contain_text("Prévision revenus")
    expect(page.locator(".g-dd-index")).to_be_in_viewport()
    expect(page.locator(block(page, "E"))).to_be_in_viewport()
    page.wait_for_url("**/dash_data.ipynb?bloc=E")


def test_a_link_to_a_block_lands_on_it(visit: Visit) -> None:
    page = visit("dash_data?bloc=F")
    expect(page.locator(block(page, "F")).locator("h2")).to_be_in_viewport()


def test_a_figure_and_a_mark_of_each_block_list_the_leads_they_count(visit: Visit) -> None:
    page = visit("dash_data")
    panel = page.locator(".g-evidence")
    for key in "ABCDEF":
        card = page.locator(block(page, key))
        mark = card.locator(".dot" if key in "BC" else '.bar[height]:not([height="0"]):not([width="0"])').first
        for figure in (card.locator(".g-dd-rows .g-fig").first, mark):
            figure.click()
            expect(panel).to_be_visible()
            counted = int("".join(sign for sign in panel.locator(".g-ev-parts .on b").inner_text() if sign.isdigit()))
            expect(panel.locator(".g-ev-row")).to_have_count(min(counted, 25))
            expect(panel.locator("dd").first).not_to_be_empty()
            page.keyboard.press("Escape")
            expect(panel).to_have_count(0)


def test_the_panel_turns_its_pages(visit: Visit) -> None:
    page = visit("dash_data?chiffre=A.contacts")
    panel = page.locator(".g-evidence")
    first = panel.locator(".g-ev-row b").first.inner_text()
    panel.get_by_role("button", name="Page suivante").click()
    expect(panel.locator(".g-ev-foot")).to_contain_text("26–50 sur")
    assert panel.locator(".g-ev-row b").first.inner_text() != first


def test_a_definition_is_on_screen(visit: Visit) -> None:
    page = visit("dash_data")
    card = page.locator(block(page, "B"))
    card.get_by_text("Définition", exact=True).click()
    expect(card.get_by_text("gagnés ÷").first).to_be_visible()


@pytest.mark.parametrize("width", [390, 1024])
def test_nothing_overflows_on_a_narrow_screen(visit: Visit, width: int) -> None:
    page = visit("dash_data", width)
    page.wait_for_selector(".g-dd .bar", state="attached")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = "(e) => e.scrollWidth > e.clientWidth + 1"
    assert width < 1024 or not any(each.evaluate(cut) for each in page.locator(".g-dd .g-scroll >> visible=true").all())
    page.mouse.wheel(0, 1500)
    expect(page.locator(".g-dd-index")).to_be_in_viewport()
