"""Dashboard in a real browser: what is drawn, what a click opens, and how it reads on a telephone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

BLOCKS = ("kpis", "outreach", "pipeline", "forecast", "sources", "quality")


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
    dark = bar.evaluate("e => getComputedStyle(e).fill")
    page.evaluate("document.documentElement.classList.toggle('g-dark')")
    assert dark != light == bar.evaluate("e => getComputedStyle(e).fill")


@pytest.mark.day
def test_a_click_in_every_block_lists_the_leads_it_counts_and_back_closes_the_list(visit: Visit) -> None:
    page = visit("dashboard")
    panel = page.locator(".g-evidence")
    figures = [page.locator(f'[data-head="{head}"] .g-figure') for head in ("pipeline", "montant", "conversion")]
    figures += [
        page.locator(".g-split-groups .g-fig").first,
        page.locator(".g-split .bar").nth(5),
        *page.locator(".g-today-foot .g-fig").all(),  # none on the last day of a week
    ]
    figures += [page.locator(f'[data-block="{block}"] .bar[height]:not([height="0"])').first for block in ("kpis", "forecast")]
    figures += [page.locator(f'[data-block="{block}"] .bar').nth(nth) for block, nth in (("outreach", 1), ("pipeline", 0), ("quality", 0))]
    figures.append(page.locator('[data-block="sources"] .dot').first)
    seen = set()
    for figure in figures:
        figure.click()
        expect(panel).to_be_visible()
        seen.add(panel.locator("h2").inner_text())
        wanted = counted(panel.locator(".g-ev-parts .on b").inner_text())
        expect(panel.locator(".g-ev-row")).to_have_count(min(wanted, 25))
        assert wanted
        page.wait_for_url("**chiffre=**")  # the address follows the panel
        page.go_back()
        expect(panel).to_have_count(0)
    assert len(seen) == len(figures)
    assert {"Clos", "Nouveau : dans les temps ou inconnu"} <= seen


def test_a_click_on_a_layer_opens_that_layer_and_its_number(visit: Visit) -> None:
    page = visit("dashboard")
    page.locator('[data-block="pipeline"] .bar').nth(14).click()
    expect(page.locator(".g-evidence h2")).to_have_text("En suivi : en retard")
    page.keyboard.press("Escape")
    table = page.locator('[data-block="pipeline"] .g-behind')
    table.locator("button").first.focus()
    expect(table.locator("tr").first).to_have_css("clip-path", "none")
    box = table.bounding_box()
    assert box and box["height"] > 100
    words = table.locator("button").first.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator(".g-ev-parts .on b")).to_have_text(words.rsplit(" ", 1)[-1])
    page.keyboard.press("Escape")
    expect(table.locator("button").first).to_be_focused()


@pytest.mark.day
def test_an_earlier_day_is_picked_said_and_left(visit: Visit) -> None:
    page = visit("dashboard")
    bar = page.locator(".g-board-bar >> visible=true")
    field = bar.get_by_label("État au")
    today = field.input_value()
    figure = page.locator('[data-head="pipeline"] .g-figure')
    now = figure.inner_text()
    earlier = datetime.strptime(today, "%d/%m/%Y").date() - timedelta(days=150)
    field.fill(f"{earlier:%d/%m/%Y}")
    field.press("Enter")
    expect(bar.locator(".g-past b")).to_have_text(f"État au {earlier:%d/%m/%Y}")
    expect(figure).not_to_have_text(now)
    expect(page.locator(".g-today")).to_have_count(0)
    expect(page).to_have_url(re.compile(f"[?&]au={earlier}(&|$)"))
    field.fill("01/01/2019")
    field.press("Enter")
    expect(page.get_by_text("l’historique commence le")).to_be_visible()
    expect(field).to_have_value(f"{earlier:%d/%m/%Y}")
    bar.get_by_role("button", name="Choisir le jour").click()
    page.locator(".v-date-picker-month__day-btn:not([disabled])").first.click()
    expect(bar.locator(".g-past b")).to_have_text(f"État au 01/{earlier:%m/%Y}")
    bar.get_by_role("button", name="Revenir à aujourd’hui").click()
    expect(figure).to_have_text(now)
    expect(field).to_have_value(today)
    expect(page.locator(".g-today")).to_be_visible()


def test_a_row_behind_a_figure_opens_the_leads_sheet(visit: Visit) -> None:
    page = visit("dashboard?chiffre=conversion")
    row = page.locator(".g-ev-row").first
    name = row.locator("b").inner_text()
    row.click()
    expect(page.locator(".g-sheet")).to_contain_text(name)
    expect(page).to_have_url(re.compile("[?&]lead="))


def test_escape_closes_the_panel_and_gives_focus_back(visit: Visit) -> None:
    page = visit("dashboard")
    figure = page.locator('[data-head="pipeline"] .g-figure')
    figure.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".g-evidence h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".g-evidence")).to_have_count(0)
    expect(figure).to_be_focused()


def test_the_first_priority_leads_to_its_sheet(visit: Visit) -> None:
    page = visit("dashboard")
    first = page.locator(".g-queue li").first
    ref = first.get_attribute("data-lead")
    first.locator(".g-verb.first").click()
    expect(page.locator(".g-sheet")).to_be_visible()
    expect(page).to_have_url(re.compile(f"[?&]lead={ref}(&|$)"))


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
    expect(page).to_have_url(re.compile(r"\?periode=90j&bloc=E$"))


@pytest.mark.parametrize("width", [390, 1024])
def test_nothing_overflows_on_a_narrow_screen(visit: Visit, width: int) -> None:
    page = visit("dashboard", width)
    page.wait_for_selector(".g-split .bar", state="attached")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1400, 1024])
def test_filters_and_exports_stand_in_one_row(visit: Visit, width: int) -> None:
    bar = visit("dashboard", width).locator(".g-board-bar >> visible=true")
    places = [each.bounding_box() for each in bar.locator(":is(select, input, .g-download button)").all()]
    middles = [place["y"] + place["height"] / 2 for place in places if place]
    assert len(middles) == 5 and max(middles) - min(middles) < 2
