"""The bin: a deleted contact can be restored for 30 days, then what was known of it is erased."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from gnetics.domain.folding import fold
from gnetics.errors import NotFound, Refused
from gnetics.store import nights
from gnetics.store.crm import Crm
from gnetics.store.people.accounts import owner_of
from gnetics.store.people.own import held_by
from gnetics.store.schema import history, leads

if TYPE_CHECKING:
    from gnetics.store.frames import Snapshot  # brings pandas, which the server that empties the bin has no use for

KEPT_DAYS = 30
_NO_SYNC = (
    "La synchronisation est inactive\u00a0: la corbeille est celle de toute l’équipe, elle ne peut pas changer pour le moment. "
    "Demandez à votre administrateur d’activer l’enregistrement."
)


def delete_lead(crm: Crm, user: str, key: int, snapshot: Snapshot) -> int | None:
    """Put a contact into the bin: the transaction, by which it can be undone; None when only this session hides it."""
    if key < 0 or not crm.sync_active():
        crm.require(user, "delete_lead")
        snapshot.lead(key)
        snapshot.drafts.hide("leads", key)
        snapshot.show()
        return None
    with crm.write(user, "delete_lead") as uow:
        uow.delete("leads", key)
        rev = uow.commit()
    snapshot.drafts.discard("leads", key, key)
    snapshot.catch_up()
    return rev


def restore_lead(crm: Crm, user: str, key: int, snapshot: Snapshot) -> None:
    """Take a contact out of the bin; nothing happens when somebody has just done so."""
    restore_leads(crm, user, [key], snapshot)


def restore_leads(crm: Crm, user: str, keys: Collection[int], snapshot: Snapshot) -> None:
    """The same for several at once; one that is erased is passed over."""
    if not crm.sync_active():
        raise Refused({"": _NO_SYNC})
    with crm.write(user, "delete_lead") as uow:
        rows = [row for row in uow.rows("leads", keys).values() if row["updated_at"] is not None and row["merged_into"] is None]
        if not rows:
            raise NotFound("Ce contact n’est plus dans la corbeille.")
        uow.undelete_many("leads", [(row, {}) for row in rows if row["deleted"]], "restauration")
        uow.commit()
    snapshot.catch_up()


def empty_bin(crm: Crm) -> int:
    """Erase what has been in the bin for KEPT_DAYS days and as many nights, whoever's it was: how many contacts."""
    with crm.write("", "delete_lead") as uow:
        erased = uow.forget_leads(before=uow.now - timedelta(days=KEPT_DAYS), rev=nights.seen_for(uow.connection, KEPT_DAYS))
        uow.commit()
    return erased


def binned(crm: Crm, user: str, most: int, text: str = "") -> tuple[list[Mapping[str, Any]], int]:
    """What this person sees of the bin: (rows, last deleted first, with `who` deleted them; how many there are).

    Only those where each word of `text` is found, if any is given.
    """
    kept = [leads.c.deleted, leads.c.merged_into.is_(None), leads.c.updated_at >= crm.clock.now() - timedelta(days=KEPT_DAYS)]
    kept += [leads.c.search.contains(word, autoescape=True) for word in (fold(text) or "").split()]
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
        query = select(leads, who.label("who")).where(*kept).order_by(leads.c.updated_at.desc(), leads.c.key).limit(most)
        count = connection.execute(select(func.count()).select_from(leads).where(*kept)).scalar_one()
        return [dict(row) for row in connection.execute(query).mappings()], count
