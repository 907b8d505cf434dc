"""Going back: undoing one save, or giving a contact a whole earlier version; each a change like another, in the history."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, or_, select

from gnetics.actions.bin import delete_lead, restore_lead
from gnetics.actions.earlier_values import Changes, Line, earlier, told
from gnetics.actions.leads import Saved, change_lead
from gnetics.domain.consent import FOLLOWING_CONSENT
from gnetics.domain.fields import BY_KEY
from gnetics.domain.history import Action
from gnetics.domain.leads import FOLLOWING_STATUS
from gnetics.errors import Conflict, FieldConflict, NotFound
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.schema import events, history
from gnetics.store.unit_of_work import Row, UnitOfWork

_RESTORED = BY_KEY.keys() - {"lead_id"}  # an identity once given stays
_CONFLICT = "Ce contact a été modifié depuis\u00a0: la valeur actuelle est gardée."


def undo(crm: Crm, user: str, key: int, rev: int, snapshot: Snapshot) -> None:
    """Take back what transaction `rev` did to the contact, and the events that it brought; raises Conflict where somebody changed the
    same field since."""
    lines = _lines(crm, key, history.c.rev == rev)
    if any(not line.field and line.action == Action.CREATED for line in lines):
        delete_lead(crm, user, key, snapshot)
        return
    if any(not line.field and line.action == Action.DELETED for line in lines):
        restore_lead(crm, user, key, snapshot)
        return
    changes = _told(lines)
    after = {name: sides[1] for name, sides in changes.items()}
    brought = _events_brought(crm, key, rev)

    def take_back(uow: UnitOfWork, _key: int) -> None:
        uow.delete_many("events", [row for row in uow.rows("events", brought).values() if row["rev"] == rev])  # what was edited since stays

    change_lead(crm, user, key, _before(changes), after, snapshot, Action.RESTORED, _weigh, take_back if brought else None)


def restore_version(crm: Crm, user: str, history_key: int, snapshot: Snapshot) -> Saved:
    """Give the contact all the values it had once that line of the history was written."""
    with crm.read() as connection:
        line = connection.execute(select(history).where(history.c.key == history_key, history.c.entity == "lead")).first()
    if line is None:
        raise NotFound("Cette version n’est plus dans l’historique.")
    # an imported past has the number of its import, and its own times
    later = or_(history.c.rev > line.rev, and_(history.c.rev == line.rev, history.c.at > line.at))
    changes = _told(_lines(crm, line.entity_key, later))
    return change_lead(crm, user, line.entity_key, _before(changes), {}, snapshot, Action.RESTORED, _weigh)


def _weigh(row: Row, asked: Row, known: Row) -> tuple[Row, list[str]]:
    """All that is asked, or nothing: one contact is small enough to be looked at again."""
    back = earlier({name: (before, known.get(name, row[name])) for name, before in asked.items()}, row)
    if back.edited:
        raise Conflict(_CONFLICT, [FieldConflict(name, asked[name], row[name], known[name]) for name in back.edited])
    values = {name: value for name, value in back.values.items() if value != row[name]}
    if "status" in values and "previous_status" in asked:  # not told by an imported past, which may tell the status alone
        values = {name: row[name] for name in FOLLOWING_STATUS} | values
    if "consent" in values:
        values = {name: row[name] for name in FOLLOWING_CONSENT} | values
    return values, []


def _lines(crm: Crm, key: int, which: Any) -> list[Line]:
    """The contact's lines, oldest first."""
    query = (
        select(history)
        .where(history.c.entity == "lead", history.c.entity_key == key, which)
        .order_by(history.c.rev, history.c.at, history.c.key)
    )
    with crm.read() as connection:
        return list(connection.execute(query))


def _events_brought(crm: Crm, key: int, rev: int) -> list[int]:
    """The events of the contact that the transaction created."""
    created = select(history.c.entity_key).where(
        history.c.rev == rev, history.c.entity == "event", history.c.field == "", history.c.action == Action.CREATED
    )
    with crm.read() as connection:
        return list(connection.execute(select(events.c.key).where(events.c.key.in_(created), events.c.lead_key == key)).scalars())


def _told(lines: list[Line]) -> Changes:
    return told("leads", [line for line in lines if line.field in _RESTORED])


def _before(changes: Changes) -> Row:
    return {name: before for name, (before, _) in changes.items()}
