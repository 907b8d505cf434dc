"""How far each calendar on a server is, and what both sides of each of its events last agreed on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select

from gnetics.calendars.sayings import Said
from gnetics.settings.calendar import CalendarAccount
from gnetics.store.schema import collection_objects, collections
from gnetics.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Part:
    """An event, or an occurrence that was changed: its row, its place in the text (None: not there yet), what the store said of it."""

    key: int
    block: int | None
    said: Said

    @property
    def at(self) -> str:
        """Which occurrence, "" of the whole."""
        return self.said["occurrence"] or ""


@dataclass(frozen=True)
class Object:
    """What one address holds. Without `event_key` it is not taken; without `parts` it is not ours to write."""

    href: str
    etag: str
    uid: str
    event_key: int | None = None
    text: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Place:
    """How far a calendar is; `url` and `token` are "" before it is found, or read."""

    url: str
    token: str
    etags: dict[str, str]  # by address


def row_of(connection: Connection, name: str) -> RowMapping | None:
    return connection.execute(select(collections).where(collections.c.name == name)).mappings().first()


def place(connection: Connection, account: CalendarAccount) -> Place:
    """Nowhere, once the settings name another address."""
    row = row_of(connection, account.name)
    if row is None or row["asked"] != account.url:
        return Place("", "", {})
    held = collection_objects.c
    etags = connection.execute(select(held.href, held.etag).where(held.collection == account.name)).all()
    return Place(row["url"], row["token"], dict(etags))


def objects_at(connection: Connection, account: CalendarAccount, asked: Place) -> dict[str, Object] | None:
    """Of that place; None when somebody else went on from there."""
    if place(connection, account) != asked:
        return None
    found = connection.execute(select(collection_objects).where(collection_objects.c.collection == account.name)).mappings()
    return {row["href"]: _object(row) for row in found if row["href"] in asked.etags}


def note(uow: UnitOfWork, account: CalendarAccount, **values: Any) -> None:
    """What is known of the calendar as a whole; another address is another calendar."""
    before = row_of(uow.connection, account.name)
    if before is not None and before["asked"] != account.url:
        uow.connection.execute(delete(collection_objects).where(collection_objects.c.collection == account.name))
        before = None
    blank = {"name": account.name, "asked": account.url, "url": "", "token": "", "tried_at": uow.now, "done_at": None, "said": ""}
    uow.connection.execute(delete(collections).where(collections.c.name == account.name))
    uow.connection.execute(insert(collections), {**blank, **(before or {}), **values})


def keep(connection: Connection, name: str, objects: Sequence[Object], gone: Iterable[str] = ()) -> None:
    """These in the place of what was at their addresses, and nothing at those that are `gone`."""
    for href in {*gone, *(each.href for each in objects)}:
        connection.execute(delete(collection_objects).where(collection_objects.c.collection == name, collection_objects.c.href == href))
    if objects:
        connection.execute(insert(collection_objects), [_row(name, each) for each in objects])


def _row(name: str, each: Object) -> dict[str, Any]:
    parts = [[part.key, part.block, part.said] for part in each.parts]
    row = {"collection": name, "href": each.href, "etag": each.etag, "uid": each.uid, "event_key": each.event_key, "text": each.text}
    return row | {"said": json.dumps(parts, ensure_ascii=False) if parts else ""}


def _object(row: RowMapping) -> Object:
    parts = (Part(*part) for part in json.loads(row["said"] or "[]"))
    return Object(row["href"], row["etag"], row["uid"], row["event_key"], row["text"], tuple(parts))
