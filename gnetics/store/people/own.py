"""« Ses leads seulement »: what is of one Responsable's leads, in the rows a transaction writes (own_frames.py: in what is seen).

A Responsable is known by the folded name: case, accents and typographic variants do not matter. What no lead holds is nobody's
to see, save an event: without contact, it is shared unless another Responsable has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from gnetics.domain.folding import fold
from gnetics.errors import Forbidden
from gnetics.store.duplicates import chunks
from gnetics.store.schema import leads

REFUSED = (
    "Vous ne changez que les contacts dont vous êtes responsable, et un autre responsable est concerné ici\u00a0: "
    "demandez à votre administrateur."
)


def foreign(connection: Connection, owner: str, table_name: str, rows: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Of each row of a table, or line of the history of leads, whether it is of another Responsable, or of nobody."""
    if table_name == "leads":
        return [fold(row.get("owner")) != owner for row in rows]
    keys = {row["lead_key"] for row in rows if row.get("lead_key") is not None}
    owners = {
        key: fold(name)
        for chunk in chunks(keys)
        for key, name in connection.execute(select(leads.c.key, leads.c.owner).where(leads.c.key.in_(chunk)))
    }

    def is_foreign(row: Mapping[str, Any]) -> bool:
        if row.get("lead_key") is None:
            return table_name != "events" or fold(row.get("owner")) not in (owner, None)
        return owners.get(row["lead_key"]) != owner

    return [is_foreign(row) for row in rows]


def require(connection: Connection, owner: str, table_name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Raises Forbidden when one of these rows is foreign."""
    if any(foreign(connection, owner, table_name, rows)):
        raise Forbidden(REFUSED)


def held_by(connection: Connection, owner: str, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same of the leads of a query: SQL cannot fold, so it is given the spellings found among those of `where`."""
    spellings = connection.execute(select(leads.c.owner).where(*where).distinct()).scalars()
    return leads.c.owner.in_([name for name in spellings if fold(name) == owner])


def about_mine(connection: Connection, owner: str, lead_key: ColumnElement[Any]) -> ColumnElement[bool]:
    """The rows of a log whose lead this Responsable sees."""
    there = ~leads.c.deleted
    return lead_key.in_(select(leads.c.key).where(there, held_by(connection, owner, there)))
