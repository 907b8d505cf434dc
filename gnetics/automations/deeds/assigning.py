"""A lead gets a Responsable: by its source, else each in turn; whoever it falls to is told by mail."""

from __future__ import annotations

import json

from sqlalchemy import select

from gnetics.automations.deeds import changing, telling
from gnetics.automations.deeds.job import Batch, Job, Outcome, ignored
from gnetics.domain.folding import fold
from gnetics.domain.leads import title
from gnetics.domain.runs import Status
from gnetics.domain.typography import counted
from gnetics.store.people.writers import account_of
from gnetics.store.schema import runs

NAMED = 20  # leads in the mail
IN_TURN = "À tour de rôle."


def assign(job: Job) -> Outcome:
    lead, rule = job.its_lead, job.rule
    person = next((who for source, who in rule.sources.items() if fold(source) == lead["source_fold"] and lead["source_fold"]), None)
    why = f"La source est «\u00a0{lead['source']}\u00a0»." if person else IN_TURN
    person = person or _next(job)
    account = account_of(job.uow.connection, person)
    if account is None:
        return ignored(f"Il n’y a pas de compte actif «\u00a0{person}\u00a0»." if person else "La règle ne dit à qui.")
    outcome = changing.write(job, {"owner": account}, why)
    if outcome.status is Status.SUCCEEDED:
        job.batch.told.setdefault(account, []).append(lead)
        if why == IN_TURN:
            job.batch.in_turn.append(account)
    return outcome


def _next(job: Job) -> str | None:
    """After whoever had the last one in turn; people without an account are passed over."""
    people = [each for each in job.rule.people if account_of(job.uow.connection, each)]
    if not people:
        return next(iter(job.rule.people), None)
    names = [fold(each) for each in people]
    before = fold(job.batch.in_turn[-1] if job.batch.in_turn else _last(job))
    return people[(names.index(before) + 1) % len(people)] if before in names else people[0]


def _last(job: Job) -> str | None:
    """Who had the last one in turn of an earlier batch."""
    mine = (runs.c.automation == job.rule.name, runs.c.status == Status.SUCCEEDED, runs.c.reason == IN_TURN)
    found = job.uow.connection.execute(select(runs.c.after).where(*mine).order_by(runs.c.started_at.desc(), runs.c.key.desc()).limit(1))
    after = found.scalar()
    owner: str | None = json.loads(after).get("owner") if after else None
    return owner


def tell(batch: Batch) -> None:
    """One mail a person, whatever the number of leads."""
    for person, leads in batch.told.items():
        lines = [f"- {title(lead)}" + (f" ({lead['source']})" if lead["source"] else "") for lead in leads[:NAMED]]
        if len(leads) > NAMED:
            lines.append(f"- et {counted(len(leads) - NAMED, 'autre')}")
        subject = f"{counted(len(leads), 'contact vous est confié', 'contacts vous sont confiés')}"
        telling.post(batch, person, subject, lines, f"avis {batch.uow.rev} {person}")
