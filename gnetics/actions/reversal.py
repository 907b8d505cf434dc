"""Taking back a whole transaction: each row it wrote gets its values of before, save what somebody changed since."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from sqlalchemy import and_, select

from gnetics.domain import verbs
from gnetics.domain.fields import BY_KEY
from gnetics.domain.leads import title
from gnetics.store.canonical import ENTITY, decode, encode
from gnetics.store.duplicates import chunks
from gnetics.store.schema import history
from gnetics.store.unit_of_work import Row, UnitOfWork

Line = sqlalchemy.Row[Any]  # of the history
_GONE = (verbs.DELETED, verbs.TAKEN_OVER)
_READ = tuple(history.c[name] for name in ("entity_key", "action", "field", "before", "after"))
_STATUS = frozenset({"probability", "status_since", "previous_status", "closed_at"})  # they follow it


@dataclass(frozen=True)
class Kept:
    """What was edited since and stays: the contact, and the labels of the fields."""

    title: str
    fields: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.title}\u00a0: {', '.join(self.fields)}"


def reverse(uow: UnitOfWork, rev: int, action: str) -> list[Kept]:
    """Take back transaction `rev`; `action` is the word of the history. Says what was edited since, which stays."""
    kept: list[Kept] = []
    for table_name, entity in ENTITY.items():
        mine = and_(history.c.rev == rev, history.c.entity == entity)
        written = uow.connection.execute(select(history.c.entity_key).where(mine).distinct()).scalars().all()
        for chunk in chunks(sorted(written)):
            kept += _reverse_rows(uow, table_name, chunk, rev, action)
    return kept


def _reverse_rows(uow: UnitOfWork, table_name: str, keys: list[int], rev: int, action: str) -> list[Kept]:
    about = and_(history.c.entity == ENTITY[table_name], history.c.entity_key.in_(keys))
    lines: dict[int, list[Line]] = defaultdict(list)
    # rev + 0: else the index of rev is taken, and all the transaction read again for each few hundred of its rows
    mine = select(*_READ).where(about, history.c.rev + 0 == rev).order_by(history.c.key)
    for line in uow.connection.execute(mine):
        lines[line.entity_key].append(line)
    later = select(history.c.entity_key).where(about, history.c.rev > rev, history.c.field == "")
    moved_on = set(uow.connection.execute(later).scalars())  # deleted, restored or merged since
    kept, back, returning = [], [], []
    for key, row in uow.rows(table_name, keys).items():
        changes, edited = _earlier(table_name, row, lines[key])
        if row["deleted"] and key not in moved_on and any(line.action in _GONE and not line.field for line in lines[key]):
            returning.append((row, changes | ({"merged_into": None} if table_name == "leads" else {})))
        elif row["deleted"]:
            continue
        else:
            back.append((row, changes))
        if edited and table_name == "leads":
            kept.append(Kept(title(row), tuple(BY_KEY[field].label for field in edited)))
    uow.update_many(table_name, back, action)
    uow.undelete_many(table_name, returning, action)
    return kept


def _earlier(table_name: str, row: Row, lines: list[Line]) -> tuple[dict[str, Any], list[str]]:
    """(values to give back, fields that somebody changed since)."""
    changes: dict[str, Any] = {}
    edited: list[str] = []
    for line in lines:
        if line.field:
            now = encode(table_name, line.field, row[line.field])
            if now == line.after:
                changes[line.field] = decode(table_name, line.field, line.before)
            elif now != line.before:
                edited.append(line.field)
    if "status" in edited:
        changes = {field: value for field, value in changes.items() if field not in _STATUS}
        edited = [field for field in edited if field not in _STATUS]
    return changes, edited
