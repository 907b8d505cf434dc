"""Keeps true, after each write, which messages an automation sent: those that one of its runs names."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select, update

from gnetics.store.duplicates import chunks
from gnetics.store.schema import messages, runs


def settle(connection: Connection, rev: int, message_ids: Collection[str]) -> None:
    """Of the messages with these Message-IDs."""
    for chunk in chunks(sorted(message_ids)):
        sent = select(runs.c.message_id).where(runs.c.message_id.in_(chunk), ~runs.c.deleted)
        for automatic, which in ((True, messages.c.message_id.in_(sent)), (False, messages.c.message_id.not_in(sent))):
            wrong = (messages.c.message_id.in_(chunk), which, messages.c.automatic.is_not(automatic))
            connection.execute(update(messages).where(*wrong).values(automatic=automatic, rev=rev))
