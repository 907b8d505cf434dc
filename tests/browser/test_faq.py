"""The help in a browser: search, opening, links, deep links."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.conftest import Load, Visit

ITEMS = ".g-faq-item"


def test_typing_filters_and_the_address_keeps_the_search(visit: Visit) -> None:
    page = visit("faq")
    page.get_by_role("textbox", name="Chercher dans la FAQ").fill("SYNCHRO rafraichir")
    expect(page.locator(ITEMS)).to_have_count(2)
    expect(page).to_have_url(re.compile(r"q=SYNCHRO"))
    address = page.url
    page.get_by_role("textbox", name="Chercher dans la FAQ").fill("")
    expect(page.locator(ITEMS).nth(16)).to_be_visible()
    page = visit("faq?" + urlsplit(address).query)
    expect(page.locator(ITEMS)).to_have_count(2)
    expect(page.get_by_role("textbox", name="Chercher dans la FAQ")).to_have_value("SYNCHRO rafraichir")


def test_no_answer_says_so_and_offers_all_of_them(visit: Visit) -> None:
    page = visit("faq?q=zzzz")
    expect(page.locator('[data-page="faq"]').get_by_text("Pas de réponse")).to_be_visible()
    page.get_by_role("button", name="Voir toutes les questions").click()
    expect(page.locator(ITEMS).nth(16)).to_be_visible()


def test_a_question_opens_with_the_keyboard_and_its_link_leads_there(visit: Visit) -> None:
    page = visit("faq")
    question = page.get_by_role("button", name="Comment ajouter un rendez-vous au calendrier")
    question.focus()
    page.keyboard.press("Enter")
    expect(question).to_have_attribute("aria-expanded", "true")
    page.get_by_role("link", name="Ajouter un événement").click()
    expect(page).to_have_url(re.compile(r"calendrier\.ipynb\?new=1"))
    expect(page.locator(".g-event-side").get_by_role("textbox", name="Titre")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".g-event-side")).to_have_count(0)


def test_a_link_to_a_question_opens_it_in_view(load: Load) -> None:
    page = load("faq?question=rendez-vous")
    expect(page.locator("#faq-text-rendez-vous")).to_be_in_viewport()
