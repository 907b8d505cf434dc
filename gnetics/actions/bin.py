"""The bin: a deleted contact can be restored for 30 days, then what was known of it is erased."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING

from gnetics.domain.accesses import WORKER, Access
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.errors import NotFound, Refused
from gnetics.store import access_log, nights, refusals
from gnetics.store.crm import Crm
from gnetics.store.duplicates import chunks
from gnetics.store.person import scrubbing
from gnetics.store.person.finding import person_of_leads
from gnetics.store.person.forgetting import forget_binned
from gnetics.store.unit_of_work import UnitOfWork

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
        rows = [row for row in uow.rows("leads", keys).values() if row["updated_at"] and row["merged_into"] is row["erased_at"] is None]
        if not rows:
            raise NotFound("Ce contact n’est plus dans la corbeille.")
        uow.undelete_many("leads", [(row, {}) for row in rows if row["deleted"]], Action.RESTORED)
        uow.commit()
    snapshot.catch_up()


def empty_bin(crm: Crm, trying: bool = False) -> int:
    """Erase what has been in the bin for KEPT_DAYS days and as many nights, whoever's it was: how many contacts. `trying`: none is."""
    with crm.write("", Verb.DELETE_LEAD) as uow:
        into = uow.binned(before=uow.now - timedelta(days=nights.KEPT_DAYS), rev=nights.seen_for(uow.connection, nights.KEPT_DAYS))
        if into and not trying:
            for some in chunks(key for key, survivor in into.items() if survivor is None):
                _forget_people(uow, some)
            uow.forget_leads(into)
            scrubbing.ask(uow.connection)
            access_log.add(uow.connection, uow.now, Access.ERASED, "", place=WORKER, rows=len(into), detail="corbeille")
            uow.commit()
    if not trying:
        scrubbing.scrub(crm)
    return len(into)


def _forget_people(uow: UnitOfWork, keys: Collection[int]) -> None:
    """What else holds them goes; of an address that another contact has, its mails stay, and that nothing is sent to it."""
    found = person_of_leads(uow.connection, keys)
    twins = [row["key"] for row in found.rows if row["email_fold"] in found.shared]
    refusals.keep(uow.connection, twins, uow.now, uow.user)
    forget_binned(uow, person_of_leads(uow.connection, set(found.keys).difference(twins)) if twins else found)
