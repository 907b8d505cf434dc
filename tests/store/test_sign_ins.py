"""Passwords, sessions, and what slows guessing."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from gnetics.actions import accounts
from gnetics.clock import fixed
from gnetics.errors import Forbidden, NotFound, Refused
from gnetics.store import sign_ins
from gnetics.store.crm import Crm
from gnetics.store.schema import history, users
from gnetics.store.schema import sign_ins as sessions

HOURS = timedelta(hours=12)
GOOD = "Un mot de passe 1"


@pytest.fixture
def ana(crm: Crm) -> Crm:
    accounts.add(crm, "admin", "Ana", "administration", GOOD)
    return crm


def later(crm: Crm, seconds: float) -> Crm:
    return replace(crm, clock=fixed(crm.clock.now() + timedelta(seconds=seconds), crm.region.zone))


def enter(crm: Crm, password: str = GOOD, name: str = "ana", address: str = "192.0.2.7") -> str:
    return sign_ins.sign_in(crm, name, password, address, HOURS)


def test_a_session_lasts_its_length(ana: Crm) -> None:
    cookie = enter(ana)
    assert sign_ins.user_of(ana, cookie) == "Ana"
    assert sign_ins.user_of(later(ana, HOURS.total_seconds()), cookie) is None


def at(crm: Crm, begin: str, **passed: float) -> Crm:
    return replace(crm, clock=fixed(datetime.fromisoformat(begin) + timedelta(**passed), crm.region.zone))


@pytest.mark.parametrize("begin", ["2027-03-28T00:30Z", "2027-10-31T00:30Z", "2027-10-31T01:30Z"])
def test_a_session_lasts_its_length_whether_clocks_change_or_not(ana: Crm, begin: str) -> None:
    cookie = enter(at(ana, begin))
    assert sign_ins.user_of(at(ana, begin, hours=11.99), cookie) == "Ana"
    assert sign_ins.user_of(at(ana, begin, hours=12), cookie) is None


def test_guessing_is_slowed_in_the_hour_that_begins_as_clocks_go_forward_too(ana: Crm) -> None:
    spring = "2027-03-28T01:10Z"  # 3:10: there was no 2:10
    for _ in range(sign_ins.FREE["name"]):
        with pytest.raises(Refused, match="inconnu"):
            enter(at(ana, spring), "faux")
    with pytest.raises(Refused, match="réessayez"):
        enter(at(ana, spring, seconds=1))


def test_the_store_holds_neither_password_nor_cookie(ana: Crm) -> None:
    cookie = enter(ana)
    with ana.read() as connection:
        kept = connection.execute(select(users.c.password)).scalar_one()
        session = connection.execute(select(sessions)).one()
    assert kept.startswith("$argon2id$") and GOOD not in kept
    assert session.digest == hashlib.sha256(cookie.encode()).hexdigest()
    assert cookie not in str(session)
    assert sign_ins.user_of(ana, session.digest) is None, "whoever reads the store cannot enter with what is there"


def test_guessing_a_name_is_slowed_more_and_more_then_forgotten(ana: Crm) -> None:
    for number in range(sign_ins.FREE["name"]):
        with pytest.raises(Refused, match="inconnu"):
            enter(ana, "faux", address=f"192.0.2.{number}")
    with pytest.raises(Refused, match="réessayez dans 2"):
        enter(ana)  # even with the right one
    with pytest.raises(Refused, match="inconnu"):
        enter(later(ana, 2), "faux")
    with pytest.raises(Refused, match="réessayez dans 4"):
        enter(later(ana, 2))
    enter(later(ana, 6))
    with pytest.raises(Refused, match="inconnu"):
        enter(later(ana, 6), "faux")  # counted anew


def test_a_clock_moved_back_keeps_nobody_out_and_ends_no_session(ana: Crm) -> None:
    cookie, yesterday = enter(ana), later(ana, -86_400)
    assert sign_ins.user_of(yesterday, cookie) == "Ana"
    enter(yesterday)
    for _ in range(sign_ins.FREE["name"]):
        with pytest.raises(Refused, match="inconnu"):
            enter(ana, "faux")
    with pytest.raises(Refused, match="inconnu"):
        enter(yesterday, "faux")
    with pytest.raises(Refused, match="réessayez dans 4"):
        enter(yesterday)  # guessing is slowed from there on
    enter(later(yesterday, 4))


def test_guessing_many_names_from_one_address_is_slowed(ana: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sign_ins.FREE, "address", 2)
    for number in range(sign_ins.FREE["address"]):
        with pytest.raises(Refused, match="inconnu"):
            enter(ana, "faux", name=f"nom{number}")
    with pytest.raises(Refused, match="Trop d’essais"):
        enter(ana)
    enter(ana, address="192.0.2.8")


@pytest.mark.parametrize("password", ["court", "aaaaaaaaaaaa", "x" * 201, ""])
def test_a_password_too_easy_or_too_long_is_refused(crm: Crm, password: str) -> None:
    with pytest.raises(Refused):
        accounts.add(crm, "admin", "Ana", "édition", password)


def test_accounts_are_kept_by_administrators_and_written_in_the_history(ana: Crm) -> None:
    accounts.add(ana, "Ana", "Bruno", "édition", None)
    with pytest.raises(Forbidden):
        accounts.set_role(ana, "Bruno", "Bruno", "administration")
    with pytest.raises(Refused, match="existe déjà"):
        accounts.add(ana, "Ana", " BRUNO ", "lecture", None)
    with pytest.raises(Refused, match="Rôle"):
        accounts.set_role(ana, "Ana", "Bruno", "chef")
    with pytest.raises(NotFound):
        accounts.set_role(ana, "Ana", "Zoé", "lecture")
    accounts.set_role(ana, "Ana", "bruno", "lecture")
    accounts.set_disabled(ana, "Ana", "bruno", True)
    assert [(each.name, each.role, each.password, each.disabled) for each in accounts.accounts(ana)] == [
        ("Ana", "administration", True, False),
        ("Bruno", "lecture", False, True),
    ]
    with ana.read() as connection:
        lines = connection.execute(select(history.c.who, history.c.before, history.c.after).where(history.c.field == "account Bruno")).all()
    assert [tuple(line) for line in lines] == [("Ana", None, "édition"), ("Ana", "édition", "lecture"), ("Ana", "actif", "désactivé")]


def test_an_account_without_password_cannot_sign_in(ana: Crm) -> None:
    accounts.add(ana, "Ana", "Bruno", "édition", None)
    with pytest.raises(Refused, match="inconnu"):
        enter(ana, "", name="Bruno")
    assert sign_ins.account_of(ana, "Bruno") == "Bruno"
