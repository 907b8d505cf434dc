"""Events moved and stretched on Calendrier in a real browser: by mouse, touch and keys, wherever that browser is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import BrowserType, Locator, Page, expect

from gnetics import settings
from gnetics.actions.events import save_event
from gnetics.store.crm import Crm, open_crm
from tests.browser.axe import violations
from tests.browser.conftest import ARGUMENTS, CHROMIUM, Visit, on, open_page, until
from tests.served import ZONE, Served

HOUR = 48  # px
STILL = """async (area) => {
  for (let last = -1; area.scrollTop !== last; ) {
    last = area.scrollTop;
    await new Promise((next) => setTimeout(next, 250));
  }
}"""


@pytest.fixture
def store(served_url: str) -> Iterator[Crm]:
    crm = open_crm(replace(settings.load({}), region_zone=ZONE, database_url=served_url))
    yield crm
    crm.close()


@pytest.fixture
def meet(store: Crm) -> Callable[..., int]:
    """Another person adds an event of an hour, or as said."""

    def add(title: str, day: date, hour: int = 9, **values: object) -> int:
        start = datetime(day.year, day.month, day.day, hour, tzinfo=store.region.zone)
        event = {"title": title, "starts_at": start, "ends_at": start + timedelta(hours=1), "kind": "Rendez-vous"} | values
        return save_event(store, "Sam", None, event, None, store.snapshot()).key

    return add


@pytest.fixture
def times(store: Crm) -> Callable[[int], str]:
    """What the store says of an event: « 02-03 09:00 – 02-03 10:00 », on the region's clock."""

    def of(key: int) -> str:
        event = store.snapshot().event(key)
        return " – ".join(f"{event[name].astimezone(store.region.zone):%m-%d %H:%M}" for name in ("starts_at", "ends_at"))

    return of


def chip(page: Page, key: int) -> Locator:
    return page.locator(f'a.g-event[data-event="{key}"]')


def ghost(page: Page) -> Locator:
    return page.locator(".g-ghost")


def saved(page: Page, words: str) -> None:
    expect(page.locator(".g-toast").filter(has_text=words)).to_be_visible()
    expect(ghost(page)).to_have_count(0)


def drag(page: Page, what: Locator, x: float = 0, y: float = 0, *, by: str = "", drop: bool = True) -> None:
    """Take it (by its « by », a part of it) and move the mouse by so many px."""
    box = (what.locator(by) if by else what).bounding_box()
    assert box
    at = box["x"] + min(20, box["width"] / 2), box["y"] + min(10, box["height"] / 2)
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(at[0] + x / 2, at[1] + y / 2)
    page.mouse.move(at[0] + x, at[1] + y)
    if drop:
        page.mouse.up()


def width(page: Page, cell: str) -> float:
    box = page.locator(cell).first.bounding_box()
    assert box
    return box["width"]


def test_an_event_of_the_week_is_moved_by_quarters_and_days_and_taken_back(
    visit: Visit, meet: Callable[..., int], times: Callable[[int], str]
) -> None:
    key = meet("À déplacer", date(2032, 2, 3))
    page = visit("calendrier?vue=semaine&jour=2032-02-03")
    drag(page, chip(page, key), width(page, ".g-col"), 1.25 * HOUR, drop=False)
    expect(ghost(page)).to_have_text("10:15 – 11:15 · mer. 4 févr.")
    page.mouse.up()
    saved(page, "est déplacé : mercredi 4 février 2032, 10:15 – 11:15")
    assert times(key) == "02-04 10:15 – 02-04 11:15"
    expect(page.locator(".g-event-side")).to_have_count(0)  # the click that ends a drag opens nothing
    page.get_by_role("button", name="Annuler", exact=True).click()
    saved(page, "comme avant")
    assert times(key) == "02-03 09:00 – 02-03 10:00"


@pytest.mark.soak
def test_an_event_is_stretched_by_its_end(visit: Visit, meet: Callable[..., int], times: Callable[[int], str]) -> None:
    key = meet("À étirer", date(2032, 2, 10))
    page = visit("calendrier?vue=jour&jour=2032-02-10")
    drag(page, chip(page, key), 0, HOUR / 2, by=".g-grip", drop=False)
    expect(ghost(page)).to_have_text("09:00 – 10:30")
    page.mouse.up()
    saved(page, "09:00 – 10:30")
    drag(page, chip(page, key), 0, -5 * HOUR, by=".g-grip")
    saved(page, "09:00 – 09:15")  # never before its start
    assert times(key) == "02-10 09:00 – 02-10 09:15"


def test_escape_takes_a_drag_back_and_a_drop_in_place_saves_nothing(
    visit: Visit, meet: Callable[..., int], store: Crm, times: Callable[[int], str]
) -> None:
    key = meet("Immobile", date(2032, 2, 17))
    page = visit("calendrier?vue=semaine&jour=2032-02-17")
    before = store.snapshot().event(key)["rev"]
    drag(page, chip(page, key), 0, HOUR, drop=False)
    expect(ghost(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(ghost(page)).to_have_count(0)
    page.mouse.up()
    drag(page, chip(page, key), 0, 5)
    expect(ghost(page)).to_have_count(0)
    expect(page.locator(".g-event-side")).to_have_count(0)
    assert (times(key), store.snapshot().event(key)["rev"]) == ("02-17 09:00 – 02-17 10:00", before)
    chip(page, key).click()
    expect(page.locator(".g-event-side")).to_contain_text("Immobile")
    page.keyboard.press("Escape")


def test_a_month_and_whole_days_are_moved_by_days(visit: Visit, meet: Callable[..., int], store: Crm, times: Callable[[int], str]) -> None:
    key = meet("Du mois", date(2032, 3, 2))
    zone = store.region.zone
    whole = {"starts_at": datetime(2032, 3, 9, tzinfo=zone), "ends_at": datetime(2032, 3, 11, tzinfo=zone), "all_day": True}
    days = meet("Salon", date(2032, 3, 9), **whole)
    page = visit("calendrier?jour=2032-03-02")
    drag(page, chip(page, key), 2 * width(page, ".g-day"), page.locator(".g-month-week").first.bounding_box()["height"], drop=False)  # type: ignore[index]
    expect(ghost(page)).to_have_text("jeu. 11 mars · 09:00")
    page.mouse.up()
    saved(page, "jeudi 11 mars 2032")
    assert times(key) == "03-11 09:00 – 03-11 10:00"
    page.get_by_role("button", name="Semaine", exact=True).click()
    expect(page.locator(".g-clock")).to_be_visible()
    page = visit("calendrier?vue=semaine&jour=2032-03-09")
    drag(page, chip(page, days), width(page, ".g-col"), 0)
    saved(page, "mercredi 10 mars 2032 – jeudi 11 mars 2032 (2 jours)")
    drag(page, chip(page, days), width(page, ".g-col"), 0, by=".g-grip", drop=False)
    expect(ghost(page)).to_have_text("jusqu’au ven. 12 mars")
    page.mouse.up()
    saved(page, "(3 jours)")
    assert times(days) == "03-10 00:00 – 03-13 00:00"


def test_an_empty_slot_drawn_with_the_mouse_opens_the_form_with_its_hours(visit: Visit) -> None:
    page = visit("calendrier?vue=semaine&jour=2032-04-06")
    box = page.locator(".g-col").nth(1).bounding_box()
    assert box
    at = box["x"] + 40, box["y"] + 10 * HOUR
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(at[0], at[1] + HOUR)
    page.mouse.move(at[0], at[1] + 1.75 * HOUR)
    expect(ghost(page)).to_have_text("10:00 – 11:45")
    page.mouse.up()
    form = page.locator(".g-event-side")
    expect(form.get_by_role("textbox", name="Heure de début")).to_have_value("10:00")
    expect(form.get_by_role("textbox", name="Heure de fin")).to_have_value("11:45")
    expect(form.get_by_role("textbox", name="Date").first).to_have_value("06/04/2032")
    page.keyboard.press("Escape")


def test_arrows_move_and_stretch_while_alt_is_held(visit: Visit, meet: Callable[..., int], times: Callable[[int], str]) -> None:
    key = meet("Au clavier", date(2032, 4, 13))
    page = visit("calendrier?vue=semaine&jour=2032-04-13")
    chip(page, key).focus()
    page.keyboard.down("Alt")
    for arrow in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(arrow)
    expect(ghost(page)).to_have_text("09:30 – 10:30 · mer. 14 avr.")
    page.keyboard.press("Escape")
    expect(ghost(page)).to_have_count(0)
    for arrow in ("ArrowDown", "ArrowRight"):
        page.keyboard.press(arrow)
    page.keyboard.up("Alt")
    saved(page, "mercredi 14 avril 2032, 09:15 – 10:15")
    expect(chip(page, key)).to_be_focused()
    page.keyboard.press("Shift+Alt+ArrowDown")
    saved(page, "09:15 – 10:30")
    assert times(key) == "04-14 09:15 – 04-14 10:30"
    page = visit("calendrier?jour=2032-04-14")
    chip(page, key).focus()
    page.keyboard.press("Alt+ArrowDown")
    saved(page, "mercredi 21 avril 2032")
    expect(chip(page, key)).to_be_focused()


def test_a_finger_drags_after_a_long_press_and_scrolls_before(visit: Visit, meet: Callable[..., int], times: Callable[[int], str]) -> None:
    key = meet("Au doigt", date(2032, 4, 20), hour=10)
    page = visit("calendrier?vue=jour&jour=2032-04-20", 390)
    box = chip(page, key).bounding_box()
    assert box
    finger = page.context.new_cdp_session(page)
    x, y = box["x"] + 60, box["y"] + 12

    def touch(kind: str, *at: float) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": at[0], "y": at[1]}] if at else []})

    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    try:
        top = page.locator(".g-time-scroll").evaluate("(area) => area.scrollTop")
        touch("touchStart", x, y)
        for step in range(1, 6):
            touch("touchMove", x, y + 15 * step)
        touch("touchEnd")
        until(page, f"document.querySelector('.g-time-scroll').scrollTop < {top - 20}")
        page.locator(".g-time-scroll").evaluate(STILL)
        expect(ghost(page)).to_have_count(0)
        box = chip(page, key).bounding_box()
        assert box
        x, y = box["x"] + 60, box["y"] + 12
        touch("touchStart", x, y)
        expect(ghost(page)).to_have_text("10:00 – 11:00")
        for step in (20, 40, HOUR):
            touch("touchMove", x, y + step)
        expect(ghost(page)).to_have_text("11:00 – 12:00")
        touch("touchEnd")
        saved(page, "11:00 – 12:00")
    finally:
        finger.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
        finger.detach()
    assert times(key) == "04-20 11:00 – 04-20 12:00"


def test_a_series_asks_what_is_meant_and_goes_where_it_was_dropped(visit: Visit, meet: Callable[..., int], store: Crm) -> None:
    key = meet("Série", date(2032, 5, 4), recurrence="FREQ=WEEKLY;COUNT=4")
    page = visit("calendrier?jour=2032-05-04")
    second = page.locator(f'a.g-event[data-event="{key}@2032-05-11T09:00:00"]')
    drag(page, second, width(page, ".g-day"))
    question = page.locator(".v-dialog").filter(has_text="se répète")
    expect(question).to_contain_text("« Série » se répète : chaque semaine le mardi, 4 fois.")
    expect(ghost(page)).to_have_text("mer. 12 mai · 09:00")
    expect(question.locator(".v-overlay__content")).to_have_css("opacity", "1")  # half faded in, no contrast is enough
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(ghost(page)).to_have_count(0)
    expect(question).to_be_hidden()  # while it fades out, its scrim is what a mouse takes
    drag(page, second, width(page, ".g-day"))
    question.get_by_role("button", name="Celui-ci et les suivants").click()
    saved(page, "mercredi 12 mai 2032, 09:00 – 10:00")
    rows = store.snapshot().events
    mine = rows[rows["title"] == "Série"]
    assert sorted(zip(mine["wall_start"], mine["recurrence"], strict=True)) == [
        ("2032-05-04T09:00:00", "FREQ=WEEKLY;UNTIL=20320511T065959Z"),
        ("2032-05-12T09:00:00", "FREQ=WEEKLY;COUNT=3"),
    ]


@pytest.mark.soak
def test_an_event_changed_meanwhile_goes_back_and_says_so(visit: Visit, meet: Callable[..., int], store: Crm) -> None:
    key = meet("Disputé", date(2032, 6, 8))
    page = visit("calendrier?vue=semaine&jour=2032-06-08")
    expect(chip(page, key)).to_be_visible()
    start = store.snapshot().event(key)["starts_at"] + timedelta(hours=3)
    save_event(store, "Sam", key, {"starts_at": start, "ends_at": start + timedelta(hours=1)}, None, store.snapshot())
    drag(page, chip(page, key), 0, HOUR)
    saved(page, "a été modifié entre-temps")
    expect(chip(page, key)).to_contain_text("12:00 – 13:00")


@pytest.mark.soak  # vitest holds it of the geometry, in three zones
@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_no_zone_of_the_browser_shifts_a_drag(
    browser_type: BrowserType, served: Served, meet: Callable[..., int], times: Callable[[int], str], zone: str
) -> None:
    """Around the night when clocks change in Paris, Sunday 28 March 2032."""
    key = meet("Loin d’ici", date(2032, 3, 27), hour=1)
    with browser_type.launch(executable_path=CHROMIUM, args=ARGUMENTS) as browser:
        context = browser.new_context(locale="fr-FR", timezone_id=zone, viewport={"width": 1400, "height": 900})
        page = open_page(context.new_page(), on(served, "calendrier?vue=semaine&jour=2032-03-27"))
        drag(page, chip(page, key), width(page, ".g-col"), 0, drop=False)
        expect(ghost(page)).to_have_text("01:00 – 02:00 · dim. 28 mars")
        page.mouse.up()
        saved(page, "dimanche 28 mars 2032, 01:00 – 03:00")  # there is no two o’clock
        page = open_page(page, on(served, "calendrier?jour=2032-03-28"))
        drag(page, chip(page, key), -width(page, ".g-day"), 0)
        saved(page, "samedi 27 mars 2032")
        context.close()
    assert times(key).startswith("03-27 01:00")
