"""What happened, told in the transaction that did it; each consumer reads on from where it was, and what all have read goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from gnetics.domain import key_ranges as keys
from gnetics.domain.happenings import Consumer, What
from gnetics.domain.history import Action
from gnetics.domain.messages import Direction
from gnetics.store.schema import consumers, happenings

Row = Mapping[str, Any]
_COME = {"leads": What.LEAD_CREATED, "events": What.EVENT_CREATED}
_BACK = {"leads": What.LEAD_RESTORED, "events": What.EVENT_CREATED}
_GONE = {"leads": What.LEAD_DELETED, "events": What.EVENT_DELETED}
_CHANGED = {"leads": What.LEAD_CHANGED, "events": What.EVENT_CHANGED}
_OF_MESSAGE = {Direction.RECEIVED: What.MESSAGE_RECEIVED, Direction.SENT: What.MESSAGE_SENT}


@dataclass(frozen=True)
class Happening:
    """The same thing done to all these rows by one transaction; `before` and `after` are statuses. `action` says how it was done."""

    what: What
    action: Action
    keys: tuple[int, ...]
    rev: int
    at: datetime
    who: str
    before: str | None = None
    after: str | None = None


class Told:
    """What a transaction has done so far."""

    def __init__(self) -> None:
        self._keys: defaultdict[tuple[What, Action, str | None, str | None], set[int]] = defaultdict(set)

    def come(self, table_name: str, rows: Sequence[Row], action: Action) -> None:
        """New rows."""
        if table_name in _COME:
            self._note(_COME[table_name], action, (row["key"] for row in rows))
        if table_name == "events":
            self._note(What.EVENT_DONE, action, (row["key"] for row in rows if row["done"]))
        if table_name == "messages":
            for direction, what in _OF_MESSAGE.items():
                self._note(what, action, (row["key"] for row in rows if row["direction"] == direction))

    def changed(self, table_name: str, row: Row, asked: Row, action: Action) -> None:
        """`asked` are the columns that differ from the row, as it was before."""
        if "deleted" in asked:
            turn = _GONE if asked["deleted"] else _BACK
            if table_name in turn:
                self._note(turn[table_name], action, [row["key"]])
            return
        if table_name in _CHANGED:
            self._note(_CHANGED[table_name], action, [row["key"]])
        if table_name == "leads" and "status" in asked:
            self._note(What.STATUS_CHANGED, action, [row["key"]], row["status"], asked["status"])
        if table_name == "events" and asked.get("done"):
            self._note(What.EVENT_DONE, action, [row["key"]])
        if table_name == "messages" and asked.get("lead_key") is not None:
            self._note(What.MESSAGE_ATTACHED, action, [row["key"]])

    def write(self, connection: Connection, rev: int, at: datetime, who: str) -> None:
        rows = [
            {"what": what, "action": action, "keys": keys.written(each), "before": before, "after": after}
            for (what, action, before, after), each in self._keys.items()
            if each
        ]
        if rows:
            connection.execute(insert(happenings), [{**row, "rev": rev, "at": at, "who": who} for row in rows])

    def _note(self, what: What, action: Action, each: Iterable[int], before: str | None = None, after: str | None = None) -> None:
        self._keys[what, action, before, after].update(each)


def follow(connection: Connection, rev: int) -> None:
    """Every consumer reads on from that transaction; those who do so already are left as they are."""
    known = set(connection.execute(select(consumers.c.name)).scalars())
    new = [{"name": name, "rev": rev} for name in Consumer if name not in known]
    if new:
        connection.execute(insert(consumers), new)


def next_of(connection: Connection, consumer: Consumer, wanted: Collection[What], revs: int = 1) -> list[Happening]:
    """What the oldest transactions that this consumer has not read did of what it wants, the oldest first; empty when there are none."""
    cursor = select(consumers.c.rev).where(consumers.c.name == consumer).scalar_subquery()
    new = (happenings.c.rev > cursor, happenings.c.what.in_(wanted))
    oldest = select(happenings.c.rev).where(*new).distinct().order_by(happenings.c.rev).limit(revs).subquery()
    last = select(func.max(oldest.c.rev)).scalar_subquery()
    query = select(happenings).where(*new, happenings.c.rev <= last).order_by(happenings.c.rev, happenings.c.key)
    return [
        Happening(What(row.what), Action(row.action), tuple(keys.read(row.keys)), row.rev, row.at, row.who, row.before, row.after)
        for row in connection.execute(query)
    ]


def is_behind(connection: Connection, consumer: Consumer) -> bool:
    """Whether something happened that this consumer has not read, wanted or not: what it does not want waits for it too."""
    cursor = select(consumers.c.rev).where(consumers.c.name == consumer).scalar_subquery()
    return connection.execute(select(happenings.c.key).where(happenings.c.rev > cursor).limit(1)).first() is not None


def has_read(connection: Connection, consumer: Consumer, rev: int) -> None:
    """This consumer goes on after that transaction; what no one waits for goes."""
    connection.execute(update(consumers).where(consumers.c.name == consumer, consumers.c.rev < rev).values(rev=rev))
    slowest = select(func.min(consumers.c.rev)).scalar_subquery()
    connection.execute(delete(happenings).where(happenings.c.rev <= slowest))
