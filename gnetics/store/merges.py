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


def survivor(connection: Connection, lead_id: str) -> int | None:
    """The key of the living lead that took over the one of that ID Lead; None when it was not merged, or when its survivor is gone."""
    where = leads.c.lead_id == lead_id
    while row := connection.execute(select(leads.c.key, leads.c.merged_into, leads.c.deleted).where(where)).first():
        if row.merged_into is None:
            return None if row.deleted else row.key
        where = leads.c.key == row.merged_into
    return None
