"""Calendrier in a real browser: mouse and keyboard, the panel, narrow screens, the address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from gnetics import settings
from gnetics.actions.events import save_event
from gnetics.store.crm import Crm, open_crm
from tests.browser.conftest import Visit, until
from tests.served import ZONE

QUIET = date(2031, 3, 4)  # a Tuesday of a month in which nothing is planned
MONTH = f"calendrier?jour={QUIET}"


@pytest.fixture
def store(served_url: str) -> Iterator[Crm]:
    crm = open_crm(replace(settings.load({}), region_zone=ZONE, database_url=served_url))
    yield crm
    crm.close()


def meet(store: Crm, title: str, day: date, hour: int = 9, **values: object) -> int:
    """Another person adds an event of an hour."""
    start = datetime(day.year, day.month, day.day, hour, tzinfo=store.region.zone)
    event = {"title": title, "starts_at": start, "ends_at": start + timedelta(hours=1), "kind": "Rendez-vous"} | values
    return save_event(store, "Sam", None, event, None, store.snapshot()).key


def panel(page: Page) -> Locator:
    return page.locator(".g-event-side")


def cell(page: Page, day: date) -> Locator:
    return page.locator(f'.g-day[data-day="{day}"]')


def field(page: Page, name: str) -> Locator:
    return panel(page).get_by_role("textbox", name=name)


def give_up(page: Page) -> None:
    """Leave the form and what was typed in it."""
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Abandonner").click()
    expect(panel(page)).to_have_count(0)


def test_a_click_on_an_empty_day_adds_an_event_that_appears_there(visit: Visit) -> None:
    page = visit(MONTH)
    cell(page, QUIET).click(position={"x": 60, "y": 70})
    expect(field(page, "Date").first).to_have_value("04/03/2031")
    expect(field(page, "Titre")).to_be_focused()
    page.keyboard.type("Visite de l’atelier")
    page.keyboard.press("Enter")
    expect(panel(page)).to_have_count(0)
    expect(page.locator(".g-month a.g-event").filter(has_text="Visite de l’atelier")).to_be_visible()
    expect(page.get_by_text("est enregistré")).to_be_visible()


def test_a_refused_form_says_why_beside_the_field_and_keeps_everything(visit: Visit) -> None:
    page = visit(MONTH)
    page.get_by_role("button", name="Ajouter un événement").first.click()
    field(page, "Titre").fill("<script>alert(1)</script> 🎉 =1+1")
    field(page, "Heure de fin").fill("08:00")
    field(page, "Lien visio").fill("javascript:alert(1)")
    panel(page).get_by_role("button", name="Sauvegarder").click()
    expect(panel(page).locator('[data-field="end"]')).to_contain_text("La fin doit venir après le début")
    expect(panel(page).locator('[data-field="video_url"]')).to_contain_text("https://")
    expect(field(page, "Heure de fin")).to_be_focused()
    expect(field(page, "Titre")).to_have_value("<script>alert(1)</script> 🎉 =1+1")
    give_up(page)


def test_another_start_keeps_the_length(visit: Visit) -> None:
    page = visit(MONTH)
    page.get_by_role("button", name="Ajouter un événement").first.click()
    field(page, "Heure de fin").fill("11:30")
    field(page, "Heure de début").fill("14h")
    page.keyboard.press("Tab")
    expect(field(page, "Heure de début")).to_have_value("14:00")
    expect(field(page, "Heure de fin")).to_have_value("16:30")
    give_up(page)


def test_escape_asks_before_losing_what_was_typed_then_gives_focus_back(visit: Visit) -> None:
    page = visit(MONTH)
    button = page.get_by_role("button", name="Ajouter un événement").first
    button.focus()
    page.keyboard.press("Enter")
    expect(field(page, "Titre")).to_be_focused()
    page.keyboard.type("Perdu ?")
    page.keyboard.press("Escape")
    expect(page.get_by_text("Abandonner votre saisie ?")).to_be_visible()
    page.get_by_role("button", name="Continuer la saisie").click()
    expect(page.locator(".v-dialog")).to_have_count(0)
    expect(field(page, "Titre")).to_be_focused()
    expect(field(page, "Titre")).to_have_value("Perdu ?")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Abandonner").click()
    expect(panel(page)).to_have_count(0)
    expect(button).to_be_focused()


def test_an_event_is_read_then_modified_and_its_new_day_shown(visit: Visit, store: Crm) -> None:
    key = meet(store, "Démonstration déplacée", QUIET + timedelta(days=1))
    page = visit(MONTH)
    page.locator(f'a.g-event[data-event="{key}"]').click()
    expect(panel(page)).to_contain_text("mercredi 5 mars 2031, 09:00 – 10:00")
    expect(page).to_have_url(re.compile(f"event={key}$"))
    panel(page).get_by_role("button", name="Modifier").click()
    field(page, "Date").first.fill("16/04/2031")
    panel(page).get_by_role("button", name="Sauvegarder").click()
    expect(panel(page)).to_contain_text("mercredi 16 avril 2031")
    expect(page.locator(".g-cal-title")).to_have_text("avril 2031")


def test_back_closes_the_event_and_keeps_the_month(visit: Visit, store: Crm) -> None:
    key = meet(store, "À refermer", QUIET + timedelta(days=2))
    page = visit(MONTH)
    page.locator(f'a.g-event[data-event="{key}"]').click()
    expect(panel(page)).to_be_visible()
    expect(page).to_have_url(re.compile(f"event={key}"))  # the address follows the panel
    page.go_back()
    expect(panel(page)).to_have_count(0)
    expect(page.locator(".g-cal-title")).to_have_text("mars 2031")


def test_an_event_is_deleted_only_after_a_confirmation(visit: Visit, store: Crm) -> None:
    key = meet(store, "À supprimer", QUIET + timedelta(days=3))
    page = visit(f"calendrier?event={key}")
    panel(page).get_by_role("button", name="Supprimer").click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Supprimer cet événement ?")).to_have_count(0)
    expect(panel(page)).to_be_visible()
    panel(page).get_by_role("button", name="Supprimer").click()
    page.locator(".v-dialog").get_by_role("button", name="Supprimer").click()
    expect(panel(page)).to_have_count(0)
    expect(page.locator(f'[data-event="{key}"]')).to_have_count(0)
    assert key not in store.snapshot().events.index


def test_the_video_link_opens_apart_and_the_contact_s_sheet_here(visit: Visit, store: Crm) -> None:
    lead = store.snapshot().leads.index[0]
    key = meet(store, "Visio", QUIET + timedelta(days=6), video_url="https://visio.exemple.fr/salle", lead_key=int(lead))
    page = visit(f"calendrier?event={key}")
    link = panel(page).get_by_role("link", name="Rejoindre la visio")
    assert [link.get_attribute(name) for name in ("href", "target", "rel")] == [
        "https://visio.exemple.fr/salle",
        "_blank",
        "noopener noreferrer",
    ]
    panel(page).locator(".g-event-lead").click()
    expect(page.locator(".g-sheet")).to_be_visible()
    expect(page).to_have_url(re.compile(r"contacts\.ipynb\?lead="))


def test_a_contact_is_found_and_linked(visit: Visit, store: Crm) -> None:
    page = visit(MONTH)
    page.get_by_role("button", name="Ajouter un événement").first.click()
    field(page, "Titre").fill("Avec quelqu’un")
    box = panel(page).get_by_role("combobox", name="Contact lié")
    box.press_sequentially("L-000211")
    offered = page.locator(".v-overlay-container .v-list-item").filter(has_text="·")
    expect(offered).to_have_count(1)  # the list first shows everyone
    offered.click()
    panel(page).get_by_role("button", name="Sauvegarder").click()
    expect(page.get_by_text("est enregistré")).to_be_visible()
    snapshot = store.snapshot()
    key = snapshot.events.loc[snapshot.events["title"] == "Avec quelqu’un", "lead_key"].item()
    assert snapshot.lead(int(key))["lead_id"] == "L-000211"


def test_a_crowded_day_opens_from_its_count(visit: Visit, store: Crm) -> None:
    for hour in range(8, 20):
        meet(store, f"Rendez-vous de {hour} h", QUIET + timedelta(days=7), hour)
    page = visit(MONTH)
    more = cell(page, QUIET + timedelta(days=7)).locator(".g-more")
    expect(more).to_have_text(re.compile(r"\+\d+ autres"))
    hidden = int(re.sub(r"\D", "", more.inner_text()))
    assert page.locator(".g-month a.g-event").filter(has_text="Rendez-vous de").count() + hidden == 12
    more.click()
    expect(page.locator(".g-cal-title")).to_have_text("mardi 11 mars 2031")
    expect(page.locator(".g-col a.g-event")).to_have_count(12)


def test_an_hour_clicked_in_the_week_is_the_hour_proposed(visit: Visit) -> None:
    page = visit(f"calendrier?vue=semaine&jour={QUIET + timedelta(days=30)}")
    column = page.locator(".g-col").nth(2)
    column.click(position={"x": 60, "y": 10 * 48 + 30})
    expect(field(page, "Heure de début")).to_have_value("10:30")
    expect(field(page, "Heure de fin")).to_have_value("11:30")


def test_the_keyboard_alone_chooses_a_day_and_an_hour(visit: Visit) -> None:
    page = visit(MONTH)
    cell(page, QUIET).focus()
    page.keyboard.press("ArrowDown")
    expect(cell(page, QUIET + timedelta(days=7))).to_be_focused()
    for _ in range(3):  # typed faster than the kernel answers
        page.keyboard.press("ArrowDown")
    expect(page.locator(".g-cal-title")).to_have_text("avril 2031")
    expect(cell(page, date(2031, 4, 1))).to_be_focused()
    page.keyboard.press("Enter")
    expect(field(page, "Date").first).to_have_value("01/04/2031")
    page.keyboard.press("Escape")
    expect(cell(page, date(2031, 4, 1))).to_be_focused()
    page.keyboard.press(" ")
    expect(page.locator(".g-cal-title")).to_have_text("mardi 1er avril 2031")
    for key, day in (("ArrowRight", 2), ("ArrowLeft", 1)):  # the focus goes on with the day
        expect(page.locator(".g-col")).to_be_focused()
        page.keyboard.press(key)
        expect(page.locator(f'.g-col[data-day="2031-04-0{day}"]')).to_be_focused()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(field(page, "Heure de début")).to_have_value("10:00")


def test_views_and_periods_write_the_address_and_a_reload_shows_the_same(visit: Visit) -> None:
    page = visit(MONTH)
    page.get_by_role("button", name="Semaine", exact=True).click()
    page.get_by_role("button", name=re.compile("Suivant")).click()
    expect(page.locator(".g-cal-title")).to_have_text("10 – 16 mars 2031")
    expect(page).to_have_url(re.compile(r"\?vue=semaine&jour=2031-03-11$"))
    page.reload()
    expect(page.locator(".g-cal-title")).to_have_text("10 – 16 mars 2031", timeout=30_000)
    page.get_by_role("button", name="Agenda", exact=True).click()
    page.get_by_role("button", name=re.compile("Suivant")).click()
    page.get_by_role("button", name=re.compile("Suivant")).click()
    expect(page.get_by_text("Rien de prévu pour cette période")).to_be_visible()


def test_nothing_overflows_at_any_width(visit: Visit) -> None:
    page = visit("calendrier")
    for width in (390, 700, 1400):
        page.set_viewport_size({"width": width, "height": 844})
        for view in ("Mois", "Semaine", "Jour", "Agenda"):
            page.get_by_role("button", name=view, exact=True).click()
            expect(page.locator(f'.g-seg [aria-pressed="true"]:text-is("{view}")')).to_be_visible()
            until(page, "document.documentElement.scrollWidth <= innerWidth")
            inside = "[...document.querySelectorAll('.g-cal-bar > *')].every((e) => e.getBoundingClientRect().right <= innerWidth)"
            assert page.evaluate(inside), f"{view} at {width} px"


def test_on_a_telephone_a_touched_day_lists_its_events(visit: Visit, store: Crm) -> None:
    meet(store, "Sur le téléphone", QUIET + timedelta(days=9))
    page = visit(MONTH, 390)
    cell(page, QUIET + timedelta(days=9)).click()
    expect(page.locator(".g-agenda")).to_contain_text("Jeudi 13 mars 2031", ignore_case=True)
    page.locator(".g-agenda a").filter(has_text="Sur le téléphone").click()
    expect(panel(page)).to_be_visible()


def test_the_grid_fills_the_height_and_the_page_does_not_scroll(visit: Visit) -> None:
    page = visit("calendrier?vue=mois")
    expect(page.locator(".g-month")).to_be_visible()
    for view in ("Mois", "Semaine", "Jour", "Agenda"):
        page.get_by_role("button", name=view, exact=True).click()
        expect(page.locator(f'.g-seg [aria-pressed="true"]:text-is("{view}")')).to_be_visible()
        until(page, "Math.abs(document.querySelector('.g-cal').getBoundingClientRect().bottom - innerHeight + 24) < 3")
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_a_series_is_made_one_occurrence_moved_and_the_following_changed(visit: Visit, store: Crm) -> None:
    first = date(2031, 5, 6)  # a Tuesday of a month in which nothing is planned
    days = [first + timedelta(days=7 * n) for n in range(4)]
    page = visit(f"calendrier?jour={first}")
    cell(page, first).click(position={"x": 60, "y": 70})
    field(page, "Titre").fill("Point hebdomadaire")
    panel(page).get_by_role("button", name="Répétition").click()
    panel(page).locator('[data-field="repeat"]').click()
    page.get_by_role("option", name="Chaque semaine").click()
    expect(panel(page).locator('[data-field="days"]')).to_contain_text("mar.")
    panel(page).get_by_role("button", name="Sauvegarder").click()
    expect(panel(page)).to_have_count(0)
    chips = page.locator(".g-month a.g-event").filter(has_text="Point hebdomadaire")
    expect(chips).to_have_count(4)
    expect(chips.first).to_contain_text("se répète")

    def edit(day: date, title: str, scope: str, /, **texts: str) -> None:
        page.locator(f'.g-month a.g-event[data-event*="{day}"]').filter(has_text=title).click()
        expect(panel(page)).to_contain_text("chaque semaine le mardi")
        panel(page).get_by_role("button", name="Modifier").click()
        for name, text in texts.items():
            panel(page).locator(f'[data-field="{name}"] input').first.fill(text)
        panel(page).get_by_role("button", name="Sauvegarder").click()
        page.get_by_role("button", name=scope, exact=True).click()
        expect(panel(page).get_by_role("button", name="Supprimer")).to_be_visible()
        page.keyboard.press("Escape")
        expect(panel(page)).to_have_count(0)

    edit(days[1], "Point hebdomadaire", "Cet événement", day="14/05/2031")
    edit(days[2], "Point hebdomadaire", "Celui-ci et les suivants", title="Revue")
    expect(page.locator(".g-month a.g-event").filter(has_text="Revue")).to_have_count(2)
    expect(chips).to_have_count(2)
    rows = store.snapshot().events
    mine = rows[rows["title"].isin(["Point hebdomadaire", "Revue"])]
    assert sorted(zip(mine["title"], mine["wall_start"].str[:10], strict=True)) == [
        ("Point hebdomadaire", "2031-05-06"),
        ("Point hebdomadaire", "2031-05-14"),
        ("Revue", "2031-05-20"),
    ]
