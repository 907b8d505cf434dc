"""Secret addresses by which other calendars follow what a person sees: one each, kept as a digest."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from gnetics.store.crm import Crm
from gnetics.store.people.guessing import digest
from gnetics.store.schema import feeds, users

BYTES = 16  # of a secret: nobody finds one by trying


def path_of(secret: str) -> str:
    """Where the server has it, below its own address."""
    return f"calendrier/{secret}.ics"


def made_at(connection: Connection, user: str) -> datetime | None:
    """When this person's address was made; None without one."""
    return connection.execute(select(feeds.c.made_at).where(feeds.c.user == user)).scalar()


def renew(connection: Connection, user: str, now: datetime) -> str:
    """A new secret in the place of the one before; the caller commits."""
    secret = secrets.token_urlsafe(BYTES)
    end(connection, user)
    connection.execute(insert(feeds).values(user=user, digest=digest(secret), made_at=now))
    return secret


def end(connection: Connection, user: str) -> None:
    """The caller commits."""
    connection.execute(delete(feeds).where(feeds.c.user == user))


def person_of(connection: Connection, secret: str) -> str | None:
    """Whose secret it is; None for a wrong one, or when its person may not enter any more."""
    theirs = select(users.c.name).join(feeds, feeds.c.user == users.c.name)
    return connection.execute(theirs.where(feeds.c.digest == digest(secret), ~users.c.disabled)).scalar()


def since(crm: Crm, user: str) -> datetime | None:
    """When the address in use was made; None without one."""
    with crm.read() as connection:
        return made_at(connection, user)
