"""When a worker was last there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select

from gnetics.domain.rights import Verb
from gnetics.store.crm import Crm
from gnetics.store.schema import instant, meta

NAME = "worker_seen"  # in meta


def beat(crm: Crm) -> None:
    with crm.write("", Verb.TASKS) as uow:
        uow.connection.execute(delete(meta).where(meta.c.name == NAME))
        uow.connection.execute(insert(meta), {"name": NAME, "value": instant(uow.now)})
        uow.commit_private()


def last(crm: Crm) -> datetime | None:
    with crm.read() as connection:
        found = connection.execute(select(meta.c.value).where(meta.c.name == NAME)).scalar()
    return datetime.fromisoformat(found) if found else None
