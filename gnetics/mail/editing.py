"""What the editor of a mail opens with, and who is writing to a lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from gnetics.mail.answering import first_draft, kept_draft, others_writing
from gnetics.mail.composing import Draft
from gnetics.store.crm import Crm
from gnetics.store.people.writers import writer_of
from gnetics.store.schema import drafts


@dataclass(frozen=True)
class Opening:
    """`kept_at`: when the person left it so; None for what the product begins with. Without an address they write to nobody."""

    draft: Draft
    kept_at: datetime | None
    has_address: bool


@dataclass(frozen=True)
class Writing:
    """`begun`: the mails that the person has begun to answer (0: a new mail); `others` are writing now."""

    begun: frozenset[int] = frozenset()
    others: tuple[str, ...] = ()


def opening(crm: Crm, user: str, lead: Mapping[str, Any], mail: Mapping[str, Any] | None) -> Opening:
    with crm.read() as connection:
        kept = kept_draft(connection, user, lead["key"], mail["key"] if mail else None)
        writer = writer_of(connection, user)
    boxes = [each.own_address for each in crm.settings.mail_boxes]
    return Opening(kept.draft if kept else first_draft(mail, lead, writer, boxes), kept.at if kept else None, writer is not None)


def writing(crm: Crm, user: str, lead_key: int) -> Writing:
    with crm.read() as connection:
        mine = select(drafts.c.answers).where(drafts.c.lead_key == lead_key, drafts.c.user == user)
        begun = frozenset(connection.execute(mine).scalars())
        return Writing(begun, tuple(others_writing(connection, user, lead_key, crm.clock.now())))
