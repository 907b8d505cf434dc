"""The mails of one lead as its sheet lists them: those of the log, without their texts, and those that did not leave."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, literal, select
from sqlalchemy.sql.selectable import Select

from gnetics.domain.outbox import State
from gnetics.store.crm import Crm
from gnetics.store.merges import with_merged
from gnetics.store.people import own
from gnetics.store.people.accounts import owner_of
from gnetics.store.schema import messages, outbox

Row = dict[str, Any]
BEGINNING = 200  # characters of a text that a list shows
_LISTED = (
    "key message_id thread in_reply_to direction kind sender recipients subject at attachments drop_reason reply_state reply_by answer "
    "colleague"
)
_WAITING = "key state message_id content answers asked_by asked_at due_at tries said"


def mails(crm: Crm, user: str, lead_key: int, most: int) -> tuple[list[Row], int]:
    """The newest of the log, `beginning` being the first words, and how many there are; `said`: whom the mail server refused."""
    with crm.read() as connection:
        mine = (messages.c.lead_key == lead_key, ~messages.c.deleted)
        beginning = func.substr(messages.c.text, 1, BEGINNING).label("beginning")
        listed = select(*_columns(messages, _LISTED), beginning, outbox.c.said)
        listed = listed.outerjoin_from(messages, outbox, outbox.c.message_id == messages.c.message_id).where(*mine)
        latest = listed.order_by(messages.c.logged_at.desc(), messages.c.key.desc()).limit(most)
        rows = [dict(row) for row in connection.execute(_limited(connection, user, latest, messages.c.lead_key)).mappings()]
        if len(rows) < most:
            return rows, len(rows)
        counted = select(func.count()).select_from(messages).where(*mine)
        return rows, connection.execute(_limited(connection, user, counted, messages.c.lead_key)).scalar_one()


def unsent(crm: Crm, user: str, lead_key: int, most: int) -> list[Row]:
    """The newest that wait to leave or did not, with their bytes; those to leads that this one took over are its own.

    `root` is the thread of the mail that each answers, `answered_state` what has become of an answer to it.
    """
    with crm.read() as connection:
        root = func.coalesce(messages.c.thread, messages.c.message_id, outbox.c.message_id).label("root")
        answered = (root, messages.c.reply_state.label("answered_state"))
        waiting = select(*_columns(outbox, _WAITING), *answered).outerjoin_from(outbox, messages, messages.c.key == outbox.c.answers)
        theirs = outbox.c.lead_key.in_(with_merged(connection, lead_key))
        waiting = waiting.where(theirs, outbox.c.state.not_in((State.SENT, State.CANCELLED)))
        latest = waiting.order_by(outbox.c.key.desc()).limit(most)
        return [dict(row) for row in connection.execute(_limited(connection, user, latest, literal(lead_key))).mappings()]


def _columns(table: Table, names: str) -> list[ColumnElement[Any]]:
    return [table.c[name] for name in names.split()]


def _limited(connection: Connection, user: str, query: Select[Any], lead_key: Any) -> Select[Any]:
    """To what the person sees."""
    owner = owner_of(connection, user)
    return query if owner is None else query.where(own.about_mine(connection, owner, lead_key))
