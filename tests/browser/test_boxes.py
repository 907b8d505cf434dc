"""Nothing is cut, squeezed, covered or out of its card, and no page scrolls sideways: told by the boxes, at three widths."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import Visit
from tests.browser.sights import DIALOGS, DRAWN, PAGES, PANELS, WIDTHS, Sight, cases, leave

BOXES = Path(__file__).with_name("boxes.js").read_text("utf-8").partition("\n")[2]
SOON = ("accueil", "contacts", "contacts-pipeline", "calendrier-semaine", "dash_data", "inbox", "contact-modifier", "fusionner")


def wrong(sight: Sight, visit: Visit, widths: tuple[int, ...]) -> list[str]:
    page = sight.open(visit)
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(DRAWN)
        found += [f"{width} px, {each}" for each in page.evaluate(BOXES)]
    leave(page)
    return found


@pytest.mark.parametrize("sight", cases(PAGES, SOON))
def test_nothing_of_a_page_is_cut_or_overlaps(sight: Sight, visit: Visit) -> None:
    assert wrong(sight, visit, WIDTHS) == []


@pytest.mark.parametrize("sight", cases((*PANELS, *DIALOGS), SOON))
def test_nothing_of_a_panel_or_dialog_is_cut_or_overlaps(sight: Sight, visit: Visit) -> None:
    assert wrong(sight, visit, WIDTHS) == []
