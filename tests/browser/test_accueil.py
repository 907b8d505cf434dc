"""Accueil in a browser: its cards lead to their pages, its figures are theirs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Visit = Callable[[str], Page]


@pytest.mark.parametrize("key", ["dashboard", "contacts", "dash_data", "calendrier", "automations", "inbox"])
def test_each_card_leads_to_its_page(visit: Visit, key: str) -> None:
    page = visit("accueil")
    page.locator(f'[data-card="{key}"]').click()
    expect(page.locator(f'[data-page="{key}"]')).to_be_visible()
    expect(page).to_have_url(re.compile(rf"{key}\.ipynb$"))


def test_the_figure_of_contacts_is_the_one_of_the_page(visit: Visit) -> None:
    page = visit("accueil")
    figure = page.locator('[data-card="contacts"] .g-figure').inner_text()
    page.locator('[data-card="contacts"]').click()
    expect(page.locator(".g-facts")).to_contain_text(f"{figure} contacts réels")


def test_the_day_is_said_and_its_first_lead_opens(visit: Visit) -> None:
    page = visit("accueil")
    expect(page.locator(".g-hello-text")).to_contain_text("Aujourd’hui")
    expect(page.locator(".g-hello h2")).to_have_text(re.compile(r"^(Bonjour|Bonsoir) Ana$"))
    page.locator(".g-home-list li a").first.click()
    expect(page.locator(".g-sheet")).to_be_visible()


def test_at_390_px_nothing_overflows(visit: Visit, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit("accueil")
    expect(page.locator(".g-door").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
