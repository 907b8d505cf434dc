"""Which store this is, and how far: each transaction leaves a random mark beside its number.

A store that went back (restored, recreated, a replica promoted before all had come) gives the same numbers again, never the same marks.
"""

from __future__ import annotations

import secrets
from typing import NamedTuple

from sqlalchemy import Connection, insert, text

from gnetics.store.schema import marks

REPLACED = (
    "La base n’est plus celle que cette page a lue\u00a0: elle a été restaurée ou remplacée. Rien n’a été enregistré, votre saisie est "
    "gardée. Cliquez sur «\u00a0Rafraîchir\u00a0», vérifiez, puis recommencez."
)

_LATEST = text("SELECT value FROM counters WHERE name = 'rev'")
_NUMBERS = text("SELECT name, CAST(value AS TEXT) FROM counters UNION ALL SELECT '', mark FROM marks WHERE rev = :rev")


class Point(NamedTuple):
    """A store right after one of its transactions."""

    rev: int
    mark: str


class Known:
    """The last point that this process knows of the store: what it writes is written by somebody who saw it. None: nothing yet."""

    point: Point | None = None

    def holds(self, connection: Connection) -> bool:
        """Whether the store went on from there."""
        return self.point is None or follows(connection, self.point)


def leave_mark(connection: Connection, rev: int) -> Point:
    point = Point(rev, secrets.token_hex(8))
    connection.execute(insert(marks).values(rev=point.rev, mark=point.mark))
    return point


def mark_at(connection: Connection, rev: int) -> str:
    """ "" for a number that was written by hand."""
    # plain SQL: asked at each write and each look at the store
    return connection.execute(text("SELECT mark FROM marks WHERE rev = :rev"), {"rev": rev}).scalar() or ""


def follows(connection: Connection, point: Point) -> bool:
    """Whether this is the store of that point, there or further."""
    return mark_at(connection, point.rev) == point.mark


def numbers_after(connection: Connection, point: Point) -> dict[str, int] | None:
    """The counters of the store of that point, there or further; None of another one. One question: it is asked at each refresh."""
    found: dict[str, str] = dict(connection.execute(_NUMBERS, {"rev": point.rev}).all())
    return {name: int(value) for name, value in found.items()} if found.pop("", "") == point.mark else None


def latest_rev(connection: Connection) -> int:
    return int(connection.execute(_LATEST).scalar_one())
