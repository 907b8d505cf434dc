"""The mail of the morning: what a salesperson has to do today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from gnetics.automations.deeds import telling
from gnetics.automations.deeds.job import Job, Outcome, ignored
from gnetics.domain.calm_hours import is_working
from gnetics.domain.dates import first_instant
from gnetics.domain.folding import fold
from gnetics.domain.history import Action
from gnetics.domain.leads import company_beside, title
from gnetics.domain.runs import Status
from gnetics.domain.typography import counted
from gnetics.store.schema import events, history, leads, nights

NAMED = 10  # of each list


def summarise(job: Job) -> Outcome:
    person = str(job.given["user"])
    if wrong := telling.why_not(job.batch, person):
        return ignored(wrong)
    parts = [part for part in (_to_follow_up(job, person), _new(job, person), _today(job, person)) if part]
    if not parts:
        return ignored("Il n’y a rien à dire aujourd’hui.")
    subject = f"Votre journée\u00a0: {', '.join(part[0] for part in parts)}"
    if job.batch.entry.dry:
        return Outcome(Status.SIMULATED, subject, f"À {person}.")
    lines = [line for head, *rest in parts for line in (f"{head[:1].upper()}{head[1:]}\u00a0:", *rest, "")]
    message_id = telling.post(job.batch, person, subject, lines[:-1], f"U{person} {job.batch.today}", job.run["key"])
    return Outcome(Status.RUNNING, subject, message_id=message_id)


def _to_follow_up(job: Job, person: str) -> list[str]:
    """As the Dashboard counts and ranks them."""
    from gnetics.metrics.population import Population  # brings pandas, which the worker has no other need of
    from gnetics.metrics.priority import priority

    frame = job.batch.every_lead
    mine = frame[frame["owner"].map(fold) == fold(person)]
    found = priority(Population.of(mine, job.batch.today), job.uow.region.first_weekday)
    if not found.total.value:
        return []
    rows = found.rows(0, NAMED)
    lines = [f"- {_named(row)}\u00a0: {row['verb'].lower()}{_late(row['overdue'])}" for row in rows]
    return [f"{counted(int(found.total.value), 'contact')} à suivre", *lines, *_more(int(found.total.value))]


def _late(days: int) -> str:
    return f" (en retard de {counted(days, 'jour')})" if days else ""


def _new(job: Job, person: str) -> list[str]:
    """Those that fell to them since the last working morning, by somebody else's hand or a rule's."""
    since = datetime.combine(_working_day_before(job), job.rule.hour, job.uow.region.zone)
    given = select(history.c.entity_key).where(
        history.c.rev > _rev_before(job, since.date()),
        history.c.entity == "lead",
        history.c.at > since,
        history.c.who != person,
        (history.c.field == "owner") | ((history.c.field == "") & history.c.action.in_((Action.CREATED, Action.IMPORTED))),
    )
    query = select(leads).where(leads.c.key.in_(given), leads.c.real, ~leads.c.deleted, leads.c.owner.is_not(None)).order_by(leads.c.key)
    rows = [dict(row) for row in job.uow.connection.execute(query).mappings() if fold(row["owner"]) == fold(person)]
    if not rows:
        return []
    lines = [f"- {_named(row)}" for row in rows[:NAMED]]
    return [counted(len(rows), "nouveau contact", "nouveaux contacts"), *lines, *_more(len(rows))]


def _rev_before(job: Job, day: date) -> int:
    """Of the last night before that day on which a worker was there: the history is found by it, not read whole."""
    before = select(nights.c.rev).where(nights.c.day < day).order_by(nights.c.day.desc()).limit(1)
    return job.uow.connection.execute(before).scalar() or 0


def _today(job: Job, person: str) -> list[str]:
    zone = job.uow.region.zone
    begin, end = (first_instant(job.batch.today + timedelta(days=n), zone) for n in (0, 1))
    where = (~events.c.deleted, ~events.c.done, ~events.c.cancelled, events.c.starts_at < end, events.c.ends_at > begin)
    found = job.uow.connection.execute(select(events).where(*where).order_by(events.c.starts_at, events.c.key)).mappings()
    mine = [row for row in found if fold(row["owner"]) == fold(person)]
    if not mine:
        return []
    hours = ["toute la journée" if row["all_day"] else f"{row['starts_at'].astimezone(zone):%H:%M}" for row in mine]
    lines = [f"- {hour}\u00a0: {row['title']}" for hour, row in zip(hours, mine, strict=True)]
    return [counted(len(mine), "rendez-vous", "rendez-vous"), *lines[:NAMED], *_more(len(mine))]


def _working_day_before(job: Job) -> date:
    day = job.batch.today - timedelta(days=1)
    while not is_working(day, job.uow.region):
        day -= timedelta(days=1)
    return day


def _named(row: dict[str, Any]) -> str:
    beside = company_beside(row)
    return title(row) + (f" ({beside})" if beside else "")


def _more(count: int) -> Iterator[str]:
    if count > NAMED:
        yield f"- et {counted(count - NAMED, 'autre')}"
