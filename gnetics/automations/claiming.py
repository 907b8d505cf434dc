"""What takes several transactions is claimed in a short one, done outside of it, and its end recorded: the rules of the night.

Of a worker that dies meanwhile the run stays « en cours » until its claim is over: then it is « interrompu », and another one follows it.
A run that has nothing to say is in no log, deleted: by it its night is known as done, and it takes no revision, since it is no news.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from gnetics.automations.book import Book, Entry, is_on, key
from gnetics.automations.chain import WHO
from gnetics.automations.deciding import TRIES, moment_of
from gnetics.automations.doing import AGAIN_AFTER, Alarm, again_at, failure, is_last, note_failure, tell
from gnetics.automations.rule import Deed
from gnetics.domain.history import Action
from gnetics.domain.night import night
from gnetics.domain.regions import Region
from gnetics.domain.rights import Verb
from gnetics.domain.runs import PLANNER, Status
from gnetics.store.crm import Crm
from gnetics.store.derived import log_row
from gnetics.store.schema import runs
from gnetics.store.unit_of_work import UnitOfWork

log = logging.getLogger("gnetics.worker")
CLAIMED_FOR = timedelta(minutes=15)  # longer than any of them takes, and than clocks of two machines differ
DIED = "Le planificateur s’est arrêté pendant cette tâche, ou elle a duré plus de 15\u00a0minutes."
NOTHING = "Il n’y avait rien à changer."
Stopping = Callable[[], bool]
Row = dict[str, Any]
# It may be begun again by another worker after the first one died; it says what it changed, "" when nothing. One that takes long is told
# to stop by its second argument; its third one: it only says what it would change.
LongDeed = Callable[[Crm, Stopping, bool], str]
Deeds = Mapping[Deed, LongDeed]


def do_nights(crm: Crm, book: Book, deeds: Deeds, stopping: Stopping, alarm: Alarm) -> int:
    """All that are due, one after the other; one that fails holds up no other. How many were done."""
    count = 0
    for entry in book.values():
        do = deeds.get(entry.rule.deed)
        if do and entry.enabled and not stopping() and (run := claim(crm, entry, alarm)):
            _do(crm, entry, run, do, stopping, alarm)
            count += 1
    return count


def claim(crm: Crm, entry: Entry, alarm: Alarm = lambda *_: None) -> Row | None:
    """The run that is now the caller's to do; None when nothing is, or while somebody may be at it."""
    with crm.read() as connection:  # first, since all but once a night nothing is to do, and writers wait for one another
        if _claimable(connection, entry, crm.clock.now(), crm.region) is None:
            return None
    quiet = crm.kind == "demo"
    with crm.write(WHO.format(title=entry.rule.title), Verb.TASKS) as uow:
        run = _claimable(uow.connection, entry, uow.now, uow.region)
        if run is None or not is_on(uow.connection, entry):
            return None
        if died := run["status"] == Status.RUNNING:
            _note_failure(uow, run, {"status": Status.INTERRUPTED, "error": DIED}, uow.now.astimezone(UTC), quiet)
        else:
            run = _begin(uow, run)
    if died:
        tell(crm, run, DIED, alarm)
        return claim(crm, entry, alarm)
    return run


def _claimable(connection: Connection, entry: Entry, now: datetime, region: Region) -> Row | None:
    """A run that was begun and is not ended, if its time has come; else one for the last night, unless it is done.

    A night of the future was done by a clock that was wrong, and one that another clock has only just begun is done.
    """
    rule, day = entry.rule, night(now.astimezone(region.zone), entry.rule.hour)
    name, due = key(entry, f"N{day.isoformat()}"), moment_of(day, rule.hour, region)
    last = or_(runs.c.idempotency_key == name, runs.c.due_at.between(due, now + CLAIMED_FOR))
    going_on = runs.c.status.in_((Status.TO_DO, Status.RUNNING))
    query = select(runs).where(runs.c.automation == rule.name, or_(going_on, last)).order_by(runs.c.due_at, runs.c.key)
    known = [dict(row) for row in connection.execute(query).mappings()]
    open_ones = [row for row in known if row["status"] in (Status.TO_DO, Status.RUNNING)]
    if open_ones:
        return open_ones[0] if _has_come(open_ones[0], now) else None
    if known or (entry.since and due < entry.since):
        return None
    said = {"automation": rule.name, "rule": rule.title, "rule_version": entry.version, "trigger": rule.trigger, "triggered_by": PLANNER}
    tries = {"attempt": 1, "max_attempts": TRIES}
    return {"idempotency_key": name, **said, **tries, "status": Status.TO_DO, "queued_at": now, "due_at": due}


def _has_come(run: Row, now: datetime) -> bool:
    """The moment of a try, or the end of a claim; further ahead than any of these, it was said by a clock that was wrong."""
    ahead = (run["next_attempt_at"] or now) - now
    return not timedelta() < ahead <= (CLAIMED_FOR if run["status"] == Status.RUNNING else AGAIN_AFTER[-1])


def _begin(uow: UnitOfWork, run: Row) -> Row:
    claimed = {"next_attempt_at": uow.now.astimezone(UTC) + CLAIMED_FOR, "detail": f"{socket.gethostname()}, processus {os.getpid()}"}
    begun = {"status": Status.RUNNING, "started_at": uow.now, **claimed}
    if "key" in run:
        _note(uow, run, begun, news=False)
        return {**run, **begun}
    full = {**run, **begun, "deleted": True, "erased": False, "updated_at": uow.now, "rev": uow.rev - 1}
    new = insert(runs).values({**full, **log_row("runs", full)}).returning(runs.c.key)
    run_key = uow.connection.execute(new).scalar_one()
    uow.commit_private()
    return {**full, "key": run_key}


def _note(uow: UnitOfWork, run: Row, changes: Row, news: bool) -> None:
    """What everybody may read from now on, or goes on to be in no log."""
    if news or not run.get("deleted", True):
        uow.update_many("runs", [(run, {**changes, "deleted": False})], Action.CHANGED)
        uow.commit()
    else:
        uow.connection.execute(update(runs).where(runs.c.key == run["key"]).values(changes))
        uow.commit_private()


def _note_failure(uow: UnitOfWork, run: Row, failed: Row, again: datetime, quiet: bool) -> None:
    """In the demo, which is built anew each week while nobody has changed it, the run itself is tried again."""
    if not quiet:
        note_failure(uow, run, {**failed, "deleted": False}, again)
        uow.commit()
    elif is_last(run):
        _note(uow, run, {**failed, "ended_at": uow.now}, news=False)
    else:
        retried = {"status": Status.TO_DO, "attempt": run["attempt"] + 1, "next_attempt_at": again}
        _note(uow, run, {**failed, **retried}, news=False)


def _do(crm: Crm, entry: Entry, run: Row, do: LongDeed, stopping: Stopping, alarm: Alarm) -> None:
    changed, failed = "", None
    try:
        changed = do(crm, lambda: stopping() or not _is_on(crm, entry), False)
    except Exception as error:
        log.warning("%s, try %d of %d", entry.rule.title, run["attempt"], run["max_attempts"], exc_info=error)
        failed = failure(error)
    quiet = crm.kind == "demo"
    with crm.write(WHO.format(title=entry.rule.title), Verb.TASKS) as uow:
        run = uow.rows("runs", [run["key"]])[run["key"]]
        if run["status"] != Status.RUNNING:  # it took too long: another one follows it
            return
        if failed:
            _note_failure(uow, run, failed, again_at(run, uow.now), quiet)
        else:
            done = {"status": Status.SUCCEEDED, "subject": changed or NOTHING, "ended_at": uow.now, "next_attempt_at": None, "detail": None}
            _note(uow, run, done, news=bool(changed) and not quiet)
    if failed:
        tell(crm, run, failed["error"], alarm)


def _is_on(crm: Crm, entry: Entry) -> bool:
    with crm.read() as connection:
        return is_on(connection, entry)
