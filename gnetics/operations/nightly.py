"""The tasks of the night, each done once for the store; those that changed something stand in the Automations Log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from gnetics.actions.bin import empty_bin
from gnetics.actions.scores import score_all
from gnetics.domain.rights import Verb
from gnetics.domain.typography import counted, number
from gnetics.errors import GneticsError
from gnetics.operations.alerts import alert
from gnetics.operations.findings import findings
from gnetics.store import nights, tasks
from gnetics.store.crm import Crm
from gnetics.store.schema import instant

log = logging.getLogger("gnetics.worker")
NIGHT = time(3, 30)  # in the region's zone, after the backup of deploy/
PLANNER = "Planificateur"
UNEXPECTED = "Erreur inattendue ({})\u00a0: le journal du planificateur la détaille."


@dataclass(frozen=True)
class Task:
    """`do` may be begun again by another worker after the first one died; it returns what changed, "" when nothing did."""

    name: str
    do: Callable[[Crm], str]


def _bin(crm: Crm) -> str:
    erased = empty_bin(crm)
    return f"{counted(erased, 'contact effacé', 'contacts effacés')} de la corbeille" if erased else ""


def _scores(crm: Crm) -> str:
    changed, total = score_all(crm, PLANNER)
    return f"{counted(changed, 'score recalculé', 'scores recalculés')} sur {number(total)}" if changed else ""


def _check(crm: Crm) -> str:
    wrong = [f"{finding.subject}\u00a0: {finding.sentence}" for finding in findings(crm.settings) if not finding.fine]
    if not wrong:
        return ""
    for line in wrong:
        log.warning(line)
    now = crm.clock.now()
    what = f"{counted(len(wrong), 'point')} à corriger"
    sent = alert(crm.settings, what, [*wrong, "", "«\u00a0gnetics check\u00a0» les montre de nouveau."], now, f"controle-{night(now)}")
    return f"{what}, alerte envoyée" if sent else f"{what}, voir «\u00a0gnetics check\u00a0»"


TASKS = (Task("Vidage de la corbeille", _bin), Task("Calcul du score", _scores), Task("Contrôle de la nuit", _check))


def night(now: datetime) -> date:
    """The day of the last 3:30: a machine that was off then does its tasks when it is on again."""
    return now.date() - timedelta(days=now.time() < NIGHT)


def do_tasks(crm: Crm, stopping: Callable[[], bool] = lambda: False) -> None:
    """All that are due, one after the other; one that fails is tried again later and holds up no other."""
    nights.note(crm, night(crm.clock.now()))
    for task in TASKS:
        if not stopping() and (attempt := tasks.claim(crm, task.name, night(crm.clock.now()))):
            _do(crm, task, attempt)


def _do(crm: Crm, task: Task, attempt: int) -> None:
    started, changed, error = crm.clock.now(), "", ""
    try:
        changed = task.do(crm)
    except Exception as failure:
        log.warning("%s, try %d of %d", task.name, attempt, tasks.TRIES, exc_info=failure)
        error = str(failure) if isinstance(failure, GneticsError) else UNEXPECTED.format(type(failure).__name__)
    with crm.write("", Verb.TASKS) as uow:
        tasks.settle(uow.connection, task.name, not error, error)
        told = changed or (error and attempt == tasks.TRIES)
        if told and crm.kind != "demo":  # a demo that nobody changed is built anew each week
            uow.insert("runs", _run(task, attempt, started, uow.now, changed, error))
            uow.commit()
        else:
            uow.commit_private()


def _run(task: Task, attempt: int, started: datetime, ended: datetime, changed: str, error: str) -> dict[str, object]:
    return {
        "idempotency_key": f"{task.name} {instant(started)}",  # once is settled by the claim: a clock moved back has the same night twice
        "rule": task.name,
        "trigger": "planification",
        "triggered_by": PLANNER,
        "status": "échec" if error else "réussi",
        "subject": changed,
        "error": error,
        "queued_at": started,
        "started_at": started,
        "ended_at": ended,
        "attempt": attempt,
        "max_attempts": tasks.TRIES,
    }
