"""What is in the bin."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from gnetics.domain.folding import fold
from gnetics.domain.history import Action
from gnetics.store.crm import Crm
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.people.accounts import owner_of
from gnetics.store.people.own import held_by
from gnetics.store.schema import history, leads


def binned(crm: Crm, user: str, most: int, text: str = "") -> tuple[list[Mapping[str, Any]], int]:
    """What this person sees of the bin: (rows, last deleted first, with `who` deleted them; how many there are).

    Only those where each word of `text` is found, if any is given.
    """
    kept = [
        leads.c.deleted,
        leads.c.merged_into.is_(None),
        leads.c.erased_at.is_(None),
        leads.c.updated_at >= crm.clock.now() - timedelta(days=KEPT_DAYS),
    ]
    kept += [leads.c.search.contains(word, autoescape=True) for word in (fold(text) or "").split()]
    who = (
        select(history.c.who)
        .where(history.c.entity == "lead", history.c.entity_key == leads.c.key, history.c.action == Action.DELETED)
        .order_by(history.c.key.desc())
        .limit(1)
        .scalar_subquery()
    )
    with crm.read() as connection:
        if (owner := owner_of(connection, user)) is not None:
            kept.append(held_by(connection, owner, *kept))
        query = select(leads, who.label("who")).where(*kept).order_by(leads.c.updated_at.desc(), leads.c.key).limit(most)
        count = connection.execute(select(func.count()).select_from(leads).where(*kept)).scalar_one()
        return [dict(row) for row in connection.execute(query).mappings()], count
