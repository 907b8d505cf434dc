"""Contacts without news for longer than the settings keep: « À reconfirmer » first, then the person is forgotten if nothing came.

A clock that jumps tags and erases nobody: what is old has to be so in nights as well as in days (store/nights.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice

from sqlalchemy import ColumnElement, and_, func, or_, select, type_coerce
from sqlalchemy import String as SqlString
from sqlalchemy import exists as there_is

from gnetics.actions.erasing_people import refuse_leaving
from gnetics.actions.retention import months_before
from gnetics.domain import statuses, values
from gnetics.domain.accesses import WORKER, Access
from gnetics.domain.history import Action
from gnetics.domain.messages import Direction, Kind
from gnetics.domain.rights import Verb
from gnetics.domain.runs import PLANNER
from gnetics.errors import Refused
from gnetics.store import access_log, nights
from gnetics.store.crm import Crm
from gnetics.store.duplicates import chunks
from gnetics.store.people import own_addresses
from gnetics.store.person import beside, scrubbing
from gnetics.store.person.finding import person_of_leads, refuse_colleague, with_deals
from gnetics.store.person.forgetting import forget
from gnetics.store.schema import history, instant, leads, messages
from gnetics.store.unit_of_work import UnitOfWork

TAG = "À reconfirmer"
TOGETHER = 50  # people of a transaction
Stopping = Callable[[], bool]


def tag_quiet(crm: Crm, months: int, trying: bool = False) -> int:
    """How many contacts without news for so many months are to be confirmed from now on; those that are won are customers, and stay."""
    with crm.write(PLANNER, Verb.TASKS) as uow:
        keys = _quiet(uow, months, ~_tagged())
        if not trying:
            for some in chunks(keys):
                rows = uow.rows("leads", some).values()
                asked = [(row, {"tags": values.tags(f"{row['tags'] or ''}, {TAG}")}) for row in rows]
                uow.update_many("leads", asked, Action.CHANGED)
            uow.commit()
    return len(keys)


def erase_quiet(crm: Crm, months: int, days: int, stopping: Stopping = lambda: False, trying: bool = False) -> int:
    """How many of those that were to be confirmed for so many days, and nights, are forgotten; a colleague is nobody to forget."""
    ours = own_addresses.of_all(crm)
    count, more = 0, True
    while more and not stopping():
        with crm.write("", Verb.TASKS) as uow:
            before, rev = uow.now - timedelta(days=days), nights.seen_for(uow.connection, max(days, nights.KEPT_DAYS))
            due = _forgettable(uow, _quiet(uow, months, _tagged(), _unchanged_since(before, rev)), ours)
            some = list(due if trying else islice(due, TOGETHER))
            more = next(due, None) is not None
            count += len(some)
            if some and not trying:
                forgotten = forget(uow, person_of_leads(uow.connection, some))
                scrubbing.ask(uow.connection)
                access_log.add(
                    uow.connection, uow.now, Access.ERASED, "", place=WORKER, rows=forgotten.rows, detail="contacts sans nouvelles"
                )
                uow.commit()
    if count and not trying:
        beside.note_everywhere(crm)
        scrubbing.scrub(crm)
    return count


def _quiet(uow: UnitOfWork, months: int, *where: ColumnElement[bool]) -> list[int]:
    """Neither met, written to nor heard of since so many months ago, as far as is known; none before a clock is sure."""
    today = nights.surely_come(uow.connection, uow.now.date())
    if today is None:
        return []
    first = months_before(today, months)
    latest = func.coalesce(leads.c.last_contact, leads.c.created_at)
    there = (~leads.c.deleted, leads.c.real, leads.c.erased_at.is_(None), leads.c.status.is_distinct_from(statuses.WON))
    planned = or_(leads.c.next_follow_up.is_(None), leads.c.next_follow_up < first)
    query = select(leads.c.key).where(*there, latest < first, planned, ~_wrote_since(uow, first), *where)
    return list(uow.connection.execute(query.order_by(leads.c.key)).scalars())


def _wrote_since(uow: UnitOfWork, first: date) -> ColumnElement[bool]:
    moment = instant(datetime.combine(first, time.min, uow.region.zone))
    recent = type_coerce(messages.c.at, SqlString) >= moment
    theirs = (messages.c.lead_key == leads.c.key, messages.c.direction == Direction.RECEIVED, messages.c.kind == Kind.MESSAGE)
    return there_is().where(*theirs, recent)


def _tagged() -> ColumnElement[bool]:
    return (", " + func.coalesce(leads.c.tags, "") + ", ").contains(f", {TAG}, ", autoescape=True)


def _unchanged_since(before: datetime, rev: int) -> ColumnElement[bool]:
    """Their tags, and whether they are there."""
    line = and_(history.c.entity == "lead", history.c.entity_key == leads.c.key, history.c.field.in_(("", "tags")))
    later = or_(history.c.at >= before, history.c.rev > rev)
    return and_(there_is().where(line), ~there_is().where(line, later))


def _forgettable(uow: UnitOfWork, keys: Collection[int], ours: Collection[str]) -> Iterator[int]:
    """Without those of whom another deal goes on, who are one of us, or to whom a mail is leaving."""
    quiet = set(keys)
    for key in keys:
        found = person_of_leads(uow.connection, with_deals(uow.connection, [key]))
        try:
            refuse_colleague(uow.connection, found, ours)
            refuse_leaving(uow, found)
        except Refused:
            continue
        if {row["key"] for row in found.rows if row["merged_into"] is row["erased_at"] is None and not row["deleted"]} <= quiet:
            yield key
