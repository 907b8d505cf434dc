"""The rules as the worker read them last, what each did, and whether a worker is there."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from gnetics.domain import dates
from gnetics.domain.night import next_night
from gnetics.domain.runs import Status
from gnetics.store.crm import Crm
from gnetics.store.people.accounts import owner_of
from gnetics.store.schema import automations, log_counts, runs


@dataclass(frozen=True)
class RuleState:
    """`counts`: runs by status; `next_at`: of what it has still to do, the first; `waits`: why that one does.

    Whoever sees only their own leads is told none of them, but of rules of the night, which are about no lead, when they run.
    """

    title: str
    sentence: str
    enabled: bool
    changed: bool
    dry: bool
    last_at: datetime | None
    next_at: datetime | None
    waits: str = ""
    counts: Counter[str] = field(default_factory=Counter)


def states(crm: Crm, user: str) -> list[RuleState]:
    """In the order of the files; empty while no worker has read them."""
    query = select(automations).where(automations.c.position.is_not(None)).order_by(automations.c.position)
    with crm.read() as connection:
        limited = owner_of(connection, user) is not None
        counts = {} if limited else _counts(connection)
        return [
            RuleState(
                row.title,
                row.sentence,
                row.enabled and not row.changed,
                row.changed,
                row.dry,
                *((None, None, "") if limited and not row.nightly else _times(connection, row, crm.clock.now())),
                counts=counts.get(row.title, Counter()),
            )
            for row in connection.execute(query).all()
        ]


def _counts(connection: Connection) -> dict[str, Counter[str]]:
    query = select(log_counts.c.facet, log_counts.c.counted, func.sum(log_counts.c.count)).where(log_counts.c.log == "runs")
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for title, status, count in connection.execute(query.group_by(log_counts.c.facet, log_counts.c.counted)):
        found[title][status] = int(count)
    return found


def _times(connection: Connection, rule: Row[Any], now: datetime) -> tuple[datetime | None, datetime | None, str]:
    return _last(connection, rule.name), *_next(connection, rule.name, rule.nightly, now)


def _last(connection: Connection, name: str) -> datetime | None:
    mine = (runs.c.automation == name, runs.c.started_at.is_not(None))
    return connection.execute(select(runs.c.started_at).where(*mine).order_by(runs.c.started_at.desc()).limit(1)).scalar()


def _next(connection: Connection, name: str, nightly: str | None, now: datetime) -> tuple[datetime | None, str]:
    mine = (runs.c.automation == name, runs.c.status == Status.TO_DO)
    row = connection.execute(select(runs.c.due_at, runs.c.reason).where(*mine).order_by(runs.c.due_at, runs.c.key).limit(1)).first()
    if row is None:
        return (next_night(now, dates.parse_time(nightly)) if nightly else None), ""
    return row.due_at, row.reason or ""
