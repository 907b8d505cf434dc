"""One change for many contacts at once, in one transaction that is taken back as one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from gnetics.actions.earlier_values import Kept
from gnetics.actions.editing import refuse
from gnetics.actions.reversal import reverse
from gnetics.domain import leads as rules
from gnetics.domain import values
from gnetics.domain.fields import BY_KEY
from gnetics.domain.folding import fold
from gnetics.domain.history import Action
from gnetics.domain.leads import still_unread
from gnetics.domain.rights import Verb
from gnetics.domain.statuses import LOST
from gnetics.errors import Forbidden, NotFound, Refused
from gnetics.store.crm import Crm
from gnetics.store.duplicates import chunks
from gnetics.store.frames import Snapshot
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.people.own import REFUSED
from gnetics.store.reading.lots import lots_of
from gnetics.store.unit_of_work import Row
from gnetics.texts import TEAM_ONLY

CHANGED = ("status", "lost_reason", "owner", "source", "next_follow_up")  # fields that get one value in the whole lot
_NOBODY = "Aucun de ces contacts n’existe encore\u00a0: ils viennent d’être supprimés ou fusionnés."


@dataclass(frozen=True)
class Lot:
    """How many contacts changed; `rev` is the transaction, by which they are taken back, None when nothing did."""

    count: int
    rev: int | None


def change_leads(crm: Crm, user: str, keys: Collection[int], changes: Mapping[str, Any], snapshot: Snapshot) -> Lot:
    """Give the same values, of fields among CHANGED, to all these contacts; one that nobody has any more is passed over."""
    if unknown := changes.keys() - set(CHANGED):
        raise ValueError(f"not changed in a lot: {sorted(unknown)}")
    if changes.get("status") == LOST and not changes.get("lost_reason"):
        raise Refused({"lost_reason": "Indiquez pourquoi ces contacts sont perdus."})
    today = crm.clock.today()
    refuse(rules.check({"name": "-", **changes}, crm.region, changed=changes, today=today))
    shown = {BY_KEY[name].label: values.show(BY_KEY[name].kind, value, crm.region) or "vide" for name, value in changes.items()}
    what = ", ".join(f"{label}\u00a0: {text}" for label, text in shown.items())
    return _write(crm, user, keys, what, lambda row: {**rules.follow_status(row, changes, today), **changes}, snapshot)


def tag_leads(crm: Crm, user: str, keys: Collection[int], tags: str, add: bool, snapshot: Snapshot) -> Lot:
    """Add these tags (separated by commas) to all these contacts, or remove them, whatever their case and accents."""
    named = values.tags(tags)
    if not named:
        raise Refused({"tags": "Indiquez au moins une étiquette."})
    unwanted = {fold(tag) for tag in named.split(", ")}

    def change(row: Row) -> Row:
        own = values.text_of(row, "tags")
        left = ", ".join(tag for tag in own.split(", ") if fold(tag) not in unwanted)
        return {"tags": (values.tags(f"{own}, {named}") if add else left) or None}

    return _write(crm, user, keys, f"Étiquettes {'ajoutées' if add else 'retirées'}\u00a0: {named}", change, snapshot)


def delete_leads(crm: Crm, user: str, keys: Collection[int], snapshot: Snapshot) -> Lot:
    """Put all these contacts into the bin."""
    _storable(crm, keys)
    with crm.write(user, Verb.DELETE_LEAD) as uow:
        count = 0
        for chunk in chunks(keys):
            rows = [row for row in uow.rows("leads", chunk).values() if not (row["deleted"] or row["erased_at"])]
            uow.delete_many("leads", rows)
            count += len(rows)
        if not count:
            raise NotFound(_NOBODY)
        uow.note_lot(uow.rev, Action.DELETED, count, "Suppression")
        rev = uow.commit()
    snapshot.catch_up()
    return Lot(count, rev)


def undo_lot(crm: Crm, user: str, rev: int, snapshot: Snapshot) -> list[Kept]:
    """Take back transaction `rev`, one of `recent_lots`; says what was edited since, which stays."""
    if not crm.sync_active():
        raise Refused({"": TEAM_ONLY})
    with crm.write(user, Verb.CHANGE_LEADS) as uow:
        lot = next((lot for lot in lots_of(uow.connection, uow.now) if lot.rev == rev), None)
        if lot is None:
            raise NotFound(f"Cette action ne peut plus être annulée\u00a0: elle a plus de {KEPT_DAYS} jours.")
        if uow.owner is not None and lot.who != user:
            raise Forbidden(REFUSED)
        if lot.undone:
            raise Refused({"": "Cette action est déjà annulée."})
        kept = reverse(uow, rev, Action.RESTORED)
        uow.note_lot(rev, Action.RESTORED, lot.count, lot.what)
        uow.commit()
    snapshot.catch_up()
    return kept


def _write(crm: Crm, user: str, keys: Collection[int], what: str, change: Callable[[Row], Row], snapshot: Snapshot) -> Lot:
    _storable(crm, keys)
    with crm.write(user, Verb.CHANGE_LEADS) as uow:
        count = found = 0
        for chunk in chunks(keys):
            changes = [(row, change(row)) for row in uow.rows("leads", chunk).values() if not (row["deleted"] or row["erased_at"])]
            for row, asked in changes:
                if sentences := rules.check(row | asked, crm.region, changed={"tags"} & asked.keys()):
                    raise Refused({name: f"{rules.title(row)}\u00a0: {sentence}" for name, sentence in sentences.items()})
            count += uow.update_many("leads", [(row, asked | still_unread(row, asked)) for row, asked in changes], Action.CHANGED)
            found += len(changes)
        if not found:
            raise NotFound(_NOBODY)
        rev = None
        if count:
            uow.note_lot(uow.rev, Action.CHANGED, count, what)
            rev = uow.commit()
    snapshot.catch_up()
    return Lot(count, rev)


def _storable(crm: Crm, keys: Collection[int]) -> None:
    if not crm.sync_active():
        raise Refused({"": TEAM_ONLY})
    if any(key < 0 for key in keys):
        raise Refused({"": "Un de ces contacts n’est gardé que dans votre session\u00a0: enregistrez-le d’abord."})
