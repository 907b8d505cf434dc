"""Which leads a lead has taken over: merged ones keep their row and their history, and point to their survivor."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from gnetics.store.duplicates import chunks
from gnetics.store.schema import leads


def merged_into(connection: Connection, keys: Collection[int]) -> list[int]:
    """The leads merged into these, and those merged into them before."""
    found: list[int] = []
    wave = list(keys)
    while wave:
        wave = [
            key for chunk in chunks(wave) for key in connection.execute(select(leads.c.key).where(leads.c.merged_into.in_(chunk))).scalars()
        ]
        found += wave
    return found


def with_merged(connection: Connection, key: int) -> list[int]:
    """The lead and those that it took over: what was kept for one of them is its own."""
    return [key, *merged_into(connection, [key])]


def living(connection: Connection, key: int) -> int | None:
    """The lead itself, or the living one that took it over; None when it was deleted, or its survivor was."""
    row = connection.execute(select(leads.c.merged_into, leads.c.deleted).where(leads.c.key == key)).first()
    if row is not None and row.merged_into is not None:
        return living(connection, row.merged_into)
    return key if row is not None and not row.deleted else None


def survivor(connection: Connection, lead_id: str) -> int | None:
    """The same for the lead of that ID Lead."""
    key = connection.execute(select(leads.c.key).where(leads.c.lead_id == lead_id)).scalar()
    return None if key is None else living(connection, key)
