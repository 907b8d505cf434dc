"""Dashboard in a real browser: what is drawn, what a click opens, and how it reads on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

Visit = Callable[[str], Page]
BLOCKS = ("kpis", "outreach", "pipeline", "forecast", "sources", "quality")


def query(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def counted(text: str) -> int:
    return int("".join(sign for sign in text if sign.isdigit()))


def test_every_block_is_a_sentence_and_a_picture(visit: Visit) -> None:
    page = visit("dashboard")
    for block in BLOCKS:
        card = page.locator(f'[data-block="{block}"]')
        expect(card.locator(".bar").first).to_be_attached()
        expect(card.locator(".g-block-read")).not_to_be_empty()
    expect(page.locator(".g-split .bar")).to_have_count(9)
    assert "NaN" not in page.locator(".g-dash").inner_text()


def test_bars_follow_the_theme_without_the_kernel(visit: Visit) -> None:
    page = visit("dashboard")
    bar = page.locator(".g-split .bar").first
    light = bar.evaluate("e => getComputedStyle(e).fill")
    page.evaluate("document.documentElement.classList.toggle('g-dark')")
    assert bar.evaluate("e => getComputedStyle(e).fill") != light


def test_a_click_on_a_bar_lists_its_leads_and_back_closes_the_list(visit: Visit) -> None:
    page = visit("dashboard")
    bar = page.locator(".g-split .bar").nth(5)
    bar.click()
    panel = page.locator(".g-evidence")
    expect(panel.locator("h2")).to_have_text("Clos")
    wanted = counted(panel.locator(".g-ev-parts .on b").inner_text())
    expect(panel.locator(".g-ev-row")).to_have_count(min(wanted, 25))
    page.go_back()
    expect(panel).to_have_count(0)


def test_a_click_on_a_layer_opens_that_layer(visit: Visit) -> None:
    page = visit("dashboard")
    page.locator('[data-block="pipeline"] .bar').nth(14).click()
    expect(page.locator(".g-evidence h2")).to_have_text("En suivi : en retard")


def test_a_row_behind_a_figure_opens_the_leads_sheet(visit: Visit) -> None:
    page = visit("dashboard?chiffre=conversion")
    row = page.locator(".g-ev-row").first
    name = row.locator("b").inner_text()
    row.click()
    expect(page.locator(".g-sheet")).to_contain_text(name)
    assert "lead" in query(page)


def test_escape_closes_the_panel_and_gives_focus_back(visit: Visit) -> None:
    page = visit("dashboard")
    figure = page.locator('[data-head="pipeline"] .g-figure')
    figure.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".g-evidence")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".g-evidence")).to_have_count(0)
    expect(figure).to_be_focused()


def test_the_first_priority_leads_to_its_sheet(visit: Visit) -> None:
    page = visit("dashboard")
    first = page.locator(".g-queue li").first
    ref = first.get_attribute("data-lead")
    first.locator(".g-verb.first").click()
    expect(page.locator(".g-sheet")).to_be_visible()
    assert query(page)["lead"] == ref


def test_a_counter_narrows_the_list_and_is_in_the_address(visit: Visit) -> None:
    page = visit("dashboard")
    page.locator('[data-queue="bloques"]').click()
    expect(page.locator(".g-queue .g-pill").first).to_have_text("Bloqué")
    page.wait_for_url("**/dashboard.ipynb?file=bloques")
    page.reload()
    page.wait_for_selector('[data-queue="bloques"][aria-pressed="true"]', timeout=30_000)


def test_the_period_changes_the_blocks_and_follows_to_dash_data(visit: Visit) -> None:
    page = visit("dashboard")
    page.locator(".g-board-bar >> visible=true").get_by_label("Période").select_option("90j")
    expect(page.locator('[data-block="kpis"] .g-block-read')).to_contain_text("en 90 jours")
    page.locator('[data-block="forecast"] .g-block-link').click()
    expect(page.locator('[data-page="dash_data"]')).to_be_visible()
    assert query(page) == {"periode": "90j", "bloc": "E"}


@pytest.mark.parametrize("width", [390, 960])
def test_nothing_overflows_on_a_narrow_screen(visit: Visit, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    visit("dashboard")
    page.wait_for_selector(".g-split .bar", state="attached")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
