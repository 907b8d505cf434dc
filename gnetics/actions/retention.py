"""What is older than the settings keep goes from the logs, a few rows a transaction; what is left when it stops goes the next night."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, time
from time import monotonic

from sqlalchemy import delete, func, select

from gnetics.actions.past_imports import forget_traces
from gnetics.domain.rights import Verb
from gnetics.store import access_log, erasing, full_text, nights
from gnetics.store.canonical import ENTITY
from gnetics.store.crm import Crm
from gnetics.store.person.columns import Way, columns_of
from gnetics.store.schema import history
from gnetics.store.unit_of_work import UnitOfWork

TOGETHER = 200  # rows of a transaction: nobody waits for it
MANY = 5_000  # lines of the history, which are short
LONGEST = 300.0  # seconds a night: mail is neither fetched nor sent meanwhile
Stopping = Callable[[], bool]


def erase_old(crm: Crm, log: str, months: int, stopping: Stopping = lambda: False) -> int:
    """How many rows went from a log of schema.py: those of more than so many months, which nothing can take back any more."""
    end, count, more = monotonic() + LONGEST, 0, True

    def over() -> bool:
        return stopping() or monotonic() > end

    while more and not over():
        with crm.write("", Verb.TASKS) as uow:
            erased, more = _erase_some(uow, log, months)
            uow.commit_all()
        count += erased
    if count:
        _erase_words(crm, log, over)
    return count


def would_erase(crm: Crm, log: str, months: int) -> int:
    """How many rows are to go."""
    with crm.read() as connection:
        today = nights.surely_come(connection, crm.clock.today())
        if today is None:
            return 0
        before = datetime.combine(months_before(today, months), time.min, crm.region.zone)
        return erasing.count(connection, log, before, nights.seen_for(connection, nights.KEPT_DAYS))


def forget_accesses(crm: Crm, months: int, trying: bool = False) -> int:
    """How many lines of the access log are older than so many months, and gone unless `trying`."""
    with crm.write("", Verb.TASKS) as uow:
        today = nights.surely_come(uow.connection, uow.now.date())
        if today is None:
            return 0
        gone = access_log.forget(uow.connection, datetime.combine(months_before(today, months), time.min, uow.region.zone))
        if not trying:
            uow.commit_private()
        return gone


def forget_history(crm: Crm, months: int, stopping: Stopping = lambda: False, trying: bool = False) -> int:
    """How many lines of the history that say something of people are older than so many months, and gone unless `trying`.

    Statuses, amounts and dates stay, as do the lines that say who created, deleted or merged what: figures know earlier days by them.
    """
    said = [column.name for name in ENTITY for column in columns_of(name, Way.WORD, Way.BLANK, Way.PEOPLE)]
    end, count, more = monotonic() + LONGEST, 0, True
    while more and not (stopping() or monotonic() > end):
        with crm.write("", Verb.TASKS) as uow:
            today = nights.surely_come(uow.connection, uow.now.date())
            if today is None:
                return count
            before = datetime.combine(months_before(today, months), time.min, uow.region.zone)
            old = (history.c.at < before, history.c.rev <= nights.seen_for(uow.connection, nights.KEPT_DAYS), history.c.field.in_(said))
            if trying:
                return int(uow.connection.execute(select(func.count()).select_from(history).where(*old)).scalar_one())
            some = select(history.c.key).where(*old).order_by(history.c.key).limit(MANY)
            gone = uow.connection.execute(delete(history).where(history.c.key.in_(some))).rowcount
            uow.commit_private()
        count, more = count + gone, gone == MANY
    return count


def _erase_words(crm: Crm, log: str, over: Stopping) -> None:
    """Those of the rows that went, from the index of words too."""
    begun, more = False, True
    while more and not over():
        with crm.write("", Verb.TASKS) as uow:
            more = full_text.rewrite_some(uow.connection, log, begun)
            uow.commit_private()
        begun = True


def _erase_some(uow: UnitOfWork, log: str, months: int) -> tuple[int, bool]:
    """How many, and whether there may be more."""
    today = nights.surely_come(uow.connection, uow.now.date())
    if today is None:
        return 0, False
    first_kept = months_before(today, months)
    before = datetime.combine(first_kept, time.min, uow.region.zone)
    erased = uow.erase_log(log, before, nights.seen_for(uow.connection, nights.KEPT_DAYS), TOGETHER)
    unsent = erasing.erase_unsent(uow.connection, before, TOGETHER) if log == "messages" else 0
    forget_traces(uow)  # they have the values of rows before and after
    if erased.count:
        erasing.note(uow.connection, log, erased.count, first_kept, months)
    return erased.count, TOGETHER in (erased.rows, unsent)


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
