"""Keeps « en double » emails and near spellings true after each write, for the leads concerned only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Text, and_, bindparam, case, cast, delete, func, insert, literal, or_, select

from gnetics.domain.duplicates import near_pairs
from gnetics.store.bulk import update_rows
from gnetics.store.schema import duplicate_pairs, leads

VALID, DOUBLE = "valide", "en double"
MANY = 10_000  # emails: asking of all of the store is then quicker
_present = and_(leads.c.real, ~leads.c.deleted)


def chunks(items: Iterable[Any], size: int = 500) -> Iterator[list[Any]]:
    """Few enough at a time for one IN (…) on every database."""
    left = iter(items)
    while chunk := list(islice(left, size)):
        yield chunk


def settle_emails(connection: Connection, rev: int, folds: Collection[str]) -> None:
    """Give « valide » or « en double » to every contact having one of these folded emails; the deals of one person are no double."""
    readable = (_present, leads.c.email_check.in_((VALID, DOUBLE)))
    person = func.coalesce(leads.c.deal_of, leads.c.lead_id, literal("#") + cast(leads.c.key, Text))
    right = case((func.count(person.distinct()) > 1, DOUBLE), else_=VALID)
    wrong = or_(func.min(leads.c.email_check) != right, func.max(leads.c.email_check) != right)
    counted = select(leads.c.email_fold, right).where(*readable).group_by(leads.c.email_fold).having(wrong)
    checks: dict[str, str] = {}  # few: most emails are one lead's
    for chunk in [None] if len(folds) > MANY else chunks(sorted(folds)):
        asked = counted if chunk is None else counted.where(leads.c.email_fold.in_(chunk))
        checks |= dict(connection.execute(asked).all())
    for chunk in chunks(checks):
        having = select(leads.c.key, leads.c.email_fold, leads.c.email_check).where(*readable, leads.c.email_fold.in_(chunk))
        rows = connection.execute(having).all()
        writes = [{"key": key, "email_check": checks[fold], "rev": rev} for key, fold, check in rows if check != checks[fold]]
        update_rows(connection, leads, writes)


def settle_pairs(connection: Connection, keys: AbstractSet[int], domains: Collection[str], new: AbstractSet[int] = frozenset()) -> bool:
    """Compute the near spellings of these leads anew; says whether a pair appeared or went.

    `domains` are those of their emails; `new` are the keys that have no pair yet.
    """
    before = _stored_pairs(connection, keys - new)
    after = _near_pairs(connection, keys, domains)
    if gone := [{"a": low, "b": high} for low, high in before - after]:
        connection.execute(
            delete(duplicate_pairs).where(duplicate_pairs.c.low == bindparam("a"), duplicate_pairs.c.high == bindparam("b")), gone
        )
    if found := [{"low": low, "high": high} for low, high in after - before]:
        connection.execute(insert(duplicate_pairs), found)
    return before != after


def settle_all_pairs(connection: Connection) -> None:
    """The same for every lead."""
    domains = dict(connection.execute(select(leads.c.key, leads.c.email_domain)).all())
    settle_pairs(connection, domains.keys(), {domain for domain in domains.values() if domain})


def _stored_pairs(connection: Connection, keys: Collection[int]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for chunk in chunks(keys):
        mine = or_(duplicate_pairs.c.low.in_(chunk), duplicate_pairs.c.high.in_(chunk))
        found.update((low, high) for low, high in connection.execute(select(duplicate_pairs.c.low, duplicate_pairs.c.high).where(mine)))
    return found


def _near_pairs(connection: Connection, keys: AbstractSet[int], domains: Collection[str]) -> set[tuple[int, int]]:
    pairs: set[tuple[int, int]] = set()
    for chunk in chunks(sorted(domains)):
        people: dict[str, dict[int, str]] = defaultdict(dict)
        query = select(leads.c.email_domain, leads.c.key, leads.c.name_fold)
        wanted = query.where(leads.c.email_domain.in_(chunk), leads.c.name_fold.is_not(None), _present)
        for domain, key, name in connection.execute(wanted).all():
            people[domain][key] = name
        for names in people.values():
            pairs.update(near_pairs(names, keys & names.keys()))
    return pairs
