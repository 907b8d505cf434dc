"""Going back: undoing one save, or giving a contact a whole earlier version; each a change like another, in the history."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping, and_, or_, select

from gnetics.actions.bin import delete_lead, restore_lead
from gnetics.actions.leads import Saved, change_lead
from gnetics.domain import values, verbs
from gnetics.domain.fields import BY_KEY
from gnetics.errors import NotFound
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.schema import history

_RESTORED = BY_KEY.keys() - {"lead_id"}  # an identity once given stays


def undo(crm: Crm, user: str, key: int, rev: int, snapshot: Snapshot) -> None:
    """Take back what transaction `rev` did to the contact; raises Conflict where somebody changed the same field since."""
    lines = _lines(crm, key, history.c.rev == rev)
    if any(not line["field"] and line["action"] == verbs.CREATED for line in lines):
        delete_lead(crm, user, key, snapshot)
        return
    if any(not line["field"] and line["action"] == verbs.DELETED for line in lines):
        restore_lead(crm, user, key, snapshot)
        return
    before, after = _sides(lines, "before"), _sides(lines, "after")
    change_lead(crm, user, key, before, after, snapshot, verbs.RESTORED)


def restore_version(crm: Crm, user: str, history_key: int, snapshot: Snapshot) -> Saved:
    """Give the contact all the values it had once that line of the history was written."""
    with crm.read() as connection:
        line = connection.execute(select(history).where(history.c.key == history_key, history.c.entity == "lead")).mappings().first()
    if line is None:
        raise NotFound("Cette version n’est plus dans l’historique.")
    # an imported past has the number of its import, and its own times
    later = or_(history.c.rev > line["rev"], and_(history.c.rev == line["rev"], history.c.at > line["at"]))
    lines = _lines(crm, line["entity_key"], later)
    return change_lead(crm, user, line["entity_key"], _sides(lines[::-1], "before"), {}, snapshot, verbs.RESTORED)


def _lines(crm: Crm, key: int, which: Any) -> list[RowMapping]:
    """The contact's lines, oldest first."""
    query = (
        select(history)
        .where(history.c.entity == "lead", history.c.entity_key == key, which)
        .order_by(history.c.rev, history.c.at, history.c.key)
    )
    with crm.read() as connection:
        return list(connection.execute(query).mappings())


def _sides(lines: list[RowMapping], side: str) -> dict[str, Any]:
    """The value of each field on one side of its lines; of several lines, the last given."""
    return {line["field"]: values.decode(BY_KEY[line["field"]].kind, line[side]) for line in lines if line["field"] in _RESTORED}
