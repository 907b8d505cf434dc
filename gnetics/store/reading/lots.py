"""What was done to many contacts at once, and can still be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from gnetics.domain.history import Action
from gnetics.store.crm import Crm
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.people.accounts import owner_of
from gnetics.store.schema import history


@dataclass(frozen=True)
class PastLot:
    """`what` says what was done to `count` contacts; `undone` is True once it was taken back."""

    rev: int
    at: datetime
    who: str
    what: str
    count: int
    undone: bool


def recent_lots(crm: Crm, user: str) -> list[PastLot]:
    """Those of the last KEPT_DAYS days, the latest first; of the person alone, when they see only their own leads."""
    with crm.read() as connection:
        limited = owner_of(connection, user) is not None
        return [lot for lot in lots_of(connection, crm.clock.now()) if not limited or lot.who == user]


def lots_of(connection: Connection, now: datetime) -> list[PastLot]:
    """Everybody's, as a transaction reads them."""
    recent = (history.c.entity == "lot", history.c.at >= now - timedelta(days=KEPT_DAYS))
    lines = connection.execute(select(history).where(*recent).order_by(history.c.key.desc())).all()
    undone = {line.entity_key for line in lines if line.action == Action.RESTORED}
    return [
        PastLot(line.rev, line.at, line.who, line.after, int(line.before), line.rev in undone)
        for line in lines
        if line.action != Action.RESTORED
    ]
