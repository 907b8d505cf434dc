"""Calendars that the worker keeps the same as the store, and what each time gave, in the Automations Log."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

from gnetics.actions import planned_runs
from gnetics.actions.planned_runs import State
from gnetics.calendars import states
from gnetics.calendars.syncing import NAMED, sync
from gnetics.calendars.taking import Tally
from gnetics.domain.accesses import COMMAND, WORKER, Access
from gnetics.domain.rights import Verb
from gnetics.domain.runs import Status
from gnetics.domain.typography import counted
from gnetics.errors import CalendarError, NotFound, Refused, StoreError, told
from gnetics.settings.calendar import CalendarAccount
from gnetics.store import access_log
from gnetics.store.crm import Crm
from gnetics.store.schema import collections
from gnetics.store.unit_of_work import UnitOfWork

log = logging.getLogger("gnetics.worker")
TURN = 60.0  # seconds of a worker for one calendar: what is left to send goes the next time
TOLD = 3  # events that were not taken, in the log
_INACTIVE = "La synchronisation est inactive\u00a0: les agendas attendent qu’elle soit rétablie («\u00a0gnetics sync on\u00a0»)."
_DEMO = "Les événements de la démonstration ne vont dans aucun agenda."


def account_states(crm: Crm) -> list[State[CalendarAccount]]:
    return planned_runs.states(crm, collections, crm.settings.calendars)


def sync_due(crm: Crm, stopping: Callable[[], bool] = lambda: False) -> int:
    """How many were."""
    count = 0
    for account in planned_runs.each_due(crm, collections, crm.settings.calendars, _claim, stopping):
        run(crm, account, WORKER, stopping=_within_turn(stopping))
        count += 1
    return count


def sync_now(crm: Crm, account: CalendarAccount, *, preview: bool, confirm: bool) -> Tally:
    """For who asks for it. Raises Refused, or CalendarError, which the log has too."""
    if crm.kind == "demo" or not crm.sync_active():
        raise Refused({"": _DEMO if crm.kind == "demo" else _INACTIVE})
    if preview:
        return sync(crm, account, preview=True, confirm=confirm)
    tally, failure = run(crm, account, COMMAND, confirm=confirm)
    if failure is not None:
        raise failure
    return tally


def run(
    crm: Crm, account: CalendarAccount, place: str, *, confirm: bool = False, stopping: Callable[[], bool] = lambda: False
) -> tuple[Tally, Exception | None]:
    """What was done, and why not all was; told once as long as it is the same. `place` is where from, for the access log."""
    started, tally = crm.clock.now(), Tally()
    failure: Exception | None = None
    try:
        sync(crm, account, tally=tally, confirm=confirm, stopping=stopping)
    except StoreError:  # an outage is no failure of the calendar
        raise
    except CalendarError as error:
        failure = error
    except Exception as error:
        log.warning("The calendar %s could not be synchronised.", account.name, exc_info=error)
        failure = error
    _settle(crm, account, place, started, tally, failure)
    return tally, failure


def named(crm: Crm, name: str) -> CalendarAccount:
    """Raises NotFound."""
    found = next((each for each in crm.settings.calendars if each.name == name), None)
    if found is None:
        raise NotFound(f"Il n’y a pas d’agenda «\u00a0{name}\u00a0» dans gnetics.toml.")
    return found


def in_words(tally: Tally) -> str:
    """« 2 événements reçus, 1 envoyé »."""
    parts = (
        (tally.came, "événement reçu", "événements reçus"),
        (tally.changed, "changé ici", "changés ici"),
        (tally.went, "retiré d’ici", "retirés d’ici"),
        (tally.sent, "envoyé", "envoyés"),
        (tally.removed, "retiré de là-bas", "retirés de là-bas"),
        (tally.clashes, "champ changé des deux côtés", "champs changés des deux côtés"),
    )
    return ", ".join(counted(count, one, many) for count, one, many in parts if count) or "rien de nouveau"


def _within_turn(stopping: Callable[[], bool]) -> Callable[[], bool]:
    end = time.monotonic() + TURN
    return lambda: stopping() or time.monotonic() > end


def _settle(crm: Crm, account: CalendarAccount, place: str, started: datetime, tally: Tally, failure: Exception | None) -> None:
    said = " ".join([told(failure)] if failure else tally.refused[:TOLD])
    with crm.write("", Verb.TASKS) as uow:
        before = states.row_of(uow.connection, account.name)
        news = bool(said) and (before is None or before["said"] != said)
        states.note(uow, account, tried_at=started, said=said, **({} if failure else {"done_at": uow.now}))
        if failure and news:
            _note(uow, account, started, Status.FAILED, subject=in_words(tally) if tally.any else None, error=said)
        elif tally.any or news:
            _note(uow, account, started, Status.SUCCEEDED, subject=in_words(tally), reason=said or None)
        for what, rows in ((Access.IMPORTED, tally.came), (Access.EXPORTED, tally.sent)):
            if rows:
                access_log.add(uow.connection, uow.now, what, "", place=place, rows=rows, detail=NAMED.format(account.name))
        uow.commit_all()


def _note(uow: UnitOfWork, account: CalendarAccount, started: datetime, status: Status, **words: str | None) -> None:
    planned_runs.note(uow, f"agenda {account.name}", NAMED.format(account.name), started, status, **words)


def _claim(uow: UnitOfWork, account: CalendarAccount) -> None:
    states.note(uow, account, tried_at=uow.now)
