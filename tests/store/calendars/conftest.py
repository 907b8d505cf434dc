"""A real server, a calendar of its own for each test, and the store that it is kept the same as."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from gnetics.settings.calendar import CalendarAccount
from gnetics.settings.credentials import Credential
from gnetics.settings.values import Given
from gnetics.store.crm import Crm
from tests import radicale
from tests.radicale import PASSWORD, USER, Client, Radicale

NUMBERS = count(1)


@pytest.fixture(scope="session")
def caldav() -> Iterator[Radicale]:
    with radicale.server() as running:
        yield running


@pytest.fixture
def phone(caldav: Radicale) -> Client:
    """Another program, on a calendar that is new."""
    client = Client(f"{caldav.url}{USER}/agenda-{next(NUMBERS)}/")
    client.make()
    return client


def account_of(url: str, name: str = "pro", **more: Any) -> CalendarAccount:
    return CalendarAccount(name, url, USER, credential=Credential(Given("password", PASSWORD, secret=True)), **more)


@pytest.fixture
def account(phone: Client) -> CalendarAccount:
    return account_of(phone.url)


@pytest.fixture
def crm(crm: Crm, account: CalendarAccount) -> Crm:
    return replace(crm, settings=replace(crm.settings, calendars=(account,)), trusted=True)
