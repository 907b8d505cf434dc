"""Events with the names of their contacts, for what leaves as a calendar."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from gnetics.domain.folding import fold
from gnetics.domain.leads import title
from gnetics.store.people import own
from gnetics.store.schema import events, leads

Row = dict[str, Any]
_NAMES = ("name", "company", "email", "phone", "lead_id")


def calendar_rows(
    connection: Connection, owner: str | None = None, since: datetime | None = None, until: datetime | None = None
) -> list[Row]:
    """Columns of `events` and `lead`, the contact in words; `owner` is a folded Responsable, of whose leads alone they are.

    Only what touches that period; a series that began before its end may, and comes whole.
    """
    kept = [~events.c.deleted, leads.c.erased_at.is_(None)]  # of whoever was erased none leaves
    if until is not None:
        kept.append(or_(events.c.starts_at <= until, events.c.series_key.is_not(None)))
    if since is not None:
        kept.append(or_(events.c.ends_at >= since, events.c.recurrence.is_not(None), events.c.series_key.is_not(None)))
    if owner is not None:
        kept.append(or_(events.c.lead_key.is_(None), own.about_mine(connection, owner, events.c.lead_key)))
    theirs = and_(leads.c.key == events.c.lead_key, ~leads.c.deleted)
    names = [leads.c[name].label(f"lead_{name}") for name in _NAMES]
    found = connection.execute(select(events, *names).outerjoin(leads, theirs).where(*kept).order_by(events.c.key)).mappings()
    rows = [_row(dict(row)) for row in found]
    if owner is not None:
        rows = [row for row in rows if row["lead_key"] is not None or fold(row["owner"]) in (owner, None)]
    there = {row["key"] for row in rows}
    return [row for row in rows if row["series_key"] is None or row["series_key"] in there]


def _row(row: Row) -> Row:
    lead = {name: row.pop(f"lead_{name}") for name in _NAMES}
    return row | {"lead": title(lead) if any(lead.values()) else ""}
