"""Which of the worker's tasks are to do, and how they went: once a night for the store, however many workers there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, RowMapping, insert, select, update

from gnetics.domain.rights import Verb
from gnetics.store.crm import Crm
from gnetics.store.schema import tasks

TRIES = 3
AGAIN_AFTER = timedelta(minutes=15)  # a task that failed, or whose worker died: longer than any of them takes


def claim(crm: Crm, name: str, day: date) -> int:
    """Which try of that night's task is now the caller's to do; 0 when it is done, given up, or perhaps still being done."""
    mine, now = tasks.c.name == name, crm.clock.now()
    with crm.read() as connection:  # first, since all but once a night nothing is to do, and writers wait for one another
        if not _next_try(connection.execute(select(tasks).where(mine)).mappings().first(), day, now):
            return 0
    with crm.write("", Verb.TASKS) as uow:
        known = uow.connection.execute(select(tasks).where(mine)).mappings().first()
        if tries := _next_try(known, day, now):
            values = {"day": day, "tried_at": now, "tries": tries, "done": False, "said": ""}
            uow.connection.execute(update(tasks).where(mine).values(values) if known else insert(tasks).values(values | {"name": name}))
            uow.commit_private()
    return tries


def _next_try(known: RowMapping | None, day: date, now: datetime) -> int:
    """Whatever night the last one was for, nothing is begun again within AGAIN_AFTER: clocks of two machines differ a little."""
    if known is None:
        return 1
    if abs(now - known["tried_at"]) < AGAIN_AFTER:
        return 0
    if known["day"] != day:
        return 1
    return 0 if known["done"] or known["tries"] >= TRIES else known["tries"] + 1


def settle(connection: Connection, name: str, done: bool, said: str = "") -> None:
    """How the claimed task went; the caller commits."""
    connection.execute(update(tasks).where(tasks.c.name == name).values(done=done, said=said))


def state(connection: Connection) -> Sequence[RowMapping]:
    """The last night of each task."""
    return connection.execute(select(tasks).order_by(tasks.c.name)).mappings().all()
