"""The lead's sheet used in place, by keyboard where that can go wrong."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Load, Visit


def test_the_score_the_neighbours_and_the_status_without_a_form(visit: Visit) -> None:
    page = visit("contacts?q=Colin&tri=nom")
    cards = page.locator(".g-grid a[data-lead]")
    first, second = cards.nth(0).locator("b").inner_text(), cards.nth(1).locator("b").inner_text()
    cards.nth(0).click()
    sheet, title = page.locator(".g-sheet"), page.locator(".g-sheet h2")
    expect(title).to_be_focused()
    page.keyboard.press("j")
    expect(title).to_have_text(second)
    page.keyboard.press("Alt+ArrowUp")
    expect(title).to_have_text(first)
    sheet.get_by_role("button", name="Expliquer").click()
    points = [int(text.split("/")[0]) for text in sheet.locator(".g-parts td").all_inner_texts()]
    assert len(points) == 5 and sum(points[:4]) == points[4]

    pill = sheet.locator(".g-status")
    before = pill.inner_text()
    pill.press("Enter")
    expect(page.get_by_role("listbox", name="Nouveau statut")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox", name="Nouveau statut")).to_be_hidden()
    expect(pill).to_be_visible()  # Escape closed the menu, not the sheet
    for name in ("Nouveau", "Perdu"):
        pill.click()
        page.get_by_role("listbox", name="Nouveau statut").get_by_text(name, exact=True).click()
        if name == "Perdu":
            reason = page.get_by_role("dialog", name="Pourquoi est-il perdu ?").get_by_label("Motif de perte")
            reason.fill(" ")
            expect(page.get_by_role("button", name="Passer en Perdu")).to_be_disabled()
            reason.fill("Prix")
            page.keyboard.press("Enter")
            expect(page.get_by_role("dialog", name="Pourquoi est-il perdu ?")).to_be_hidden()
        expect(pill).to_have_text(name)
    page.get_by_role("button", name="Annuler").click()
    expect(pill).to_have_text("Nouveau")
    assert before


def test_a_note_being_typed_never_reaches_another_contact(visit: Visit) -> None:
    page = visit("contacts?q=Colin&tri=nom")
    page.locator(".g-grid a[data-lead]").first.click()
    sheet, title = page.locator(".g-sheet"), page.locator(".g-sheet h2")
    expect(title).to_be_focused()
    name, box = title.inner_text(), sheet.get_by_role("textbox", name="Ajouter une note")
    box.fill("Rappeler jeudi")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Aller à une page, un contact, une action")).to_be_focused()
    page.keyboard.type("L-000211")
    expect(page.locator(".g-found").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Une note est en cours de saisie")).to_be_visible()
    page.go_back()
    sheet.get_by_role("button", name="Contact suivant de la liste").click()
    page.get_by_role("button", name="Continuer la saisie").click()
    expect(title).to_have_text(name)
    expect(box).to_have_value("Rappeler jeudi")
    assert not page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))")  # the browser asks before it closes

    sheet.get_by_role("button", name="Contact suivant de la liste").click()
    page.get_by_role("button", name="Abandonner").click()
    expect(title).not_to_have_text(name)
    expect(box).to_have_value("")
    assert page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))")


def test_a_note_a_deletion_and_the_bin(visit: Visit) -> None:
    page = visit("contacts?lead=L-000264")
    sheet = page.locator(".g-sheet")
    name = page.locator(".g-sheet h2").inner_text()
    sheet.get_by_role("textbox", name="Ajouter une note").fill("Rappeler jeudi")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Continuer la saisie").click()
    sheet.get_by_role("button", name="Ajouter la note").click()
    expect(sheet.locator(".g-notes")).to_contain_text("Ana\u00a0: Rappeler jeudi")
    expect(sheet.get_by_role("textbox", name="Ajouter une note")).to_have_value("")

    sheet.get_by_role("button", name="Supprimer").click()
    page.get_by_role("button", name="Supprimer").last.click()
    expect(sheet).to_be_hidden()
    expect(page.get_by_text("est dans la corbeille pour 30 jours")).to_be_visible()
    page.get_by_role("button", name="Autres actions").click()
    page.get_by_role("button", name="Corbeille").click()
    find = page.get_by_role("textbox", name="Rechercher dans la corbeille")
    find.fill("personne de ce nom")
    expect(page.get_by_text("Aucun contact supprimé ne correspond")).to_be_visible()
    find.fill("L-000264")
    page.get_by_role("button", name=f"Restaurer {name}").click()
    find.fill("")
    expect(page.get_by_text("La corbeille est vide")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Autres actions")).to_be_focused()


def test_copying_says_what_became_of_it(visit: Visit) -> None:
    page = visit("contacts?lead=L-000264")
    copy, box = (
        page.get_by_role("button", name="Copier : L-000264"),
        page.locator(".g-sheet").get_by_role("textbox", name="Ajouter une note"),
    )
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")  # as over plain http elsewhere
    copy.click()
    expect(page.get_by_text("Copié.")).to_be_visible()
    expect(copy).to_be_focused()
    box.press("Control+v")
    expect(box).to_have_value("L-000264")
    box.fill("")
    page.evaluate("() => { document.execCommand = () => false; }")
    copy.click()
    expect(page.get_by_text("n’a pas voulu copier")).to_be_visible()
    page.evaluate("delete navigator.clipboard; delete document.execCommand")


def test_two_people_changing_one_contact_choose_where_they_disagree_and_keep_the_rest(visit: Visit, load: Load) -> None:
    ours, theirs = visit("contacts?lead=L-000265"), load("contacts?lead=L-000265")

    def fill(page: Page, **texts: str) -> None:
        page.locator(".g-sheet").get_by_role("button", name="Modifier").click()
        for label, text in texts.items():
            page.locator(".g-sheet").get_by_label(label, exact=True).fill(text)

    def known(page: Page, label: str) -> Locator:
        return page.locator(".g-sheet dt", has_text=label).locator("xpath=following-sibling::dd[1]")

    fill(ours, Fonction="Directrice", Notes="Vue au salon")
    fill(theirs, Fonction="Gérante", Notes="Vue à Lyon", Téléphone="06 98 76 54 32")
    theirs.get_by_role("button", name="Sauvegarder").click()
    expect(known(theirs, "Fonction")).to_have_text("Gérante")

    ours.get_by_role("button", name="Sauvegarder").click()
    choice = ours.get_by_role("dialog", name="Quelqu’un a modifié les mêmes champs")
    expect(choice.get_by_role("rowheader")).to_have_text(["Fonction", "Notes"])
    choice.get_by_role("row", name="Fonction").get_by_label("Directrice").check()
    choice.get_by_role("row", name="Notes").get_by_label("Vue à Lyon").check()
    choice.get_by_role("button", name="Enregistrer ces choix").click()
    for page in (ours, theirs):
        page.get_by_role("button", name="Rafraîchir").click()
        expect(page.locator(".g-notes")).to_have_text("Vue à Lyon")
        expect(known(page, "Fonction")).to_have_text("Directrice")
        expect(known(page, "Téléphone")).to_contain_text("06 98 76 54 32")


def test_an_exchange_is_consigned_by_keyboard_alone_and_undone(visit: Visit) -> None:
    page = visit("contacts?q=Colin&tri=nom")
    page.locator(".g-grid a[data-lead]").first.click()
    sheet, dialog = page.locator(".g-sheet"), page.get_by_role("dialog", name="Consigner un échange")
    expect(sheet.locator("h2")).to_be_focused()
    page.keyboard.press("c")
    expect(dialog.get_by_role("radio", name="Appel", exact=True)).to_be_focused()
    assert not violations(page, "[aria-labelledby='g-consign-title']")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")  # « Pas de réponse »: one goes on the next working day
    expect(dialog.get_by_role("radio", name="+1 j")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Absente cette semaine")
    page.keyboard.press("Control+Enter")
    expect(dialog).to_have_count(0)
    expect(sheet.locator(".g-line li").filter(has_text="Appel : pas de réponse")).to_contain_text("Absente cette semaine")
    page.get_by_role("button", name="Annuler").click()
    expect(sheet.locator(".g-line")).not_to_contain_text("Absente cette semaine")


def test_the_day_to_follow_up_after_an_exchange_is_typed_or_picked(visit: Visit) -> None:
    page = visit("contacts?lead=L-000211&consigner=1")
    dialog = page.get_by_role("dialog", name="Consigner un échange")
    dialog.get_by_text("Autre date").click()
    field = dialog.get_by_role("textbox", name="Relancer le")
    expect(field).to_be_focused()
    page.keyboard.type("24/12/2031")
    dialog.get_by_role("button", name="Choisir le jour de la relance").click()
    expect(page.locator(".v-date-picker")).to_contain_text("déc.2031")
    page.locator(".v-date-picker-month__day-btn", has_text="15").click()
    expect(field).to_have_value("15/12/2031")
    expect(page.locator(".v-date-picker")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_escape_leaves_the_sheet_under_the_dialog_that_an_address_opens_with_it(load: Load) -> None:
    page = load("contacts?lead=L-000211&consigner=1")
    dialog = page.get_by_role("dialog", name="Consigner un échange")
    expect(dialog.get_by_role("radio", name="Appel", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator(".g-sheet")).to_be_visible()
    assert page.evaluate("!!document.activeElement.closest('.g-sheet')")
