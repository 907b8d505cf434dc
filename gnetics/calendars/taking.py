"""What a server has that is new goes into the store: by field, so that what was changed here meanwhile stays, and is sent later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property

from sqlalchemy import select

from gnetics.actions.events import new_uid
from gnetics.calendars.dav import Content
from gnetics.calendars.sayings import Merge, Reading, Said, columns, joined, merge, of_entry, of_row, same_parts
from gnetics.calendars.states import Object, Part
from gnetics.domain.folding import fold
from gnetics.domain.history import Action
from gnetics.domain.quoting import quote
from gnetics.domain.regions import Region
from gnetics.store.duplicates import chunks
from gnetics.store.people import own
from gnetics.store.people.writers import account_of
from gnetics.store.person.digests import Known
from gnetics.store.reading.calendar import calendar_rows
from gnetics.store.schema import events
from gnetics.store.unit_of_work import Row, UnitOfWork

_NOT_YOURS = "C’est l’événement d’un autre responsable."
_TWICE = "Cet agenda a deux fois le même événement (UID)."
_ERASED = "Son contact a été effacé à sa demande\u00a0: retirez-le aussi de cet agenda."
_PART = "C’est une date d’une série que le CRM a déjà."


@dataclass
class Tally:
    """How many events came, changed and went here, were sent and went there; `clashes` are fields changed differently on both sides.

    `refused` says why events are not taken, or not sent; `asked` counts requests.
    """

    came: int = 0
    changed: int = 0
    went: int = 0
    sent: int = 0
    removed: int = 0
    clashes: int = 0
    asked: int = 0
    refused: list[str] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return bool(self.came or self.changed or self.went or self.sent or self.removed or self.clashes)


def units_of(uow: UnitOfWork, owner: str) -> dict[int, list[Row]]:
    """The events that a calendar carries, by key: of a series, the whole and then its occurrences that were changed, in their order."""
    found: dict[int, list[Row]] = {}
    rows = calendar_rows(uow.connection, fold(owner) or None)
    for row in sorted(rows, key=_at):
        found.setdefault(row["series_key"] or row["key"], []).append(row)
    return found


def parts_of(rows: Sequence[Row], region: Region) -> list[tuple[int, Said]]:
    return [(row["key"], of_row(row, region)) for row in rows]


def is_changed(rows: Sequence[Row], known: Object, region: Region) -> bool:
    """Whether the store says otherwise than when both sides agreed."""
    return parts_of(rows, region) != [(part.key, part.said) for part in known.parts]


@dataclass
class Taking:
    """`objects` are those of the addresses that are known; `kept` and `gone` is what becomes of them."""

    uow: UnitOfWork
    owner: str
    objects: Mapping[str, Object]
    units: dict[int, list[Row]]
    tally: Tally
    kept: list[Object] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    _roots: dict[str, Row] = field(default_factory=dict)
    _erased: set[str] = field(default_factory=set)

    @cached_property
    def _by_event(self) -> dict[int, Object]:
        return {each.event_key: each for each in self.objects.values() if each.event_key is not None}

    @cached_property
    def _responsable(self) -> str | None:
        """Of new events, spelled as their account is."""
        return account_of(self.uow.connection, self.owner) or self.owner or None

    def drop(self, known: Object) -> None:
        """It is there no more: here neither, unless it was changed here since."""
        self.gone.add(known.href)
        rows = self.units.get(known.event_key) if known.event_key is not None else None
        if rows and not is_changed(rows, known, self.uow.region):
            self.uow.delete_many("events", rows)
            self.tally.went += 1

    def take(self, href: str, content: Content, found: Reading, before: Reading | None) -> None:
        """`before` is how the text that is known of that address reads."""
        known = self.objects.get(href)
        if found.uid in self._erased:  # changed there meanwhile, or by another program, it does not come back
            self._leave(href, content, found, _ERASED, None)
            return
        if found.refusal or not found.parts:
            self._leave(href, content, found, found.refusal, known)
            return
        if known and known.event_key is not None and known.uid != found.uid:  # another event in its place
            self.drop(known)
            known = None
        root = self._roots.get(found.uid)
        other = self._by_event.get(root["key"]) if root else None
        if other and other.href in self.gone:  # it has another address now
            known, before = other, None
        if root is None:
            self._bring(href, content, found, None)
        elif why := self._why_not(root, other, href):
            self._leave(href, content, found, why, known)
        elif root["deleted"] or root["key"] not in self.units:
            if known and before and self._same(found, before):
                self.kept.append(replace(known, href=href, etag=content.etag, text=content.text))
            else:
                self._bring(href, content, found, root)
        else:
            self._join(href, content, found, known, before)

    def expect(self, uids: Set[str]) -> None:
        """The rows of these UIDs, removed ones too, and which were of somebody who was erased."""
        if not uids:
            return
        self._erased = Known(self.uow.connection).of_events(self.uow.connection, uids)
        for chunk in chunks(uids):
            for row in self.uow.connection.execute(select(events).where(events.c.uid.in_(chunk))).mappings():
                self._roots[row["uid"]] = dict(row)

    def _why_not(self, root: Row, other: Object | None, href: str) -> str:
        if other and other.href != href and other.href not in self.gone:
            return _TWICE
        if root["series_key"] is not None and not root["deleted"]:
            return _PART
        if self.owner and own.foreign(self.uow.connection, fold(self.owner) or "", "events", [root])[0]:
            return _NOT_YOURS
        return ""

    def _leave(self, href: str, content: Content, found: Reading, why: str, known: Object | None) -> None:
        """What cannot be taken is known, so that it is neither asked for again nor written over."""
        self.kept.append(Object(href, content.etag, found.uid, known.event_key if known else None))
        if why:
            self.tally.refused.append(f"{quote(found.title or found.uid)}\u00a0: {why}")

    def _same(self, found: Reading, before: Reading) -> bool:
        return {at: entry.values for at, entry in found.parts.items()} == {at: entry.values for at, entry in before.parts.items()}

    def _bring(self, href: str, content: Content, found: Reading, root: Row | None) -> None:
        """All of it, into new rows or those that were removed."""
        said = self._said(found, "", "")
        values = columns(found.parts[""], said, said.keys() - {"occurrence"})
        root = self._revive(root, values) if root else self._insert(values | {"uid": found.uid, "owner": self._responsable})
        rows = [root, *(self._occurrence(found, at, root) for at in sorted(found.parts.keys() - {""}))]
        self._agree(href, content, found, [(row, of_row(row | {"lead": ""}, self.uow.region)) for row in rows])
        self.tally.came += 1

    def _join(self, href: str, content: Content, found: Reading, known: Object | None, before: Reading | None) -> None:
        """With the event that is here."""
        rows = self.units[self._roots[found.uid]["key"]]
        agreed = {part.at: part for part in known.parts} if known else {}
        then = before.parts if before and agreed else {}
        shifted = bool(then) and before is not None and self._said(found, "", "")["times"] != self._said(before, "", "")["times"]
        were = {now: at for at, now in same_parts(then, found.parts, shifted).items()}
        here, of_occurrence = {row["key"]: row for row in rows}, {_at(row): row for row in rows}
        result: list[tuple[Row, Said]] = []
        touched = self.tally.clashes
        for at in sorted(found.parts):
            part = agreed.get(were[at]) if at in were else None
            row = here.get(part.key) if part else of_occurrence.get(at)
            if row is not None:
                contact = row["lead"]
                theirs = self._said(found, at, contact)
                base = self._said(before, were[at], contact) if part and before else None
                row, said = self._merged(row, found, at, theirs, part, base)
                result.append((row, said))
            elif part and before and self._said(found, at, "") == self._said(before, were[at], ""):
                result.append(({"key": part.key}, part.said))  # removed here: it is to go there
            else:
                row = self._occurrence(found, at, rows[0])
                result.append((row, of_row(row | {"lead": ""}, self.uow.region)))
        for at in then.keys() - were.values():
            if (part := agreed.get(at)) and (row := here.get(part.key)):
                self._end(row, part)
        changed = self.tally.clashes > touched or any(row != here.get(row["key"]) for row, _ in result) or then.keys() - were.values()
        self.tally.changed += bool(changed)
        self._agree(href, content, found, result)

    def _merged(self, row: Row, found: Reading, at: str, theirs: Said, part: Part | None, base: Said | None) -> tuple[Row, Said]:
        """(the row as it is now, what both sides agree on of it: where we are to write, what they have)."""
        ours = of_row(row, self.uow.region)
        decided: Merge = merge(part.said, ours, base, theirs) if part and base else joined(ours, theirs)
        entry = found.parts[at]
        if decided.clashing:  # what they wrote stands in the history, and ours stays
            other = columns(entry, theirs, decided.clashing)
            self.uow.update_many("events", [(row, other)], Action.CHANGED)
            self.uow.update_many("events", [(row | other, {name: row[name] for name in other})], Action.CHANGED)
            self.tally.clashes += len(decided.clashing)
        taken = columns(entry, theirs, decided.taken)
        self.uow.update_many("events", [(row, taken)], Action.CHANGED)
        row = row | taken
        said = of_row(row, self.uow.region)
        for name in decided.ours:
            said[name] = theirs[name] if theirs[name] != ours[name] or part is None else part.said.get(name)
        return row, said

    def _occurrence(self, found: Reading, at: str, root: Row) -> Row:
        """The row of an occurrence that was changed there: the one that was removed here, or a new one, of the contact of its series."""
        said = self._said(found, at, "")
        values = columns(found.parts[at], said, said.keys() - {"recurrence", "excluded"}) | {"series_key": root["key"], "occurrence": at}
        uid = f"{found.uid}#{at}"
        there = (events.c.uid == uid) | ((events.c.series_key == root["key"]) & (events.c.occurrence == at))
        old = self.uow.connection.execute(select(events).where(there, events.c.deleted).order_by(events.c.key)).mappings().first()
        if old is not None:
            return self._revive(dict(old), values)
        taken = self.uow.connection.execute(select(events.c.key).where(events.c.uid == uid)).first()  # by what is an event of its own now
        return self._insert(values | {"uid": new_uid() if taken else uid, "owner": root["owner"], "lead_key": root["lead_key"]})

    def _end(self, row: Row, part: Part) -> None:
        """An occurrence that is as its series again; what was done in it stays, as an event of its own."""
        if row["done"]:
            self.uow.update_many("events", [(row, {"series_key": None, "occurrence": None})], Action.CHANGED)
        elif of_row(row, self.uow.region) == part.said:
            self.uow.delete_many("events", [row])

    def _insert(self, values: Row) -> Row:
        key = self.uow.insert("events", values)
        return self.uow.row("events", key)

    def _revive(self, row: Row, values: Row) -> Row:
        if row["deleted"]:
            self.uow.undelete_many("events", [(row, values)], Action.RESTORED)
        else:
            self.uow.update_many("events", [(row, values)], Action.CHANGED)
        return self.uow.row("events", row["key"])

    def _said(self, found: Reading, at: str, contact: str) -> Said:
        return of_entry(found.parts[at], at or None, contact, self.uow.region)

    def _agree(self, href: str, content: Content, found: Reading, rows: Sequence[tuple[Row, Said]]) -> None:
        """In the order that they have here."""
        parts = [Part(row["key"], found.blocks.get(said["occurrence"] or ""), said) for row, said in rows]
        parts.sort(key=lambda part: part.at)
        whole = next(part.key for part in parts if not part.at)
        self.kept.append(Object(href, content.etag, found.uid, whole, content.text, tuple(parts)))


def _at(row: Row) -> str:
    return row["occurrence"] or "" if row["series_key"] is not None else ""
