"""Each mail that comes is proposed an answer, once; a person decides of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, select

from gnetics.domain.happenings import Consumer, What
from gnetics.domain.history import Action
from gnetics.domain.messages import Answer, Direction
from gnetics.domain.rights import Verb
from gnetics.mail import barred
from gnetics.mail.answering import first_draft
from gnetics.mail.proposals.proposer import Asked, Proposer
from gnetics.mail.proposals.slots import free_slots
from gnetics.mail.templates import Blocked
from gnetics.store.crm import Crm
from gnetics.store.happenings import has_read, is_behind, next_of
from gnetics.store.people.writers import account_of, writer_of
from gnetics.store.schema import leads, messages

WHO = "Courrier"
WANTED = (What.MESSAGE_RECEIVED, What.MESSAGE_ATTACHED)


def propose_all(crm: Crm, propose: Proposer) -> int:
    """For all mails that came since the last time; how many were proposed an answer."""
    count = 0
    while True:
        with crm.read() as connection:  # without the writers' lock: a proposer may take its time
            told = next_of(connection, Consumer.PROPOSALS, WANTED)
            asked = [found for each in told for key in each.keys if (found := asked_of(crm, connection, key))]
        if not told:
            _pass_over(crm)
            return count
        answers = {each.mail["key"]: _columns(propose, each) for each in asked}
        with crm.write(WHO, Verb.TASKS) as uow:
            rows = uow.rows("messages", answers)
            changes = [(row, answers[key]) for key, row in rows.items() if is_open(row)]  # nobody decided meanwhile
            count += sum("reply_state" in columns for _, columns in changes)
            has_read(uow.connection, Consumer.PROPOSALS, told[0].rev)
            uow.update_many("messages", changes, Action.CHANGED)
            uow.commit_all()


def _pass_over(crm: Crm) -> None:
    """What is nobody's mail goes on too: it would wait for the next one."""
    with crm.read() as connection:  # first, since writers wait for one another
        if not is_behind(connection, Consumer.PROPOSALS):
            return
    with crm.write(WHO, Verb.TASKS) as uow:
        if not next_of(uow.connection, Consumer.PROPOSALS, WANTED):
            has_read(uow.connection, Consumer.PROPOSALS, uow.rev - 1)
        uow.commit_private()


def asked_of(crm: Crm, connection: Connection, key: int) -> Asked | None:
    """None where nothing is proposed: an older mail of its thread, nobody's lead, an owner without an address."""
    mail = _row(connection, messages, key)
    if mail is None or not is_open(mail) or _was_followed(connection, mail):
        return None
    lead = _row(connection, leads, mail["lead_key"])
    owner = account_of(connection, lead["owner"]) if lead else None
    writer = writer_of(connection, owner) if owner else None
    if lead is None or writer is None:
        return None
    said_no = barred.among(connection, first_draft(mail, lead, writer).recipients, lead["key"])
    slots = () if said_no else free_slots(connection, lead["owner"], crm.clock.now(), crm.region)
    return Asked(mail, lead, writer, slots, next(iter(said_no.values()), ""))


def _row(connection: Connection, table: Table, key: int) -> dict[str, Any] | None:
    found = connection.execute(select(table).where(table.c.key == key, ~table.c.deleted)).mappings().first()
    return None if found is None else dict(found)


def is_open(mail: Mapping[str, Any]) -> bool:
    """Whether an answer may be proposed: it came by a mailbox, calls for one, and nobody has decided."""
    came = mail["direction"] == Direction.RECEIVED and mail["box"] is not None and mail["lead_key"] is not None
    return came and mail["drop_reason"] is None and mail["reply_state"] is None and not mail["deleted"]


def _was_followed(connection: Connection, mail: Mapping[str, Any]) -> bool:
    """Whether its thread went on after it."""
    later = (messages.c.thread == mail["thread"], messages.c.logged_at > mail["logged_at"], ~messages.c.deleted)
    return connection.execute(select(messages.c.key).where(*later).limit(1)).first() is not None


def _columns(propose: Proposer, asked: Asked) -> dict[str, Any]:
    try:
        if asked.barred:
            raise Blocked(asked.barred)
        proposal = propose(asked)
    except Blocked as why:
        return {"reply_origin": f"Rien n’est proposé\u00a0: {why}."}
    return {"reply_text": proposal.text, "reply_origin": proposal.origin, "reply_state": Answer.PROPOSED}
