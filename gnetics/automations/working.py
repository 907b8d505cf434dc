"""What the worker does with the rules: decides what is due, does it, and ends the sequences that something has ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select

from gnetics.automations import sequences
from gnetics.automations.book import book, in_force
from gnetics.automations.chain import WHO
from gnetics.automations.claiming import Deeds, do_nights
from gnetics.automations.deciding import decide
from gnetics.automations.deeds import mails
from gnetics.automations.deeds.job import given_of
from gnetics.automations.doing import CHANGED, Alarm, do_due
from gnetics.automations.switching import publish
from gnetics.domain.rights import Verb
from gnetics.domain.sequences import State
from gnetics.domain.typography import capital
from gnetics.errors import GneticsError
from gnetics.store.crm import Crm
from gnetics.store.unit_of_work import UnitOfWork


def work(
    crm: Crm, stopping: Callable[[], bool] = lambda: False, alarm: Alarm = lambda *_: None, deeds: Deeds = MappingProxyType({})
) -> int:
    """How much was decided and done; `deeds` are those of the night. GneticsError when the file of rules is wrong: then only those run."""
    try:
        known = book(crm)
    except GneticsError:  # which the check of the night tells
        do_nights(crm, book(crm, own=False), deeds, stopping, alarm)
        raise
    publish(crm, known)
    nights = do_nights(crm, known, deeds, stopping, alarm)
    end_sequences(crm)
    return nights + decide(crm, known, stopping) + do_due(crm, known, stopping, alarm)


def end_sequences(crm: Crm) -> int:
    with crm.read() as connection:  # first, since writers wait for one another
        if connection.execute(sequences.perhaps_over().limit(1)).first() is None:
            return 0
    with crm.write(WHO.format(title="Relance"), Verb.TASKS) as uow:
        count = sequences.settle(uow)
        uow.commit_all()
    return count


def leaving(uow: UnitOfWork, run_key: int) -> str | datetime:
    """Asked of a mail that a rule wrote when it is about to leave: "" when it may, else when it may, or why it never does."""
    run = uow.rows("runs", [run_key]).get(run_key)
    if run is None or not uow.connection.execute(select(in_force(run["automation"], run["rule_version"]))).scalar():
        return CHANGED
    if run["lead_key"] is None:
        return ""
    lead = uow.rows("leads", [run["lead_key"]]).get(run["lead_key"])
    if lead is None or lead["deleted"]:
        return "Le contact a été retiré."
    row = sequences.row_of(uow.connection, lead["key"])
    if row and run["message_id"] in row["message_ids"] and (over := _over(uow, row, lead)):
        return f"{capital(over)}."
    then, _ = mails.when(uow, lead["key"])
    if then <= uow.now:
        return ""
    starts = given_of(run).get("starts_at")
    return mails.NO_HOUR_LEFT if starts and datetime.fromisoformat(starts) <= then else then


def _over(uow: UnitOfWork, row: sequences.Row, lead: sequences.Row) -> str:
    return str(row["reason"]) if row["state"] == State.STOPPED else sequences.why_over(uow.connection, row, lead)
