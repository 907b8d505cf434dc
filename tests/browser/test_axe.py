"""axe finds nothing on any page, view, panel and dialog, light or dark, at three widths."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.sights import ALL, DRAWN, WIDTHS, Sight, cases, leave

THEME = "() => document.querySelector('[aria-label^=\"Passer au thème\"]').click()"
# colours change in a moment, which may be a long one
CHANGED = """async () => {
  for (let i = 0; i < 3; i += 1) await new Promise(requestAnimationFrame);
  const ending = document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(ending.map((each) => each.finished));
}"""
SOON = ("accueil", "contacts-table", "calendrier", "dash_data", "inbox", "contact-modifier", "evenement-nouveau", "palette", "importer")
DARK = ("dashboard", "contacts")


def weak_in_the_dark(page: Page) -> list[str]:
    page.evaluate(THEME)
    page.evaluate(CHANGED)
    found = violations(page, only=("color-contrast",))
    page.evaluate(THEME)
    page.evaluate(CHANGED)
    return found


@pytest.mark.parametrize("sight", cases(ALL, SOON))
def test_axe_finds_nothing(sight: Sight, visit: Visit) -> None:
    page = sight.open(visit)
    found = violations(page)
    leave(page)
    assert found == []


@pytest.mark.parametrize("sight", cases(ALL, DARK))
def test_axe_finds_no_weak_contrast_in_the_dark(sight: Sight, visit: Visit) -> None:
    page = sight.open(visit)
    found = weak_in_the_dark(page)
    leave(page)
    assert found == []


@pytest.mark.soak
@pytest.mark.parametrize("sight", ALL, ids=lambda sight: sight.name)
def test_axe_finds_nothing_on_a_narrower_screen_either(sight: Sight, visit: Visit) -> None:
    page = sight.open(visit)
    found = []
    for width in WIDTHS[1:]:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(DRAWN)
        found += [f"{width} px, {each}" for each in violations(page)]
        found += [f"{width} px, dark, {each}" for each in weak_in_the_dark(page)]
    leave(page)
    assert found == []
