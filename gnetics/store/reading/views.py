"""The saved views of Contacts."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select

from gnetics.store.crm import Crm
from gnetics.store.schema import views


@dataclass(frozen=True)
class View:
    """`query` is the part of the page's address that it names."""

    key: int
    name: str
    query: dict[str, str]


def views_of(crm: Crm, user: str) -> list[View]:
    """The person's views, by name."""
    with crm.read() as connection:
        rows = connection.execute(select(views.c.key, views.c.name, views.c.query).where(views.c.user == user).order_by(views.c.name_fold))
        return [View(key, name, json.loads(query)) for key, name, query in rows]
