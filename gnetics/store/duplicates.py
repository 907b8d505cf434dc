"""Keeps « en double » emails and near spellings true after each write, for the leads concerned only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, delete, func, insert, literal, or_, select, update

from gnetics.domain.duplicates import near_pairs
from gnetics.store.schema import duplicate_pairs, leads

VALID, DOUBLE = "valide", "en double"
_present = and_(leads.c.real, ~leads.c.deleted)


def chunks(items: Iterable[Any], size: int = 500) -> Iterator[list[Any]]:
    """Few enough at a time for one IN (…) on every database."""
    left = iter(items)
    while chunk := list(islice(left, size)):
        yield chunk


def settle_emails(connection: Connection, rev: int, folds: Collection[str]) -> None:
    """Give « valide » or « en double » to every contact having one of these folded emails."""
    readable = leads.c.email_check.in_((VALID, DOUBLE))
    for chunk in chunks(sorted(folds)):
        concerned = and_(leads.c.email_fold.in_(chunk), _present, readable)
        shared = select(leads.c.email_fold).where(concerned).group_by(leads.c.email_fold).having(func.count() > 1)
        wanted = case((leads.c.email_fold.in_(shared), literal(DOUBLE)), else_=literal(VALID))
        connection.execute(update(leads).where(concerned, leads.c.email_check != wanted).values(email_check=wanted, rev=rev))


def settle_pairs(connection: Connection, keys: Collection[int]) -> bool:
    """Compute the near spellings of these leads anew; says whether a pair appeared or went."""
    before = _stored_pairs(connection, keys)
    after = _near_pairs(connection, set(keys))
    if gone := [{"a": low, "b": high} for low, high in before - after]:
        connection.execute(
            delete(duplicate_pairs).where(duplicate_pairs.c.low == bindparam("a"), duplicate_pairs.c.high == bindparam("b")), gone
        )
    if new := [{"low": low, "high": high} for low, high in after - before]:
        connection.execute(insert(duplicate_pairs), new)
    return before != after


def _stored_pairs(connection: Connection, keys: Collection[int]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for chunk in chunks(keys):
        mine = or_(duplicate_pairs.c.low.in_(chunk), duplicate_pairs.c.high.in_(chunk))
        found.update((low, high) for low, high in connection.execute(select(duplicate_pairs.c.low, duplicate_pairs.c.high).where(mine)))
    return found


def _near_pairs(connection: Connection, keys: set[int]) -> set[tuple[int, int]]:
    pairs: set[tuple[int, int]] = set()
    for chunk in chunks(_domains(connection, keys)):
        people: dict[str, dict[int, str]] = defaultdict(dict)
        query = select(leads.c.email_domain, leads.c.key, leads.c.name_fold)
        for domain, key, name in connection.execute(query.where(leads.c.email_domain.in_(chunk), leads.c.name_fold.is_not(None), _present)):
            people[domain][key] = name
        for names in people.values():
            pairs.update(near_pairs(names, keys & names.keys()))
    return pairs


def _domains(connection: Connection, keys: Collection[int]) -> list[str]:
    found: set[str] = set()
    for chunk in chunks(keys):
        query = select(leads.c.email_domain).where(leads.c.key.in_(chunk), leads.c.email_domain.is_not(None), _present)
        found.update(connection.execute(query).scalars())
    return sorted(found)
