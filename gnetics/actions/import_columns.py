"""What was chosen for the columns of a file and for its statuses, found again for the next file with the same headers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Literal

from sqlalchemy import Connection, delete, insert, select

from gnetics.store.schema import import_columns
from gnetics.store.unit_of_work import UnitOfWork

Matter = Literal["columns", "statuses", "dates"]


def remembered(connection: Connection, names: Iterable[str], matter: Matter) -> dict[str, str]:
    """The choices last imported with this set of headers, in any order.

    {column: field key} or {word: status}, "" for none; {column: order of its dates}.
    """
    query = select(import_columns.c.choices).where(import_columns.c.headers == _signature(names, matter))
    text = connection.execute(query).scalar()
    return json.loads(text) if text else {}


def remember(uow: UnitOfWork, names: Iterable[str], matter: Matter, choices: Mapping[str, str]) -> None:
    """Kept with the import, and by its commit; for the whole team."""
    signature = _signature(names, matter)
    uow.connection.execute(delete(import_columns).where(import_columns.c.headers == signature))
    uow.connection.execute(insert(import_columns).values(headers=signature, choices=json.dumps(dict(choices), ensure_ascii=False)))


def _signature(names: Iterable[str], matter: Matter) -> str:
    return hashlib.sha256("\n".join([*sorted(names), *(["", matter] if matter != "columns" else [])]).encode()).hexdigest()
