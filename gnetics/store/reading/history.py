"""The history of a lead."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, case, func, select

from gnetics.domain.history import Action
from gnetics.store.crm import Crm
from gnetics.store.merges import merged_into
from gnetics.store.schema import history

_MOMENT = tuple(history.c[name] for name in ("rev", "at", "entity_key", "who"))


class Moment(NamedTuple):
    """What one transaction did to one contact at one time: a line of the history or several; `whole` when one is of the whole contact."""

    rev: int
    entity_key: int
    whole: bool


def history_of(crm: Crm, key: int, most: int | None = None) -> pd.DataFrame:
    """The contact's history and that of those merged into it, newest first: of its `most` latest moments at least, or all.

    Columns key, at, who, action, field ("" for the whole contact), before, after, rev, and entity_key, the contact it is about.
    """
    columns = [history.c[name] for name in ("key", "at", "who", "action", "field", "before", "after", "rev", "entity_key")]
    with crm.read() as connection:
        about = _about(connection, key)
        query = select(*columns).where(*about).order_by(history.c.at.desc(), history.c.key.desc())
        if most is not None:
            latest = select(history.c.at).where(*about).group_by(*_MOMENT).order_by(history.c.at.desc()).limit(most).subquery()
            query = query.where(history.c.at >= select(func.min(latest.c.at)).scalar_subquery())
        return pd.DataFrame(connection.execute(query).all(), columns=[column.name for column in columns])


def moments_of(crm: Crm, key: int) -> list[Moment]:
    """Those that `history_of` has in all."""
    lines_of_the_whole = func.sum(case((history.c.field == "", 1), else_=0))
    with crm.read() as connection:
        query = select(history.c.rev, history.c.entity_key, lines_of_the_whole).where(*_about(connection, key)).group_by(*_MOMENT)
        return [Moment(rev, about, bool(whole)) for rev, about, whole in connection.execute(query)]


def _about(connection: Connection, key: int) -> tuple[ColumnElement[bool], ...]:
    """The lines of a contact's history; that it was merged is said by its survivor's own."""
    keys = [key, *merged_into(connection, [key])]
    return history.c.entity == "lead", history.c.entity_key.in_(keys), history.c.action != Action.TAKEN_OVER
