"""Mails that somebody is writing: they are there after a reload, and others see that an answer is coming.

A draft is of the mail that it answers, wherever that mail is, or of a lead, also once another lead took that one over: a merge moves
none, and its undo leaves each where it was. Of two drafts of one person for leads that became one, the later is opened first.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, or_, select, update

from gnetics.domain.rights import Verb
from gnetics.mail.composing import Draft
from gnetics.store.crm import Crm
from gnetics.store.merges import living, with_merged
from gnetics.store.schema import drafts, messages

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
    """In the place of the one that is opened first; `answers` is the key of the mail answered, None for a new one."""
    with crm.write(user, Verb.SEND) as uow:
        uow.row("leads", living(uow.connection, lead_key) or lead_key)
        said = {"content": json.dumps(asdict(draft)), "at": uow.now}
        if found := _first(uow.connection, user, lead_key, answers):
            uow.connection.execute(update(drafts).where(*_place(found)).values(said))
        else:
            uow.connection.execute(insert(drafts).values({"user": user, "lead_key": lead_key, "answers": answers or 0, **said}))
        uow.commit_private()


def kept(connection: Connection, user: str, lead_key: int, answers: int | None) -> Kept | None:
    found = _first(connection, user, lead_key, answers)
    if found is None:
        return None
    said = json.loads(found.content)
    return Kept(Draft(tuple(said["to"]), tuple(said["cc"]), said["subject"], said["text"]), found.at)


def give_up(crm: Crm, user: str, lead_key: int, answers: int | None) -> None:
    with crm.write(user, Verb.SEND) as uow:
        forget(uow.connection, user, lead_key, answers)
        uow.commit_private()


def forget(connection: Connection, user: str, lead_key: int, answers: int | None) -> None:
    """The one that is opened first; the caller commits."""
    if found := _first(connection, user, lead_key, answers):
        connection.execute(delete(drafts).where(*_place(found)))


def writing(crm: Crm, user: str, lead_key: int) -> Writing:
    """Who is writing to that lead."""
    recent = drafts.c.at > crm.clock.instant() - WRITING
    with crm.read() as connection:
        to_them = or_(_new(connection, lead_key), drafts.c.answers.in_(select(messages.c.key).where(messages.c.lead_key == lead_key)))
        mine = select(drafts.c.answers).where(to_them, drafts.c.user == user)
        theirs = select(drafts.c.user).where(to_them, drafts.c.user != user, recent).distinct()
        others = connection.execute(theirs.order_by(drafts.c.user)).scalars()
        return Writing(frozenset(connection.execute(mine).scalars()), tuple(others))


def _first(connection: Connection, user: str, lead_key: int, answers: int | None) -> Row[Any] | None:
    """Of this person, the one that was kept last."""
    which = drafts.c.answers == answers if answers else _new(connection, lead_key)
    last = select(drafts).where(drafts.c.user == user, which).order_by(drafts.c.at.desc(), drafts.c.lead_key).limit(1)
    return connection.execute(last).first()


def _new(connection: Connection, lead_key: int) -> ColumnElement[bool]:
    """New mails to that lead, or to those that it took over."""
    return and_(drafts.c.answers == 0, drafts.c.lead_key.in_(with_merged(connection, lead_key)))


def _place(row: Row[Any]) -> tuple[ColumnElement[bool], ...]:
    return (drafts.c.user == row.user, drafts.c.lead_key == row.lead_key, drafts.c.answers == row.answers)
