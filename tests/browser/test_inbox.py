"""Inbox Log in a browser: reconciliation, text never rendered, the exchange, 390 px."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit

ROWS = '[data-page="inbox"] tbody tr'
COUNTS = '[data-page="inbox"] .g-count'


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def test_received_is_attached_plus_loose_plus_ignored_on_screen(visit: Visit) -> None:
    page = visit("inbox")
    expect(page.locator(COUNTS).first).to_be_visible()
    received, attached, loose, ignored, _sent = [number(text) for text in page.locator(f"{COUNTS} b").all_inner_texts()]
    assert received == attached + loose + ignored > 0


def test_a_state_chosen_shows_its_answers_with_a_chip_that_goes(visit: Visit) -> None:
    page = visit("inbox")
    page.get_by_label("Réponse", exact=True).select_option("proposée")
    expect(page.locator(ROWS).first).to_contain_text("Proposée")
    page.get_by_role("button", name=re.compile("Retirer le filtre Réponse")).click()
    expect(page).not_to_have_url(re.compile("reponse="))


def test_a_mail_shows_its_text_its_reason_and_its_exchange(visit: Visit) -> None:
    page = visit("inbox?reponse=envoyée")
    page.locator(f"{ROWS} td").first.click()
    panel = page.get_by_role("dialog", name=re.compile("Message"))
    expect(panel.get_by_role("region", name="Texte du message")).to_be_visible()
    expect(panel.get_by_text("Rattaché").first).to_be_visible()
    other = panel.locator(".g-entry-list a:not(.on)").first
    other.click()
    expect(panel.locator(".g-entry-list a.on")).to_have_count(1)
    page.go_back()
    expect(panel).to_be_visible()
    page.go_back()
    expect(panel).to_have_count(0)


def test_there_is_no_way_to_write_here(visit: Visit) -> None:
    page = visit("inbox?message=1")
    expect(page.get_by_role("button", name=re.compile("Approuver|Envoyer|Modifier|Sauvegarder|Supprimer"))).to_have_count(0)


def test_at_390_px_rows_become_cards_that_can_be_sorted_without_sideways_scroll(visit: Visit) -> None:
    page = visit("inbox", 390)
    first = page.locator(ROWS).first
    expect(first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert all(box["x"] + box["width"] <= 390 for cell in first.locator("td").all() if (box := cell.bounding_box()))
    page.get_by_role("combobox", name="Trier").select_option(label="De")
    page.get_by_role("button", name="Ordre croissant : inverser").click()
    expect(page.get_by_role("button", name="Ordre décroissant : inverser")).to_be_visible()
    senders = [text.casefold() for text in page.locator(f"{ROWS} td.in-a").all_inner_texts()]
    assert len(senders) > 5
    assert senders[0] > senders[-1]
    first.click(position={"x": 4, "y": 4})
    expect(page.locator(".g-mail")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
