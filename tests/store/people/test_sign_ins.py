"""Passwords, sessions, and what slows guessing."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from gnetics.actions import accounts
from gnetics.clock import fixed
from gnetics.errors import Forbidden, NotFound, Refused
from gnetics.store.crm import Crm
from gnetics.store.people import accounts as people
from gnetics.store.people import guessing, sign_ins
from gnetics.store.people.guessing import Visitor
from gnetics.store.schema import devices, history, users
from gnetics.store.schema import sign_ins as sessions

pytestmark = pytest.mark.costly

HOURS = timedelta(hours=12)
GOOD = "Un mot de passe 1"


@pytest.fixture
def ana(crm: Crm) -> Crm:
    accounts.add(crm, "admin", "Ana", "administration", GOOD)
    return crm


def later(crm: Crm, seconds: float) -> Crm:
    return replace(crm, clock=fixed(crm.clock.now() + timedelta(seconds=seconds), crm.region.zone))


def enter(crm: Crm, password: str = GOOD, name: str = "ana", address: str = "192.0.2.7", device: str = "") -> sign_ins.Cookies:
    return sign_ins.sign_in(crm, name, password, Visitor(address, device), HOURS)


def test_a_session_lasts_its_length(ana: Crm) -> None:
    cookie = enter(ana).session
    assert sign_ins.user_of(ana, cookie) == "Ana"
    assert sign_ins.user_of(later(ana, HOURS.total_seconds()), cookie) is None


def at(crm: Crm, begin: str, **passed: float) -> Crm:
    return replace(crm, clock=fixed(datetime.fromisoformat(begin) + timedelta(**passed), crm.region.zone))


@pytest.mark.parametrize("begin", ["2027-03-28T00:30Z", "2027-10-31T00:30Z", "2027-10-31T01:30Z"])
def test_a_session_lasts_its_length_whether_clocks_change_or_not(ana: Crm, begin: str) -> None:
    cookie = enter(at(ana, begin)).session
    assert sign_ins.user_of(at(ana, begin, hours=11.99), cookie) == "Ana"
    assert sign_ins.user_of(at(ana, begin, hours=12), cookie) is None


def test_guessing_is_slowed_in_the_hour_that_begins_as_clocks_go_forward_too(ana: Crm) -> None:
    spring = "2027-03-28T01:10Z"  # 3:10: there was no 2:10
    for _ in range(guessing.FREE["visitor"]):
        with pytest.raises(Refused, match="inconnu"):
            enter(at(ana, spring), "faux")
    with pytest.raises(Refused, match="réessayez"):
        enter(at(ana, spring, seconds=1))


def test_the_store_holds_neither_password_nor_cookie(ana: Crm) -> None:
    cookie = enter(ana).session
    with ana.read() as connection:
        kept = connection.execute(select(users.c.password)).scalar_one()
        session = connection.execute(select(sessions)).one()
    assert kept.startswith("$argon2id$") and GOOD not in kept
    assert session.digest == hashlib.sha256(cookie.encode()).hexdigest()
    assert cookie not in str(session)
    assert sign_ins.user_of(ana, session.digest) is None, "whoever reads the store cannot enter with what is there"


def fail(crm: Crm, **how: str) -> str:
    """What a wrong password is answered."""
    with pytest.raises(Refused) as refused:
        enter(crm, "faux", **how)
    return str(refused.value)


def test_guessing_a_name_is_slowed_more_and_more_then_forgotten(ana: Crm) -> None:
    for _ in range(guessing.FREE["visitor"]):
        assert "inconnu" in fail(ana)
    with pytest.raises(Refused, match="réessayez dans 2"):
        enter(ana)  # even with the right one
    assert "inconnu" in fail(later(ana, 2))
    with pytest.raises(Refused, match="réessayez dans 4"):
        enter(later(ana, 2))
    enter(later(ana, 6))
    assert "inconnu" in fail(later(ana, 6))  # counted anew


def test_a_clock_moved_back_keeps_nobody_out_and_ends_no_session(ana: Crm) -> None:
    session, yesterday = enter(ana).session, later(ana, -86_400)
    assert sign_ins.user_of(yesterday, session) == "Ana"
    enter(yesterday)
    for _ in range(guessing.FREE["visitor"]):
        assert "inconnu" in fail(ana)
    assert "inconnu" in fail(yesterday)
    with pytest.raises(Refused, match="réessayez dans 4"):
        enter(yesterday)  # guessing is slowed from there on
    enter(later(yesterday, 4))


def test_guessing_many_names_from_one_address_is_slowed(ana: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(guessing.FREE, "address", 2)
    known = enter(ana).device
    for number in range(2):
        assert "inconnu" in fail(ana, name=f"nom{number}")
    with pytest.raises(Refused, match="Trop d’essais"):
        enter(ana)
    enter(ana, address="192.0.2.8")
    enter(ana, device=known)  # its person is not kept out by whoever shares their address


def attack(crm: Crm, addresses: int, minutes: int, every: int) -> tuple[Crm, int]:
    """Each address tries the name every so many seconds; what time it is then, and how many passwords were looked at."""
    looked_at = 0
    for seconds in range(0, 60 * minutes, every):
        now = later(crm, seconds)
        looked_at += sum("inconnu" in fail(now, address=f"198.18.{number // 250}.{number % 250}") for number in range(addresses))
    return later(crm, 60 * minutes), looked_at


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real Argon2, at its cheapest: what is measured here is who may try."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(sign_ins, "_HASHER", cheap)
    monkeypatch.setattr(sign_ins, "_nobody", lambda: cheap.hash("nobody"))


@pytest.mark.parametrize(
    ("addresses", "every", "most"),
    [(1, 20, 45), (60, 600, 220), pytest.param(300, 60, 1_100, marks=pytest.mark.soak), pytest.param(1, 1, 45, marks=pytest.mark.soak)],
)
def test_two_hours_of_attack_keep_nobody_out_and_guess_little(quick: None, ana: Crm, addresses: int, every: int, most: int) -> None:
    known = enter(ana).device
    then, looked_at = attack(ana, addresses, 120, every)
    assert looked_at <= most
    assert sign_ins.user_of(then, enter(then, address="198.18.0.0", device=known).session) == "Ana", "a known browser, even at that address"
    assert "inconnu" in fail(then, address="192.0.2.8")
    assert sign_ins.user_of(then, enter(then, address="192.0.2.8").session) == "Ana", "a new browser elsewhere"


def test_however_many_addresses_a_name_is_guessed_so_often_a_day_and_known_browsers_enter(
    quick: None, ana: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "OF_NEWCOMERS", 12)
    monkeypatch.setattr(guessing, "EACH", timedelta(minutes=10))
    known, looked_at = enter(ana).device, 0
    for hour in range(24):
        crowd = (f"198.18.{hour}.{number}" for number in range(14))  # never the same
        looked_at += sum("inconnu" in fail(later(ana, 3600 * hour), address=address) for address in crowd)
    assert looked_at == 12 + 23 * 6
    then = later(ana, 3600 * 23)
    with pytest.raises(Refused, match="réessayez dans 10"):
        enter(then)
    enter(then, device=known)
    enter(later(then, 600))


def test_those_who_tried_before_leave_room_for_newcomers(quick: None, ana: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guessing, "AT_ONCE", 4)
    for _ in range(guessing.NEWCOMER):
        assert "inconnu" in fail(ana, address="198.18.0.1")
    assert "inconnu" in fail(ana, address="198.18.0.2")
    assert "Trop d’essais" in fail(ana, address="198.18.0.1")
    assert "inconnu" in fail(ana, address="198.18.0.2")
    enter(ana)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("2001:db8::1", "2001:db8::ffff:0:1:2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("unknown", "unknown", True),
    ],
)
def test_the_addresses_of_one_visitor_count_as_one(one: str, other: str, alike: bool) -> None:
    assert (guessing.network(one) == guessing.network(other)) is alike


def test_a_browseris_known_for_those_who_signed_in_there_and_a_copy_of_its_cookie_is_worth_nothing_afterwards(ana: Crm) -> None:
    accounts.add(ana, "Ana", "Bruno", "édition", "Un mot de passe 2")
    accounts.add(ana, "Ana", "Chloé", "édition", "Un mot de passe 3")
    first = enter(ana).device
    second = enter(ana, "Un mot de passe 2", name="bruno", device=first).device
    assert first != second

    def free(name: str, device: str) -> bool:
        """Whether the browser has a count of its own."""
        with ana.read() as connection:
            return guessing.is_known(connection, name, device)

    assert [free(name, second) for name in ("ana", "bruno", "chloe", "personne")] == [True, True, False, False]
    assert not any(free(name, first) for name in ("ana", "bruno"))
    changed = sign_ins.change_password(ana, "Ana", GOOD, "Encore un autre 4", Visitor("192.0.2.7", second), HOURS).device
    assert free("ana", changed) and not free("ana", second)
    with ana.read() as connection:
        assert second not in str(connection.execute(select(devices)).all())
    known = sign_ins.KNOWN.total_seconds()
    with pytest.raises(Refused):
        enter(later(ana, known), "faux")
    assert not free("ana", changed), "forgotten when nobody signed in there for so long"


def test_a_weak_new_password_is_refused_and_leaves_the_browser_known(ana: Crm) -> None:
    device = enter(ana).device
    with pytest.raises(Refused, match="courants"):
        sign_ins.change_password(ana, "Ana", GOOD, "motdepasse1", Visitor("192.0.2.7", device), HOURS)
    with ana.read() as connection:
        assert guessing.is_known(connection, "ana", device)


@pytest.mark.parametrize("password", ["court", "password123", "Ana-7x29k-41", "gnetics-7x29k"])
def test_a_password_too_easy_is_refused_wherever_it_is_set(ana: Crm, password: str) -> None:
    with pytest.raises(Refused):
        accounts.add(ana, "Ana", "Ana Bis", "édition", password)
    with pytest.raises(Refused):
        accounts.give_password(ana, "Ana", "ANA", password)
    with pytest.raises(Refused):
        sign_ins.change_password(ana, "Ana", GOOD, password, Visitor("192.0.2.7"), HOURS)
    enter(ana)


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
    assert [(each.name, each.role, each.password, each.disabled) for each in people.accounts(ana)] == [
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
