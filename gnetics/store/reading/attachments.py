"""The attachments that are kept of a mail: their names, and one of them whole once somebody asks for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from sqlalchemy import ColumnElement, Connection, select

from gnetics.errors import StoreError
from gnetics.store.crm import Crm
from gnetics.store.people import own
from gnetics.store.people.accounts import owner_of
from gnetics.store.schema import attachments, messages

DAMAGED = "La pièce jointe «\u00a0{name}\u00a0» est abîmée dans la base\u00a0: redemandez-la à son expéditeur."


@dataclass(frozen=True)
class File:
    name: str
    media_type: str
    content: bytes = field(repr=False)


def names(crm: Crm, user: str, message_key: int) -> dict[int, str]:
    """By their places among the attachments that the mail lists; none of a mail that this person does not see."""
    with crm.read() as connection:
        kept = select(attachments.c.position, attachments.c.name).where(*_of(connection, user, message_key))
        return dict(connection.execute(kept.order_by(attachments.c.position)).all())


def whole(crm: Crm, user: str, message_key: int, position: int) -> File | None:
    """None when it is not kept, or this person does not see the mail."""
    with crm.read() as connection:
        here = (*_of(connection, user, message_key), attachments.c.position == position)
        row = connection.execute(select(attachments).where(*here)).first()
    if row is None:
        return None
    if sha256(row.content).hexdigest() != row.digest:
        raise StoreError(DAMAGED.format(name=row.name))
    return File(row.name, row.media_type, row.content)


def _of(connection: Connection, user: str, message_key: int) -> list[ColumnElement[bool]]:
    owner = owner_of(connection, user)
    mine = [] if owner is None else [own.about_mine(connection, owner, messages.c.lead_key)]
    seen = select(messages.c.key).where(messages.c.key == message_key, ~messages.c.deleted, *mine)
    return [attachments.c.message_key.in_(seen)]
