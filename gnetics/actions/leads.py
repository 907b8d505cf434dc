"""Saving a contact, and giving a field its earlier value back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import select

from gnetics.actions.editing import cleaned, compare, refuse, with_draft
from gnetics.domain import leads, statuses, values
from gnetics.domain.fields import BY_KEY, EDITABLE
from gnetics.domain.history import Action
from gnetics.domain.leads import still_unread
from gnetics.domain.rights import Verb
from gnetics.errors import NotFound, Refused
from gnetics.store.crm import Crm
from gnetics.store.derived import derived
from gnetics.store.frames import Snapshot
from gnetics.store.schema import history
from gnetics.store.scores import read_rates
from gnetics.store.unit_of_work import ERASED, Row, UnitOfWork

_EDITABLE = frozenset(field.key for field in EDITABLE)
_SEEN = frozenset(BY_KEY)
_CONFLICT = "Ce contact a été modifié pendant votre saisie\u00a0: choisissez la valeur à garder pour chaque champ."
Weigh = Callable[[Row, Row, Row], tuple[Row, list[str]]]  # the stored row, what is asked, what was known: gives what `compare` does
Also = Callable[[UnitOfWork, int], None]  # what is written with the contact of that key, in the same transaction
_against: Weigh = partial(compare, message=_CONFLICT)


@dataclass(frozen=True)
class Saved:
    """`merged` names the fields somebody else changed while the form was open, and which were kept.

    `rev` is the transaction that wrote it, by which it can be undone; None when nothing went to the store.
    `changes` are the fields that were asked for and changed: (before, after).
    """

    key: int
    lead_id: str | None
    merged: list[str]
    session_only: bool
    rev: int | None = None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


def save_lead(
    crm: Crm, user: str, key: int | None, changes: Mapping[str, Any], seen: Mapping[str, Any] | None, snapshot: Snapshot
) -> Saved:
    """Create (`key` None) or change a contact, then bring `snapshot` up to date.

    `changes` are the fields the person changed; `seen` what those fields, and any others shown, held when the form
    opened. Raises Refused, Conflict, NotFound, Forbidden or StoreError, having written nothing.
    """
    asked, known = cleaned(changes, _EDITABLE), cleaned(seen, _SEEN)
    if key is None:
        return create_lead(crm, user, None, asked, snapshot)
    return change_lead(crm, user, key, asked, known, snapshot, Action.CHANGED)


def restore_field(crm: Crm, user: str, history_key: int, snapshot: Snapshot) -> Saved:
    """Give a field the value it had before that line of the history; itself a line of the history."""
    with crm.read() as connection:
        line = connection.execute(select(history).where(history.c.key == history_key, history.c.entity == "lead")).mappings().first()
    if line is None or line["field"] not in _SEEN - {"lead_id"}:
        raise NotFound("Cette ligne de l’historique n’a pas de valeur à rétablir.")
    value = values.decode(BY_KEY[line["field"]].kind, line["before"])
    return change_lead(crm, user, line["entity_key"], {line["field"]: value}, {}, snapshot, Action.RESTORED)


def create_lead(crm: Crm, user: str, draft_key: int | None, asked: Row, snapshot: Snapshot, also: Also | None = None) -> Saved:
    """A new contact, for the verbs of actions/; it may have lived in this session only until now."""
    today = crm.clock.today()
    new = {"status": statuses.FIRST, "created_at": today, **asked}
    refuse(leads.check(new, crm.region, today=today))
    new = leads.follow({}, new, today) | new
    if not crm.sync_active():
        crm.require(user, Verb.SAVE_LEAD)
        key = snapshot.drafts.new_key()
        _keep_in_session(crm, key, dict.fromkeys(_SEEN) | {"score_activity": 0} | new, asked, {}, snapshot)
        return Saved(key, None, [], True)
    with crm.write(user, Verb.SAVE_LEAD) as uow:
        lead_id = uow.next_lead_id()
        key = uow.insert("leads", new | {"lead_id": lead_id})
        if also:
            also(uow, key)
        rev = uow.commit()
    snapshot.drafts.discard("leads", draft_key, key)
    snapshot.catch_up()
    return Saved(key, lead_id, [], False, rev)


def change_lead(
    crm: Crm,
    user: str,
    key: int,
    asked: Row,
    known: Row,
    snapshot: Snapshot,
    action: Action,
    weigh: Weigh = _against,
    also: Also | None = None,
) -> Saved:
    """`save_lead` for the verbs of actions/, which check values; `action` is the word of the history.

    `also` is not called while synchronisation is inactive: what goes with the contact then is the caller's to keep in the session.
    """
    if not crm.sync_active():
        crm.require(user, Verb.SAVE_LEAD)
        return _change_in_session(crm, key, asked, known, snapshot, action, weigh)
    asked, known = with_draft(snapshot.drafts.get("leads", key), asked, known)
    if key < 0:
        return create_lead(crm, user, key, asked, snapshot, also)
    with crm.write(user, Verb.SAVE_LEAD) as uow:
        row = uow.row("leads", key)
        if row["erased_at"]:  # no value of it is one to choose between
            raise Refused({"": ERASED})
        wanted, merged = _decide(crm, row, asked, known, action, weigh)
        if wanted and not row["lead_id"] and leads.is_real(row | wanted):
            wanted["lead_id"] = uow.next_lead_id()
        uow.update("leads", key, wanted, action)
        if also:
            also(uow, key)
        rev = uow.commit() if wanted or also else None
    snapshot.drafts.discard("leads", key, key)
    snapshot.catch_up()
    return Saved(key, wanted.get("lead_id", row["lead_id"]), merged, False, rev, _changed(row, asked, wanted))


def _change_in_session(crm: Crm, key: int, asked: Row, known: Row, snapshot: Snapshot, action: Action, weigh: Weigh) -> Saved:
    row = snapshot.lead(key)
    wanted, merged = _decide(crm, row, asked, known, action, weigh)
    if wanted:
        changed = {name: value for name, value in asked.items() if name in wanted}
        _keep_in_session(crm, key, row | wanted, changed, {name: row[name] for name in changed}, snapshot)
    return Saved(key, row["lead_id"], merged, True, changes=_changed(row, asked, wanted))


def _changed(row: Row, asked: Row, wanted: Row) -> dict[str, tuple[Any, Any]]:
    return {name: (row[name], wanted[name]) for name in asked if name in wanted}


def _decide(crm: Crm, row: Row, asked: Row, known: Row, action: Action, weigh: Weigh) -> tuple[Row, list[str]]:
    """(everything to write: what is asked and what it implies, fields merged), checked against the rules."""
    wanted, merged = weigh(row, asked, known)
    if not wanted:
        return {}, merged
    today = crm.clock.today()
    looked_at = wanted if action == Action.CHANGED else ()  # a value that was once kept may always come back
    refuse(leads.check({**row, **wanted}, crm.region, changed=looked_at, today=today))
    decided = asked.keys() | set(merged)  # what a person set, here or meanwhile elsewhere, is not recomputed
    implied = {name: value for name, value in leads.follow(row, wanted, today).items() if name not in decided}
    return implied | wanted | still_unread(row, wanted), merged


def _keep_in_session(crm: Crm, key: int, row: Row, changed: Row, before: Row, snapshot: Snapshot) -> None:
    with crm.read() as connection:
        row = row | derived("leads", row, crm.region, read_rates(connection))
    others = snapshot.real[(snapshot.real["email_fold"] == row["email_fold"]).to_numpy() & (snapshot.real.index != key)]
    if row["email_check"] == "valide" and not all(leads.same_person(row, snapshot.lead(other)) for other in others.index):
        row["email_check"] = "en double"
    snapshot.drafts.put("leads", key, row, changed, before)
    snapshot.show()
