"""Accueil in a browser: its cards lead to their pages, its figures are theirs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

CARDS = ("dashboard", "contacts", "dash_data", "calendrier", "automations", "inbox")


@pytest.mark.day
def test_each_card_leads_to_its_page_which_shows_the_same_figure(visit: Visit) -> None:
    page = visit("accueil")
    figure = page.locator('[data-card="contacts"] .g-figure').inner_text()
    for key in CARDS:
        page.locator(f'[data-card="{key}"]').click()
        expect(page.locator(f'[data-page="{key}"]')).to_be_visible()
        expect(page).to_have_url(re.compile(rf"{key}\.ipynb$"))
        if key == "contacts":
            expect(page.locator(".g-facts")).to_contain_text(f"{figure} contacts réels")
        page.go_back()
        expect(page.locator('[data-page="accueil"]')).to_be_visible()


@pytest.mark.day
def test_the_day_is_said_and_its_first_lead_opens(visit: Visit) -> None:
    page = visit("accueil")
    expect(page.locator(".g-hello-text")).to_contain_text("Aujourd’hui")
    expect(page.locator(".g-hello h2")).to_have_text(re.compile(r"^(Bonjour|Bonsoir) Ana$"))
    page.locator(".g-home-list li a").first.click()
    expect(page.locator(".g-sheet")).to_be_visible()


def test_at_390_px_nothing_overflows(visit: Visit) -> None:
    page = visit("accueil", 390)
    expect(page.locator(".g-door").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
