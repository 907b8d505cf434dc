"""Keeps true, after each write, what other rows say of a message: that an automation sent it, how it is filed, whether it is answered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, or_, update
from sqlalchemy import exists as there_is

from gnetics.domain.messages import Answer, Direction, Filed, Kind
from gnetics.store.duplicates import chunks
from gnetics.store.schema import messages, runs

_sent = messages.alias("sent")
_is_sent = messages.c.direction == Direction.SENT
_answered = there_is().where(_sent.c.in_reply_to == messages.c.message_id, _sent.c.direction == Direction.SENT, ~_sent.c.deleted)
_told: dict[str, ColumnElement[Any]] = {
    "automatic": and_(
        messages.c.colleague.is_(None),  # else somebody pressed send
        there_is().where(runs.c.message_id == messages.c.message_id, or_(~runs.c.deleted, runs.c.erased)),
    ),
    "filed": case(
        (_is_sent, Filed.SENT),
        (messages.c.drop_reason.is_not(None), Filed.IGNORED),
        (messages.c.lead_key.is_not(None), Filed.ATTACHED),
        else_=Filed.LOOSE,
    ),
    "answer": case(
        (_is_sent, ""),
        (messages.c.reply_state.is_not(None), messages.c.reply_state),
        (_answered, Answer.SENT),  # without a proposal
        (or_(messages.c.drop_reason.is_not(None), messages.c.kind != Kind.MESSAGE), Answer.NOT_EXPECTED),
        else_=Answer.NONE,
    ),
}
_differs = or_(*(messages.c[name].is_distinct_from(right) for name, right in _told.items()))
_wrong = and_(~messages.c.erased, _differs)  # of an erased one nothing is left to tell it from


def settle(connection: Connection, rev: int, message_ids: Collection[str]) -> set[datetime | None]:
    """Of the messages with these Message-IDs: when those that changed were sent."""
    moments: set[datetime | None] = set()
    for chunk in chunks(sorted(message_ids)):
        concerned = update(messages).where(messages.c.message_id.in_(chunk), _wrong)
        moments.update(connection.execute(concerned.values({**_told, "rev": rev}).returning(messages.c.logged_at)).scalars())
    return moments


def settle_all(connection: Connection) -> None:
    """Of all of them, without telling open pages."""
    connection.execute(update(messages).where(_wrong).values(_told))
