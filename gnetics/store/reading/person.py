"""All that is held of one person, for them to read, and how much of it."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from gnetics.domain.person_held import Chapter
from gnetics.errors import Forbidden, NotFound
from gnetics.store.crm import Crm
from gnetics.store.people.accounts import owner_of
from gnetics.store.people.own import REFUSED
from gnetics.store.person.columns import REGISTER, Way
from gnetics.store.person.finding import Person, mentions, person_of, person_of_leads, places, theirs, with_deals
from gnetics.store.schema import imports, leads, metadata


def held_of(crm: Crm, user: str, asked: str) -> tuple[Person, list[Chapter]]:
    """By an ID Lead, an email or a telephone; raises NotFound, Refused where it is several people's, Forbidden."""
    with crm.read() as connection:
        _require_all(crm, connection, user)
        found = person_of(connection, asked, crm.region)
        return found, _chapters(connection, found)


def held_of_lead(crm: Crm, user: str, key: int) -> tuple[Person, list[Chapter]]:
    """The same of the person of a lead."""
    with crm.read() as connection:
        _require_all(crm, connection, user)
        if connection.execute(select(leads.c.key).where(leads.c.key == key, ~leads.c.deleted)).first() is None:
            raise NotFound("Ce contact n’existe plus.")
        found = person_of_leads(connection, with_deals(connection, [key]))
        return found, _chapters(connection, found)


def _require_all(crm: Crm, connection: Connection, user: str) -> None:
    """What others wrote of somebody stands in the leads of others too."""
    if not crm.trusted and owner_of(connection, user) is not None:
        raise Forbidden(REFUSED)


def _chapters(connection: Connection, found: Person) -> list[Chapter]:
    told: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}
    for mention in (*mentions(connection, found), *places(connection, found)):
        of_row = tuple(mention.row[column.name] for column in metadata.tables[mention.table].primary_key)
        told.setdefault(mention.table, {}).setdefault(of_row, {}).update(mention.texts)
    for trace in _traces(connection, found):
        told.setdefault("imports", {}).setdefault((trace["key"],), {}).update(trace)
    own = theirs(connection, found)
    chapters = []
    for name in REGISTER:
        rows = connection.execute(select(metadata.tables[name]).where(own[name])).mappings().all() if name in own else []
        said = [_readable(name, dict(row)) for row in rows]
        if said or name in told:
            chapters.append(Chapter(name, said, [_plain(each) for each in told.get(name, {}).values()]))
    return chapters


def _traces(connection: Connection, found: Person) -> Iterator[dict[str, Any]]:
    """Of each import that can be undone, what it would give back of theirs, and what mentions them."""
    keys = {str(key) for key in found.keys}
    for row in connection.execute(select(imports.c.key, imports.c.trace).where(imports.c.trace.is_not(None))).all():
        text = zlib.decompress(row.trace).decode()
        kept = {key: each for key, each in json.loads(text).get("leads", {}).get("changed", {}).items() if key in keys}
        if kept or found.traces.reach_in(text):
            yield {"key": row.key, "trace": json.dumps(kept, ensure_ascii=False) if kept else text}


def _readable(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """What says something, without what follows from it."""
    return _plain({name: value for name, value in row.items() if REGISTER[table].ways[name] is not Way.DERIVED})


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items() if value is not None and value != ""}


def _value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return f"base64:{base64.b64encode(value).decode()}"
    return value
