"""One person leaves the store: what is theirs goes, as the register says of each column, and what others wrote of how to reach them.

Figures count the lead, its mails and its events as before; nothing of it says who it was, and undoing brings nobody back.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, delete, null, or_, select, update

from gnetics.domain.consent import BARRING
from gnetics.domain.folding import fold
from gnetics.domain.history import Action
from gnetics.domain.leads import IDENTITY_TO_CREATE
from gnetics.domain.outbox import UNSETTLED, State
from gnetics.domain.redacting import Traces
from gnetics.store.bulk import update_rows
from gnetics.store.canonical import ENTITY
from gnetics.store.duplicates import DOUBLE, VALID, chunks
from gnetics.store.person import digests
from gnetics.store.person.columns import REGISTER, Way, columns_of
from gnetics.store.person.digests import What
from gnetics.store.person.finding import Mention, Person, mentions, theirs
from gnetics.store.schema import VERSIONED, collection_objects, history, imports, messages, metadata, outbox, runs, suppressions
from gnetics.store.unit_of_work import UnitOfWork

NAME = "Personne effacée"
WORD = "Effacé"
_MERGES = (Action.MERGED, Action.TAKEN_OVER)
_FOLLOWED = {"messages": ("in_reply_to", "thread", "reply_message_id"), "runs": ("message_id",)}  # where a mail is named by others
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Forgotten:
    """How many rows were theirs, and in how many of others something was removed."""

    rows: int
    others: int


def forget(uow: UnitOfWork, found: Person) -> Forgotten:
    """At once, wherever; the leads stay, anonymous. The caller commits."""
    digests.note(uow.connection, uow.now, {**_known_by(found), What.BARRED: _barred(uow, found)})
    others = _forget_mentions(uow, found)
    rows = forget_beside(uow, found) + len(found.rows)
    _make_anonymous(uow, found)
    return Forgotten(rows, others)


def forget_binned(uow: UnitOfWork, found: Person) -> None:
    """The same of leads whose time in the bin is over, which the caller empties: who comes back by a file or a mail is welcome."""
    digests.note(uow.connection, uow.now, {What.BARRED: _barred(uow, found)})
    _forget_mentions(uow, found)
    forget_beside(uow, found)


def forget_beside(uow: UnitOfWork, found: Person) -> int:
    """What is theirs beside their leads: how many rows."""
    own = theirs(uow.connection, found)
    count = _forget_history(uow, own["history"])
    for name in (name for name, held in REGISTER.items() if held.gone):
        count += uow.connection.execute(delete(metadata.tables[name]).where(own[name])).rowcount
    count += _forget_mails(uow, found) + _forget_runs(uow, own["runs"]) + _forget_events(uow, own["events"])
    _forget_objects(uow, own["collection_objects"])
    _forget_traces(uow, found, own)
    return count


# their leads


def _make_anonymous(uow: UnitOfWork, found: Person) -> None:
    """As a figure sees them they are as before; no search, match or duplicate finds them."""
    kept = [row for row in found.rows if row["erased_at"] is None]
    uow.rewrite("leads", [(dict(row), _anonymous(row, uow.now)) for row in kept])
    for row in kept:
        uow.note("leads", row["key"], Action.ERASED)


def _anonymous(row: Row, now: datetime) -> dict[str, Any]:
    words = [column.name for column in columns_of("leads", Way.WORD)]
    blank = [column.name for column in columns_of("leads", Way.BLANK)]
    titled = next((name for name in IDENTITY_TO_CREATE if row[name]), "name")
    values: dict[str, Any] = {name: WORD if row[name] else row[name] for name in words} | dict.fromkeys(blank) | {titled: NAME}
    unread = json.dumps(dict.fromkeys(json.loads(row["unread"]), WORD), ensure_ascii=False) if row["unread"] else None
    there = {"phone_e164": f"{WORD} {row['key']}", "email_domain": WORD}  # of which figures and points ask only whether it is there
    derived = {name: value if row[name] else None for name, value in there.items()}
    derived |= {"search": fold(f"{NAME} {row['lead_id'] or ''}"), "name_fold": None, "company_fold": None, "email_fold": None}
    check = VALID if row["email_check"] == DOUBLE else row["email_check"]
    return {**values, "unread": unread, **derived, "email_check": check, "erased_at": now}


# what is theirs beside them


def _forget_history(uow: UnitOfWork, own: ColumnElement[bool]) -> int:
    """The lines stay, by which figures know earlier days; what they said of the person does not."""
    fields = [column.name for name in ENTITY for column in columns_of(name, Way.WORD, Way.BLANK, Way.PEOPLE)]
    merges = (history.c.entity == "lead", history.c.field == "", history.c.action.in_(_MERGES))
    revs = uow.connection.execute(select(history.c.rev).where(own, *merges).distinct()).scalars().all()
    said = or_(history.c.before.is_not(None), history.c.after.is_not(None))
    theirs_said = and_(own, history.c.field.in_(["", *fields]), said)
    count = uow.connection.execute(update(history).where(theirs_said).values({name: _word(name) for name in ("before", "after")})).rowcount
    for some in chunks(revs):  # the other side of a merge that was taken back names them
        uow.connection.execute(update(history).where(*merges, history.c.rev.in_(some)).values(before=None, after=NAME))
    return count


def _word(name: str) -> Any:
    column = history.c[name]
    return case((column.is_(None), null()), else_=WORD)


def _forget_mails(uow: UnitOfWork, found: Person) -> int:
    """Blanked as those that are too old: figures count them."""
    uow.blank("messages", sorted(found.mails))
    key = digests.key_of(uow.connection)
    for some in chunks(sorted(found.mails)):
        named = dict(uow.connection.execute(select(messages.c.message_id, messages.c.key).where(messages.c.key.in_(some))).all())
        new = {message_id: digests.stand_in(key, message_id) for message_id in named}
        update_rows(uow.connection, messages, [{"key": named[old], "message_id": each} for old, each in new.items()])
        for table, name in ((VERSIONED[table], name) for table, names in _FOLLOWED.items() for name in names):
            _follow_identity(uow, table, name, new)
    return len(found.mails)


def _follow_identity(uow: UnitOfWork, table: Table, name: str, new: Mapping[str, str]) -> None:
    column = table.c[name]
    rows = uow.connection.execute(select(table.c.key, column).where(column.in_(list(new)))).all()
    update_rows(uow.connection, table, [{"key": row_key, name: new[old], "rev": uow.rev} for row_key, old in rows])


def _forget_runs(uow: UnitOfWork, own: ColumnElement[bool]) -> int:
    """A rule knows its own by keys and dates; an imported one may be called by anything."""
    names = ("key", "idempotency_key", "message_id", "automation")
    rows = uow.connection.execute(select(*(runs.c[name] for name in names)).where(own)).all()
    uow.blank("runs", [row.key for row in rows])
    key = digests.key_of(uow.connection)
    renamed = [
        {
            "key": row.key,
            "idempotency_key": row.idempotency_key if row.automation else digests.stand_in(key, row.idempotency_key),
            "message_id": row.message_id and digests.stand_in(key, row.message_id),
        }
        for row in rows
    ]
    update_rows(uow.connection, runs, renamed)
    return len(rows)


def _forget_events(uow: UnitOfWork, own: ColumnElement[bool]) -> int:
    key, events = digests.key_of(uow.connection), VERSIONED["events"]
    keys = uow.connection.execute(select(events.c.key).where(own)).scalars().all()
    rows = list(uow.rows("events", keys).values())
    blank = dict.fromkeys(column.name for column in columns_of("events", Way.BLANK, Way.PEOPLE))
    uow.rewrite("events", [(row, {**blank, "title": NAME, "uid": digests.stand_in(key, row["uid"])}) for row in rows])
    return len(rows)


def _forget_objects(uow: UnitOfWork, own: ColumnElement[bool]) -> None:
    """What a CalDAV server has of them is no event that calendars carry any more: the next round removes it there."""
    key = digests.key_of(uow.connection)
    names = ("collection", "href", "uid", "event_key")
    rows = [dict(row) for row in uow.connection.execute(select(*(collection_objects.c[name] for name in names)).where(own)).mappings()]

    def left(row: Row) -> dict[str, Any]:
        return {"uid": digests.stand_in(key, row["uid"]), "text": "", "said": json.dumps([[row["event_key"], 0, None]])}

    _write(uow, collection_objects, [(row, left(row)) for row in rows])


def _forget_traces(uow: UnitOfWork, found: Person, own: Mapping[str, ColumnElement[bool]]) -> None:
    """No import brings them back when it is undone."""
    gone = {name: set(uow.connection.execute(select(table.c.key).where(own[name])).scalars()) for name, table in VERSIONED.items()}
    for row in uow.connection.execute(select(imports.c.key, imports.c.trace).where(imports.c.trace.is_not(None))).all():
        before = json.loads(zlib.decompress(row.trace))
        after = {name: _without_rows(trace, gone[name]) for name, trace in before.items()}
        after = _each_text(after, found.traces.without)
        if after != before:
            packed = zlib.compress(json.dumps(after, ensure_ascii=False).encode())
            uow.connection.execute(update(imports).where(imports.c.key == row.key).values(trace=packed))


def _without_rows(trace: Mapping[str, Any], keys: set[int]) -> dict[str, Any]:
    changed = {key: each for key, each in trace["changed"].items() if int(key) not in keys}
    return {"new": [key for key in trace["new"] if key not in keys], "changed": changed}


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    """JSON of which the texts alone are changed: numbers are keys and amounts."""
    if isinstance(value, dict):
        return {key: _each_text(each, change) for key, each in value.items()}
    if isinstance(value, list):
        return [_each_text(each, change) for each in value]
    return change(value) if isinstance(value, str) else value


# what others wrote


def _forget_mentions(uow: UnitOfWork, found: Person) -> int:
    """Addresses and telephones are removed from the texts of others: of how many rows."""
    written: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {}
    for mention in mentions(uow.connection, found):
        written.setdefault(mention.table, []).append((dict(mention.row), _changes(mention, found.traces)))
    for name, changes in written.items():
        if name in VERSIONED:
            uow.rewrite(name, [(row, {**asked, **uow.derived(name, row | asked)}) for row, asked in changes])
        else:
            _write(uow, metadata.tables[name], changes)
    _close_outbox(uow, [row for row, _ in written.get("outbox", [])])
    return sum(map(len, written.values()))


def _changes(mention: Mention, traces: Traces) -> dict[str, Any]:
    ways = REGISTER[mention.table].ways
    changed: dict[str, Any] = {}
    for name, text in mention.texts.items():
        if mention.table == "invitations" and name == "people":
            changed[name] = json.dumps([each for each in json.loads(text) if not traces.is_theirs(each)])
        elif ways[name] is Way.PEOPLE:
            left = [each for each in json.loads(text) if not (each and each[0] and traces.is_theirs(each[0]))]
            changed[name] = traces.without(json.dumps(left, ensure_ascii=False)) if left else None
        else:
            changed[name] = traces.without_named(text) if ways[name] is Way.HEADER else traces.without(text)
    if mention.table == "views" and "name" in changed:  # two of one person may not have one name
        changed["name"] += f" {mention.row['key']}"
        changed["name_fold"] = fold(changed["name"])
    return changed


def _write(uow: UnitOfWork, table: Table, changes: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    for row, asked in changes:
        mine = (column == row[column.name] for column in table.primary_key)
        uow.connection.execute(update(table).where(*mine).values(asked))


def _close_outbox(uow: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    """What left for several people has no bytes any more; what did not, in a store put back, does not leave."""
    for row in rows:
        waits = {"state": State.CANCELLED, "settled_at": uow.now} if row["state"] in UNSETTLED else {}
        uow.connection.execute(update(outbox).where(outbox.c.key == row["key"]).values(content=b"", **waits))


# what stays known


def _known_by(found: Person) -> dict[What, list[str]]:
    ids = [digests.lead_name(row) for row in found.rows]
    return {What.ADDRESS: sorted(found.traces.addresses), What.PHONE: sorted(found.traces.phones), What.LEAD: ids}


def _barred(uow: UnitOfWork, found: Person) -> list[str]:
    """Addresses that nothing may be sent to: those on the list, all of somebody who said no."""
    addresses = found.traces.addresses
    if any(row["consent"] in BARRING for row in found.rows):
        return sorted(addresses)
    return list(uow.connection.execute(select(suppressions.c.address).where(suppressions.c.address.in_(sorted(addresses)))).scalars())
