"""What is due becomes a run « à faire », once: from what happened, from dates that have come, from steps that follow."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, Text, cast, func, literal, select, type_coerce
from sqlalchemy import exists as there_is

from gnetics.actions.sequences import end, step_name
from gnetics.automations import chain, wanting
from gnetics.automations.book import Book, Entry, is_on, key
from gnetics.automations.rule import Deed
from gnetics.domain import dates
from gnetics.domain.calm_hours import MORNING, is_working
from gnetics.domain.events import MET
from gnetics.domain.happenings import Consumer, What
from gnetics.domain.history import Action
from gnetics.domain.leads import title
from gnetics.domain.regions import Region
from gnetics.domain.rights import Verb
from gnetics.domain.runs import PLANNER, Status
from gnetics.domain.sequences import State
from gnetics.domain.typography import counted
from gnetics.store.crm import Crm
from gnetics.store.duplicates import chunks
from gnetics.store.happenings import Happening, has_read, next_of
from gnetics.store.reading import occurrences
from gnetics.store.schema import events, instant, leads, runs, sequences, user_addresses, users
from gnetics.store.unit_of_work import UnitOfWork

EVERYTHING = tuple(What)
TRIES = 4
ROUND = 1_000  # runs of a rule made in one transaction: the rest waits, in order
REVS = 500  # transactions whose happenings are decided together
NAMING = (leads.c.key, leads.c.name, leads.c.company, leads.c.email, leads.c.lead_id)  # what a lead is called by
LOOKED_BACK = timedelta(days=60)  # for days that nobody saw
AHEAD = timedelta(days=7)  # what a rule that is tried is shown to do


@dataclass(frozen=True)
class Due:
    """Something that a rule is to do. `name` tells it from all others of the rule; `at`: when it was due; `cause`: a run."""

    name: str
    at: datetime
    lead_key: int | None = None
    label: str = ""
    by: str = PLANNER
    cause: int | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    status: Status = Status.TO_DO
    reason: str = ""


def decide(crm: Crm, book: Book, stopping: Callable[[], bool] = lambda: False) -> int:
    """Everything that is due by now; how much it was."""
    on = [entry for entry in book.values() if entry.enabled and not entry.rule.nightly]  # which claiming.py decides
    count = 0
    while not stopping() and (decided := _read_happenings(crm, on)) is not None:
        count += decided
    for entry in on:
        while not stopping() and (decided := _decide_dates(crm, entry)):
            count += decided
    return count


def _read_happenings(crm: Crm, on: Sequence[Entry]) -> int | None:
    """None once all is read. Decided without the writers' lock, and noted in rounds: what is noted twice is noted once."""
    with crm.read() as connection:
        happened = next_of(connection, Consumer.AUTOMATIONS, EVERYTHING, REVS)
        today = crm.clock.now().astimezone(crm.region.zone).date()
        wanted = [(entry, list(_of_happenings(connection, today, entry, happened))) for entry in on if entry.rule.on]
    if not happened:
        return None
    count = 0
    for entry, dues in wanted:
        for some in chunks(dues, ROUND):
            with crm.write(PLANNER, Verb.TASKS) as uow:
                count += _insert(uow, entry, some)
                uow.commit_all()
    with crm.write(PLANNER, Verb.TASKS) as uow:
        has_read(uow.connection, Consumer.AUTOMATIONS, happened[-1].rev)
        uow.commit_private()
    return count


def _of_happenings(connection: Connection, today: date, entry: Entry, happened: Sequence[Happening]) -> Iterator[Due]:
    """One for each lead: the last thing that happened to it counts."""
    rule = entry.rule
    mine = [
        each
        for each in happened
        if each.what in rule.on and (rule.imports or each.action != Action.IMPORTED) and each.rev > entry.since_rev and not _is_mended(each)
    ]
    last = {lead: each for each in mine for lead in each.keys}
    causes = chain.causes(connection, mine)
    for row in _matching(connection, today, entry, last):
        each = last[row.key]
        cause = causes.get((each.rev, row.key))
        looped = chain.loop(connection, rule.name, cause)
        name = f"L{row.key}" if rule.once else f"L{row.key} {each.rev}"
        status, reason = (Status.LOOP, looped) if looped else (Status.TO_DO, "")
        yield Due(name, each.at, row.key, _label(row), each.who, cause, status=status, reason=reason)


def _is_mended(happening: Happening) -> bool:
    """Something that was taken back is as it was: nothing new happened."""
    return happening.action in (Action.RESTORED, Action.SEPARATED) and happening.what is What.LEAD_CHANGED


def _matching(connection: Connection, today: date, entry: Entry, keys: Iterable[int]) -> Iterator[Any]:
    wanted = wanting.clause(entry.rule, connection, today)
    for some in chunks(sorted(keys)):
        yield from connection.execute(select(*NAMING).where(leads.c.key.in_(some), wanted).order_by(leads.c.key)).all()


def _label(row: Any) -> str:
    """Of a lead, from the columns NAMING."""
    return title(dict(row._mapping))


def existing(connection: Connection, now: datetime, region: Region, entry: Entry, most: int | None = None) -> Iterator[Due]:
    """The leads that match a rule of happenings now, when it is enabled for them too."""
    if not entry.rule.on:
        return
    wanted = wanting.clause(entry.rule, connection, now.astimezone(region.zone).date())
    name = "L{}" if entry.rule.once else "L{} existant"
    for row in connection.execute(select(*NAMING).where(wanted).order_by(leads.c.key).limit(most)).all():
        yield Due(name.format(row.key), now, row.key, _label(row))


def note_existing(crm: Crm, entry: Entry) -> int:
    """In rounds: whoever is stopped in between does it again, and what is noted already stays."""
    now, count = crm.clock.now(), 0
    with crm.read() as connection:
        dues = list(existing(connection, now, crm.region, entry))
    for some in chunks(dues, ROUND):
        with crm.write(PLANNER, Verb.TASKS) as uow:
            count += _insert(uow, entry, some)
            uow.commit_all()
    return count


def note_first(uow: UnitOfWork, entry: Entry, most: int) -> int:
    """The first of what it would do, for one that is tried; nobody commits. Of a rule about no lead's day: what comes next."""
    if entry.rule.on:
        dues = list(existing(uow.connection, uow.now, uow.region, entry, most))
    else:
        dues = list(_of_dates(uow.connection, uow.now, uow.region, entry, most, AHEAD))
    if entry.rule.deed is Deed.MORNING:  # one is like the next
        dues = [due for due in dues if due.at == dues[0].at]
    return _insert(uow, entry, dues)


def matching_now(connection: Connection, entry: Entry, now: datetime, region: Region) -> int:
    """How many leads the rule wants on that day, done or not."""
    wanted = [wanting.clause(entry.rule, connection, now.astimezone(region.zone).date())]
    if entry.rule.due:
        wanted.append(leads.c[entry.rule.due] <= now.astimezone(region.zone).date() - timedelta(days=entry.rule.days))
    return connection.execute(select(func.count()).select_from(leads).where(*wanted)).scalar_one()


def _decide_dates(crm: Crm, entry: Entry) -> int:
    """A ROUND of what has come due; 0 when nothing has."""
    if entry.rule.on:
        return 0
    with crm.read() as connection:
        if not any(True for _ in _of_dates(connection, crm.clock.now(), crm.region, entry, 1)):
            return 0
    with crm.write(PLANNER, Verb.TASKS) as uow:
        count = _insert(uow, entry, list(_of_dates(uow.connection, uow.now, uow.region, entry, ROUND)))
        uow.commit_all()
    return count


def _of_dates(
    connection: Connection, now: datetime, region: Region, entry: Entry, most: int, ahead: timedelta = timedelta()
) -> Iterator[Due]:
    """`ahead`: how long before its time a reminder or a morning's mail is found."""
    if find := {Deed.REMIND: _of_events, Deed.MORNING: _of_mornings}.get(entry.rule.deed):
        yield from find(connection, now.astimezone(region.zone), region, entry, most, ahead)
        return
    yield from _of_lead_dates(connection, now.astimezone(region.zone), region, entry, most)
    if entry.rule.deed is Deed.FOLLOW_UP:
        yield from _of_sequences(connection, now.astimezone(region.zone), region, entry, most)


def _of_lead_dates(connection: Connection, now: datetime, region: Region, entry: Entry, most: int) -> Iterator[Due]:
    rule, today = entry.rule, now.date()
    column = leads.c[rule.due]
    at = rule.hour if rule.at else MORNING if rule.sends else time()
    last = today if now >= moment_of(today, at, region) else today - timedelta(days=1)
    where = [wanting.clause(rule, connection, today), column <= last - timedelta(days=rule.days)]
    if entry.since:
        where.append(column >= entry.since.astimezone(region.zone).date() - timedelta(days=rule.days))
    where.append(_new(entry, literal("L") + cast(leads.c.key, Text) + literal(" ") + type_coerce(column, String)))
    query = select(*NAMING, column.label("base"))
    for row in connection.execute(query.where(*where).order_by(column, leads.c.key).limit(most)).all():
        day = row.base + timedelta(days=rule.days)
        name, base = f"L{row.key} {row.base.isoformat()}", row.base.isoformat()
        yield _dated(name, day, at, today, region, entry, row.key, _label(row), base=base)


def _dated(
    name: str, day: date, at: time, today: date, region: Region, entry: Entry, lead_key: int | None, label: str, **given: Any
) -> Due:
    """Missed, when its day is too long ago."""
    moment, given = moment_of(day, at, region), {"due": day.isoformat(), **given}
    if reason := too_late(entry, day, today, region):
        return Due(name, moment, lead_key, label, given=given, status=Status.MISSED, reason=reason)
    return Due(name, moment, lead_key, label, given=given)


def too_late(entry: Entry, day: date, today: date, region: Region) -> str:
    """Why what was due on that day is missed, "" when it is not."""
    late = (today - day).days
    if late <= entry.rule.late_days:
        return ""
    return f"L’échéance du {dates.show(day, region)} était passée depuis {counted(late, 'jour')}."


def _of_sequences(connection: Connection, now: datetime, region: Region, entry: Entry, most: int) -> Iterator[Due]:
    """Steps after the first."""
    name = literal("L") + cast(sequences.c.lead_key, Text) + literal(" ") + type_coerce(sequences.c.base, String) + literal(" étape ")
    mine = (
        sequences.c.automation == entry.rule.name,
        sequences.c.version == entry.version,
        sequences.c.state == State.RUNNING,
        sequences.c.next_on <= (now.date() if now.time() >= MORNING else now.date() - timedelta(days=1)),
        _new(entry, name + cast(sequences.c.step + 1, Text)),
    )
    joined = select(*NAMING, sequences.c.next_on, sequences.c.step, sequences.c.base).join(leads, leads.c.key == sequences.c.lead_key)
    for row in connection.execute(joined.where(*mine).order_by(sequences.c.next_on, sequences.c.lead_key).limit(most)).all():
        step, label = row.step + 1, _label(row)
        given = {"step": step, "base": row.base.isoformat()}
        yield _dated(step_name(row.key, row.base, step), row.next_on, MORNING, now.date(), region, entry, row.key, label, **given)


def _of_events(connection: Connection, now: datetime, region: Region, entry: Entry, most: int, ahead: timedelta) -> Iterator[Due]:
    """Meetings whose reminder has come due; one that has begun is missed."""
    before = timedelta(hours=entry.rule.hours)
    since = max(entry.since or now - LOOKED_BACK, now - LOOKED_BACK)
    where = (
        ~events.c.deleted,
        ~events.c.done,
        ~events.c.cancelled,
        ~events.c.all_day,
        events.c.recurrence.is_(None),
        events.c.kind.in_(MET),
        events.c.starts_at <= now + before + ahead,
        events.c.starts_at > since,
        leads.c.real,
        ~leads.c.deleted,
        leads.c.erased_at.is_(None),
        _new(
            entry,
            literal("E")
            + cast(func.coalesce(events.c.root_key, events.c.series_key, events.c.key), Text)
            + literal(" ")
            + type_coerce(events.c.starts_at, String),
        ),
    )
    joined = select(*NAMING, events.c.key.label("event"), events.c.root_key, events.c.series_key, events.c.starts_at).join(
        leads, leads.c.key == events.c.lead_key
    )
    query = joined.where(*where).order_by(events.c.starts_at, events.c.key)
    # an occurrence that was changed, or left its series, is recalled by the name that this has given it, so once
    once = [
        (row, row.event, row.root_key or row.series_key or row.event, row.starts_at) for row in connection.execute(query.limit(most)).all()
    ]
    repeated = _of_series(connection, region, entry, since, now + before + ahead)
    for lead, event, named, starts_at in sorted([*once, *repeated], key=lambda each: each[3])[:most]:
        held = instant(starts_at)
        missed = starts_at <= now
        yield Due(
            f"E{named} {held}",
            starts_at - before,
            lead.key,
            _label(lead),
            given={"event": event, "starts_at": held},
            status=Status.MISSED if missed else Status.TO_DO,
            reason="Le rendez-vous avait déjà commencé." if missed else "",
        )


def _of_series(
    connection: Connection, region: Region, entry: Entry, since: datetime, until: datetime
) -> Iterator[tuple[Any, int, int, datetime]]:
    """The same of the occurrences of series, which the store does not hold one by one."""
    where = (events.c.recurrence.is_not(None), ~events.c.done, ~events.c.all_day, events.c.kind.in_(MET), events.c.lead_key.is_not(None))
    due = [each for each in occurrences.between(connection, since, until, region, *where) if since < each["starts_at"] <= until]
    by_name = {f"E{each['root_key'] or each['key']} {instant(each['starts_at'])}": each for each in due}
    known = _known(connection, entry, list(by_name))
    query = select(*NAMING).where(leads.c.real, ~leads.c.deleted, leads.c.erased_at.is_(None))
    named = {
        row.key: row
        for some in chunks({each["lead_key"] for each in due})
        for row in connection.execute(query.where(leads.c.key.in_(some))).all()
    }
    for name, each in by_name.items():
        if name not in known and each["lead_key"] in named:
            yield named[each["lead_key"]], each["key"], each["root_key"] or each["key"], each["starts_at"]


def _of_mornings(connection: Connection, now: datetime, region: Region, entry: Entry, most: int, ahead: timedelta) -> Iterator[Due]:
    """A mail a working day to each account with an address; that of another day is missed."""
    rule, first, last = entry.rule, max(entry.since or now, now - LOOKED_BACK).astimezone(region.zone), now + ahead
    people = (
        select(users.c.name).join(user_addresses, user_addresses.c.user == users.c.name).where(user_addresses.c.main, ~users.c.disabled)
    )
    names = sorted(connection.execute(people).scalars())
    due = [
        (f"U{name} {day.isoformat()}", name, day)
        for day in (first.date() + timedelta(days=n) for n in range((last.date() - first.date()).days + 1))
        if is_working(day, region) and first <= moment_of(day, rule.hour, region) <= last
        for name in names
    ]
    known = _known(connection, entry, [name for name, *_ in due])
    for name, person, day in [each for each in due if each[0] not in known][:most]:
        at = moment_of(day, rule.hour, region)
        missed = day < now.date()
        reason = f"Rien ne tournait le {dates.show(day, region)}." if missed else ""
        yield Due(name, at, label=person, given={"user": person}, status=Status.MISSED if missed else Status.TO_DO, reason=reason)


def moment_of(day: date, hour: time, region: Region) -> datetime:
    """In UTC, which alone compares well; an hour that the clocks jump over comes as long after the jump."""
    return datetime.combine(day, hour, region.zone).astimezone(UTC)


def _new(entry: Entry, name: ColumnElement[str]) -> ColumnElement[bool]:
    return ~there_is().where(runs.c.idempotency_key == literal(key(entry, "")) + name)


def _known(connection: Connection, entry: Entry, names: Sequence[str]) -> set[str]:
    """Those that have a run already."""
    start, found = len(key(entry, "")), set[str]()
    for some in chunks(names):
        query = select(runs.c.idempotency_key).where(runs.c.idempotency_key.in_([key(entry, name) for name in some]))
        found.update(each[start:] for each in connection.execute(query).scalars())
    return found


def _insert(uow: UnitOfWork, entry: Entry, every: Sequence[Due]) -> int:
    known = _known(uow.connection, entry, [due.name for due in every])
    rule = entry.rule
    if not is_on(uow.connection, entry):
        return 0
    rows = [
        {
            "idempotency_key": key(entry, due.name),
            "automation": rule.name,
            "rule": rule.title,
            "rule_version": entry.version,
            "trigger": rule.trigger,
            "triggered_by": due.by,
            "lead_key": due.lead_key,
            "lead_label": due.label or None,
            "status": due.status,
            "reason": due.reason or None,
            "queued_at": uow.now,
            "due_at": due.at,
            "ended_at": None if due.status is Status.TO_DO else uow.now,
            "attempt": 1,
            "max_attempts": TRIES,
            "caused_by": due.cause,
            "given": json.dumps(dict(due.given), ensure_ascii=False) if due.given else None,
        }
        for due in every
        if due.name not in known
    ]
    uow.insert_many("runs", rows, Action.CREATED)
    for due in every:
        if due.status is Status.MISSED and "step" in due.given and due.lead_key is not None:
            end(uow, due.lead_key, "la relance suivante est trop en retard")
    return len(rows)
