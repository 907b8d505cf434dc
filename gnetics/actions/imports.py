"""Bulk writing of rows read from a workbook: thousands of rows in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.domain.statuses import default_probability
from gnetics.errors import Refused
from gnetics.store.canonical import ENTITY
from gnetics.store.crm import Crm
from gnetics.store.duplicates import chunks
from gnetics.store.reading.edits import typed_fields
from gnetics.store.schema import VERSIONED
from gnetics.store.unit_of_work import Row, UnitOfWork

Progress = Callable[[int, int], None]
_DEMO = (
    "Vous êtes dans la démonstration, et les données réelles ne s’y mêlent pas. Pour commencer avec les vôtres, «\u00a0Importer\u00a0» de "
    "la page Contacts crée votre base avec votre fichier, «\u00a0gnetics import CLASSEUR\u00a0» aussi\u00a0: les pages y passent "
    "d’elles-mêmes."
)
_NO_SYNC = (
    "La synchronisation est inactive\u00a0: un import s’enregistre pour toute l’équipe, il n’est donc pas possible pour le moment. "
    "Demandez à votre administrateur d’activer l’enregistrement."
)
_IDENTITY = {"leads": ("lead_id", "origin"), "events": ("uid",), "messages": ("message_id",), "runs": ("idempotency_key",)}


def require_import(crm: Crm, user: str) -> None:
    """Raises Forbidden or Refused when this person may not import into this store from the page."""
    crm.require(user, Verb.IMPORT)
    if crm.kind == "demo":
        raise Refused({"": _DEMO})
    if not crm.sync_active():
        raise Refused({"": _NO_SYNC})


@dataclass(frozen=True)
class Imported:
    """What became of the rows, `repeated` being those merged into an earlier row of the same call.

    `keys` holds the store's key of each row given, in the same order.
    """

    inserted: int
    updated: int
    unchanged: int
    repeated: int
    keys: list[int]
    trace: Trace


@dataclass
class Trace:
    """What was written, to show it and to undo it: keys of new rows, and {key: {column: (before, after)}} of the others.

    `kept` counts the values that were not, since somebody had changed theirs; `over` are, of leads, the columns written over all the same.
    """

    new: list[int] = field(default_factory=list)
    changed: dict[int, dict[str, tuple[Any, Any]]] = field(default_factory=dict)
    kept: int = 0
    over: dict[int, set[str]] = field(default_factory=dict)


def came_back(changed: Mapping[str, tuple[Any, Any]]) -> bool:
    """Whether what was written over a row brought it back from the bin."""
    return "deleted" in changed


def import_rows(
    uow: UnitOfWork, table_name: str, rows: Sequence[Mapping[str, Any]], progress: Progress | None = None, *, over_edits: bool = True
) -> Imported:
    """Insert or update `rows` in "leads", "events", "messages" or "runs"; the caller checks rights and commits `uow`.

    A row is {column of store/schema.py: Python value}: datetime.date for days, aware datetime for instants, int cents,
    int percent, bool. On a row already stored, a column absent or None is left as it is (a blank cell never erases what
    somebody typed), except `unread`, written whenever given.
    Kept by the store, never to be given: key, rev, updated_at, deleted, and for leads real, search, *_fold,
    phone_e164, email_check, email_domain; for messages and runs search.

    A row is the one already stored when it has the same: leads `lead_id`, or else `origin` (the fingerprint of a row
    without ID Lead); events `uid`; messages `message_id`; runs `idempotency_key`. Twice the same identity in `rows`:
    the later row completes and corrects the earlier one.
    Each changed field is in the history (action « import »); a new lead or event has one line « import », field "".
    A new lead without `probability` gets its status's; an existing lead whose status the row changes gets probability,
    previous_status, status_since and closed_at from the row, or else the default, the old status, unknown dates.
    No lead is given an ID Lead. Not `over_edits`: what people changed since, or removed, is left as they left it.
    `progress(done, total)` is called every few hundred rows.
    """
    plan = _plan(uow, table_name, rows)
    total, done, trace = len(plan.new) + len(plan.old), 0, Trace()
    for chunk in chunks(plan.new):
        write_rows(uow, table_name, chunk, {}, trace)
        done += len(chunk)
        if progress:
            progress(done, total)
    for chunk in chunks(plan.old):
        write_rows(uow, table_name, [], {key: plan.old[key] for key in chunk}, trace, over_edits=over_edits)
        done += len(chunk)
        if progress:
            progress(done, total)
    keys = [trace.new[place] if is_new else place for is_new, place in plan.places]
    updated = len(trace.changed)
    return Imported(len(trace.new), updated, len(plan.old) - updated, len(rows) - total, keys, trace)


def write_rows(
    uow: UnitOfWork,
    table_name: str,
    new: Sequence[Row],
    old: Mapping[int, Row],
    trace: Trace,
    known: Sequence[Row] | None = None,
    *,
    over_edits: bool = True,
) -> None:
    """Insert `new` and write `old` {stored key: what to change}, noting both in `trace`; `known` is insert_many's."""
    trace.new += uow.insert_many(table_name, [_new(table_name, row) for row in new], Action.IMPORTED, known)
    held = uow.held(table_name, old)  # most rows of a file that comes again
    old = {key: row for key, row in old.items() if key not in held}
    stored = uow.rows(table_name, old)
    if not over_edits:
        old = _without_edits(uow, table_name, stored, old, trace)
    changes = [(stored[key], _changed(table_name, stored[key], row)) for key, row in old.items()]
    changed = {}
    for row, asked in changes:
        if differing := {name: (row[name], value) for name, value in asked.items() if value != row[name]}:
            changed[row["key"]] = differing
    trace.changed |= changed
    if over_edits and table_name == "leads":
        for key, fields in typed_fields(uow.connection, ENTITY[table_name], changed).items():
            trace.over[key] = {name for name in changed[key] if _is_typed(fields, name, stored[key][name])}
    uow.update_many(table_name, changes, Action.IMPORTED)


def _without_edits(uow: UnitOfWork, table_name: str, stored: Mapping[int, Row], old: Mapping[int, Row], trace: Trace) -> dict[int, Row]:
    """What may be written: not over a value that anything but an import gave last, nor over a row that somebody removed."""
    left = {}
    typed = typed_fields(uow.connection, ENTITY[table_name], old)
    for key, row in old.items():
        if stored[key]["deleted"]:
            continue
        theirs = {name for name, value in row.items() if value != stored[key][name] and _is_typed(typed[key], name, stored[key][name])}
        trace.kept += len(theirs)
        left[key] = {name: value for name, value in row.items() if name not in theirs}
    return left


def _is_typed(typed: Mapping[str, bool], name: str, value: Any) -> bool:
    """One that the row came with has no line of its own: then its first line tells, unless there was nothing to give."""
    return typed.get(name, value is not None and typed.get("", False))


@dataclass
class _Plan:
    """`places` says of each row given: (True, its rank in `new`) or (False, its stored key)."""

    new: list[Row] = field(default_factory=list)
    old: dict[int, Row] = field(default_factory=dict)
    places: list[tuple[bool, int]] = field(default_factory=list)


def _plan(uow: UnitOfWork, table_name: str, rows: Sequence[Mapping[str, Any]]) -> _Plan:
    plan, known = _Plan(), _stored_identities(uow, table_name)
    for row in rows:
        identities = list(_identities(table_name, row))
        place = next((known[identity] for identity in identities if identity in known), None)
        if place is None:
            place = (True, len(plan.new))
            plan.new.append({})
        is_new, number = place
        target = plan.new[number] if is_new else plan.old.setdefault(number, {})
        target.update({name: value for name, value in row.items() if value is not None or name == "unread"})
        known.update(dict.fromkeys(identities, place))
        plan.places.append(place)
    return plan


def _stored_identities(uow: UnitOfWork, table_name: str) -> dict[tuple[str, str], tuple[bool, int]]:
    table = VERSIONED[table_name]
    names = _IDENTITY[table_name]
    found: dict[tuple[str, str], tuple[bool, int]] = {}
    for key, *texts in uow.connection.execute(select(table.c.key, *(table.c[name] for name in names))):
        found.update({(name, text): (False, key) for name, text in zip(names, texts, strict=True) if text is not None})
    return found


def _identities(table_name: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    return ((name, row[name]) for name in _IDENTITY[table_name] if row.get(name) is not None)


def _new(table_name: str, row: Row) -> Row:
    return {"probability": default_probability(row.get("status"))} | row if table_name == "leads" else row


def _changed(table_name: str, stored: Row, row: Row) -> Row:
    """What to write over a stored row, which comes back if it had been deleted; one that was merged, or erased for its age, stays so."""
    if stored.get("merged_into") is not None or stored.get("erased"):
        return {}
    changes = row | {"deleted": False}
    if table_name == "leads" and row.get("status", stored["status"]) != stored["status"]:
        implied = {
            "probability": default_probability(row["status"]),
            "previous_status": stored["status"],
            "status_since": None,
            "closed_at": None,
        }
        changes = implied | changes
    return changes
