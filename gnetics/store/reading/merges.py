"""Which lead took over which, and which merges can be undone."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from gnetics.domain.history import Action
from gnetics.store.crm import Crm
from gnetics.store.merges import living, survivor
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.schema import history, leads


def undoable_merges(crm: Crm, key: int) -> set[int]:
    """Transactions that merged others into this lead and can still be undone."""
    with crm.read() as connection:
        return undoable(connection, key, crm.clock.now() - timedelta(days=KEPT_DAYS))


def survivor_of(crm: Crm, lead_id: str) -> int | None:
    """The living lead of that ID Lead, or the one that took it over."""
    with crm.read() as connection:
        return survivor(connection, lead_id)


def living_lead(crm: Crm, key: int) -> int | None:
    """That lead, or the living one that took it over."""
    with crm.read() as connection:
        return living(connection, key)


def undoable(connection: Connection, key: int, since: datetime) -> set[int]:
    """Of the merges into this lead since then, as a transaction reads them."""
    merged = select(leads.c.key).where(
        leads.c.merged_into == key, leads.c.erased_at.is_(None)
    )  # no join: SQLite would walk the history of all leads
    away = (history.c.entity == "lead", history.c.entity_key.in_(merged), history.c.action == Action.TAKEN_OVER, history.c.at >= since)
    return set(connection.execute(select(history.c.rev).where(*away)).scalars())
