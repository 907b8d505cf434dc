"""What is too old goes from the logs: what a row says is blanked; what figures read of it, and what tells it from others, stays.

An erased mail is a deleted one that figures still count: no page, search or thread has it, and the counters are those of the rows that
are there. It keeps its Message-ID and its digest, by which it is known if its mailbox gives it again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, Table, case, delete, func, insert, null, or_, select, type_coerce, update

from gnetics.domain.messages import WAITING
from gnetics.domain.outbox import UNSETTLED, State
from gnetics.domain.runs import Status
from gnetics.store.duplicates import chunks
from gnetics.store.log_counts import LOGS
from gnetics.store.schema import FIGURED, attachments, drafts, erased_logs, instant, messages, outbox, runs

_ALWAYS = {"deleted", "erased", "updated_at", "rev"}
_KEPT = {
    "messages": {*FIGURED, "message_id", "digest", *_ALWAYS},
    "runs": {"key", "idempotency_key", "message_id", *_ALWAYS},  # a mail is automatic by the run that names it
}
_unsettled = outbox.c.state.in_(UNSETTLED)
_DONE_WITH: dict[str, tuple[ColumnElement[bool], ...]] = {
    "messages": (
        or_(messages.c.reply_state.is_(None), messages.c.reply_state.not_in(WAITING)),
        messages.c.message_id.not_in(select(outbox.c.message_id).where(_unsettled)),
        messages.c.key.not_in(select(outbox.c.answers).where(_unsettled, outbox.c.answers.is_not(None))),
    ),
    "runs": (runs.c.status.not_in((Status.TO_DO, Status.RUNNING)),),
}


@dataclass(frozen=True)
class Erased:
    """`rows` were blanked, of which `count` were still in the log; `moments` are those that they had there."""

    rows: int
    count: int
    moments: Collection[datetime | None]


def erase(connection: Connection, log: str, rev: int, now: datetime, before: datetime, known_at: int, most: int) -> Erased:
    """The oldest rows of a log from before that moment that transaction `known_at` knew as they are, so many at most.

    Those without a date stay, as do mails that somebody has to decide of or that the outbox waits for, and runs to come. `rev` and `now`
    are those of the caller's transaction.
    """
    table, old = LOGS[log], _old(log, before, known_at)
    oldest = select(table.c.key, table.c.deleted, table.c.logged_at).where(*old).order_by(table.c.logged_at, table.c.key).limit(most)
    rows = connection.execute(oldest).all()
    blank(connection, log, [row.key for row in rows], rev, now)
    return Erased(len(rows), sum(not row.deleted for row in rows), [row.logged_at for row in rows])


def blank(connection: Connection, log: str, keys: Collection[int], rev: int, now: datetime) -> None:
    """What these rows of a log say, and what other tables hold of them; those that were erased before are as they are."""
    table = LOGS[log]
    for some in chunks(keys):
        if log == "messages":
            _erase_beside(connection, some)
        # one that was deleted before is blanked as well, and counts nowhere as before
        gone = {"erased": ~table.c.deleted, "deleted": True, "updated_at": now, "rev": rev}
        there = (table.c.key.in_(some), ~table.c.erased)
        connection.execute(update(table).where(*there).values(_blank(table, _KEPT[log]) | gone))


def count(connection: Connection, log: str, before: datetime, known_at: int) -> int:
    """How many rows of a log `erase` has to take, of those that are in it."""
    table = LOGS[log]
    return connection.execute(select(func.count()).where(~table.c.deleted, *_old(log, before, known_at))).scalar_one()


def _old(log: str, before: datetime, known_at: int) -> tuple[ColumnElement[bool], ...]:
    table = LOGS[log]
    at = type_coerce(table.c.logged_at, String)
    return (at > "", at < instant(before), table.c.rev <= known_at, ~table.c.erased, *_DONE_WITH[log])


def erase_unsent(connection: Connection, before: datetime, most: int) -> int:
    """Mails that never left, settled before that moment, so many at most: they stand in no log; how many."""
    never_left = (outbox.c.state.in_((State.SIMULATED, State.REFUSED, State.CANCELLED)), outbox.c.settled_at < before)
    keys = connection.execute(select(outbox.c.key).where(*never_left).order_by(outbox.c.key).limit(most)).scalars().all()
    if keys:
        connection.execute(delete(outbox).where(outbox.c.key.in_(keys)))
    return len(keys)


def note(connection: Connection, log: str, count: int, before: date, months: int) -> None:
    """So many more rows went from a log, of before that day; the page says how many in all."""
    mine = erased_logs.c.log == log
    total = connection.execute(select(erased_logs.c.count).where(mine)).scalar() or 0
    connection.execute(delete(erased_logs).where(mine))
    connection.execute(insert(erased_logs).values(log=log, count=total + count, before=before, months=months))


def _erase_beside(connection: Connection, keys: Collection[int]) -> None:
    """What other tables hold of these mails."""
    connection.execute(delete(attachments).where(attachments.c.message_key.in_(keys)))
    connection.execute(delete(drafts).where(drafts.c.answers.in_(keys)))
    sent = outbox.c.message_id.in_(select(messages.c.message_id).where(messages.c.key.in_(keys)))
    connection.execute(update(outbox).where(sent).values(content=b"", sender="", recipients="[]", said=""))


def _blank(table: Table, kept: Collection[str]) -> dict[str, Any]:
    """Nothing in the other columns: the empty text where there has to be one."""
    blank: dict[str, Any] = {column.name: None if column.nullable else "" for column in table.c if column.name not in kept}
    blank["logged_at"] = None  # the empty text too, so that no night looks at it again
    if table is messages:
        blank["drop_reason"] = case((messages.c.drop_reason.is_(None), null()), else_="")  # by which it counts for no score
    return blank
