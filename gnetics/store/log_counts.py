"""Keeps true, after each write, how many rows each log has by day: nobody counts a million of them at each look."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, Table, case, delete, func, insert, literal, select, type_coerce

from gnetics.domain.messages import Filed
from gnetics.store.schema import instant, log_counts, messages, runs

UNKNOWN = ""  # the day, of what has no date
MANY = 60  # days, from which to count all of them at once is quicker
LOGS: dict[str, Table] = {"messages": messages, "runs": runs}
GROUPED: dict[str, tuple[ColumnElement[Any], ...]] = {  # counted, facet, reason
    "messages": (
        messages.c.filed,
        messages.c.answer,
        case(
            (messages.c.filed == Filed.ATTACHED, func.coalesce(messages.c.matched_by, "")),
            (messages.c.filed == Filed.IGNORED, func.coalesce(messages.c.drop_reason, "")),
            else_="",
        ),
    ),
    "runs": (runs.c.status, runs.c.rule, literal("")),
}


def days_of(instants: Iterable[datetime | None]) -> set[str]:
    """The days in UTC that hold these instants."""
    return {UNKNOWN if at is None else instant(at)[:10] for at in instants}


def settle(connection: Connection, log: str, days: Collection[str]) -> None:
    """Count the rows of these days anew."""
    if len(days) > MANY:
        settle_all(connection, log)
        return
    for day in sorted(days):
        at = type_coerce(LOGS[log].c.logged_at, String)
        _count(connection, log, (log_counts.c.day == day,), (at.between(day, f"{day}~" if day else day),))


def settle_all(connection: Connection, log: str) -> None:
    _count(connection, log, (), ())


def _count(connection: Connection, log: str, before: Collection[ColumnElement[bool]], which: Collection[ColumnElement[bool]]) -> None:
    table = LOGS[log]
    day = func.substr(type_coerce(table.c.logged_at, String), 1, 10)
    groups = (day, *GROUPED[log])
    found = connection.execute(select(*groups, func.count()).where(~table.c.deleted, *which).group_by(*groups)).all()
    connection.execute(delete(log_counts).where(log_counts.c.log == log, *before))
    if rows := [dict(zip(log_counts.c.keys(), (log, *row), strict=True)) for row in found]:
        connection.execute(insert(log_counts), rows)
