"""Which values people gave, as the history tells."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from gnetics.domain.history import Action
from gnetics.store.duplicates import chunks
from gnetics.store.schema import history


def typed_fields(connection: Connection, entity: str, keys: Iterable[int]) -> dict[int, dict[str, bool]]:
    """Of each row, whether anything but an import gave a field last, by its key; "" for what the row came with."""
    found: dict[int, dict[str, bool]] = {key: {} for key in keys}
    for some in chunks(found):
        mine = (history.c.entity == entity, history.c.entity_key.in_(some))
        last = select(func.max(history.c.key)).where(*mine, history.c.field != "").group_by(history.c.entity_key, history.c.field)
        first = select(func.min(history.c.key)).where(*mine, history.c.field == "").group_by(history.c.entity_key)
        lines = select(history.c.entity_key, history.c.field, history.c.action).where(history.c.key.in_(last.union_all(first)))
        for key, name, action in connection.execute(lines):
            found[key][name] = action != Action.IMPORTED
    return found
