"""The nights on which a worker was there: how old something is, counted by what happened and not by the clock alone.

A clock that jumps a year ahead makes everything a year old, and one night. So what is erased for good has to be as old in nights as in
days; a server that was off for long erases later, and in the end all the same.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection, insert, select

from gnetics.domain.rights import Verb
from gnetics.store.crm import Crm
from gnetics.store.lineage import latest_rev
from gnetics.store.schema import nights

KEPT_DAYS = 30  # what was deleted, merged, imported or changed in a lot can be taken back for so long


def note(crm: Crm, day: date) -> None:
    """A worker is there in that night; a night that comes again is the same one."""
    known = select(nights.c.day).where(nights.c.day == day)
    with crm.read() as connection:  # first, since all but once a night nothing is to do, and writers wait for one another
        if connection.execute(known).first():
            return
    with crm.write("", Verb.TASKS) as uow:
        if not uow.connection.execute(known).first():
            uow.connection.execute(insert(nights).values(day=day, rev=latest_rev(uow.connection)))
        uow.commit_private()


def seen_for(connection: Connection, count: int) -> int:
    """The last transaction that was there in so many nights; 0 for none."""
    return connection.execute(select(nights.c.rev).order_by(nights.c.rev.desc()).offset(count - 1).limit(1)).scalar() or 0


def surely_come(connection: Connection, today: date) -> date | None:
    """Today, or the last day before it that has come whatever the clock says now; None before KEPT_DAYS nights.

    So many nights ago it was some day by the clock of then: since then so many days have passed, at least.
    """
    latest = select(nights.c.day).order_by(nights.c.rev.desc(), nights.c.day.desc()).limit(KEPT_DAYS)
    days = connection.execute(latest).scalars().all()
    return min(today, min(days) + timedelta(days=KEPT_DAYS)) if len(days) == KEPT_DAYS else None
