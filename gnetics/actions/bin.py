"""The bin: a deleted contact can be restored for 30 days, then what was known of it is erased."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING

from gnetics.domain.accesses import WORKER, Access
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.errors import NotFound, Refused
from gnetics.store import access_log, nights
from gnetics.store.crm import Crm

if TYPE_CHECKING:
    from gnetics.store.frames import Snapshot  # brings pandas, which the server that empties the bin has no use for

_NO_SYNC = (
    "La synchronisation est inactive\u00a0: la corbeille est celle de toute l’équipe, elle ne peut pas changer pour le moment. "
    "Demandez à votre administrateur d’activer l’enregistrement."
)


def delete_lead(crm: Crm, user: str, key: int, snapshot: Snapshot) -> int | None:
    """Put a contact into the bin: the transaction, by which it can be undone; None when only this session hides it."""
    if key < 0 or not crm.sync_active():
        crm.require(user, Verb.DELETE_LEAD)
        snapshot.lead(key)
        snapshot.drafts.hide("leads", key)
        snapshot.show()
        return None
    with crm.write(user, Verb.DELETE_LEAD) as uow:
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
    with crm.write(user, Verb.DELETE_LEAD) as uow:
        rows = [row for row in uow.rows("leads", keys).values() if row["updated_at"] is not None and row["merged_into"] is None]
        if not rows:
            raise NotFound("Ce contact n’est plus dans la corbeille.")
        uow.undelete_many("leads", [(row, {}) for row in rows if row["deleted"]], Action.RESTORED)
        uow.commit()
    snapshot.catch_up()


def empty_bin(crm: Crm, trying: bool = False) -> int:
    """Erase what has been in the bin for KEPT_DAYS days and as many nights, whoever's it was: how many contacts. `trying`: none is."""
    with crm.write("", Verb.DELETE_LEAD) as uow:
        erased = uow.forget_leads(before=uow.now - timedelta(days=nights.KEPT_DAYS), rev=nights.seen_for(uow.connection, nights.KEPT_DAYS))
        if not trying:
            if erased:
                access_log.add(uow.connection, uow.now, Access.ERASED, "", place=WORKER, rows=erased, detail="corbeille")
            uow.commit()
    return erased
