"""What other programs call the leads: (source, value), kept per source, so that their exports find again whom they brought.

They stay with the lead that was brought: of one merged since they are its survivor's, by its `merged_into`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import Connection, delete, select

from gnetics.store.bulk import insert_rows
from gnetics.store.duplicates import chunks
from gnetics.store.schema import foreign_keys, leads

ForeignKey = tuple[str, str]  # source, value


def parse(text: str) -> list[ForeignKey]:
    """What `texts` wrote."""
    pairs = (line.partition(": ") for line in text.splitlines())
    return [(source.strip(), value.strip()) for source, sign, value in pairs if sign and value.strip()]


def texts(connection: Connection, keys: Iterable[int]) -> dict[int, str]:
    """Of each of these leads that has any, « source: value » a line each, those of the leads merged into it too."""
    found: dict[int, list[str]] = defaultdict(list)
    into = dict(connection.execute(select(leads.c.key, leads.c.merged_into).where(leads.c.merged_into.is_not(None))).all())
    wanted = set(keys)
    query = select(foreign_keys.c.source, foreign_keys.c.value, foreign_keys.c.lead_key)
    for source, value, key in connection.execute(query.order_by(foreign_keys.c.source, foreign_keys.c.value)):
        while key in into:
            key = into[key]
        if key in wanted:
            found[key].append(f"{source}: {value}")
    return {key: "\n".join(dict.fromkeys(lines)) for key, lines in found.items()}


def take_back(connection: Connection, rev: int, kept: Collection[int]) -> None:
    """Remove those that transaction `rev` brought, but of the leads that are kept."""
    brought = connection.execute(select(foreign_keys.c.lead_key).where(foreign_keys.c.rev == rev).distinct()).scalars().all()
    for chunk in chunks(set(brought).difference(kept)):
        connection.execute(delete(foreign_keys).where(foreign_keys.c.rev == rev, foreign_keys.c.lead_key.in_(chunk)))


def add(connection: Connection, rev: int, keys: Iterable[tuple[str, str, int]]) -> None:
    """(source, value, key of the lead), none of them known yet."""
    insert_rows(connection, foreign_keys, [{"source": source, "value": value, "lead_key": key, "rev": rev} for source, value, key in keys])


def forget(connection: Connection, keys: Collection[int]) -> None:
    """Remove those of leads that are erased, a few at a time."""
    connection.execute(delete(foreign_keys).where(foreign_keys.c.lead_key.in_(keys)))
