"""How each mailbox answered the last time that it was asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from gnetics.store.crm import Crm
from gnetics.store.schema import mailboxes


@dataclass(frozen=True)
class State:
    """`answered_at`: the last time all was read; `said` is "" when it answered."""

    asked_at: datetime
    answered_at: datetime | None
    said: str


def states(crm: Crm) -> dict[str, State]:
    """By name, of those that were asked."""
    columns = (mailboxes.c.name, mailboxes.c.asked_at, mailboxes.c.answered_at, mailboxes.c.said)
    with crm.read() as connection:
        return {name: State(*rest) for name, *rest in connection.execute(select(*columns).order_by(mailboxes.c.name))}
