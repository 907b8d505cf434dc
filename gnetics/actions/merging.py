"""Merging leads that are one person, and taking a merge back within 30 days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, or_, select

from gnetics.actions.earlier_values import Kept
from gnetics.actions.editing import refuse
from gnetics.actions.reversal import reverse
from gnetics.domain import leads as rules
from gnetics.domain import merging
from gnetics.domain.fields import BY_KEY
from gnetics.domain.history import Action
from gnetics.domain.leads import still_unread
from gnetics.domain.rights import Verb
from gnetics.errors import NotFound, Refused
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.reading.merges import undoable
from gnetics.store.schema import VERSIONED, history, leads
from gnetics.store.unit_of_work import Row, UnitOfWork
from gnetics.texts import TEAM_ONLY

_FOLLOWING = ("events", "messages", "runs")
_UNSAVED = "Une de ces fiches n’est gardée que dans votre session\u00a0: enregistrez-la avant de la fusionner."
_MOVED = "Une de ces fiches vient d’être modifiée par quelqu’un\u00a0: relisez les valeurs, puis fusionnez."
_GONE = "Une de ces fiches n’existe plus\u00a0: elle vient d’être supprimée ou fusionnée."
_TOO_LATE = f"Cette fusion ne peut plus être annulée\u00a0: elle a plus de {KEPT_DAYS} jours, ou elle l’a déjà été."
_LATER = "La fiche gardée n’est plus parmi les contacts\u00a0: restaurez-la, ou annulez d’abord la fusion qui a suivi."


class Moved(Refused):
    """Somebody changed one of the leads since they were read; nothing was written."""


@dataclass(frozen=True)
class Merged:
    """`rev` is the transaction, by which the merge can be undone."""

    key: int
    rev: int


def merge_leads(
    crm: Crm, user: str, keys: Sequence[int], choice: Mapping[str, int], seen: Mapping[int, Mapping[str, Any]], snapshot: Snapshot
) -> Merged:
    """Make one lead of those of `keys`: the first stays, with its events, mails, runs and history and those of the others.

    `choice` gives, per field, the key of the lead whose value is kept (see domain/merging.py); `seen` the values that were
    on screen, by key. Raises Refused, Moved, NotFound, Forbidden or StoreError, having written nothing.
    """
    if len(set(keys)) < 2:
        raise Refused({"": "Choisissez au moins deux fiches à fusionner."})
    if not crm.sync_active():
        raise Refused({"": TEAM_ONLY})
    if any(key < 0 or snapshot.drafts.get("leads", key) for key in keys):
        raise Refused({"": _UNSAVED})
    with crm.write(user, Verb.MERGE_LEADS) as uow:
        rows = _living(uow, keys)
        if any(row[name] != value for row in rows for name, value in seen.get(row["key"], {}).items() if name in BY_KEY):
            raise Moved({"": _MOVED})
        _take_over(uow, crm, rows, merging.merged(rows, choice))
        rev = uow.commit()
    snapshot.catch_up()
    return Merged(keys[0], rev)


def undo_merge(crm: Crm, user: str, key: int, rev: int, snapshot: Snapshot) -> list[Kept]:
    """Give back the leads that transaction `rev` merged into `key`, and what they had; says what was edited since, which stays."""
    if not crm.sync_active():
        raise Refused({"": TEAM_ONLY})
    with crm.write(user, Verb.MERGE_LEADS) as uow:
        if rev not in undoable(uow.connection, key, uow.now - timedelta(days=KEPT_DAYS)):
            raise NotFound(_TOO_LATE)
        row = uow.rows("leads", [key])[key]
        if row["deleted"]:
            raise Refused({"": _LATER})
        unread = uow.connection.execute(_unread_before(key, rev)).scalar()
        kept = reverse(uow, rev, Action.SEPARATED)
        if unread and not kept:
            uow.update("leads", key, {"unread": unread}, Action.SEPARATED)
        uow.note("leads", key, Action.SEPARATED)
        uow.commit()
    snapshot.catch_up()
    return kept


def _living(uow: UnitOfWork, keys: Sequence[int]) -> list[Row]:
    rows = uow.rows("leads", keys)
    if any(key not in rows or rows[key]["deleted"] for key in keys):
        raise NotFound(_GONE)
    return [rows[key] for key in dict.fromkeys(keys)]


def _take_over(uow: UnitOfWork, crm: Crm, rows: list[Row], result: dict[str, Any]) -> None:
    kept, others = rows[0], rows[1:]
    joined = {name: result[name] for name in merging.JOINED if name in result}
    refuse(rules.check(kept | result, crm.region, changed=joined))
    for row in others:
        uow.note("leads", kept["key"], Action.MERGED, kept["unread"], rules.title(row))
        uow.note("leads", row["key"], Action.TAKEN_OVER, None, rules.title(kept))
    away = {"deleted": True, "merged_into": kept["key"]}
    uow.update_many("leads", [(row, away) for row in others], Action.TAKEN_OVER)
    changed = {name: value for name, value in result.items() if value != kept[name]}
    uow.update_many("leads", [(kept, changed | still_unread(kept, changed))], Action.MERGED)
    _bring_together(uow, rows)
    for table_name in _FOLLOWING:
        table = VERSIONED[table_name]
        mine = select(table).where(table.c.lead_key.in_([row["key"] for row in others]))
        moving = [dict(row) for row in uow.connection.execute(mine).mappings()]
        uow.update_many(table_name, [(row, {"lead_key": kept["key"]}) for row in moving], Action.MERGED)


def _unread_before(key: int, rev: int) -> Select[tuple[str | None]]:
    """The unread texts of the survivor, as the line of its merge kept them."""
    mine = (history.c.entity == "lead", history.c.entity_key == key, history.c.action == Action.MERGED, history.c.field == "")
    return select(history.c.before).where(history.c.rev == rev, *mine)


def _bring_together(uow: UnitOfWork, rows: list[Row]) -> None:
    """The other deals of the people who are now one are deals of that one."""
    kept, others = rows[0], rows[1:]
    gone = {row["lead_id"] for row in others}
    first = (row["deal_of"] for row in rows if row["deal_of"] and row["deal_of"] not in {*gone, kept["lead_id"]})
    whose = next(first, kept["lead_id"])
    before = {rules.person(row) for row in rows} | gone
    mine = or_(leads.c.deal_of.in_(before), leads.c.lead_id.in_(before)) & ~leads.c.deleted
    keys = uow.connection.execute(select(leads.c.key).where(mine)).scalars().all()
    wanted = [(row, {"deal_of": whose if row["lead_id"] != whose else None}) for row in uow.rows("leads", keys).values()]
    uow.update_many("leads", wanted, Action.MERGED)
