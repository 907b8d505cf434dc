"""What is due is done: each in the transaction that records it, so it is done once or not at all; what fails is tried again.

What takes several transactions is done by claiming.py.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from gnetics.actions.sequences import end
from gnetics.automations.book import Book, Entry, is_on, key
from gnetics.automations.chain import WHO
from gnetics.automations.deciding import TRIES, too_late
from gnetics.automations.deeds import assigning, changing, duplicates, mails, morning
from gnetics.automations.deeds.job import Batch, Held, Job, Outcome, given_of, ignored
from gnetics.automations.rule import Deed
from gnetics.domain import dates
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.domain.runs import FAILURES, Status, rule_key
from gnetics.domain.typography import capital, counted, number
from gnetics.errors import Refused, StoreError, told
from gnetics.mail.templates import Blocked
from gnetics.store.crm import Crm
from gnetics.store.schema import leads, runs
from gnetics.store.unit_of_work import UnitOfWork

log = logging.getLogger("gnetics.worker")
LONG = 1.0  # seconds of a transaction
TOGETHER = {True: 50, False: 500}  # runs of a rule that sends, or not, in one transaction, which is undone when one fails
AGAIN_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=2))
ALARMING = 3  # failures of one thing, from which people are told
CHANGED = "La règle a été désactivée ou changée depuis."
FULL = "Attend\u00a0: la règle a atteint sa limite du jour ({})."
GONE = "Le contact a été supprimé."
DONE = "Cela a déjà été fait pour ce contact."
SENT_BEFORE = "Cela a déjà été fait, avant que la règle ne change."
UNWANTED = "Le contact ne remplit plus les conditions."
DEEDS: Mapping[Deed, Callable[[Job], Outcome]] = {
    Deed.SEND: mails.send,
    Deed.FOLLOW_UP: mails.follow_up,
    Deed.REMIND: mails.remind,
    Deed.CHANGE: changing.change,
    Deed.CORRECT: changing.correct,
    Deed.DUPLICATES: duplicates.flag,
    Deed.ASSIGN: assigning.assign,
    Deed.MORNING: morning.summarise,
}
WAITS = timedelta(hours=1)
GIVEN = (Status.RUNNING, Status.SUCCEEDED, Status.INTERRUPTED)  # a mail that the lead has, or may have
COUNTED = (Status.RUNNING, Status.SUCCEEDED, Status.SIMULATED, Status.FAILED, Status.INTERRUPTED)
Alarm = Callable[[str, Sequence[str], str], object]  # what, lines, about
Row = dict[str, Any]


def do_due(crm: Crm, book: Book, stopping: Callable[[], bool] = lambda: False, alarm: Alarm = lambda *_: None) -> int:
    """Everything that is due by now, in order, within the limits of each rule; how much was done."""
    count = 0
    full = {name for name, entry in book.items() if entry.rule.nightly}
    while not stopping():
        with crm.read() as connection:
            first = _next(connection, crm.clock.now(), full)
        if first is None:
            return count
        entry = book.get(first)
        room = None if entry is None else _room(crm, entry)
        if entry and room == 0:
            _say_full(crm, entry)
            full.add(first)
            continue
        most = TOGETHER[entry is not None and entry.rule.sends]
        done = _do(crm, first, entry, min(most, room or most), alarm)
        if not done:  # another worker had them
            full.add(first)
        count += done
    return count


def _next(connection: Connection, now: datetime, full: Collection[str]) -> str | None:
    """The rule that has the oldest due run."""
    query = select(runs.c.automation).where(*_due(now), runs.c.automation.not_in(full))
    return connection.execute(query.order_by(runs.c.due_at, runs.c.key).limit(1)).scalar()


def _due(now: datetime) -> tuple[Any, ...]:
    again = func.coalesce(runs.c.next_attempt_at, runs.c.due_at) <= now
    return (runs.c.status == Status.TO_DO, runs.c.due_at <= now, again, runs.c.automation.is_not(None), ~runs.c.deleted)


def _room(crm: Crm, entry: Entry) -> int:
    """How many more the rule may do today."""
    today = (runs.c.automation == entry.rule.name, _since_midnight(crm), runs.c.status.in_(COUNTED))
    with crm.read() as connection:
        done = connection.execute(select(func.count()).where(*today)).scalar_one()
    return max(0, entry.rule.most - done)


def _say_full(crm: Crm, entry: Entry) -> None:
    """In the first of those that wait: the others follow it, in order."""
    said = FULL.format(number(entry.rule.most))
    for first in _keys(crm, entry.rule.name, 1):
        with crm.read() as connection:  # first, since writers wait for one another
            if connection.execute(select(runs.c.reason).where(runs.c.key == first)).scalar() == said:
                return
        with crm.write(WHO.format(title=entry.rule.title), Verb.TASKS) as uow:
            uow.update("runs", first, {"reason": said})
            uow.commit()


def _since_midnight(crm: Crm) -> ColumnElement[bool]:
    return runs.c.started_at >= dates.first_instant(crm.clock.today(), crm.region.zone)


def _do(crm: Crm, name: str, entry: Entry | None, most: int, alarm: Alarm) -> int:
    """Together; when one of them fails each alone, so that it holds up no other."""
    keys = _keys(crm, name, most)
    try:
        return _do_some(crm, name, entry, keys)
    except StoreError:  # an outage is no failure of theirs
        raise
    except Exception as error:
        log.warning("Of %d runs of %s one failed.", len(keys), name, exc_info=error)
    return sum(_do_alone(crm, name, entry, each, alarm) for each in keys)


def _do_alone(crm: Crm, name: str, entry: Entry | None, run_key: int, alarm: Alarm) -> int:
    try:
        return _do_some(crm, name, entry, [run_key])
    except StoreError:
        raise
    except Exception as error:
        log.warning("Run %d failed.", run_key, exc_info=error)
        _fail(crm, entry, run_key, error, alarm)
        return 1


def _keys(crm: Crm, name: str, most: int) -> list[int]:
    query = select(runs.c.key).where(*_due(crm.clock.now()), runs.c.automation == name).order_by(runs.c.due_at, runs.c.key).limit(most)
    with crm.read() as connection:
        return list(connection.execute(query).scalars())


def _do_some(crm: Crm, name: str, entry: Entry | None, keys: Sequence[int]) -> int:
    with crm.write(WHO.format(title=entry.rule.title if entry else name), Verb.TASKS) as uow:
        rows = [row for row in uow.rows("runs", keys).values() if row["status"] == Status.TO_DO and not row["deleted"]]
        batch, began = Batch(uow, crm, entry) if entry else None, monotonic()
        changes = []
        for row in rows:
            changes.append((row, settled(uow, row, batch)))
            if monotonic() - began > LONG:  # others wait to write
                break
        uow.update_many("runs", changes, Action.CHANGED)
        if batch and batch.changed:
            uow.note_lot(uow.rev, Action.CHANGED, len(batch.changed), batch.rule.title)
        if batch and batch.told:
            assigning.tell(batch)
        uow.commit_all()
    return len(changes)


def settled(uow: UnitOfWork, run: Row, batch: Batch | None) -> Row:
    """The columns of a run that was done, or why it was not."""
    try:
        outcome = _outcome(uow, run, batch)
    except Held as held:
        return {"due_at": held.until, "next_attempt_at": held.until, "reason": f"Attend\u00a0: {held}." if str(held) else None}
    except Blocked as why:
        outcome = ignored(f"{capital(str(why))}.")
    except Refused as refused:
        outcome = ignored(str(refused))
    if "step" in (given := given_of(run)) and outcome.status not in (Status.RUNNING, Status.SIMULATED):
        reason = outcome.reason or f"La relance {given['step']} n’est pas partie."
        end(uow, run["lead_key"], f"{reason[:1].lower()}{reason[1:]}".rstrip("."))
    return {
        "status": outcome.status,
        "subject": outcome.subject or None,
        "reason": outcome.reason or None,
        "before": json.dumps(dict(outcome.before), ensure_ascii=False) if outcome.before else None,
        "after": json.dumps(dict(outcome.after), ensure_ascii=False) if outcome.after else None,
        "started_at": uow.now,
        "ended_at": None if outcome.status is Status.RUNNING else uow.now,
        "next_attempt_at": None,
        "message_id": outcome.message_id,
    }


def _outcome(uow: UnitOfWork, run: Row, batch: Batch | None) -> Outcome:
    if batch is None or not is_on(uow.connection, batch.entry) or batch.entry.version != run["rule_version"]:
        return Outcome(Status.CANCELLED, reason=CHANGED)
    if not run["idempotency_key"].startswith(key(batch.entry, "")):
        _change_of_mode(batch)
    if missed := _missed(run, batch):
        return Outcome(Status.MISSED, reason=missed)
    if batch.rule.sends and _was_sent(uow.connection, run, batch.entry):
        return ignored(SENT_BEFORE)
    lead = None
    if run["lead_key"] is not None:
        lead = uow.rows("leads", [run["lead_key"]]).get(run["lead_key"])
        if lead is None or lead["deleted"]:
            return ignored(GONE)
        if not _is_wanted(uow, run, batch):
            return ignored(UNWANTED)
        if _was_done(uow, run, batch):
            return ignored(DONE)
    return DEEDS[batch.rule.deed](Job(batch, run, lead))


def _change_of_mode(batch: Batch) -> None:
    """What waits to be sent waits while nothing leaves; what was to be simulated is sent, once it does."""
    if batch.entry.dry:
        raise Held(batch.uow.now.astimezone(UTC) + WAITS, "les envois se font à blanc")
    raise Blocked("les envois ne se font plus à blanc, et la règle le fait vraiment")


def _missed(run: Row, batch: Batch) -> str:
    """That its day has passed too long ago since it was decided, "" when it has not."""
    due = given_of(run).get("due")
    return too_late(batch.entry, date.fromisoformat(due), batch.today, batch.uow.region) if due else ""


def _was_sent(connection: Connection, run: Row, entry: Entry) -> bool:
    """Whether the rule, as an earlier version, did the same: nobody has one mail twice because its hour changed."""
    name = first_key(run).removeprefix(key(entry, ""))
    same = [rule_key(entry.rule.name, version, name) for version in range(1, entry.version)]
    done = (runs.c.idempotency_key.in_(same), runs.c.status.in_(GIVEN))
    return connection.execute(select(runs.c.key).where(*done).limit(1)).first() is not None


def _is_wanted(uow: UnitOfWork, run: Row, batch: Batch) -> bool:
    """Later steps of a sequence have conditions of their own."""
    if "step" in given_of(run):
        return True
    return uow.connection.execute(select(leads.c.key).where(leads.c.key == run["lead_key"], batch.wanted)).first() is not None


def _was_done(uow: UnitOfWork, run: Row, batch: Batch) -> bool:
    """Whether what is done once to a lead was done to one that it has taken over: their runs are its own."""
    if not batch.rule.once:
        return False
    others = (
        runs.c.automation == run["automation"],
        runs.c.lead_key == run["lead_key"],
        runs.c.key.not_in((run["key"], run["retry_of"] or 0)),
    )
    return uow.connection.execute(select(runs.c.key).where(*others, runs.c.status.in_(GIVEN)).limit(1)).first() is not None


def _fail(crm: Crm, entry: Entry | None, run_key: int, error: Exception, alarm: Alarm) -> None:
    """Said in the log, and tried again as a new run that follows it; told to people when it goes on."""
    with crm.write(WHO.format(title=entry.rule.title if entry else ""), Verb.TASKS) as uow:
        run = uow.row("runs", run_key)
        if run["status"] != Status.TO_DO:
            return
        failed = {**failure(error), "started_at": uow.now}
        note_failure(uow, run, failed, again_at(run, uow.now))
        if is_last(run) and "step" in given_of(run):
            end(uow, run["lead_key"], f"l’envoi a échoué\u00a0: {failed['error'].rstrip('.')}")
        uow.commit()
    tell(crm, run, failed["error"], alarm)


def failure(error: Exception) -> Row:
    """What the log says of it."""
    return {"status": Status.FAILED, "error": told(error), "detail": type(error).__name__}


def is_last(run: Row) -> bool:
    """It is not tried again."""
    return bool(run["attempt"] >= run["max_attempts"])


def again_at(run: Row, now: datetime) -> datetime:
    return now.astimezone(UTC) + AGAIN_AFTER[min(run["attempt"], len(AGAIN_AFTER)) - 1]


def note_failure(uow: UnitOfWork, run: Row, failed: Row, again: datetime) -> None:
    """The run ended badly: another one follows it then, unless it was the last; the caller commits."""
    ended = {**failed, "ended_at": uow.now, "next_attempt_at": None if is_last(run) else again}
    uow.update_many("runs", [(run, ended)], Action.CHANGED)
    if not is_last(run):
        begin_again(uow, run, next_attempt_at=again)


def tell(crm: Crm, run: Row, said: str, alarm: Alarm) -> None:
    """People are told of what goes on failing: at its third failure, and when it fails again once somebody had it done anew."""
    if (run["attempt"] == ALARMING or run["attempt"] > TRIES) and not _was_told(crm, run):
        lines = [f"{run['lead_label']}\u00a0: {said}" if run["lead_label"] else said]
        lines.append(f"{counted(run['attempt'], 'essai')}. L’Automations Log le détaille.")
        alarm(f"la règle «\u00a0{run['rule']}\u00a0» échoue", lines, f"regle-{run['key']}")


def _was_told(crm: Crm, run: Row) -> bool:
    """Whether people know since this morning that the rule fails: one mail, however many leads."""
    mine = (runs.c.automation == run["automation"], runs.c.status.in_(FAILURES), runs.c.attempt >= ALARMING)
    others = select(runs.c.key).where(*mine, _since_midnight(crm), runs.c.key != run["key"])
    with crm.read() as connection:
        return connection.execute(others.limit(1)).first() is not None


COPIED = (
    "automation", "rule", "rule_version", "trigger", "triggered_by", "lead_key", "lead_label", "due_at", "max_attempts", "caused_by",
    "given",
)  # fmt: skip
NUMBERED = " #"  # behind the key of a try that another one follows


def first_key(run: Row) -> str:
    """That of the thing to do, which its last try has: it is not decided anew."""
    return str(run["idempotency_key"].partition(NUMBERED)[0])


def begin_again(uow: UnitOfWork, run: Row, **asked: Any) -> int:
    """The key of a run that follows this one, in its place; the caller commits."""
    key = first_key(run)
    uow.update("runs", run["key"], {"idempotency_key": f"{key}{NUMBERED}{run['attempt']}"})
    follows = {"idempotency_key": key, "attempt": run["attempt"] + 1, "retry_of": run["key"]}
    kept = {name: run[name] for name in COPIED}
    return uow.insert("runs", {**kept, **follows, "status": Status.TO_DO, "queued_at": uow.now, **asked})
