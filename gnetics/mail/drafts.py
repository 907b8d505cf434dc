"""Mails that somebody is writing: they are there after a reload, and others see that an answer is coming."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from gnetics.domain.rights import Verb
from gnetics.mail.composing import Draft
from gnetics.store.crm import Crm
from gnetics.store.schema import drafts

WRITING = timedelta(minutes=10)  # a draft changed since then is being written


@dataclass(frozen=True)
class Kept:
    """A draft as somebody left it."""

    draft: Draft
    at: datetime


@dataclass(frozen=True)
class Writing:
    """`begun`: the mails that the person has begun to answer (0: a new mail); `others` are writing now."""

    begun: frozenset[int] = frozenset()
    others: tuple[str, ...] = ()


def keep(crm: Crm, user: str, lead_key: int, answers: int | None, draft: Draft) -> None:
    """In the place of what was kept; `answers` is the key of the mail answered, None for a new one."""
    with crm.write(user, Verb.SEND) as uow:
        uow.row("leads", lead_key)
        forget(uow.connection, user, lead_key, answers)
        row = {"user": user, "lead_key": lead_key, "answers": answers or 0, "content": json.dumps(asdict(draft)), "at": uow.now}
        uow.connection.execute(insert(drafts).values(row))
        uow.commit_private()


def kept(connection: Connection, user: str, lead_key: int, answers: int | None) -> Kept | None:
    row = connection.execute(select(drafts.c.content, drafts.c.at).where(*_one(user, lead_key, answers))).first()
    if row is None:
        return None
    said = json.loads(row.content)
    return Kept(Draft(tuple(said["to"]), tuple(said["cc"]), said["subject"], said["text"]), row.at)


def give_up(crm: Crm, user: str, lead_key: int, answers: int | None) -> None:
    with crm.write(user, Verb.SEND) as uow:
        forget(uow.connection, user, lead_key, answers)
        uow.commit_private()


def forget(connection: Connection, user: str, lead_key: int, answers: int | None) -> None:
    """The caller commits."""
    connection.execute(delete(drafts).where(*_one(user, lead_key, answers)))


def writing(crm: Crm, user: str, lead_key: int) -> Writing:
    """Who is writing to that lead."""
    recent = drafts.c.at > crm.clock.instant() - WRITING
    with crm.read() as connection:
        mine = select(drafts.c.answers).where(drafts.c.lead_key == lead_key, drafts.c.user == user)
        theirs = select(drafts.c.user).where(drafts.c.lead_key == lead_key, drafts.c.user != user, recent).distinct()
        others = connection.execute(theirs.order_by(drafts.c.user)).scalars()
        return Writing(frozenset(connection.execute(mine).scalars()), tuple(others))


def _one(user: str, lead_key: int, answers: int | None) -> tuple[ColumnElement[bool], ...]:
    return (drafts.c.user == user, drafts.c.lead_key == lead_key, drafts.c.answers == (answers or 0))
