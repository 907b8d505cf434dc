"""The history of a lead."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import ColumnElement, Connection, func, select

from gnetics.domain.history import Action
from gnetics.store.crm import Crm
from gnetics.store.merges import merged_into
from gnetics.store.schema import history


def history_of(crm: Crm, key: int, most: int | None = None) -> pd.DataFrame:
    """The contact's history and that of those merged into it, newest first: `most` lines of it, or all.

    Columns key, at, who, action, field ("" for the whole contact), before, after, rev, and entity_key, the contact it is about.
    """
    columns = [history.c[name] for name in ("key", "at", "who", "action", "field", "before", "after", "rev", "entity_key")]
    with crm.read() as connection:
        query = select(*columns).where(*_about(connection, key)).order_by(history.c.at.desc(), history.c.key.desc()).limit(most)
        return pd.DataFrame(connection.execute(query).all(), columns=[column.name for column in columns])


def history_length(crm: Crm, key: int) -> int:
    """How many lines `history_of` has in all."""
    with crm.read() as connection:
        return connection.execute(select(func.count()).select_from(history).where(*_about(connection, key))).scalar_one()


def _about(connection: Connection, key: int) -> tuple[ColumnElement[bool], ...]:
    """The lines of a contact's history; that it was merged is said by its survivor's own."""
    keys = [key, *merged_into(connection, [key])]
    return history.c.entity == "lead", history.c.entity_key.in_(keys), history.c.action != Action.TAKEN_OVER
