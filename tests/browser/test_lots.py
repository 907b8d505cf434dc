"""Contacts ticked together and merged side by side, in a real browser, by keyboard where that can go wrong."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_a_lot_is_changed_and_two_leads_merged_each_undone_from_its_message(visit: Visit) -> None:
    page = visit("contacts?q=Caron Delphine&tri=nom")
    boxes, bar = page.locator(".g-lead-box .g-pick"), page.get_by_role("toolbar", name="Contacts sélectionnés")
    expect(boxes).to_have_count(2)
    boxes.nth(0).click()
    boxes.nth(1).click(modifiers=["Shift"])
    expect(bar).to_contain_text("2 sélectionnés")
    bar.get_by_role("button", name="Autres actions").click()
    page.get_by_role("dialog", name="Autres actions").get_by_role("button", name="Étiquettes").click()
    page.get_by_role("textbox", name="Étiquettes").fill("jumelles")
    page.keyboard.press("Enter")
    expect(page.locator(".g-toast")).to_contain_text("2\u00a0contacts modifiés")
    page.locator(".g-toast").get_by_role("button", name="Annuler").click()
    expect(page.locator(".g-toast")).to_contain_text("C’est annulé")
    page.get_by_role("button", name="Autres actions", exact=True).click()
    page.get_by_role("button", name="Actions récentes").click()
    recent = page.get_by_role("dialog", name="Actions récentes")
    expect(recent.locator("li").first).to_contain_text("Étiquettes ajoutées\u00a0: jumelles")
    expect(recent.locator("li").first).to_contain_text("Annulée")
    expect(page.locator("#g-recent-title")).to_be_focused()  # only then is the dialog where keys go
    page.keyboard.press("Escape")
    expect(recent).to_be_hidden()
    with page.expect_download() as saved:
        bar.get_by_role("button", name="Autres actions").click()
        page.get_by_role("dialog", name="Autres actions").get_by_role("button", name="vCard").click()
    assert saved.value.suggested_filename.endswith(".vcf")
    page.keyboard.press("Escape")

    page.get_by_role("radio", name="Table").click()
    rows = page.locator(".g-lt tbody tr")
    expect(page.locator(".g-lt tr.picked")).to_have_count(2)
    rows.nth(0).locator("td.cell").nth(1).click()
    page.keyboard.press(" ")
    expect(page.locator(".g-lt tr.picked")).to_have_count(1)
    page.keyboard.press(" ")
    bar.get_by_role("button", name="Fusionner").click()
    dialog = page.locator(".g-merge")
    expect(page.locator("#g-merge-title")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # the other one stays
    kept = dialog.locator(".g-merge-head label.on b").inner_text()
    dialog.get_by_role("button", name="Fusionner").click()
    sheet = page.locator(".g-sheet")
    expect(sheet.locator("h2")).to_have_text(kept)
    expect(sheet.locator(".g-line")).to_contain_text("Fusionné avec")
    expect(rows).to_have_count(1)
    sheet.get_by_role("button", name="Revenir sur : Fusionné avec").click()
    page.get_by_role("menuitem", name="Annuler la fusion").click()
    expect(sheet.locator(".g-line")).to_contain_text("Fusion annulée")
    expect(sheet.locator(".g-note").first).to_contain_text("Doublon possible")
    expect(rows).to_have_count(2)
