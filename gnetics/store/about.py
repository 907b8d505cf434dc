"""What the store says of itself, by name (table `meta`): its kind, whether it is synchronised, keys, when a worker was there."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from gnetics.store.schema import meta


def read(connection: Connection, name: str) -> str | None:
    """None for what it does not say."""
    found: str | None = connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar()
    return found


def require(connection: Connection, name: str) -> str:
    """Of what every store says."""
    return str(connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar_one())


def write(connection: Connection, name: str, value: str | None) -> None:
    """None: it says so no more. The caller commits."""
    connection.execute(delete(meta).where(meta.c.name == name))
    if value is not None:
        connection.execute(insert(meta), {"name": name, "value": value})
