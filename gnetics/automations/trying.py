"""What a rule would do, by doing it and keeping nothing; and what it did badly, done again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from gnetics.automations.book import TRIED, Entry, named
from gnetics.automations.chain import WHO
from gnetics.automations.claiming import Deeds
from gnetics.automations.deciding import matching_now, note_first
from gnetics.automations.deeds.job import Batch
from gnetics.automations.doing import begin_again, first_key, settled
from gnetics.domain.rights import Verb
from gnetics.domain.runs import Status
from gnetics.errors import NotFound, Refused
from gnetics.store.crm import Crm
from gnetics.store.schema import runs

SHOWN = 20
NOTHING_TO_DO = "rien à changer maintenant"
AGAIN = (Status.FAILED, Status.INTERRUPTED, Status.IGNORED, Status.MISSED, Status.CANCELLED, Status.LOOP, Status.SIMULATED)


@dataclass(frozen=True)
class Preview:
    """`count`: of the leads that the rule wants today, done or not; None for a rule about other things, whose next ones are shown.

    `first`: runs, as they would be.
    """

    entry: Entry
    count: int | None
    first: list[dict[str, Any]]


def preview(crm: Crm, name: str, deeds: Deeds = MappingProxyType({})) -> Preview:
    """The same path as the worker's, in a transaction that is given up; nothing leaves. `deeds` are those of the night. Raises NotFound."""
    entry = named(crm, name)
    if entry.rule.nightly:
        would = deeds[entry.rule.deed](crm, lambda: False, True)
        run = {"lead_label": None, "status": Status.SIMULATED, "subject": would or NOTHING_TO_DO, "reason": None}
        return Preview(entry, None, [run])
    about_leads = bool(entry.rule.on or entry.rule.due)
    since = None if about_leads else crm.clock.now()
    tried = replace(entry, version=TRIED, enabled=True, since=since, dry=entry.rule.sends)
    with crm.write(WHO.format(title=entry.rule.title), Verb.TASKS) as uow:
        count = matching_now(uow.connection, tried, uow.now, uow.region) if about_leads else None
        note_first(uow, tried, SHOWN)
        mine = select(runs.c.key).where(runs.c.automation == name, runs.c.rule_version == TRIED).order_by(runs.c.due_at, runs.c.key)
        rows = uow.rows("runs", uow.connection.execute(mine).scalars().all())
        batch = Batch(uow, crm, tried, trying=True)
        done = [{**row, **(settled(uow, row, batch) if row["status"] == Status.TO_DO else {})} for row in rows.values()]
    return Preview(entry, count, done)


def replay(crm: Crm, user: str, run_key: int) -> int:
    """What was not done is to do again, now, as a run that follows it; its key. Raises NotFound, or Refused for what was done."""
    with crm.write(user, Verb.TASKS) as uow:
        run = uow.row("runs", run_key)
        if run["automation"] is None:
            raise NotFound(f"L’exécution {run_key} n’est pas celle d’une règle.")
        if run["status"] not in AGAIN:
            raise Refused({"": f"L’exécution {run_key} est «\u00a0{run['status']}\u00a0»\u00a0: rien n’est à refaire."})
        others = select(runs.c.key).where(runs.c.idempotency_key == first_key(run), runs.c.key != run_key)
        if uow.connection.execute(others).first():
            raise Refused({"": f"L’exécution {run_key} a déjà été reprise."})
        run = {**run, "attempt": run["attempt"] or 1, "max_attempts": run["max_attempts"] or 0}  # a step that ended has neither
        key = begin_again(uow, run, triggered_by=user, max_attempts=max(run["attempt"] + 1, run["max_attempts"]))
        uow.commit()
    return key
