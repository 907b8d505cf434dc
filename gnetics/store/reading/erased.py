"""What went from a log for its age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from gnetics.store.crm import Crm
from gnetics.store.people.accounts import owner_of
from gnetics.store.schema import erased_logs


@dataclass(frozen=True)
class Gone:
    """All rows of before that day, for a log that keeps so many months; `count` is None for whoever sees only their own leads."""

    count: int | None
    before: date
    months: int


def gone_from(crm: Crm, user: str, log: str) -> Gone | None:
    """None when nothing went."""
    told = (erased_logs.c[name] for name in ("count", "before", "months"))
    with crm.read() as connection:
        row = connection.execute(select(*told).where(erased_logs.c.log == log)).first()
        if row is None:
            return None
        count, before, months = row
        return Gone(count if owner_of(connection, user) is None else None, before, months)
