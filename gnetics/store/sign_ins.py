"""Signing in: passwords, the open sessions of browsers, and what slows guessing.

Nothing here takes a revision: it is no news for anybody's screen.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, func, insert, select, update

from gnetics.domain.folding import fold
from gnetics.errors import Refused
from gnetics.store.accounts import DISABLED
from gnetics.store.crm import Crm
from gnetics.store.failures import translated
from gnetics.store.schema import failed_sign_ins, sign_ins, users

SHORTEST, LONGEST = 10, 200  # characters of a password
FREE = {"name": 5, "address": 30}  # failures before one has to wait: an office shares its address
LONGEST_WAIT = 300  # seconds: guessing is hopeless, and nobody is kept out for long by somebody else
FORGOTTEN = timedelta(hours=1)  # without a new failure
WRONG = "Nom ou mot de passe inconnu."
WRONG_OLD = "Ce n’est pas votre mot de passe actuel."
_HASHER = PasswordHasher()  # Argon2id with the library's parameters


def hashed(password: str) -> str:
    """What the store keeps of a password; raises Refused for one too easy to guess."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused({"new": f"Un mot de passe a au moins {SHORTEST} caractères, et {LONGEST} au plus."})
    if len(set(password)) < SHORTEST // 2:
        raise Refused({"new": "Ce mot de passe est trop simple\u00a0: variez ses caractères."})
    return _HASHER.hash(password)


def sign_in(crm: Crm, name: str, password: str, address: str, length: timedelta) -> str:
    """The cookie of a new session; raises Refused with the sentence to show.

    A try is counted before the password is looked at, so that many at once are slowed as well.
    """
    now, folded = crm.clock.instant(), fold(name) or ""
    subjects = [f"name:{folded}", f"address:{address}"]
    with _writing(crm) as connection:
        _forget(connection, now)
        for subject in subjects:
            _count(connection, subject, now)
    with crm.read() as connection:
        account = connection.execute(select(users).where(users.c.name_fold == folded)).first()
    if not _matches((account and account.password) or _nobody(), password) or account is None:
        raise Refused({"": WRONG})
    if account.disabled:
        raise Refused({"": DISABLED})
    with _writing(crm) as connection:
        connection.execute(delete(failed_sign_ins).where(failed_sign_ins.c.subject == subjects[0]))
        lower = update(failed_sign_ins).where(failed_sign_ins.c.subject == subjects[1])
        connection.execute(lower.values(count=failed_sign_ins.c.count - 1))
        return _open(connection, account.name, now + length)


def user_of(crm: Crm, cookie: str) -> str | None:
    """Whose session it is; None once it is over, or its person's account disabled."""
    session = sign_ins.join(users, sign_ins.c.user == users.c.name)
    open_now = (sign_ins.c.digest == _digest(cookie), sign_ins.c.ends_at > crm.clock.now(), ~users.c.disabled)
    with crm.read() as connection:
        return connection.execute(select(users.c.name).select_from(session).where(*open_now)).scalar()


def account_of(crm: Crm, name: str) -> str | None:
    """The name of the account in use that is called so, whatever the case and accents."""
    with crm.read() as connection:
        return connection.execute(select(users.c.name).where(users.c.name_fold == fold(name), ~users.c.disabled)).scalar()


def sign_out(crm: Crm, cookie: str) -> None:
    with _writing(crm) as connection:
        connection.execute(delete(sign_ins).where(sign_ins.c.digest == _digest(cookie)))


def change_password(crm: Crm, user: str, old: str, new: str, address: str, length: timedelta) -> str:
    """Ends every session of the person, and gives the cookie of a new one; raises Refused."""
    try:
        sign_out(crm, sign_in(crm, user, old, address, timedelta()))  # the old one is asked like a sign-in, and slowed like it
    except Refused as refused:
        said = str(refused)
        raise Refused({"old": WRONG_OLD if said == WRONG else said}) from None
    kept = hashed(new)
    with _writing(crm) as connection:
        set_password(connection, user, kept)
        return _open(connection, user, crm.clock.instant() + length)


def set_password(connection: Connection, user: str, kept: str) -> None:
    connection.execute(update(users).where(users.c.name == user).values(password=kept))
    end_all(connection, user)


def end_all(connection: Connection, user: str) -> None:
    """Every browser of this person has to sign in again."""
    connection.execute(delete(sign_ins).where(sign_ins.c.user == user))


def _open(connection: Connection, user: str, ends_at: datetime) -> str:
    cookie = secrets.token_urlsafe(32)
    connection.execute(insert(sign_ins).values(digest=_digest(cookie), user=user, ends_at=ends_at))
    return cookie


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


def _matches(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """Compared with when the name is unknown: the answer takes as long, and does not tell who has an account."""
    return _HASHER.hash(secrets.token_urlsafe())


def _forget(connection: Connection, now: datetime) -> None:
    connection.execute(delete(failed_sign_ins).where(failed_sign_ins.c.last_at < now - FORGOTTEN))
    connection.execute(delete(sign_ins).where(sign_ins.c.ends_at <= now))


def _count(connection: Connection, subject: str, now: datetime) -> None:
    """One more try of this name or address; raises Refused while it has to wait."""
    mine = failed_sign_ins.c.subject == subject
    known = connection.execute(select(failed_sign_ins).where(mine)).mappings().first()
    if known is None:
        connection.execute(insert(failed_sign_ins).values(subject=subject, count=1, last_at=now))
        return
    left = _wait(subject, known["count"]) - int((now - known["last_at"]).total_seconds())
    if left > 0 and known["last_at"] <= now:  # later than now: the clock was moved back, and nobody knows how long one has waited
        raise Refused({"": f"Trop d’essais\u00a0: réessayez dans {_spoken(left)}."})
    connection.execute(update(failed_sign_ins).where(mine).values(count=known["count"] + 1, last_at=now))


def _wait(subject: str, count: int) -> int:
    over = count - FREE[subject.split(":")[0]]
    return 0 if over < 0 else min(2 ** min(over + 1, 10), LONGEST_WAIT)


def _spoken(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return f"{seconds}\u00a0s" if seconds <= 60 else f"{minutes}\u00a0min"


@contextmanager
def _writing(crm: Crm) -> Iterator[Connection]:
    with translated(crm.engine.url), crm.engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # as BEGIN IMMEDIATE on SQLite: two tries at once are counted as two
            connection.execute(select(func.pg_advisory_xact_lock(0x474E5349)))
        yield connection
