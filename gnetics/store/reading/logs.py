"""The logs of mails and of automation runs, a page at a time: nothing here reads all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from operator import itemgetter
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, String, Table, func, or_, select, type_coerce

from gnetics.domain.messages import Filed
from gnetics.domain.searching import Word
from gnetics.store import full_text
from gnetics.store.columns import arrays_of_rows, frame_of, raw_row, shown
from gnetics.store.crm import Crm
from gnetics.store.duplicates import chunks
from gnetics.store.log_counts import GROUPED, LOGS
from gnetics.store.people import own
from gnetics.store.people.accounts import owner_of
from gnetics.store.schema import instant, leads, log_counts, messages, runs

PAGE_SIZE = 50
FEW = 5_000  # rows that are sorted sooner than the others are passed over
NEWEST = "at"  # the order by default, latest first
MOST_SENDERS = 5_000  # looked at to say why mails are not attached
Row = dict[str, Any]
Group = tuple[str, str, str]  # counted, facet, reason


@dataclass(frozen=True)
class Log:
    """`counted` and `facet` are what its counters and its drop-down filter keep; `aside` is counted apart, and shown when asked for."""

    name: str
    counted: str
    facet: str
    sorts: Mapping[str, ColumnElement[Any]]
    last: ColumnElement[Any]  # when a row was last heard of
    aside: str = ""

    @property
    def table(self) -> Table:
        return LOGS[self.name]


MAIL = Log(
    "messages",
    "classement",
    "reponse",
    {
        "at": messages.c.logged_at,
        "de": messages.c.sender_fold,
        "objet": messages.c.subject_fold,
        "contact": leads.c.name_fold,
        "reponse": messages.c.answer,
    },
    messages.c.logged_at,
    Filed.SENT,
)
RUNS = Log(
    "runs",
    "statut",
    "regle",
    {
        "at": runs.c.logged_at,
        "statut": runs.c.status,
        "regle": runs.c.rule,
        "contact": runs.c.label_fold,
        "duree": runs.c.lasted,
        "essai": runs.c.attempt,
    },
    func.coalesce(runs.c.ended_at, runs.c.started_at, runs.c.logged_at),
)


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see of a log; `lead` is a key (−1: none that exists), `words` each with the leads that have it."""

    counted: str = ""
    facet: str = ""
    lead: int | None = None
    since: datetime | None = None
    words: Sequence[tuple[Word, Collection[int]]] = ()
    sort: str = NEWEST
    ascending: bool = False
    page: int = 1


@dataclass(frozen=True)
class Shown:
    """One page of a log. `groups` are the rows by (counted, facet, reason) under all filters but these two; `total` has no filter at all.

    `vague`: more rows have the words than are looked at (the newest full_text.MOST).
    """

    log: Log
    asked: Asked
    groups: Counter[Group]
    every: Counter[Group]
    vague: bool = False
    senders: Counter[str] = field(default_factory=Counter)  # addresses of mails that are not attached; empty when they are too many
    rows: list[Row] = field(default_factory=list)

    @cached_property
    def count(self) -> int:
        """Rows under all filters."""
        asked = self.asked
        counts = self.by_counted
        return counts[asked.counted] if asked.counted else sum(counts.values()) - counts[self.log.aside]

    @property
    def total(self) -> int:
        """Rows of the log, whatever the filters."""
        return sum(count for (counted, *_), count in self.every.items() if counted != self.log.aside)

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE_SIZE))

    @property
    def page(self) -> int:
        """The last one when the one asked for is beyond it."""
        return min(self.asked.page, self.pages)

    @cached_property
    def by_counted(self) -> Counter[str]:
        """Under the other filters."""
        return _sum((counted, count) for (counted, *_), count in self.chosen_facet.items())

    @property
    def chosen_facet(self) -> Counter[Group]:
        """The groups that the drop-down filter keeps."""
        return Counter({group: count for group, count in self.groups.items() if self.asked.facet in ("", group[1])})

    @cached_property
    def by_facet(self) -> Counter[str]:
        """The same of the drop-down filter; what is aside has no part in it unless asked for."""
        wanted = self.asked.counted
        return _sum(
            (facet, count)
            for (counted, facet, _), count in self.groups.items()
            if facet and (counted == wanted if wanted else counted != self.log.aside)
        )


def read(crm: Crm, user: str, log: Log, asked: Asked) -> Shown:
    """As this person sees the log now."""
    with crm.read() as connection:
        reader = _Reader(connection, log, owner_of(connection, user))
        found = full_text.found(connection, log.table, asked.words, reader.mine) if asked.words else None
        where, every = reader.where(asked, found), reader.groups(Asked())
        shown = Shown(
            log, asked, reader.groups(asked, where) if where else every, every, found is not None and len(found) == full_text.MOST
        )
        if log is MAIL and sum(count for (counted, *_), count in shown.groups.items() if counted == Filed.LOOSE) <= MOST_SENDERS:
            shown.senders.update(reader.senders(asked, where))
        shown.rows.extend(reader.rows(asked, where, (shown.page - 1) * PAGE_SIZE, shown.count))
        return shown


class _Reader:
    """`owner`: whoever sees only their own leads sees nothing of the others here, and their counts are counted."""

    def __init__(self, connection: Connection, log: Log, owner: str | None) -> None:
        self._connection, self._log, self._table = connection, log, log.table
        self._owner = owner
        self.mine = [] if owner is None else [own.about_mine(connection, owner, self._table.c.lead_key)]
        self._grouped = GROUPED[log.name]
        self._at = type_coerce(self._table.c.logged_at, String)

    def where(self, asked: Asked, found: list[int] | None) -> list[ColumnElement[bool]]:
        """The conditions but those of `counted` and `facet`, and those that hold for all."""
        kept: list[ColumnElement[bool]] = []
        if asked.lead is not None:
            kept.append(self._table.c.lead_key == asked.lead)
        if asked.since is not None:
            kept.append(self._at >= instant(asked.since))
        if found is not None:
            kept.append(full_text.among(self._connection, self._table.c.key, found))
        return kept

    def groups(self, asked: Asked, where: Sequence[ColumnElement[bool]] = ()) -> Counter[Group]:
        if self._owner is not None or asked.lead is not None or asked.words:
            return self._counted(where)
        if asked.since is None:
            return self._kept()
        first_whole = datetime.combine(asked.since.astimezone(UTC).date() + timedelta(days=1), time.min, UTC)
        return self._kept(f"{first_whole:%Y-%m-%d}") + self._counted([*where, self._at < instant(first_whole)])

    def _kept(self, day: str = "") -> Counter[Group]:
        """From the counts that are kept, from a day on."""
        groups = [log_counts.c[name] for name in ("counted", "facet", "reason")]
        kept = select(*groups, func.sum(log_counts.c.count)).where(log_counts.c.log == self._log.name, log_counts.c.day >= day)
        return _counter(self._connection.execute(kept.group_by(*groups)).all())

    def _counted(self, where: Sequence[ColumnElement[bool]]) -> Counter[Group]:
        found = select(*self._grouped, func.count()).where(~self._table.c.deleted, *self.mine, *where)
        return _counter(self._connection.execute(found.group_by(*self._grouped)).all())

    def senders(self, asked: Asked, where: Sequence[ColumnElement[bool]]) -> Counter[str]:
        """Who wrote the mails that are not attached."""
        # filed || '': a lead or words name few rows, which SQLite would leave to read all that are not attached
        filed = messages.c.filed.concat("") if asked.words or asked.lead is not None else messages.c.filed
        loose = [filed == Filed.LOOSE, ~messages.c.deleted, *self.mine, *where]
        loose += [messages.c.answer == asked.facet] if asked.facet else []
        found = select(messages.c.sender_address, func.count()).where(*loose).group_by(messages.c.sender_address)
        return Counter(dict((sender, count) for sender, count in self._connection.execute(found)))  # noqa: C402 - types

    def rows(self, asked: Asked, where: Sequence[ColumnElement[bool]], start: int, count: int) -> list[Row]:
        """PAGE_SIZE of them from `start` on, looked for from the nearer end."""
        table, log = self._table, self._log
        counted, facet, _ = self._grouped
        kept = [~table.c.deleted, *self.mine, *where]
        if asked.counted:
            # counted || '': of many, SQLite would rather sort them all than go through the log in its order until a page is full
            kept.append((counted if count <= FEW else counted.concat("")) == asked.counted)
        elif log.aside:
            kept.append(counted != log.aside)
        kept += [facet == asked.facet] if asked.facet else []
        wanted = min(PAGE_SIZE, count - start)
        if wanted <= 0:
            return []
        back = asked.sort == NEWEST and start > count / 2
        offset = count - start - wanted if back else start
        keys = select(table.c.key).where(*kept).order_by(*self._order(asked, back)).limit(wanted).offset(offset)
        if asked.sort == "contact" and log is MAIL:
            keys = keys.outerjoin_from(table, leads, leads.c.key == table.c.lead_key)
        found = list(self._connection.execute(keys).scalars())
        return _in_order(self._connection, table, found[::-1] if back else found)

    def _order(self, asked: Asked, back: bool) -> list[ColumnElement[Any]]:
        """Those without the sorted value come last, and the latest first between equals; of dates, the whole order turns round."""
        table, column = self._table, self._log.sorts[asked.sort]
        if asked.sort == NEWEST:
            rising = asked.ascending != back
            return [each.asc() if rising else each.desc() for each in (column, table.c.key)]
        turned = column.asc() if asked.ascending else column.desc()
        return [turned.nulls_last(), table.c.logged_at.desc(), table.c.key.desc()]


def entry(crm: Crm, user: str, log: Log, key: int) -> Row | None:
    """One row of a log; None when there is none (any more) that this person sees."""
    with crm.read() as connection:
        return next(iter(_in_order(connection, log.table, [key], *_mine(connection, user, log.table))), None)


def entries(crm: Crm, user: str, log: Log, keys: Collection[int]) -> list[Row]:
    """Some rows of a log, in the order of their keys as given."""
    with crm.read() as connection:
        return _in_order(connection, log.table, keys, *_mine(connection, user, log.table))


def frame_of_messages(crm: Crm, user: str, keys: Collection[int]) -> pd.DataFrame:
    """Whole messages as a frame: a snapshot has few of their columns."""
    columns = shown(messages)
    return frame_of(arrays_of_rows(columns, [raw_row(columns, row) for row in entries(crm, user, MAIL, sorted(keys))]))


def latest(crm: Crm, user: str, log: Log, since: datetime | None, lead: int | None, most: int) -> tuple[pd.DataFrame, bool]:
    """The newest rows of a log, whole, as a frame in that order; and whether there are more."""
    table = log.table
    columns = shown(table)
    with crm.read() as connection:
        kept = _mine(connection, user, table)
        kept += [] if since is None else [type_coerce(table.c.logged_at, String) >= instant(since)]
        kept += [] if lead is None else [table.c.lead_key == lead]
        query = select(*columns).where(*kept).order_by(table.c.logged_at.desc(), table.c.key.desc()).limit(most + 1)
        rows = [dict(row) for row in connection.execute(query).mappings()]
    newest = sorted(rows[:most], key=itemgetter("key"))
    frame = frame_of(arrays_of_rows(columns, [raw_row(columns, row) for row in newest]))
    return frame.loc[[row["key"] for row in rows[:most]]], len(rows) > most


def thread(crm: Crm, user: str, key: int) -> list[Row]:
    """The exchange a message belongs to, oldest first: same thread, or linked by what answers what."""
    links = (messages.c.key, messages.c.message_id, messages.c.in_reply_to, messages.c.thread)
    with crm.read() as connection:
        mine = _mine(connection, user, messages)
        found: set[int] = set()
        newest = connection.execute(select(*links).where(messages.c.key == key, *mine)).all()
        while newest:
            found |= {row.key for row in newest}
            ids, before, threads = ({row[place] for row in newest} - {None} for place in (1, 2, 3))
            linked = or_(messages.c.thread.in_(threads), messages.c.message_id.in_(before), messages.c.in_reply_to.in_(ids))
            newest = [row for row in connection.execute(select(*links).where(linked, *mine)) if row.key not in found]
        whole = select(messages).where(messages.c.key.in_(found)).order_by(messages.c.logged_at, messages.c.key)
        return [dict(row) for row in connection.execute(whole).mappings()]


def attempts(crm: Crm, user: str, key: int) -> list[Row]:
    """The chain a run belongs to, first attempt first; the run alone when nothing retries it."""
    with crm.read() as connection:
        mine = _mine(connection, user, runs)
        links = select(runs.c.key, runs.c.retry_of)
        before: int | None = key
        seen: list[int] = []
        while before not in seen and (run := connection.execute(links.where(runs.c.key == before, *mine)).first()):
            seen.append(run.key)
            before = run.retry_of
        chain, newest = seen[-1:], set(seen[-1:])
        while newest:
            retried = select(runs.c.key).where(runs.c.retry_of.in_(newest), *mine).order_by(runs.c.key)
            newest = {each for each in connection.execute(retried).scalars() if each not in chain}
            chain += sorted(newest)
        return _in_order(connection, runs, chain)


def message_sent(crm: Crm, user: str, message_id: str) -> int | None:
    """The key of a message by its Message-ID."""
    with crm.read() as connection:
        mine = _mine(connection, user, messages)
        return connection.execute(select(messages.c.key).where(messages.c.message_id == message_id, *mine)).scalar()


def about(crm: Crm, user: str, log: Log, lead: int, most: int) -> tuple[list[Row], int]:
    """The latest rows of a log about a lead, and how many there are."""
    table = log.table
    with crm.read() as connection:
        kept = (table.c.lead_key == lead, *_mine(connection, user, table))
        count = connection.execute(select(func.count()).select_from(table).where(*kept)).scalar_one()
        latest = select(table).where(*kept).order_by(log.last.desc(), table.c.key.desc()).limit(most)
        return [dict(row) for row in connection.execute(latest).mappings()], count


def counts(crm: Crm, user: str, log: Log, since: datetime | None = None) -> Counter[Group]:
    """All rows, or those since then, by (counted, facet, reason)."""
    asked = Asked(since=since)
    with crm.read() as connection:
        reader = _Reader(connection, log, owner_of(connection, user))
        return reader.groups(asked, reader.where(asked, None))


def _mine(connection: Connection, user: str, table: Table) -> list[ColumnElement[bool]]:
    owner = owner_of(connection, user)
    return [~table.c.deleted, *([] if owner is None else [own.about_mine(connection, owner, table.c.lead_key)])]


def _in_order(connection: Connection, table: Table, keys: Collection[int], *which: ColumnElement[bool]) -> list[Row]:
    """Whole rows, in the order of the keys; those that are not there are left out."""
    query = select(table).where(*which)
    found = {row["key"]: dict(row) for some in chunks(keys) for row in connection.execute(query.where(table.c.key.in_(some))).mappings()}
    return [found[key] for key in keys if key in found]


def _sum(counts: Iterable[tuple[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for name, count in counts:
        total[name] += count
    return total


def _counter(rows: Sequence[Any]) -> Counter[Group]:
    return Counter({(counted, facet, reason): int(number) for counted, facet, reason, number in rows})
