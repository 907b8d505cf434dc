"""One transaction of one user: rows, their history, their number and what follows from them, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from gnetics.domain import lead_ids
from gnetics.domain.history import Action
from gnetics.domain.leads import derive
from gnetics.domain.messages import Kind
from gnetics.domain.regions import Region
from gnetics.errors import NotFound, Refused
from gnetics.store import about, correspondence, duplicates, erasing, foreign_keys, log_counts, scores
from gnetics.store.bulk import insert_rows, update_rows
from gnetics.store.canonical import ENTITY, RECORDED, WHOLE, encode
from gnetics.store.derived import derived, follow_leads
from gnetics.store.erasing import Erased
from gnetics.store.happenings import Told
from gnetics.store.lineage import Point, leave_mark
from gnetics.store.merges import merged_into
from gnetics.store.people import own
from gnetics.store.schema import VERSIONED, attachments, counters, history, leads, messages, sequences

Row = dict[str, Any]
_WATCHED = {"deleted", "real", "name_fold", "email_fold", "email_domain", "email_check", "deal_of"}  # what duplicates depend on
_DEFAULTS: dict[str, Row] = {
    "leads": {"score_activity": 0},
    "events": {"all_day": False, "done": False, "cancelled": False, "sequence": 0},
    "messages": {"kind": Kind.MESSAGE, "automatic": False, "filed": "", "answer": "", "erased": False},
    "runs": {"erased": False},
}
ERASED = "Cette personne a été effacée\u00a0: sa fiche ne sert plus qu’aux chiffres, et ne change plus."
_GONE = {"leads": "Ce contact n’existe plus.", "events": "Cet événement n’existe plus."}


class UnitOfWork:
    """Made by Crm.write, which holds the store's only write lock; nothing is kept without `commit`.

    `owner` is the Responsable whose leads are the only ones it reads and writes (Forbidden for any other); None: all.
    """

    def __init__(self, connection: Connection, rev: int, user: str, now: datetime, region: Region, owner: str | None = None) -> None:
        self.connection = connection
        self.rev = rev
        self.user = user
        self.now = now
        self.region = region
        self.owner = owner
        self.kept: Point | None = None  # once committed
        self._dirty = False
        self._emails: set[str] = set()
        self._leads: set[int] = set()
        self._new_leads: set[int] = set()
        self._domains: set[str] = set()
        self._active: set[int] = set()
        self._message_ids: set[str] = set()
        self._days: dict[str, set[str]] = {log: set() for log in log_counts.LOGS}
        self._told = Told()

    # reading

    @cached_property
    def _rates(self) -> scores.Rates:
        return scores.read_rates(self.connection)

    @cached_property
    def _highest(self) -> int:
        """Of the numbers given to leads; nobody else gives one meanwhile, since we hold the only write lock."""
        return int(self.connection.execute(select(counters.c.value).where(counters.c.name == "lead_id")).scalar_one())

    def row(self, table_name: str, key: int) -> Row:
        """The whole stored row; raises NotFound when there is none or it was deleted."""
        found = self.rows(table_name, [key]).get(key)
        if found is None or found["deleted"]:
            raise NotFound(_GONE.get(table_name, "Cette ligne n’existe plus."))
        return found

    def rows(self, table_name: str, keys: Iterable[int]) -> dict[int, Row]:
        """Stored rows by key, deleted ones included."""
        table = VERSIONED[table_name]
        found: dict[int, Row] = {}
        for chunk in duplicates.chunks(keys):
            result = self.connection.execute(select(table).where(table.c.key.in_(chunk)))
            names = list(result.keys())
            found.update((row.key, dict(zip(names, row, strict=True))) for row in result)  # a quarter of the time of mappings()
        self._require_own(table_name, list(found.values()))
        return found

    def held(self, table_name: str, rows: Mapping[int, Row]) -> set[int]:
        """Keys of the present rows that already say all they are given; whoever has leads of their own has each looked at whole."""
        table, held = VERSIONED[table_name], set[int]()
        for chunk in duplicates.chunks(rows) if self.owner is None else ():
            names = list(dict.fromkeys(chain.from_iterable(rows[key] for key in chunk)))
            wanted = select(table.c.key, *(table.c[name] for name in names)).where(table.c.key.in_(chunk), ~table.c.deleted)
            for key, *values in self.connection.execute(wanted).all():
                given = rows[key]
                # what is given nothing is mostly empty: compared in one go, which takes a third of the time
                if [*map(given.get, names)] == values or given.items() <= dict(zip(names, values, strict=True)).items():
                    held.add(key)
        return held

    # writing

    def insert(self, table_name: str, values: Mapping[str, Any], action: Action = Action.CREATED) -> int:
        return self.insert_many(table_name, [values], action)[0]

    def insert_many(
        self, table_name: str, rows: Sequence[Mapping[str, Any]], action: Action, known: Sequence[Mapping[str, Any]] | None = None
    ) -> list[int]:
        """Keys of the new rows, in order; one history line each, without field.

        `known` are what domain/leads.py `identified` of each lead, when the caller had to know it before.
        """
        if table_name == "leads" and self.owner is not None:
            rows = [{**row, "owner": row.get("owner") or self.user} for row in rows]
        self._require_own(table_name, rows)
        table = VERSIONED[table_name]
        kept = {"updated_at": self.now, "deleted": False, "rev": self.rev}
        keys = self._new_keys(table_name, len(rows))
        if known is None:
            follow = [derived(table_name, row, self.region, self._rates) for row in rows]
        else:
            follow = [follow_leads(row, derive(row, self.region, each), self._rates) for row, each in zip(rows, known, strict=True)]
        blank = dict.fromkeys(chain.from_iterable(rows)) | _defaults(table_name)  # the columns that no row gives are empty by themselves
        full = [{**blank, **row, **more, **kept, "key": key} for key, row, more in zip(keys, rows, follow, strict=True)]
        insert_rows(self.connection, table, full)
        self._note_each(table_name, keys, action)
        self._told.come(table_name, full, action)
        self._dirty |= bool(keys)
        if table_name == "leads":
            self._raise_number(max((lead_ids.number_of(row.get("lead_id")) for row in full), default=0))
            self._new_leads.update(keys)
            self._follow(full)
        self._note_activity(table_name, full)
        return keys

    def update(self, table_name: str, key: int, changes: Mapping[str, Any], action: Action = Action.CHANGED) -> bool:
        """Whether anything differed; the history has a line per field that did."""
        return self.update_many(table_name, [(self.row(table_name, key), changes)], action) == 1

    def update_many(self, table_name: str, changes: Sequence[tuple[Row, Mapping[str, Any]]], action: Action) -> int:
        """How many of these (stored row, changes) differed and were written."""
        after = [] if table_name == "leads" else [{**row, **asked} for row, asked in changes]  # a lead may be given to somebody else
        self._require_own(table_name, [*(row for row, _ in changes), *after])
        if table_name == "leads" and any(row["erased_at"] for row, _ in changes):
            raise Refused({"": ERASED})
        lines: list[Row] = []
        writes: dict[tuple[str, ...], list[Row]] = {}
        count, images = 0, []
        for row, asked in changes:
            differing = {name: value for name, value in asked.items() if value != row[name]}
            if not differing:
                continue
            self._told.changed(table_name, row, differing, action)
            new = row | differing
            kept = derived(table_name, new, self.region, self._rates, differing.keys())
            differing |= {name: value for name, value in kept.items() if value != row[name]}
            lines += [
                self._line(table_name, row["key"], action, name, encode(table_name, name, row[name]), encode(table_name, name, new[name]))
                for name in differing
                if name in RECORDED.get(table_name, ())
            ]
            written = differing | {"updated_at": self.now, "rev": self.rev}
            writes.setdefault(tuple(sorted(written)), []).append(written | {"key": row["key"]})
            count += 1
            self._note_activity(table_name, [row, row | differing])
            if table_name == "leads" and _WATCHED & differing.keys():
                images += [row, row | differing]
        if table_name == "leads":
            self._raise_number(max((lead_ids.number_of(asked.get("lead_id")) for _, asked in changes), default=0))
        for rows in writes.values():
            update_rows(self.connection, VERSIONED[table_name], rows)
        self._record(lines)
        self._dirty |= count > 0
        self._follow(images)
        return count

    def delete(self, table_name: str, key: int) -> None:
        """A deletion is a row too: refreshes see it, and the identity is never given again."""
        self.delete_many(table_name, [self.row(table_name, key)])

    def delete_many(self, table_name: str, rows: Sequence[Row], action: Action = Action.DELETED) -> None:
        """The same for rows as `rows` read them."""
        self.update_many(table_name, [(row, {"deleted": True}) for row in rows], action)
        self._note_each(table_name, [row["key"] for row in rows], action)

    def undelete_many(self, table_name: str, changes: Sequence[tuple[Row, Mapping[str, Any]]], action: Action) -> None:
        """Bring back deleted rows, given as `rows` read them, each with what else changes."""
        self.update_many(table_name, [(row, {"deleted": False, **asked}) for row, asked in changes], action)
        self._note_each(table_name, [row["key"] for row, _ in changes], action)

    def rewrite(self, table_name: str, changes: Sequence[tuple[Row, Row]]) -> None:
        """Write over stored rows, given whole, all that is to change: without a line of the history, which would keep what is erased."""
        writes: dict[tuple[str, ...], list[Row]] = {}
        for row, asked in changes:
            at = row["updated_at"] if row["deleted"] else self.now  # the bin counts from it
            written = {**asked, "updated_at": at, "rev": self.rev, "key": row["key"]}
            writes.setdefault(tuple(sorted(written)), []).append(written)
            self._note_activity(table_name, [row, row | asked])
        for rows in writes.values():
            update_rows(self.connection, VERSIONED[table_name], rows)
        if table_name == "leads":
            self._follow([image for row, asked in changes for image in (row, row | asked)])
        self._dirty |= bool(changes)

    def derived(self, table_name: str, row: Row) -> Row:
        """The columns that follow from the others, for `rewrite`."""
        return derived(table_name, row, self.region, self._rates)

    def blank(self, log: str, keys: Sequence[int]) -> None:
        """What these rows of a log say goes: see erasing.py."""
        table = VERSIONED[log]
        for some in duplicates.chunks(keys):
            self._days[log] |= log_counts.days_of(self.connection.execute(select(table.c.logged_at).where(table.c.key.in_(some))).scalars())
        erasing.blank(self.connection, log, keys, self.rev, self.now)
        self._dirty |= bool(keys)

    def binned(self, before: datetime, rev: int) -> dict[int, int | None]:
        """The leads deleted before that moment and by that transaction, each with the one that took it over."""
        old = select(leads.c.key, leads.c.merged_into).where(leads.c.deleted, leads.c.updated_at < before, leads.c.rev <= rev)
        return dict(self.connection.execute(old).all())

    def forget_leads(self, into: Mapping[int, int | None]) -> None:
        """Erase what these leads, as `binned` gives them, say, history included.

        The row and its ID Lead stay, so that the number is never given again. The history and the foreign keys of a merged lead are its
        survivor's. Mails stay in the log, without their attachments, which only the lead's sheet gave.
        """
        keys, gone = list(into), [key for key, survivor in into.items() if survivor is None]
        kept = {"key", "lead_id", "deleted", "rev", "email_check", "search", "real", "merged_into"}
        blank = {column.name: None for column in leads.c if column.name not in kept}
        for chunk in duplicates.chunks(keys):
            self.connection.execute(update(leads).where(leads.c.key.in_(chunk)).values(blank | {"search": "", "rev": self.rev}))
        for chunk in duplicates.chunks([*gone, *merged_into(self.connection, gone)]):
            self.connection.execute(delete(history).where(history.c.entity == "lead", history.c.entity_key.in_(chunk)))
            foreign_keys.forget(self.connection, chunk)
            self.connection.execute(delete(sequences).where(sequences.c.lead_key.in_(chunk)))
            theirs = select(messages.c.key).where(messages.c.lead_key.in_(chunk))
            self.connection.execute(delete(attachments).where(attachments.c.message_key.in_(theirs)))
        self._dirty |= bool(keys)

    def erase_log(self, log: str, before: datetime, known_at: int, most: int) -> Erased:
        """Blank the oldest rows of a log: see erasing.py."""
        erased = erasing.erase(self.connection, log, self.rev, self.now, before, known_at, most)
        self._days[log] |= log_counts.days_of(erased.moments)
        self._dirty |= erased.rows > 0
        return erased

    def next_lead_id(self) -> str:
        """The number above the highest ever given, here or by a workbook; a hole is never filled."""
        return lead_ids.written(self._raise_number(self._highest + 1))

    def set_meta(self, name: str, value: str) -> None:
        """Change what the store says of itself, with its history line."""
        before = about.require(self.connection, name)
        if before != value:
            about.write(self.connection, name, value)
            self.note_setting(name, before, value)

    def note_setting(self, name: str, before: str | None, after: str | None) -> None:
        """A line of the history about the store itself."""
        if before != after:
            self._record([self._line("", 0, Action.CHANGED, name, before, after)])

    def settle_scores(self, progress: scores.Progress | None = None) -> tuple[int, int]:
        """Compute the automatic score of every lead anew: (how many changed, how many there are); not in the history."""
        before = self._rates
        changed, total = scores.settle_all(self.connection, self.rev, progress)
        self._dirty |= changed > 0 or scores.read_rates(self.connection) != before
        return changed, total

    def note(self, table_name: str, key: int, action: Action, before: str | None = None, after: str | None = None) -> None:
        """A line of the history about the row as a whole."""
        self._record([self._line(table_name, key, action, "", before, after)])

    def note_lot(self, rev: int, action: Action, count: int, what: str) -> None:
        """A line of the history about transaction `rev`, which did `what` to so many leads."""
        self._record([self._line("", rev, action, "", str(count), what) | {"entity": "lot"}])

    def settle_sources(self) -> None:
        """Measure anew what each source has given, and the points of the leads of those that changed."""
        self._dirty |= scores.settle_sources(self.connection, self.rev)

    def add_history(self, lines: Sequence[Row]) -> None:
        """Lines with their own `at`, `who`, `action`, `entity`, `entity_key`, `field`, `before`, `after` (an imported past)."""
        self._require_own("history", [{"lead_key": line["entity_key"]} for line in lines])
        self._record([line | {"rev": self.rev} for line in lines])

    def add_foreign_keys(self, keys: Sequence[tuple[str, str, int]]) -> None:
        """Enter what other programs call leads: (source, value, key of the lead), none of them known yet."""
        foreign_keys.add(self.connection, self.rev, keys)
        self._dirty |= bool(keys)

    def commit(self) -> int:
        """Keep everything; the rev written, or the store's own when nothing changed."""
        if not self._dirty:
            self.connection.rollback()
            return self.rev - 1
        duplicates.settle_emails(self.connection, self.rev, self._emails)
        if self._leads and duplicates.settle_pairs(self.connection, self._leads, self._domains, self._new_leads):
            self._count("pairs", self.rev)
        scores.settle(self.connection, self.rev, self._active)
        told = correspondence.settle(self.connection, self.rev, self._message_ids)
        self._days["messages"] |= log_counts.days_of(told)
        for log, days in self._days.items():
            log_counts.settle(self.connection, log, days)
        self._told.write(self.connection, self.rev, self.now, self.user)
        self._count("rev", self.rev)
        point = leave_mark(self.connection, self.rev)
        self.connection.commit()
        self.kept = point
        return self.rev

    def commit_private(self) -> None:
        """Keep what no screen shows to others: no revision is taken, so nobody is told of newer data."""
        self.connection.commit()

    def commit_all(self) -> None:
        """Keep everything, also when it is nothing that a screen shows to others: only then no revision is taken."""
        if self._dirty:
            self.commit()
        else:
            self.commit_private()

    # inside

    def _require_own(self, table_name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if self.owner is not None:
            own.require(self.connection, self.owner, table_name, rows)

    def _new_keys(self, table_name: str, count: int) -> list[int]:
        """Keys taken beforehand, since inserting many rows and asking for theirs is one statement per row on SQLite."""
        if self.connection.dialect.name == "sqlite":  # we hold the only write lock, and rows are never really deleted
            last = self.connection.execute(select(func.max(VERSIONED[table_name].c.key))).scalar() or 0
            return list(range(last + 1, last + 1 + count))
        sequence = func.pg_get_serial_sequence(table_name, "key")
        return list(self.connection.execute(select(func.nextval(sequence)).select_from(func.generate_series(1, count).alias())).scalars())

    def _line(self, table_name: str, key: int, action: Action, field: str, before: str | None, after: str | None) -> Row:
        return {
            "at": self.now,
            "who": self.user,
            "action": action,
            "entity": ENTITY.get(table_name, "store"),
            "entity_key": key,
            "field": field,
            "before": before,
            "after": after,
            "rev": self.rev,
        }

    def _note_each(self, table_name: str, keys: Iterable[int], action: Action) -> None:
        """A line for each row as a whole, where rows that come and go have one."""
        if table_name in WHOLE:
            line = self._line(table_name, 0, action, "", None, None)
            self._record([{**line, "entity_key": key} for key in keys])

    def _record(self, lines: list[Row]) -> None:
        if lines:
            insert_rows(self.connection, history, lines)
            self._dirty = True

    def _follow(self, images: list[Row]) -> None:
        """Note what `commit` has to settle for these leads, given as they were and as they are."""
        self._leads.update(row["key"] for row in images)
        self._emails.update(row["email_fold"] for row in images if row["email_fold"])
        self._domains.update(row["email_domain"] for row in images if row["email_domain"])

    def _note_activity(self, table_name: str, images: list[Row]) -> None:
        """Note what `commit` has to settle for events, mails and runs, given as they were and as they are."""
        if table_name in ("events", "messages"):
            self._active.update(row["lead_key"] for row in images if row.get("lead_key") is not None)
        if table_name in ("messages", "runs"):
            self._message_ids.update(row["message_id"] for row in images if row.get("message_id") is not None)
            self._message_ids.update(row["in_reply_to"] for row in images if row.get("in_reply_to") is not None)
            self._days[table_name] |= log_counts.days_of({row["logged_at"] for row in images})

    def _raise_number(self, number: int) -> int:
        """The number by which a lead is called, kept as given when none was higher."""
        if number > self._highest:
            self._highest = number
            self._count("lead_id", number)
        return number

    def _count(self, name: str, value: int) -> None:
        self.connection.execute(update(counters).where(counters.c.name == name).values(value=value))
        self._dirty = True


def _defaults(table_name: str) -> Row:
    """Columns that may not be empty, for rows that do not give them."""
    return _DEFAULTS.get(table_name, {})
