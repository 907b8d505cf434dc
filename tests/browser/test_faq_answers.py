"""Each answer of the customer's FAQ, seen to be true of the served product."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from gnetics import settings
from gnetics.actions.leads import save_lead
from gnetics.domain.statuses import LABELS
from gnetics.metrics.population import Population
from gnetics.metrics.priority import priority
from gnetics.store.crm import Crm, open_crm
from tests.browser.conftest import Visit
from tests.served import ZONE, Served


@pytest.fixture
def store(served: Served, served_url: str) -> Iterator[Crm]:
    """The store of the shared server, as another person's process holds it."""
    crm = open_crm(replace(settings.load({}), region_zone=ZONE, database_url=served_url))
    yield crm
    crm.close()


def body(page: Page, key: str) -> Locator:
    return page.locator(f'[data-page="{key}"]')


def whole_number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def test_01_what_crm_gnetics_is(visit: Visit) -> None:
    """Leads, pipeline and conversions in one place, reached from Accueil."""
    page = visit("accueil")
    for title in ("Dashboard", "Contacts", "Dash Data", "Automations Log", "Inbox Log", "Calendrier"):
        expect(body(page, "accueil").get_by_role("link", name=re.compile(title)).first).to_be_visible()
    page = visit("dashboard")
    for title in ("Pipeline actif", "Montant estimé", "Taux de conversion"):
        expect(body(page, "dashboard").get_by_text(title).first).to_be_visible()


def test_02_rafraichir_brings_the_latest_data(visit: Visit, store: Crm) -> None:
    page = visit("contacts?q=fraichement")
    expect(page.get_by_text("Aucun contact ne correspond")).to_be_visible()
    save_lead(store, "Sam", None, {"name": "Arrivé Fraîchement"}, None, store.snapshot())
    page.get_by_role("button", name="Rafraîchir").click()
    expect(body(page, "contacts").get_by_text("Arrivé Fraîchement").first).to_be_visible()
    expect(page.get_by_role("banner").get_by_text(re.compile(r"À jour à \d\d:\d\d"))).to_be_visible()


def test_03_contacts_are_modified_on_contacts_only_and_events_added_on_calendrier(visit: Visit) -> None:
    page = visit("contacts")
    expect(page.get_by_role("button", name="Ajouter un contact").first).to_be_visible()
    page.locator(".g-grid a[data-lead]").first.click()
    expect(page.locator(".g-sheet").get_by_role("button", name="Modifier")).to_be_visible()
    page = visit("calendrier")
    expect(page.get_by_role("button", name="Ajouter un événement").first).to_be_visible()
    for key in ("dashboard", "dash_data", "automations", "inbox"):
        page = visit(key)
        expect(body(page, key).get_by_role("button", name=re.compile("Ajouter|Modifier|Sauvegarder|Supprimer"))).to_have_count(0)


def test_04_sauvegarder_keeps_the_change_and_the_list_follows(visit: Visit, store: Crm) -> None:
    page = visit("contacts?q=L-000211&lead=L-000211")
    page.get_by_role("button", name="Modifier").click()
    page.get_by_role("textbox", name="Fonction").fill("Cheffe d’atelier principale")
    page.get_by_role("textbox", name="Nom").fill("Véronique Diallo-Petit")
    page.get_by_role("button", name="Sauvegarder").click()
    expect(page.locator(".g-toast")).to_contain_text("Fonction")
    expect(page.locator('.g-grid a[data-lead="L-000211"]')).to_contain_text("Véronique Diallo-Petit")
    leads = store.snapshot().leads
    assert leads.loc[leads["lead_id"] == "L-000211", "job_title"].item() == "Cheffe d’atelier principale"


def test_04_without_synchronisation_changes_last_until_rafraichir(visit: Visit, store: Crm) -> None:
    store.set_sync(False, "admin")
    try:
        page = visit("contacts")
        expect(page.get_by_text("La synchronisation est inactive")).to_be_visible()
        page.get_by_role("button", name="Ajouter un contact").first.click()
        page.get_by_role("textbox", name="Nom").fill("Contact Provisoire")
        page.get_by_role("button", name="Sauvegarder").click()
        expect(page.get_by_text("dans cette session seulement")).to_be_visible()
        page.keyboard.press("Escape")
        page.get_by_role("textbox", name="Rechercher un contact").fill("provisoire")
        expect(page.locator(".g-grid a[data-lead]")).to_have_count(1)
        assert "Contact Provisoire" not in set(store.snapshot().leads["name"])
        page.get_by_role("button", name="Rafraîchir").click()
        expect(page.get_by_text("1 modification n’a pas été enregistrée")).to_be_visible()
        page.get_by_role("button", name="Abandonner et rafraîchir").click()
        expect(page.get_by_text("Aucun contact ne correspond")).to_be_visible()
    finally:
        store.set_sync(True, "admin")


def test_05_a_card_with_missing_fields_shows_what_there_is(visit: Visit, store: Crm) -> None:
    real = store.snapshot().real
    nameless = real[real["name"].isna() & real["company"].notna() & real["lead_id"].notna()].iloc[0]
    page = visit(f"contacts?q={nameless['lead_id']}")
    card = page.locator(f'a[data-lead="{nameless["lead_id"]}"]')
    expect(card).to_contain_text(nameless["company"])
    card.click()
    expect(page.locator(".g-sheet").get_by_role("button", name="Compléter le nom")).to_be_visible()


def test_06_contacts_by_status_under_the_grid(visit: Visit, store: Crm) -> None:
    page = visit("contacts")
    tables = page.locator("[data-table]")
    real = store.snapshot().real
    for label in LABELS:
        table = page.locator(f'[data-table="{label}"]')
        expect(table).to_contain_text(f"{(real['status'] == label).sum()} contact")
    tables.first.scroll_into_view_if_needed()
    expect(tables.first.locator("tbody tr").first).to_be_visible()
    expect(tables.first.locator("th")).to_have_count(29)


def test_07_dashboard_gives_the_synthesis_and_dash_data_the_detail(visit: Visit) -> None:
    page = visit("dashboard")
    synthesis = "Priorité du jour, Répartition des statuts, KPIs globaux, Outreach, Pipeline, Prévisions, Conversion par source, Qualité"
    for title in synthesis.split(", "):
        expect(body(page, "dashboard").get_by_text(title).first).to_be_visible()
    page = visit("dash_data")
    detail = "KPIs globaux, Conversion par source, Score par statut, Pipeline & productivité, Prévision revenus, Qualité & anomalies"
    for title in detail.split(", "):
        expect(body(page, "dash_data").get_by_text(title).first).to_be_visible()


@pytest.mark.day
def test_08_priorite_du_jour_counts_follow_ups_never_contacted_and_blocked(visit: Visit, store: Crm) -> None:
    counts = priority(Population.of(store.snapshot().real, store.clock.today()))
    page = visit("dashboard")
    for title, figure in (("À relancer", counts.follow_up), ("Sans contact", counts.never_contacted), ("Bloqués", counts.blocked)):
        expect(
            body(page, "dashboard").get_by_text(re.compile(rf"{title}\s*{figure.value}\b|{figure.value}\s*{title}", re.I)).first
        ).to_be_visible()


def test_09_the_eight_statuses_are_offered_and_shown(visit: Visit) -> None:
    page = visit("contacts?lead=nouveau")
    page.locator('[data-field="status"] .v-field').click()
    for label in LABELS:
        expect(page.get_by_role("option", name=label, exact=True)).to_be_visible()


def test_10_automations_log_tells_what_was_done_and_for_whom(visit: Visit) -> None:
    page = visit("automations")
    rows = body(page, "automations").locator("tbody tr")
    expect(rows.first).to_be_visible()
    rows.first.locator("td").first.click()
    expect(body(page, "automations").locator(".g-side")).to_be_visible()


def test_11_inbox_log_shows_mails_and_their_answers_by_lead(visit: Visit) -> None:
    page = visit("inbox")
    expect(body(page, "inbox").locator("tbody tr").first).to_be_visible()
    expect(body(page, "inbox").locator("tbody .g-pill").filter(has_text="Proposée").first).to_be_visible()


@pytest.mark.day
def test_12_an_event_is_added_with_the_six_fields(visit: Visit, store: Crm) -> None:
    page = visit("calendrier")
    page.get_by_role("button", name="Ajouter un événement").first.click()
    page.get_by_role("textbox", name="Titre").fill("Démonstration Lumen")
    today = store.clock.today().strftime("%d/%m/%Y")
    page.get_by_role("textbox", name="Date").first.fill(today)
    page.get_by_role("textbox", name=re.compile("début", re.I)).fill("14:00")
    page.get_by_role("textbox", name=re.compile("fin", re.I)).first.fill("15:00")
    page.get_by_role("textbox", name="Description").fill("Présenter la nouvelle gamme")
    page.get_by_role("textbox", name="Lien visio").fill("https://visio.exemple.fr/lumen")
    page.get_by_role("button", name="Sauvegarder").click()
    expect(page.get_by_text("est enregistré")).to_be_visible()
    expect(body(page, "calendrier").get_by_text("Démonstration Lumen").first).to_be_visible()
    events = store.snapshot().events
    assert events.loc[events["title"] == "Démonstration Lumen", "video_url"].item() == "https://visio.exemple.fr/lumen"


def test_13_crm_gnetics_leads_back_to_accueil(visit: Visit) -> None:
    page = visit("contacts")
    page.get_by_role("link", name="CRM GNETICS").click()
    expect(body(page, "accueil")).to_be_visible()


def test_14_a_contact_added_elsewhere_appears_after_rafraichir_and_the_button_tells_it(visit: Visit, store: Crm) -> None:
    page = visit("contacts")
    save_lead(store, "Sam", None, {"name": "Zébulon Dernier"}, None, store.snapshot())
    page.evaluate("window.dispatchEvent(new Event('gnetics:tick'))")
    refresh = page.get_by_role("button", name="Rafraîchir")
    expect(refresh.locator(".g-dot")).to_be_visible()
    refresh.click()
    expect(refresh.locator(".g-dot")).to_have_count(0)
    expect(page.get_by_text("Synchronisé")).to_be_visible()
    page.get_by_role("textbox", name="Rechercher un contact").fill("zebulon dernier")
    expect(page.locator(".g-grid a[data-lead]")).to_have_count(1)


def test_15_only_real_contacts_are_counted_and_the_rest_is_said(visit: Visit, store: Crm) -> None:
    snapshot = store.snapshot()
    page = visit("contacts")
    facts = page.locator(".g-facts")
    expect(facts).to_contain_text(f"{len(snapshot.real)} contacts réels")
    expect(facts).to_contain_text(f"{snapshot.set_aside} écartés")
    expect(page.locator("[data-table]").first).to_be_attached()
    total = sum(whole_number(text) for text in page.locator("[data-table] .g-st-head .g-num").all_inner_texts())
    assert total == len(snapshot.real)


def test_16_the_faq_itself_answers_and_is_searched(visit: Visit) -> None:
    page = visit("faq")
    page.get_by_role("textbox").first.fill("synchronisation")
    expect(body(page, "faq").get_by_text(re.compile("synchronisation", re.I)).first).to_be_visible()
    page.get_by_role("textbox").first.fill("zzzz introuvable")
    expect(body(page, "faq").get_by_text(re.compile("Aucune réponse|Pas de réponse", re.I)).first).to_be_visible()
