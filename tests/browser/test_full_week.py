"""A full week in each view, with what the demo has none of: a series asked about, people to invite, a reminder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext

from gnetics import settings
from gnetics.store.crm import open_crm
from tests.browser.axe import violations
from tests.browser.conftest import Tab, Visit
from tests.browser.full_week import fill
from tests.browser.sights import DRAWN, FULL_WEEK, WIDTHS, Sight, leave
from tests.browser.test_axe import weak_in_the_dark
from tests.browser.test_boxes import BOXES
from tests.served import ZONE, serve

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def full(profile: BrowserContext, copy_of_demo: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    address = copy_of_demo()
    with closing(open_crm(replace(settings.load({}), database_url=address, region_zone=ZONE))) as crm:
        fill(crm)
    with serve(tmp_path_factory.mktemp("full") / "log", database_url=address, user="Ana", mail_invitations="oui") as server:
        tab = Tab(profile, server)
        yield tab
        tab.leave()


@pytest.fixture
def visit(full: Tab, context: BrowserContext) -> Visit:
    return full.visit


@pytest.mark.parametrize("sight", FULL_WEEK, ids=lambda sight: sight.name)
def test_of_a_full_week_nothing_is_cut_covered_or_weak(sight: Sight, visit: Visit) -> None:
    page, found = sight.open(visit), []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(DRAWN)
        found += [f"{width} px, {each}" for each in (*page.evaluate(BOXES), *violations(page))]
        found += [f"{width} px, dark, {each}" for each in weak_in_the_dark(page)]
    leave(page)
    assert found == []
