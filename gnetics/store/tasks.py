"""Which of the worker's tasks are to do, and how they went: once a night for the store, however many workers there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, RowMapping, insert, select, update

from gnetics.store.crm import Crm
from gnetics.store.schema import tasks

TRIES = 3
AGAIN_AFTER = timedelta(minutes=15)  # a task that failed, or whose worker died: longer than any of them takes


def claim(crm: Crm, name: str, day: date) -> int:
    """Which try of that night's task is now the caller's to do; 0 when it is done, given up, or perhaps still being done."""
    mine = tasks.c.name == name
    with crm.write("", "tasks") as uow:
        known = uow.connection.execute(select(tasks).where(mine)).mappings().first()
        tries = known["tries"] if known and known["day"] == day else 0
        if known and tries and (known["done"] or tries >= TRIES or abs(uow.now - known["tried_at"]) < AGAIN_AFTER):
            return 0
        values = {"day": day, "tried_at": uow.now, "tries": tries + 1, "done": False, "said": ""}
        uow.connection.execute(update(tasks).where(mine).values(values) if known else insert(tasks).values(values | {"name": name}))
        uow.commit_private()
    return tries + 1


def settle(connection: Connection, name: str, done: bool, said: str = "") -> None:
    """How the claimed task went; the caller commits."""
    connection.execute(update(tasks).where(tasks.c.name == name).values(done=done, said=said))


def state(connection: Connection) -> Sequence[RowMapping]:
    """The last night of each task."""
    return connection.execute(select(tasks).order_by(tasks.c.name)).mappings().all()
