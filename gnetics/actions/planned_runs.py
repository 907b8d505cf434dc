"""What the worker comes back to at its own hours: whose turn it is, and the line that it leaves in the Automations Log.

Each is an entry of the settings, with a row of the same name in a table of its kind (`name`, `tried_at`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from sqlalchemy import RowMapping, Table, select

from gnetics.domain.rights import Verb
from gnetics.domain.runs import PLANNER, Status
from gnetics.store.crm import Crm
from gnetics.store.unit_of_work import Row, UnitOfWork

LATE = timedelta(hours=2)  # after it was due


class Entry(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def every_minutes(self) -> int: ...


E = TypeVar("E", bound=Entry)


@dataclass(frozen=True)
class State(Generic[E]):
    """How the last time went; `known` None before the first."""

    entry: E
    known: RowMapping | None


def states(crm: Crm, table: Table, entries: Iterable[E]) -> list[State[E]]:
    """In the order of the settings."""
    with crm.read() as connection:
        found = {row["name"]: row for row in connection.execute(select(table)).mappings()}
    return [State(each, found.get(each.name)) for each in entries]


def known(crm: Crm, table: Table, name: str) -> RowMapping | None:
    with crm.read() as connection:
        return connection.execute(select(table).where(table.c.name == name)).mappings().first()


def is_late(crm: Crm, entry: Entry, tried_at: datetime) -> bool:
    return crm.clock.now() - tried_at > timedelta(minutes=entry.every_minutes) + LATE


def each_due(
    crm: Crm, table: Table, entries: Iterable[E], claim: Callable[[UnitOfWork, E], None], stopping: Callable[[], bool]
) -> Iterator[E]:
    """Those whose turn it is, each once `claim` wrote its `tried_at`: nobody else's until it is due again.

    None of the demo, and none while the store is without synchronisation.
    """
    for entry in entries if crm.kind == "real" and crm.sync_active() else ():
        if not stopping() and _claimed(crm, table, entry, claim):
            yield entry


def _claimed(crm: Crm, table: Table, entry: E, claim: Callable[[UnitOfWork, E], None]) -> bool:
    if not _is_due(crm, table, entry):  # first, since writers wait for one another
        return False
    with crm.write("", Verb.TASKS) as uow:
        if not _is_due(crm, table, entry):
            return False
        claim(uow, entry)
        uow.commit_private()
    return True


def _is_due(crm: Crm, table: Table, entry: Entry) -> bool:
    """A clock that was set back holds nothing up."""
    row = known(crm, table, entry.name)
    return row is None or abs(crm.clock.now() - row["tried_at"]) >= timedelta(minutes=entry.every_minutes)


def note(uow: UnitOfWork, what: str, rule: str, started: datetime, status: Status, **told: str | None) -> None:
    """A line, `what` and the transaction making it unique."""
    row: Row = {
        "idempotency_key": f"{what} {uow.rev}",
        "rule": rule,
        "trigger": "planification",
        "triggered_by": PLANNER,
        "status": status,
        "queued_at": started,
        "started_at": started,
        "ended_at": uow.now,
        "attempt": 1,
    }
    uow.insert("runs", row | told)
