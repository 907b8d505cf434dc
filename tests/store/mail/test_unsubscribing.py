"""Whoever had a mail of ours may ask for no more; nobody else can do it for them, or learn whether we know them."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import text

from gnetics.errors import Refused
from gnetics.mail import suppressions
from gnetics.mail.unsubscribing import address_of, link, unsubscribe
from gnetics.store.crm import Crm
from tests.store.mail.conftest import ANA, TEAM

PUBLIC = "https://crm.exemple.fr/gnetics/"


def token_for(crm: Crm, address: str) -> str:
    with crm.read() as connection:
        return parse_qs(urlsplit(link(connection, PUBLIC, address)).query)["a"][0]


def barred(crm: Crm, address: str) -> bool:
    with crm.read() as connection:
        return bool(suppressions.among(connection, [address]))


def test_the_address_of_a_mail_unsubscribes_whom_it_was_sent_to_and_nobody_else(team: Crm) -> None:
    token = token_for(team, "Zoé@Client.example")
    assert unsubscribe(team, token)
    assert unsubscribe(team, token), "twice is the same"
    assert barred(team, "zoé@client.example")
    assert not barred(team, "leo@autre.example")


def test_a_colleague_who_presses_it_in_a_mail_that_they_had_in_copy_is_not_barred(team: Crm) -> None:
    assert unsubscribe(team, token_for(team, ANA))
    assert not barred(team, ANA)


@pytest.mark.parametrize("address", ["Bruno@gnetics.example", TEAM])
def test_nobody_puts_one_of_us_on_the_list(team: Crm, address: str) -> None:
    with pytest.raises(Refused, match="l’une des vôtres"):
        suppressions.suppress(team, "Chef", address, "à sa demande")
    assert not barred(team, address)


def test_without_a_public_address_there_is_no_link(team: Crm) -> None:
    with team.read() as connection:
        assert link(connection, "", "zoe@client.example") == ""
        assert link(connection, "https://crm.exemple.fr", "a@b.example").startswith("https://crm.exemple.fr/desinscription?a=")


@pytest.mark.parametrize("change", [lambda t: t[:-2] + "AA", lambda t: "A" + t[1:], lambda t: t + "QUJD", lambda t: t * 50, lambda _t: ""])
def test_a_token_that_was_changed_is_nobodys(team: Crm, change: object) -> None:
    assert callable(change)
    token = token_for(team, "zoe@client.example")
    assert change(token) == token or not unsubscribe(team, change(token))
    assert not barred(team, "zoe@client.example")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text())
def test_any_text_is_no_token(team: Crm, token: str) -> None:
    with team.read() as connection:
        assert address_of(connection, token) is None
