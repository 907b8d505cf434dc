"""The address of a person's calendar: one each, a new one ends the one before, and it opens nothing once they may not enter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gnetics.actions import accounts, calendar_feed
from gnetics.errors import Forbidden, Refused
from gnetics.store.crm import Crm
from gnetics.store.people import feeds


@pytest.fixture
def trusted(crm: Crm) -> Crm:
    trusted = replace(crm, trusted=True)
    for name in ("Ana", "Bruno"):
        accounts.add(trusted, "Léa", name, "lecture", None)
    return trusted


def person(crm: Crm, path: str) -> str | None:
    with crm.read() as connection:
        return feeds.person_of(connection, path.removeprefix("calendrier/").removesuffix(".ics"))


def test_an_address_is_its_person_s_until_a_new_one_or_none(crm: Crm, trusted: Crm) -> None:
    first, second = calendar_feed.give(crm, "Ana", "Ana"), calendar_feed.give(crm, "Ana", "Ana")
    assert (person(crm, first), person(crm, second), feeds.since(crm, "Ana")) == (None, "Ana", crm.clock.instant())
    accounts.set_disabled(trusted, "Léa", "Ana", True)
    assert person(crm, second) is None
    accounts.set_disabled(trusted, "Léa", "Ana", False)
    calendar_feed.revoke(crm, "Ana", "Ana")
    assert (person(crm, second), feeds.since(crm, "Ana")) == (None, None)


def test_each_gives_their_own_alone_and_a_disabled_account_has_none(crm: Crm, trusted: Crm) -> None:
    with pytest.raises(Forbidden):
        calendar_feed.give(crm, "Ana", "Bruno")
    accounts.set_disabled(trusted, "Léa", "Bruno", True)
    with pytest.raises(Refused):
        calendar_feed.give(trusted, "Léa", "Bruno")


def test_whoever_has_no_account_has_no_address(crm: Crm) -> None:
    with pytest.raises(Refused, match="compte"):
        calendar_feed.give(crm, "Léa", "Léa")
