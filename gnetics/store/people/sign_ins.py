"""Signing in: passwords, the open sessions of browsers, and the browsers that are known; guessing.py slows who tries.

Nothing here takes a revision: it is no news for anybody's screen.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, func, insert, select, update

from gnetics.domain.accesses import Access
from gnetics.domain.folding import fold
from gnetics.domain.passwords import LONGEST, weakness
from gnetics.errors import Refused
from gnetics.store import access_log
from gnetics.store.crm import Crm
from gnetics.store.failures import said
from gnetics.store.people import guessing
from gnetics.store.people.accounts import DISABLED
from gnetics.store.people.guessing import Visitor, digest
from gnetics.store.schema import devices, sign_ins, users

KNOWN = timedelta(days=365)  # since the last sign-in in that browser
WRONG = "Nom ou mot de passe inconnu."
WRONG_OLD = "Ce n’est pas votre mot de passe actuel."
_HASHER = PasswordHasher()  # Argon2id with the library's parameters


@dataclass(frozen=True)
class Cookies:
    """What a browser is given: its session, and that it is known."""

    session: str
    device: str


def hashed(password: str, name: str) -> str:
    """What the store keeps of a password; raises Refused for one too easy to guess of the account of that name."""
    if why := weakness(password, name):
        raise Refused({"new": why})
    return _HASHER.hash(password)


def sign_in(crm: Crm, name: str, password: str, visitor: Visitor, length: timedelta) -> Cookies:
    """Raises Refused with the sentence to show.

    A try is counted before the password is looked at, so that many at once are slowed as well.
    """
    now, folded = crm.clock.instant(), fold(name) or ""
    with _writing(crm) as connection:
        connection.execute(delete(sign_ins).where(sign_ins.c.ends_at <= now))
        counted = guessing.count(connection, folded, visitor, now)
    with crm.read() as connection:
        account = connection.execute(select(users).where(users.c.name_fold == folded)).first()
    right = _matches((account and account.password) or _nobody(), password)
    if account is None or not right or account.disabled:
        with _writing(crm) as connection:
            access_log.add(connection, now, Access.REFUSED, account.name if account else "", place=visitor.address)
        raise Refused({"": DISABLED if account and right else WRONG})
    with _writing(crm) as connection:
        counted.succeeded(connection)
        if length:
            access_log.add(connection, now, Access.SIGNED_IN, account.name, place=visitor.address)
        return Cookies(_open(connection, account.name, now + length), _know(connection, account.name, visitor.device, now))


def user_of(crm: Crm, cookie: str) -> str | None:
    """Whose session it is; None once it is over, or its person's account disabled."""
    session = sign_ins.join(users, sign_ins.c.user == users.c.name)
    open_now = (sign_ins.c.digest == digest(cookie), sign_ins.c.ends_at > crm.clock.now(), ~users.c.disabled)
    with crm.read() as connection:
        return connection.execute(select(users.c.name).select_from(session).where(*open_now)).scalar()


def account_of(crm: Crm, name: str) -> str | None:
    """The name of the account in use that is called so, whatever the case and accents."""
    with crm.read() as connection:
        return connection.execute(select(users.c.name).where(users.c.name_fold == fold(name), ~users.c.disabled)).scalar()


def sign_out(crm: Crm, cookie: str, address: str) -> None:
    with _writing(crm) as connection:
        ended = delete(sign_ins).where(sign_ins.c.digest == digest(cookie)).returning(sign_ins.c.user)
        if person := connection.execute(ended).scalar():
            access_log.add(connection, crm.clock.instant(), Access.SIGNED_OUT, person, place=address)


def change_password(crm: Crm, user: str, old: str, new: str, visitor: Visitor, length: timedelta) -> Cookies:
    """Ends every session of the person, and gives the cookies of a new one; raises Refused."""
    kept = hashed(new, user)
    try:
        asked = sign_in(crm, user, old, visitor, timedelta())  # the old one is asked like a sign-in, and slowed like it
    except Refused as refused:
        sentence = str(refused)
        raise Refused({"old": WRONG_OLD if sentence == WRONG else sentence}) from None
    with _writing(crm) as connection:
        set_password(connection, user, kept)
        access_log.add(connection, crm.clock.instant(), Access.PASSWORD, user, place=visitor.address)
        return Cookies(_open(connection, user, crm.clock.instant() + length), asked.device)


def set_password(connection: Connection, user: str, kept: str) -> None:
    connection.execute(update(users).where(users.c.name == user).values(password=kept))
    end_all(connection, user)


def end_all(connection: Connection, user: str) -> None:
    """Every browser of this person has to sign in again."""
    connection.execute(delete(sign_ins).where(sign_ins.c.user == user))


def _open(connection: Connection, user: str, ends_at: datetime) -> str:
    cookie = secrets.token_urlsafe(32)
    connection.execute(insert(sign_ins).values(digest=digest(cookie), user=user, ends_at=ends_at))
    return cookie


def _know(connection: Connection, user: str, device: str, now: datetime) -> str:
    """The browser's cookie from now on, for whoever signed in there before as well: a copy of the one before is worth nothing."""
    cookie = secrets.token_urlsafe(32)
    connection.execute(update(devices).where(devices.c.digest == digest(device)).values(digest=digest(cookie)))
    mine = {"digest": digest(cookie), "user": user}
    connection.execute(delete(devices).filter_by(**mine))
    connection.execute(insert(devices).values(**mine, ends_at=now + KNOWN))
    return cookie


def _matches(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """Compared with when the name is unknown: the answer takes as long, and does not tell who has an account."""
    return _HASHER.hash(secrets.token_urlsafe())


@contextmanager
def _writing(crm: Crm) -> Iterator[Connection]:
    with said(crm.engine), crm.engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # as BEGIN IMMEDIATE on SQLite: two tries at once are counted as two
            connection.execute(select(func.pg_advisory_xact_lock(0x474E5349)))
        yield connection
