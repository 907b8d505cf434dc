"""Saving, finishing and deleting an event of the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from gnetics.actions.editing import cleaned, compare, refuse, with_draft
from gnetics.actions.last_contact import touch
from gnetics.domain import events, series
from gnetics.domain.history import Action
from gnetics.domain.regions import Region
from gnetics.domain.rights import Verb
from gnetics.domain.series import clocks, excluded, listed
from gnetics.store.canonical import RECORDED
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.merges import living
from gnetics.store.unit_of_work import Row, UnitOfWork

_EDITABLE = RECORDED["events"]
_TIMES = {"starts_at", "ends_at"}
_CLOCKED = _TIMES | {"zone"}
_OURS = "@gnetics"
CONFLICT = "Cet événement a été modifié pendant votre saisie\u00a0: choisissez la valeur à garder pour chaque champ."


@dataclass(frozen=True)
class SavedEvent:
    """`merged` names the fields somebody else changed while the form was open, and which were kept; `rev` is what `undo` takes back.

    Of a change of one occurrence, `key` is that of its own row; of « all », `wall` is the occurrence that was looked at.
    """

    key: int
    merged: list[str]
    session_only: bool
    rev: int | None = None
    wall: str = ""


def save_event(
    crm: Crm, user: str, key: int | None, changes: Mapping[str, Any], seen: Mapping[str, Any] | None, snapshot: Snapshot
) -> SavedEvent:
    """Create (`key` None) or change an event, then bring `snapshot` up to date; times are aware datetimes.

    `changes` and `seen` are as in `leads.save_lead`. Raises Refused, Conflict, NotFound, Forbidden or StoreError.
    """
    asked, known = cleaned(changes, _EDITABLE), cleaned(seen, _EDITABLE)
    if not crm.sync_active():
        crm.require(user, Verb.SAVE_EVENT)
        return _save_in_session(key, crm.region, asked, known, snapshot)
    asked, known = with_draft(snapshot.drafts.get("events", key), asked, known)
    refuse_unsaved_lead(asked)
    with crm.write(user, Verb.SAVE_EVENT) as uow:
        asked, known = follow_lead(uow, asked), follow_lead(uow, known)
        refuse_deleted_lead(uow, asked)
        stored = None if key is None or key < 0 else uow.row("events", key)
        row, wanted, merged = _decide(stored, asked, known, crm.region)
        if stored is None:
            stored_key = uow.insert("events", row | {"uid": new_uid()})
        else:
            stored_key = stored["key"]
            uow.update("events", stored_key, wanted)
        if wanted.get("done"):
            touch_lead(crm, uow, row)
        rev = uow.commit()
    snapshot.drafts.discard("events", key, stored_key)
    snapshot.catch_up()
    return SavedEvent(stored_key, merged, False, rev)


def new_uid() -> str:
    return f"{uuid4()}{_OURS}"


def is_ours(event: Mapping[str, Any]) -> bool:
    """Made here: what came from elsewhere has an organizer of its own."""
    return str(event["uid"]).endswith(_OURS)


def mark_done(crm: Crm, user: str, key: int, snapshot: Snapshot, done: bool = True) -> SavedEvent:
    """A call or meeting that took place is the lead's last contact."""
    return save_event(crm, user, key, {"done": True, "cancelled": False} if done else {"done": False}, None, snapshot)


def call_off(crm: Crm, user: str, key: int, snapshot: Snapshot, cancelled: bool = True) -> SavedEvent:
    """What does not take place is kept, and counts as nothing that was done."""
    return save_event(crm, user, key, {"cancelled": True, "done": False} if cancelled else {"cancelled": False}, None, snapshot)


def delete_event(crm: Crm, user: str, key: int, snapshot: Snapshot) -> int | None:
    """What `series.undo` takes back; None in the session only: while synchronisation is inactive, or for an event never stored."""
    if key < 0 or not crm.sync_active():
        crm.require(user, Verb.DELETE_EVENT)
        row = snapshot.event(key)
        snapshot.drafts.hide("events", key)
        if row["series_key"] in snapshot.events.index:
            master = snapshot.event(row["series_key"])
            less = {"excluded": listed({*excluded(master["excluded"]), row["occurrence"]})}
            snapshot.drafts.put("events", master["key"], master | less, less, {"excluded": master["excluded"]})
        snapshot.show()
        return None
    with crm.write(user, Verb.DELETE_EVENT) as uow:
        row = uow.row("events", key)
        uow.delete("events", key)
        if row["series_key"] is not None:  # else it would take place again as its series says
            for master in uow.rows("events", [row["series_key"]]).values():
                uow.update_many(
                    "events", [(master, {"excluded": listed({*excluded(master["excluded"]), row["occurrence"]})})], Action.CHANGED
                )
        rev = uow.commit()
    snapshot.drafts.discard("events", key, key)
    snapshot.catch_up()
    return rev


def _decide(stored: Row | None, asked: Row, known: Row, region: Region) -> tuple[Row, Row, list[str]]:
    """(the event as it will be, what to write, fields merged), checked against the rules."""
    if stored is None:
        row = dict.fromkeys(_EDITABLE) | {"all_day": False, "done": False, "cancelled": False} | asked
        refuse(events.check(row))
        row |= clocks(row, region)
        refuse(series.check(row, region))
        return row, row, []
    wanted, merged = compare(stored, asked, known, CONFLICT)
    row = stored | wanted
    check(row, wanted, region)
    if wanted.keys() & _CLOCKED:
        wanted |= clocks(row, region)
    return row | wanted, wanted, merged


def check(row: Row, wanted: Mapping[str, Any], region: Region) -> None:
    """Raises Refused for what is wrong with what is changed."""
    looked_at = wanted.keys() | (_TIMES if _TIMES & wanted.keys() else set())
    refuse({name: sentence for name, sentence in events.check(row).items() if name in looked_at})
    if wanted.keys() & (_TIMES | {"recurrence", "done", "zone"}):
        refuse(series.check(row, region))


def refuse_unsaved_lead(asked: Mapping[str, Any]) -> None:
    if (asked.get("lead_key") or 0) < 0:
        refuse({"lead_key": "Ce contact n’est gardé que dans votre session\u00a0: enregistrez-le avant d’y rattacher un événement."})


def follow_lead(uow: UnitOfWork, values: dict[str, Any]) -> dict[str, Any]:
    """A lead merged since it was read gives way to the one that took it over."""
    key = values.get("lead_key")
    return values if key is None else values | {"lead_key": living(uow.connection, key) or key}


def refuse_deleted_lead(uow: UnitOfWork, asked: Mapping[str, Any]) -> None:
    if (key := asked.get("lead_key")) is not None and living(uow.connection, key) is None:
        refuse({"lead_key": "Ce contact vient d’être supprimé\u00a0: choisissez-en un autre, ou videz le champ."})


def touch_lead(crm: Crm, uow: UnitOfWork, event: Mapping[str, Any]) -> None:
    if event["kind"] in events.MET and event["lead_key"] is not None:
        touch(uow, {event["lead_key"]: event["starts_at"].astimezone(crm.region.zone).date()})


def _save_in_session(key: int | None, region: Region, asked: dict[str, Any], known: dict[str, Any], snapshot: Snapshot) -> SavedEvent:
    stored = None if key is None else snapshot.event(key)
    row, wanted, merged = _decide(stored, asked, known, region)
    key = snapshot.drafts.new_key() if key is None else key
    if stored is None:
        snapshot.drafts.put("events", key, row, asked, {})
    elif wanted:
        snapshot.drafts.put("events", key, row, wanted, {name: stored[name] for name in wanted})
    snapshot.show()
    return SavedEvent(key, merged, True)
