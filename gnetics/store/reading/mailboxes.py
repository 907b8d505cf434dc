"""How each mailbox answered the last time that it was asked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from gnetics.store.crm import Crm
from gnetics.store.schema import mailboxes

Row = dict[str, Any]


def asked(crm: Crm) -> list[Row]:
    """Those that were, by name."""
    with crm.read() as connection:
        return [dict(row) for row in connection.execute(select(mailboxes).order_by(mailboxes.c.name)).mappings()]
