"""What a row goes back to when a transaction is taken back: its values of before, save what somebody changed since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy

from gnetics.domain.leads import FOLLOWING
from gnetics.store.canonical import decode
from gnetics.store.unit_of_work import Row

Line = sqlalchemy.Row[Any]  # of the history
Changes = Mapping[str, tuple[Any, Any]]  # what was done to a row: its fields that changed, each before and after


@dataclass(frozen=True)
class Earlier:
    """`values` to give back, and the fields `edited` since, which stay as they are."""

    values: Row
    edited: list[str]


@dataclass(frozen=True)
class Kept:
    """A row edited since, and what of it stays."""

    title: str
    what: str

    def __str__(self) -> str:
        return f"{self.title}\u00a0: {self.what}"


def told(table_name: str, lines: Iterable[Line]) -> Changes:
    """What these lines of the history of a row, oldest first, say was done to its fields."""
    changes: dict[str, tuple[Any, Any]] = {}
    for line in lines:
        if line.field:
            before = changes[line.field][0] if line.field in changes else decode(table_name, line.field, line.before)
            changes[line.field] = before, decode(table_name, line.field, line.after)
    return changes


def earlier(changes: Changes, row: Row) -> Earlier:
    """Take back `changes` of a row as it stands: a field that is as before already needs nothing."""
    values: Row = {}
    edited: list[str] = []
    for name, (before, after) in changes.items():
        if row[name] == after:
            values[name] = before
        elif row[name] != before:
            edited.append(name)
    for leader, following in FOLLOWING.items():
        if leader in changes and leader not in values:  # what follows a status stays with the one that stays
            values = {name: value for name, value in values.items() if name not in following}
            edited = [name for name in edited if name not in following]
    return Earlier(values, edited)
