"""An iCalendar file goes into the store: each event is new, changed, the same, or left out with its title and the reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from sqlalchemy import select

from gnetics.actions.imports import Trace, write_rows
from gnetics.actions.past_imports import note
from gnetics.domain.events import NO_ANSWER
from gnetics.domain.folding import fold
from gnetics.domain.recurrence import MOST
from gnetics.domain.rights import Verb
from gnetics.domain.typography import counted
from gnetics.domain.values import clean
from gnetics.domain.wall_clocks import walls
from gnetics.errors import UnreadableFile
from gnetics.imports import reading_apart
from gnetics.imports.ics.events import TIMES, Entry, place_in_series
from gnetics.imports.plan import Mode
from gnetics.imports.report import Problem, Report, SheetReport
from gnetics.imports.steps import Progress
from gnetics.store.access_log import place_of
from gnetics.store.crm import Crm
from gnetics.store.duplicates import chunks
from gnetics.store.people import own
from gnetics.store.person.digests import Known, What
from gnetics.store.schema import events
from gnetics.store.unit_of_work import Row, UnitOfWork

LARGEST = 20 * 2**20  # bytes
MEMORY = 2**30  # bytes of the process that reads the file
SECONDS, SECONDS_FOR_EACH = 5, 2  # of a processor, and for each MB
_RULES = ("recurrence", "excluded")
_TOO_LARGE = f"Ce calendrier dépasse {LARGEST // 2**20}\u00a0Mo\u00a0: exportez-le en plusieurs périodes, ou sans ses pièces jointes."
_TOO_HEAVY = "Ce calendrier demande plus de mémoire ou de temps que le serveur n’en donne\u00a0: exportez-le en plusieurs périodes."
_TWICE = "Le fichier dit plusieurs fois cet événement\u00a0: sa version la plus récente est prise."
_OLDER = "Le CRM en a une version plus récente\u00a0: elle est gardée."
_NOT_YOURS = "Cet événement est celui d’un autre responsable\u00a0: il n’est pas pris."
_WITHOUT_SERIES = "Il change une date d’une série qui n’est pas prise."
_TOO_MANY = f"Plus de {MOST} dates de cette série sont changées."
_ERASED = "Son contact a été effacé à sa demande\u00a0: il n’est pas repris."
_LEFT_OUT = "Un participant a été effacé à sa demande\u00a0: il n’est pas repris."
Identity = tuple[str, str]  # the UID, and which occurrence of it: "" for the whole


def import_calendar(
    crm: Crm, user: str, data: bytes, filename: str, dry_run: bool = False, progress: Progress | None = None, mode: Mode = "both"
) -> Report:
    """In one transaction; `dry_run` does the same and undoes it. Raises UnreadableFile when nothing can be read, and Forbidden.

    An event is the stored one of the same UID; what the file leaves empty is left as it is, save when it takes place.
    """
    crm.require(user, Verb.IMPORT)
    if len(data) > LARGEST:
        raise UnreadableFile(_TOO_LARGE)
    seconds = SECONDS + SECONDS_FOR_EACH * len(data) // 2**20
    entries, others = reading_apart.read("gnetics.imports.ics.reader", [crm.region.zone_name, MEMORY, seconds], data, _TOO_HEAVY)
    report = Report(clean(filename), dry_run, calendar=True)
    with crm.write(user, Verb.IMPORT) as uow:
        importing = _Importing(uow, report, "" if crm.trusted else user, mode)
        importing.take(entries, progress or _nothing)
        if others:
            importing.tell(0, "", f"{counted(others, 'tâche, note ou indisponibilité', 'tâches, notes ou indisponibilités')} sans reprise.")
        if not dry_run:
            report.number = note(uow, report.filename, report.refused, {"events": importing.trace}, place_of(crm))
            uow.commit()
    report.problems.sort(key=lambda problem: problem.line)
    return report


def _nothing(_done: int, _total: int) -> None:
    return None


@dataclass
class _Importing:
    """`owner` is whose the new events are, "" for nobody's."""

    uow: UnitOfWork
    report: Report
    owner: str
    mode: Mode
    trace: Trace = field(default_factory=Trace)

    def __post_init__(self) -> None:
        self.sheet = SheetReport(PurePath(self.report.filename).stem, "events")
        self.report.sheets.append(self.sheet)

    def tell(self, line: int, title: str, reason: str) -> None:
        self.report.problems.append(Problem(self.sheet.name, line, "", title, reason))

    def take(self, entries: list[Entry], progress: Progress) -> None:
        self.sheet.rows = len(entries)
        for entry in entries:
            for remark in entry.remarks:
                self.tell(entry.line, entry.title, remark)
            if entry.refusal:
                self._refuse(entry, entry.refusal)
        read = self._without_erased([entry for entry in entries if not entry.refusal])
        refused = {entry.uid for entry in entries if entry.refusal}
        masters = self._latest([entry for entry in read if entry.recurs is None], lambda entry: (entry.uid, ""))
        stored = self._known(entry.uid for entry in read)
        self._write({key: (entry, entry.values | {"uid": entry.uid}) for key, entry in masters.items()}, stored)
        progress(len(masters), len(entries))
        series = self._known(entry.uid for entry in read if entry.recurs)
        self._take_overrides([entry for entry in read if entry.recurs], series, refused)
        progress(len(entries), len(entries))

    def _without_erased(self, entries: list[Entry]) -> list[Entry]:
        """No event of somebody who was erased comes back, nor they among the participants of another."""
        erased = Known(self.uow.connection)
        gone = erased.of_events(self.uow.connection, (entry.uid for entry in entries))
        kept = []
        for entry in entries:
            if entry.uid in gone:
                self._refuse(entry, _ERASED)
                continue
            people = json.loads(entry.values.get("participants") or "[]") if erased else []
            left = [each for each in people if not (each and erased.erased(What.ADDRESS, fold(each[0])))]
            if len(left) < len(people):
                entry.values["participants"] = json.dumps(left, ensure_ascii=False) if left else None
                self.tell(entry.line, entry.title, _LEFT_OUT)
            kept.append(entry)
        return kept

    def _take_overrides(self, entries: list[Entry], series: Mapping[Identity, Row], refused: set[str]) -> None:
        placed: list[Entry] = []
        places: dict[int, str] = {}
        for entry in entries:
            master = series.get((entry.uid, ""))
            assert entry.recurs
            if master is None and entry.uid in refused:
                self._refuse(entry, _WITHOUT_SERIES)
                continue
            places[id(entry)] = place_in_series(entry.recurs, master or entry.values | {"all_day": True}, self.uow.region)
            placed.append(entry)
        latest = self._latest(placed, lambda entry: (entry.uid, places[id(entry)]))
        wanted: dict[Identity, tuple[Entry, Row]] = {}
        counts: dict[str, int] = {}
        for (uid, occurrence), entry in latest.items():
            counts[uid] = counts.get(uid, 0) + 1
            if counts[uid] > MOST:
                self._refuse(entry, _TOO_MANY)
                continue
            master = series.get((uid, ""))
            known = {"series_key": master["key"], "occurrence": occurrence} if master and master["recurrence"] else {}
            values = entry.values | {"recurrence": None, "excluded": None, "uid": f"{uid}#{occurrence}"} | known
            wanted[uid, occurrence] = entry, values
        self._write(wanted, series)

    def _latest(self, entries: Iterable[Entry], identity: Callable[[Entry], Identity]) -> dict[Identity, Entry]:
        """One entry for each, the others told."""
        kept: dict[Identity, Entry] = {}
        for entry in entries:
            before = kept.get(identity(entry))
            if before is not None:
                later = entry if (entry.sequence, entry.stamp) >= (before.sequence, before.stamp) else before
                left = before if later is entry else entry
                self.sheet.skipped += 1
                self.tell(left.line, left.title, _TWICE)
                entry = later
            kept[identity(entry)] = entry
        return kept

    def _known(self, uids: Iterable[str]) -> dict[Identity, Row]:
        """The rows of these UIDs, removed ones too, and the occurrences that were changed."""
        found: dict[Identity, Row] = {}
        for chunk in chunks(dict.fromkeys(uids)):
            for row in self.uow.connection.execute(select(events).where(events.c.uid.in_(chunk))).mappings():
                found[row["uid"], ""] = dict(row)
        by_key = {row["key"]: uid for (uid, _), row in found.items()}
        for keys in chunks(by_key):
            for row in self.uow.connection.execute(select(events).where(events.c.series_key.in_(keys))).mappings():
                found[by_key[row["series_key"]], row["occurrence"]] = dict(row)
        return found

    def _write(self, wanted: Mapping[Identity, tuple[Entry, Row]], stored: Mapping[Identity, Row]) -> None:
        new: list[Row] = []
        old: dict[int, Row] = {}
        alone = self._known(values["uid"] for _, values in wanted.values() if "#" in values["uid"])
        foreign = self._foreign([*stored.values(), *alone.values()])
        for identity, (entry, values) in wanted.items():
            row = stored.get(identity) or alone.get((values["uid"], ""))
            theirs = row["key"] if row else values.get("series_key")
            if theirs in foreign:
                self._refuse(entry, _NOT_YOURS)
            elif self.mode == ("update" if row is None else "create"):
                self.sheet.skipped += 1
            elif row is None:
                new.append(values | {"sequence": entry.sequence, "owner": self.owner or None})
                self.sheet.taken += 1
            elif entry.sequence < row["sequence"]:
                self.sheet.skipped += 1
                self.tell(entry.line, entry.title, _OLDER)
            elif changes := self._changes(row, values | {"sequence": entry.sequence}):
                old[row["key"]] = changes
                self.sheet.updated += 1
            else:
                self.sheet.unchanged += 1
        write_rows(self.uow, "events", new, old, self.trace)

    def _foreign(self, rows: list[Row]) -> set[int]:
        """The keys of those that a person with leads of their own may not write."""
        if self.uow.owner is None:
            return set()
        foreign = own.foreign(self.uow.connection, self.uow.owner, "events", rows)
        return {row["key"] for row, theirs in zip(rows, foreign, strict=True) if theirs}

    def _changes(self, row: Row, values: Row) -> Row:
        """What the file says otherwise than the store; columns that it leaves empty are not in it."""
        times = {name: values[name] for name in TIMES}
        changes = {} if self._same_times(row, values) else times
        changes |= {name: values[name] for name in _RULES if _meaning(name, row[name]) != _meaning(name, values[name])}
        given = {name: value for name, value in values.items() if name not in (*TIMES, *_RULES, "uid") and value is not None}
        changes |= {name: value for name, value in given.items() if _meaning(name, row[name]) != _meaning(name, value)}
        return changes | ({"deleted": False} if row["deleted"] else {})

    def _same_times(self, row: Row, values: Row) -> bool:
        if any(row[name] != values[name] for name in ("starts_at", "ends_at", "all_day")):
            return False
        repeated = row["recurrence"] or values["recurrence"]
        return not repeated or walls(row, self.uow.region) == walls(values, self.uow.region)

    def _refuse(self, entry: Entry, reason: str) -> None:
        self.sheet.refused += 1
        self.sheet.refusals[entry.line] = reason
        self.tell(entry.line, entry.title, reason)


def _meaning(name: str, value: Any) -> Any:
    """What two spellings of the same have in common."""
    if value is None:
        return None
    if name == "excluded":
        return set(value.split()) or None
    if name == "participants":
        return [(address, person, answer or NO_ANSWER) for address, person, answer in json.loads(value)]
    return value
