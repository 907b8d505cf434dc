"""When a worker was last there."""

from __future__ import annotations

from datetime import datetime

from gnetics.domain.rights import Verb
from gnetics.store import about
from gnetics.store.crm import Crm
from gnetics.store.schema import instant

NAME = "worker_seen"  # in meta


def beat(crm: Crm) -> None:
    with crm.write("", Verb.TASKS) as uow:
        about.write(uow.connection, NAME, instant(uow.now))
        uow.commit_private()


def last(crm: Crm) -> datetime | None:
    with crm.read() as connection:
        found = about.read(connection, NAME)
    return datetime.fromisoformat(found) if found else None
