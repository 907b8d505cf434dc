"""Files that the browser saves, opened and compared with the screen."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import Any

from icalendar import Calendar
from playwright.sync_api import Locator, Page, expect
from python_calamine import CalamineWorkbook

from gnetics.imports.workbook import read
from tests.browser.conftest import Visit


def saved(page: Page, button: Locator) -> tuple[str, Path]:
    """The file a button makes the browser save; pressed by keyboard."""
    button.focus()
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    expect(button).to_be_focused()
    return waiting.value.suggested_filename, waiting.value.path()


def digits(text: str) -> int:
    return int("".join(sign for sign in text if sign.isdigit()))


def table_under(path: Path, header: str, name: str) -> list[list[Any]]:
    rows = [cells for _, cells in read(path.read_bytes(), name).sheets[0].rows()]
    return rows[next(place for place, row in enumerate(rows) if row[0] == header) + 1 :]


def test_the_leads_behind_a_figure_leave_as_many_as_the_panel_counts(visit: Visit) -> None:
    page = visit("dashboard")
    page.locator('[data-head="conversion"] .g-figure').click()
    panel = page.locator(".g-evidence")
    for place, form in ((0, "xlsx"), (1, "csv")):
        part = panel.locator(".g-ev-parts button").nth(place)
        part.click()
        expect(part).to_have_attribute("aria-pressed", "true")
        name, path = saved(page, panel.locator(f'[data-form="{form}"]'))
        assert name.startswith("gnetics-taux-de-conversion-") and name.endswith(form)
        assert len(table_under(path, "ID Lead", name)) == digits(part.locator("b").inner_text())


def test_the_report_says_what_the_dashboard_shows(visit: Visit) -> None:
    page = visit("dashboard?periode=90j")
    pipeline = page.locator('[data-head="pipeline"] .g-figure').inner_text()
    name, path = saved(page, page.locator('[data-page="dashboard"] .g-board-bar [data-form="xlsx"]'))
    assert name.startswith("gnetics-rapport-")
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name("Synthèse").to_python()
    assert next(row[1] for row in rows if row[0] == "Pipeline actif") == digits(pipeline)
    assert any(row[0] == "Période" and str(row[1]).startswith("90 jours") for row in rows)
    name, printed = saved(page, page.locator('[data-page="dashboard"] .g-board-bar [data-form="html"]'))
    printed = printed.rename(printed.with_name(name))
    requests: list[str] = []
    paper = page.context.new_page()
    paper.on("request", lambda request: requests.append(request.url))
    paper.goto(printed.as_uri())
    expect(paper.locator(".head", has_text="Pipeline actif")).to_contain_text(pipeline)
    assert requests == [printed.as_uri()]
    assert paper.evaluate("document.fonts.load('500 12px Roboto').then((found) => found.length)") == 1
    assert len(re.findall(rb"/Type /Page\b", paper.pdf(prefer_css_page_size=True))) <= 8


def test_a_picture_leaves_in_light_colours_with_its_title(visit: Visit) -> None:
    page = visit("dash_data?bloc=C")
    page.evaluate("document.documentElement.classList.add('g-dark')")
    card = page.locator('[data-block="C"]')
    expect(card.locator(".bar").first).to_be_attached()
    name, path = saved(page, card.locator(".g-taken-save").first)
    assert name.startswith("gnetics-score-par-statut-") and name.endswith(".png")
    width, height = struct.unpack(">II", path.read_bytes()[16:24])
    drawn = card.locator(".g-chart").first.bounding_box()
    assert drawn and width >= 2 * drawn["width"] and height > 2 * drawn["height"] + 60
    assert page.evaluate("document.documentElement.classList.contains('g-dark')"), "the page itself stays dark"
    page.evaluate("document.documentElement.classList.remove('g-dark')")
    corner = page.evaluate(
        """async (bytes) => {
          const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
          const canvas = new OffscreenCanvas(image.width, image.height); const draw = canvas.getContext('2d');
          draw.drawImage(image, 0, 0); return [...draw.getImageData(2, 2, 1, 1).data]; }""",
        list(path.read_bytes()),
    )
    assert min(corner) == 255


def test_a_month_leaves_as_a_calendar_and_the_event_that_is_open_alone(visit: Visit) -> None:
    page = visit("calendrier")
    more = page.get_by_role("button", name="Autres actions du calendrier")
    more.click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name="Tout exporter (.ics)").click()
    events = Calendar.from_ical(waiting.value.path().read_bytes()).walk("VEVENT")
    assert waiting.value.suggested_filename.startswith("gnetics-calendrier-") and len(events) > 30
    page = visit("calendrier?event=1")
    _, path = saved(page, page.get_by_role("button", name="Exporter (.ics)"))
    assert len(Calendar.from_ical(path.read_bytes()).walk("VEVENT")) == 1


def test_the_dialog_of_the_feed_is_left_by_escape_with_the_focus_where_it_was(visit: Visit) -> None:
    page = visit("calendrier")
    more = page.get_by_role("button", name="Autres actions du calendrier")
    more.click()
    page.get_by_role("menuitem", name="S’abonner…").click()
    expect(page.get_by_role("dialog", name="Suivre ce calendrier ailleurs")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Suivre ce calendrier ailleurs")).to_be_hidden()
    expect(more).to_be_focused()
