"""The imports of the last days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from gnetics.store.crm import Crm
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.people.accounts import owner_of
from gnetics.store.schema import imports


@dataclass(frozen=True)
class PastImport:
    """`undone_at` is None while it can be undone."""

    number: int
    at: datetime
    who: str
    filename: str
    added: int
    updated: int
    refused: int
    undone_at: datetime | None


def past_imports(crm: Crm, user: str) -> list[PastImport]:
    """Those of the last KEPT_DAYS days, the latest first; of the person alone, when they see only their own leads."""
    names = ("key", "at", "who", "filename", "added", "updated", "refused", "undone_at")
    query = select(*(imports.c[name] for name in names)).where(imports.c.at >= crm.clock.now() - timedelta(days=KEPT_DAYS))
    with crm.read() as connection:
        if not crm.trusted and owner_of(connection, user) is not None:
            query = query.where(imports.c.who == user)
        return [PastImport(*row) for row in connection.execute(query.order_by(imports.c.key.desc()))]
