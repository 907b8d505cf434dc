"""The bin: a deleted contact can be restored for 30 days, then what was known of it is erased."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from gnetics.errors import NotFound, Refused
from gnetics.store.accounts import owner_of
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.own import held_by
from gnetics.store.schema import history, leads

KEPT_DAYS = 30
_NO_SYNC = (
    "La synchronisation est inactive\u00a0: la corbeille est celle de toute l’équipe, elle ne peut pas changer pour le moment. "
    "Demandez à votre administrateur d’activer l’enregistrement."
)


def delete_lead(crm: Crm, user: str, key: int, snapshot: Snapshot) -> int | None:
    """Put a contact into the bin: the transaction, by which it can be undone; None when only this session hides it.

    A deletion also erases what has been in the bin for longer than KEPT_DAYS: the bin needs no task of its own.
    """
    if key < 0 or not crm.sync_active():
        crm.require(user, "delete_lead")
        snapshot.lead(key)
        snapshot.drafts.hide("leads", key)
        snapshot.show()
        return None
    with crm.write(user, "delete_lead") as uow:
        uow.delete("leads", key)
        uow.forget_leads(before=uow.now - timedelta(days=KEPT_DAYS))
        rev = uow.commit()
    snapshot.drafts.discard("leads", key, key)
    snapshot.catch_up()
    return rev


def restore_lead(crm: Crm, user: str, key: int, snapshot: Snapshot) -> None:
    """Take a contact out of the bin; nothing happens when somebody has just done so."""
    if not crm.sync_active():
        raise Refused({"": _NO_SYNC})
    with crm.write(user, "delete_lead") as uow:
        row = uow.rows("leads", [key]).get(key)
        if row is None or row["updated_at"] is None or row["merged_into"] is not None:
            raise NotFound("Ce contact n’est plus dans la corbeille.")
        if row["deleted"]:
            uow.undelete("leads", row)
        uow.commit()
    snapshot.catch_up()


def binned(crm: Crm, user: str, most: int) -> tuple[list[Mapping[str, Any]], int]:
    """What this person sees of the bin: (rows, last deleted first, with `who` deleted them; how many there are)."""
    kept = [leads.c.deleted, leads.c.merged_into.is_(None), leads.c.updated_at >= crm.clock.now() - timedelta(days=KEPT_DAYS)]
    who = (
        select(history.c.who)
        .where(history.c.entity == "lead", history.c.entity_key == leads.c.key, history.c.action == "suppression")
        .order_by(history.c.key.desc())
        .limit(1)
        .scalar_subquery()
    )
    with crm.read() as connection:
        if (owner := owner_of(connection, user)) is not None:
            kept.append(held_by(connection, owner, *kept))
        query = select(leads, who.label("who")).where(*kept).order_by(leads.c.updated_at.desc()).limit(most)
        count = connection.execute(select(func.count()).select_from(leads).where(*kept)).scalar_one()
        return [dict(row) for row in connection.execute(query).mappings()], count
