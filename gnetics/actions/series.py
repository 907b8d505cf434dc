"""Changing and deleting occurrences of a series: this one, this one and the following, or all; and taking that back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from gnetics.actions.editing import cleaned, compare, refuse
from gnetics.actions.events import CONFLICT, SavedEvent, check, follow_lead, new_uid, refuse_deleted_lead, refuse_unsaved_lead, touch_lead
from gnetics.actions.reversal import reverse
from gnetics.domain import series
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.domain.series_changes import Plan, Scope, change, occurrence_row, removal
from gnetics.errors import NotFound, Refused, Unreadable
from gnetics.store.canonical import RECORDED
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.schema import events, history
from gnetics.store.unit_of_work import Row, UnitOfWork

_EDITABLE = RECORDED["events"]
_NEW = _EDITABLE | {"wall_start", "wall_end"}  # what an added row has of the one it comes from
_MOVED = "Cette occurrence n’existe plus\u00a0: la série a été changée entre-temps. Fermez le formulaire et rouvrez l’événement."
_OF_SESSION = "Cette série n’est gardée que dans votre session\u00a0: actualisez la page, ou enregistrez d’abord la série entière."
_INACTIVE = "La synchronisation est inactive\u00a0: ce qui est enregistré pour l’équipe ne s’annule pas pour le moment."
_RULE_OF_ONE = "La répétition ne se change pas pour un seul événement\u00a0: choisissez aussi les suivants, ou tous."


@dataclass(frozen=True)
class _Stored:
    """A series as it is: its row, the rows of occurrences changed before, and the one that is meant, which may be among these."""

    master: Row
    others: list[Row]
    row: Row


def save_occurrence(
    crm: Crm, user: str, key: int, at: str, scope: Scope, changes: Mapping[str, Any], seen: Mapping[str, Any] | None, snapshot: Snapshot
) -> SavedEvent:
    """Change the occurrence of series `key` whose wall clock is `at`, and as `scope` says others; as `events.save_event` does otherwise."""
    asked, known = cleaned(changes, _EDITABLE), cleaned(seen, _EDITABLE)
    if scope is Scope.ONE and "recurrence" in asked:
        refuse({"recurrence": _RULE_OF_ONE})
    if not crm.sync_active():
        crm.require(user, Verb.SAVE_EVENT)
        plan, row, merged = _decided(crm, _in_session(crm, snapshot, key, at), at, scope, asked, known)
        saved = _apply_in_session(plan, snapshot)
        return SavedEvent(saved or row["key"], merged, True, wall="" if saved else at)
    _refuse_drafts(snapshot, key)
    refuse_unsaved_lead(asked)
    with crm.write(user, Verb.SAVE_EVENT) as uow:
        asked, known = follow_lead(uow, asked), follow_lead(uow, known)
        refuse_deleted_lead(uow, asked)
        plan, row, merged = _decided(crm, _in_store(crm, uow, key, at), at, scope, asked, known)
        saved = _apply(plan, uow)
        if asked.get("done"):
            touch_lead(crm, uow, row)
        rev = uow.commit()
    snapshot.catch_up()
    return SavedEvent(saved or row["key"], merged, False, rev, "" if saved or row["series_key"] else _wall_now(crm, snapshot, row))


def mark_occurrence_done(crm: Crm, user: str, key: int, at: str, snapshot: Snapshot) -> SavedEvent:
    """It becomes a row of its own, which figures count; the others of its series stay to do."""
    return save_occurrence(crm, user, key, at, Scope.ONE, {"done": True}, None, snapshot)


def delete_occurrence(crm: Crm, user: str, key: int, at: str, scope: Scope, snapshot: Snapshot) -> int | None:
    """What `undo` takes back; None in the session only."""
    if not crm.sync_active():
        crm.require(user, Verb.DELETE_EVENT)
        stored = _in_session(crm, snapshot, key, at)
        _apply_in_session(removal(stored.master, at, scope, stored.others, crm.region), snapshot)
        return None
    _refuse_drafts(snapshot, key)
    with crm.write(user, Verb.DELETE_EVENT) as uow:
        stored = _in_store(crm, uow, key, at)
        plan = removal(stored.master, at, scope, stored.others, crm.region)
        if scope is Scope.ONE and stored.row["series_key"] is not None:  # changed by somebody meanwhile
            plan.gone.append(stored.row["key"])
        _apply(plan, uow)
        rev = uow.commit()
    snapshot.catch_up()
    return rev


def undo(crm: Crm, user: str, rev: int, snapshot: Snapshot) -> None:
    """Take back what a transaction did to events, whole; refused once somebody changed one of them."""
    if not crm.sync_active():
        raise Refused({"": _INACTIVE})
    with crm.write(user, Verb.SAVE_EVENT) as uow:
        about = history.c.entity == "event"
        lines = uow.connection.execute(
            select(history.c.entity_key, history.c.action, history.c.field).where(about, history.c.rev == rev)
        ).all()
        keys = {line.entity_key for line in lines}
        later = select(history.c.key).where(about, history.c.entity_key.in_(keys), history.c.rev > rev).limit(1)
        if uow.connection.execute(later).first():
            raise Refused({"": "Impossible d’annuler\u00a0: l’événement a été modifié depuis."})
        reverse(uow, rev, Action.RESTORED)
        added = {line.entity_key for line in lines if line.action == Action.CREATED and not line.field}
        rows = uow.rows("events", keys)
        uow.delete_many("events", [row for key, row in rows.items() if key in added and not row["deleted"]])
        uow.update_many(
            "events", [(row, series.clocks(row, crm.region)) for key, row in rows.items() if key not in added], Action.RESTORED
        )  # the history does not keep them: they follow from the instants
        uow.commit()
    snapshot.catch_up()


def _decided(crm: Crm, stored: _Stored, at: str, scope: Scope, asked: Row, known: Row) -> tuple[Plan, Row, list[str]]:
    """(what to write, the event as it will be, fields merged), checked against the rules."""
    wanted, merged = compare(stored.row, asked, known, CONFLICT)
    row = stored.row | wanted
    check(row | {"recurrence": None}, wanted, crm.region)
    if "recurrence" in wanted:
        refuse(series.check(row | {"series_key": None}, crm.region))
    if scope is Scope.ONE and stored.row["series_key"] is not None:  # somebody made it a row of its own meanwhile
        return Plan(changed={stored.row["key"]: wanted | series.clocks(row, crm.region)}), row, merged
    try:
        plan = change(stored.master, at, scope, wanted, stored.others, crm.region)
    except Unreadable as error:
        raise Refused({"recurrence": str(error)}) from error
    return plan, row, merged


def _in_store(crm: Crm, uow: UnitOfWork, key: int, at: str) -> _Stored:
    found = uow.connection.execute(select(events.c.key).where(events.c.series_key == key, ~events.c.deleted)).scalars().all()
    return _found(crm, uow.row("events", key), list(uow.rows("events", found).values()), at)


def _in_session(crm: Crm, snapshot: Snapshot, key: int, at: str) -> _Stored:
    frame = snapshot.events
    mine = frame.index[frame["series_key"].eq(key).fillna(False)]
    return _found(crm, snapshot.event(key), [snapshot.event(int(each)) for each in mine], at)


def _found(crm: Crm, master: Row, others: list[Row], at: str) -> _Stored:
    if changed := next((other for other in others if other["occurrence"] == at), None):
        return _Stored(master, others, changed)
    whole = series.of(master, crm.region)
    if whole is None or not whole.has(at):
        raise Refused({"": _MOVED})
    return _Stored(master, others, occurrence_row(master, whole, at))


def _refuse_drafts(snapshot: Snapshot, key: int) -> None:
    if key < 0 or snapshot.drafts.get("events", key):
        raise Refused({"": _OF_SESSION})


def _apply(plan: Plan, uow: UnitOfWork) -> int | None:
    """The key of the row that was added."""
    rows = uow.rows("events", [*plan.changed, *plan.gone, *plan.joining])
    if missing := [key for key in (*plan.changed, *plan.gone) if key not in rows]:
        raise NotFound(f"{missing}")
    uow.update_many("events", [(rows[key], changes) for key, changes in plan.changed.items()], Action.CHANGED)
    uow.delete_many("events", [rows[key] for key in plan.gone])
    if plan.added is None:
        return None
    key = uow.insert("events", {name: plan.added[name] for name in _NEW} | {"uid": new_uid()})
    joining = [(rows[each], changes | {"series_key": key}) for each, changes in plan.joining.items()]
    uow.update_many("events", joining, Action.CHANGED)
    return key


def _apply_in_session(plan: Plan, snapshot: Snapshot) -> int | None:
    key = None
    if plan.added is not None:
        key = snapshot.drafts.new_key()
        row = {name: plan.added[name] for name in _NEW}
        snapshot.drafts.put("events", key, row, {name: row[name] for name in _EDITABLE}, {})
    joining = {each: changes | {"series_key": key} for each, changes in plan.joining.items()}
    for each, changes in (plan.changed | joining).items():
        before = snapshot.event(each)
        recorded = {name: value for name, value in changes.items() if name in _EDITABLE}
        snapshot.drafts.put("events", each, before | changes, recorded, {name: before[name] for name in recorded})
    for each in plan.gone:
        snapshot.drafts.hide("events", each)
    snapshot.show()
    return key


def _wall_now(crm: Crm, snapshot: Snapshot, row: Row) -> str:
    """Where the occurrence that was looked at is, once all of its series moved."""
    changed = snapshot.event(row["key"])
    return str(series.clocks(row | {"zone": changed["zone"]}, crm.region)["wall_start"]) if changed["recurrence"] else ""
