"""Who was erased, known by keyed digests alone: enough to know them when they come back, and to tell nobody who they were.

The key is the store's own, and stands in its backups with it.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from gnetics.store import about
from gnetics.store.duplicates import chunks
from gnetics.store.schema import erased_people, events

KEY = "erasure_key"  # of meta


class What(StrEnum):
    """What a digest is of."""

    ADDRESS = "email"
    PHONE = "téléphone"
    LEAD = "lead"  # its ID Lead, else its key, which nobody else is ever given
    BARRED = "opposition"  # an address that nothing is ever sent to, which outlives the bin too
    OTHER = "identité"  # a Message-ID, the UID of an event


@dataclass(frozen=True)
class Erased:
    """`digest` is of something that the person was known by."""

    digest: str
    at: datetime


def key_of(connection: Connection) -> str:
    return about.require(connection, KEY)


def take_key(connection: Connection, key: str) -> None:
    """Of a store that was put back, whose digests are of that key."""
    about.write(connection, KEY, key)


def digest(key: str, what: What, value: str) -> str:
    return hmac.new(bytes.fromhex(key), f"{what}:{value}".encode(), "sha256").hexdigest()


def lead_name(row: Mapping[str, Any]) -> str:
    """By which a lead is known: its ID Lead, else its key."""
    return row["lead_id"] or f"#{row['key']}"


def stand_in(key: str, value: str) -> str:
    """What stands for an identity of somebody who was erased: the same for the same one."""
    return value if value.startswith(_STANDING) else _STANDING + digest(key, What.OTHER, value)


_STANDING = "effacé:"


class Known:
    """All who were erased, as one transaction knows them; it costs nothing while nobody was."""

    def __init__(self, connection: Connection) -> None:
        self._at = {each.digest: each.at for each in every(connection)}
        self._key = key_of(connection) if self._at else ""

    def __bool__(self) -> bool:
        return bool(self._at)

    def erased(self, what: What, value: str | None) -> datetime | None:
        """When whoever had that folded address, E.164 number or ID Lead was erased; None for anybody else."""
        return self._at.get(digest(self._key, what, value)) if self._at and value else None

    def among(self, what: What, values: Iterable[str]) -> set[str]:
        """Those of these that were somebody's who was erased."""
        return {value for value in values if self.erased(what, value)}

    def of_events(self, connection: Connection, uids: Iterable[str]) -> set[str]:
        """Those of these UIDs that are of events of somebody who was erased."""
        stand_ins = {uid: stand_in(self._key, uid) for uid in uids} if self._at else {}
        gone: set[str] = set()
        for some in chunks(stand_ins.values()):
            gone.update(connection.execute(select(events.c.uid).where(events.c.uid.in_(some))).scalars())
        return {uid for uid, standing in stand_ins.items() if standing in gone}


def every(connection: Connection) -> list[Erased]:
    """The first erased first."""
    rows = connection.execute(select(erased_people).order_by(erased_people.c.at, erased_people.c.digest))
    return [Erased(row.digest, row.at) for row in rows]


def among(connection: Connection, what: What, values: Iterable[str]) -> set[str]:
    """As Known tells it, of a few values: the others are not read."""
    key = key_of(connection)
    named = {digest(key, what, value): value for value in values if value}
    return {named[each] for each in _noted(connection, named)}


def note(connection: Connection, at: datetime, known_by: Mapping[What, Collection[str]]) -> None:
    """These were erased; whoever had been before stays as they are."""
    key = key_of(connection)
    add(connection, [Erased(digest(key, what, value), at) for what, values in known_by.items() for value in sorted(values)])


def add(connection: Connection, erased: Collection[Erased]) -> None:
    """The same of digests."""
    new = {each.digest: each for each in erased}
    for known_one in _noted(connection, new):
        del new[known_one]
    if new:
        connection.execute(insert(erased_people), [{"digest": each.digest, "at": each.at} for each in new.values()])


def _noted(connection: Connection, asked: Iterable[str]) -> set[str]:
    """Those of these digests that are there."""
    column = erased_people.c.digest
    return {each for some in chunks(asked) for each in connection.execute(select(column).where(column.in_(some))).scalars()}


def forget(connection: Connection, what: What, value: str) -> bool:
    """Whether that was known, and is not any more."""
    mine = erased_people.c.digest == digest(key_of(connection), what, value)
    return connection.execute(delete(erased_people).where(mine)).rowcount > 0
