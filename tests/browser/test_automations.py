"""Automations Log in a browser: keyboard, counters, Back, the way to a lead's sheet."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit

ROWS = '[data-page="automations"] tbody tr'
COUNTS = '[data-page="automations"] .g-count'


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def test_the_counters_add_up_on_screen_and_a_click_filters(visit: Visit) -> None:
    page = visit("automations")
    expect(page.locator(ROWS).first).to_be_visible()
    total, *parts = [number(text) for text in page.locator(f"{COUNTS} b").all_inner_texts()]
    assert total == sum(parts) > 0
    failed = page.locator(COUNTS, has_text="Échec")
    failed.click()
    expect(failed).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile(r"statut="))
    expect(page.locator(ROWS).first).to_contain_text("Échec")
    page.reload()
    expect(page.locator(ROWS).first).to_contain_text("Échec")


def test_a_row_opens_and_closes_with_the_keyboard_alone(visit: Visit) -> None:
    page = visit("automations")
    row = page.locator(ROWS).nth(1)
    page.locator(ROWS).first.focus()
    page.keyboard.press("ArrowDown")
    expect(row).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name=re.compile("Exécution"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"run=\d+"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name=re.compile("Exécution"))).to_have_count(0)
    expect(row).to_be_focused()


def test_back_closes_the_detail_and_keeps_the_filter(visit: Visit) -> None:
    page = visit("automations?statut=réussi")
    page.locator(f"{ROWS} td").first.click()
    expect(page.locator(".g-entry")).to_be_visible()
    page.go_back()
    expect(page.locator(".g-entry")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"statut=r"))


def test_the_name_of_a_lead_leads_to_its_sheet_and_back(visit: Visit) -> None:
    page = visit("automations")
    link = page.locator(f"{ROWS} a").first
    name = link.inner_text()
    link.click()
    expect(page).to_have_url(re.compile(r"contacts\.ipynb\?lead="))
    expect(page.locator(".g-sheet h2")).to_have_text(name)
    page.go_back()
    expect(page.locator('[data-page="automations"]')).to_be_visible()


def test_nothing_matches_reads_differently_from_nothing_yet(visit: Visit) -> None:
    page = visit("automations?q=zzzz")
    expect(page.get_by_text("Aucune ligne ne correspond à vos filtres")).to_be_visible()
    page.locator('[data-page="automations"] .g-empty').get_by_role("button", name="Effacer les filtres").click()
    expect(page.locator(ROWS).first).to_be_visible()
