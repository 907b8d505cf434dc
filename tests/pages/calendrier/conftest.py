"""Calendrier at a known noon."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gnetics.clock import fixed
from gnetics.pages.app import App
from gnetics.pages.calendrier.page import CalendarPage
from gnetics.store.crm import Crm
from tests.pages.conftest import NOON, Heard, page_of


@pytest.fixture
def crm(crm: Crm) -> Crm:
    """It is Tuesday 24 November 2026, noon in Paris."""
    return replace(crm, clock=fixed(NOON, crm.region.zone))


@pytest.fixture
def page(app: App, heard: Heard) -> CalendarPage:
    app.moved("calendrier", {})
    return page_of(app, "calendrier", CalendarPage)
