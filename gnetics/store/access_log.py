"""The access log: who signed in or could not, what was exported, imported or erased, whose rights changed; from where, how many rows.

Lines are added and, when they are old, removed; nothing changes one. They take no revision: they are no news for anybody's screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from gnetics.domain.accesses import COMMAND, PAGE, Access
from gnetics.domain.folding import fold
from gnetics.store.crm import Crm
from gnetics.store.failures import said
from gnetics.store.schema import accesses

MOST = 10_000  # lines told at once


@dataclass(frozen=True)
class Line:
    """`person` is an account, "" when nobody has the name that was typed; `rows` None where nothing is counted."""

    at: datetime
    person: str
    what: str
    place: str
    rows: int | None
    detail: str


def place_of(crm: Crm) -> str:
    """Where from, of what a person does by the command line or by a page."""
    return COMMAND if crm.trusted else PAGE


def add(
    connection: Connection, at: datetime, what: Access, person: str, *, place: str = "", rows: int | None = None, detail: str = ""
) -> None:
    """In the caller's transaction, so that what is told was done."""
    line = {"at": at, "person": person, "what": what, "place": place, "rows": rows, "detail": detail[:200]}
    connection.execute(insert(accesses).values(line))


def note(crm: Crm, what: Access, person: str, *, place: str = "", rows: int | None = None, detail: str = "") -> None:
    """In a transaction of its own: nothing leaves that is not told. Raises StoreError."""
    with said(crm.engine), crm.engine.begin() as connection:
        add(connection, crm.clock.instant(), what, person, place=place, rows=rows, detail=detail)


def lines(connection: Connection, person: str = "", since: datetime | None = None, most: int = MOST) -> list[Line]:
    """The latest first; of one person (case and accents aside), since a moment."""
    wanted = select(accesses).order_by(accesses.c.at.desc(), accesses.c.key.desc())
    if since is not None:
        wanted = wanted.where(accesses.c.at >= since)
    if person:
        names = connection.execute(select(accesses.c.person).distinct()).scalars()
        wanted = wanted.where(accesses.c.person.in_([name for name in names if fold(name) == fold(person)]))
    found = connection.execute(wanted.limit(most))
    return [Line(row.at, row.person, row.what, row.place, row.rows, row.detail) for row in found]


def forget(connection: Connection, before: datetime) -> int:
    """How many went, of before that moment; the caller commits."""
    return connection.execute(delete(accesses).where(accesses.c.at < before)).rowcount
