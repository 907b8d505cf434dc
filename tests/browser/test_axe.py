"""axe finds nothing on any page, view, panel and dialog, light or dark."""

from __future__ import annotations

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.sights import ALL, Sight, cases, leave

THEME = "() => document.querySelector('[aria-label^=\"Passer au thème\"]').click()"
SOON = ("accueil", "contacts-table", "calendrier", "dash_data", "inbox", "contact-modifier", "evenement-nouveau", "palette", "importer")
DARK = ("dashboard", "contacts")


@pytest.mark.parametrize("sight", cases(ALL, SOON))
def test_axe_finds_nothing(sight: Sight, visit: Visit) -> None:
    page = sight.open(visit)
    found = violations(page)
    leave(page)
    assert found == []


@pytest.mark.parametrize("sight", cases(ALL, DARK))
def test_axe_finds_no_weak_contrast_in_the_dark(sight: Sight, visit: Visit) -> None:
    page = sight.open(visit)
    page.evaluate(THEME)
    page.wait_for_timeout(300)  # colours change in a moment
    found = violations(page, only=("color-contrast",))
    page.evaluate(THEME)
    leave(page)
    assert found == []
