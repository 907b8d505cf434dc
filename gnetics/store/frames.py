"""A session's view of the store: pandas frames, loaded once then kept up to date by what changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from operator import is_, itemgetter
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, select, text

from gnetics.domain.fields import IN_JOURNAL
from gnetics.domain.folding import fold
from gnetics.domain.history import Action
from gnetics.errors import NotFound, StoreReplaced
from gnetics.store.columns import arrays_of, arrays_of_rows, frame_of, merged, python_row, raw_row, shown
from gnetics.store.duplicates import chunks
from gnetics.store.lineage import REPLACED, Known, Point, follows, mark_at, numbers_after
from gnetics.store.loading import load, names
from gnetics.store.occurrence_frames import apart, taken_of
from gnetics.store.people import accounts, own, own_frames
from gnetics.store.reading.occurrences import Taken
from gnetics.store.schema import FIGURED, VERSIONED, counters, duplicate_pairs, events, history, instant, leads, marks, messages, runs
from gnetics.store.scored import with_scores
from gnetics.store.unsaved import Drafts

MANY = 20_000  # rows, from which reading them one by one takes longer than loading 100,000 anew, and 3 kB each meanwhile
COLUMNS = {
    "leads": shown(leads),
    "events": shown(events),
    # what figures need: a log is read by page (reading/logs.py), since its texts would weigh hundreds of times as much
    "messages": [messages.c[name] for name in FIGURED],
}
# figures still count the mails that were erased from the log
_THERE = {"leads": "NOT deleted", "events": "NOT deleted", "messages": "(NOT deleted OR erased)"}
_JOURNAL = [history.c[name] for name in ("key", "entity_key", "at", "field", "before", "after")]
# entity || '': SQLite would walk the index of entities, all lines of all leads, rather than that of rev
_JOURNAL_ROWS = f"FROM history WHERE entity || '' = 'lead' AND field IN {IN_JOURNAL}"
_AFTER = "FROM history WHERE entity || '' = 'lead' AND at >= :moment AND rev <= :rev"
_PAIRS = [duplicate_pairs.c.low, duplicate_pairs.c.high]
_FIRST_LOAD = [
    *((columns, f"FROM {name} WHERE {_THERE[name]}") for name, columns in COLUMNS.items()),
    (_JOURNAL, _JOURNAL_ROWS),
    (_PAIRS, "FROM duplicate_pairs"),
    ([counters.c.value, marks.c.mark], "FROM counters LEFT JOIN marks ON rev = value WHERE name = 'rev'"),
    ([history.c.at], "FROM (SELECT min(at) AS at FROM history) AS beginning WHERE at IS NOT NULL"),
]


@dataclass(frozen=True)
class Changes:
    """What a refresh brought: rows changed per table of VERSIONED, session-only changes dropped, and whether all is of another store."""

    rev: int
    rows: dict[str, int]
    dropped: int
    replaced: bool

    def __bool__(self) -> bool:
        return bool(self.dropped or any(self.rows.values()))


class Snapshot:
    """Frames are never changed in place: whoever holds one keeps what they had; `version` says when to take it again.

    `journal` has the history lines of a lead's fields IN_JOURNAL; `history_since` is the oldest line of all
    (None without history); `pairs` the near spellings (low, high); `drafts` the session-only changes; `changed_occurrences` those of
    each series that are rows of their own. `leads` also has
    `auto_score` on the day it was shown, and `any_score` (by hand, else automatic).

    Of whoever sees only their own leads (`user`, whom a warm kernel learns later) it holds nothing of the others: this is the one
    place where what the store holds is limited to it, at each refresh.
    """

    def __init__(
        self,
        engine: Engine,
        read: Callable[[], AbstractContextManager[Connection]],
        today: Callable[[], date],
        known: Known,
        user: str = "",
    ) -> None:
        self.user = user
        self._known = known
        self._owner: str | None = None
        self._engine = engine
        self._read = read
        self._today = today
        self.drafts = Drafts()
        self.version = 0
        self._stored: dict[str, pd.DataFrame] = {}
        self._frames: dict[str, pd.DataFrame] = {}
        self._real: pd.DataFrame | None = None
        self.changed_occurrences: Taken = {}
        self._scored: tuple[pd.DataFrame, date, pd.DataFrame] | None = None  # the leads, the day, and these with their scores
        self._taken_in: tuple[pd.DataFrame, pd.DataFrame] | None = None  # what they were found in: most saves change no event
        self._elsewhere: pd.DataFrame  # occurrences of series that others have by now, of whom no more is known than that
        self.history_since: pd.Timestamp | None = None
        self._point: Point
        self._journal: pd.DataFrame
        self._pairs: pd.DataFrame
        with read() as connection:
            self._owner = accounts.owner_of(connection, user)
        self._load()
        self.show()

    # frames

    @property
    def rev(self) -> int:
        """Number of the last transaction that is seen."""
        return self._point.rev

    @property
    def leads(self) -> pd.DataFrame:
        return self._frames["leads"]

    @property
    def events(self) -> pd.DataFrame:
        return self._frames["events"]

    @property
    def messages(self) -> pd.DataFrame:
        """What figures need of them, without their texts."""
        return self._frames["messages"]

    @property
    def real(self) -> pd.DataFrame:
        """The contacts réels, the only leads shown and counted."""
        if self._real is None:
            flags = self.leads["real"].to_numpy()
            self._real = self.leads if flags.all() else self.leads[flags]
        return self._real

    @property
    def set_aside(self) -> int:
        """Stored rows without identity (écartés)."""
        return len(self.leads) - len(self.real)

    @property
    def limited(self) -> bool:
        """Whether only the leads of one Responsable are shown."""
        return self._owner is not None

    @property
    def unsaved(self) -> int:
        """Session-only changes that the next refresh drops."""
        return len(self.drafts)

    def row(self, table_name: str, key: int) -> dict[str, Any]:
        """One row as plain Python values, with its key as the store's rows have; raises NotFound."""
        frame = self._frames[table_name]
        if key not in frame.index:
            raise NotFound("Ce contact n’existe pas." if table_name == "leads" else "Cet événement n’existe pas.")
        return {"key": key, **python_row(COLUMNS[table_name], frame, int(frame.index.searchsorted(key)))}

    def lead(self, key: int) -> dict[str, Any]:
        return self.row("leads", key)

    def event(self, key: int) -> dict[str, Any]:
        return self.row("events", key)

    def changes_after(self, moment: datetime) -> pd.DataFrame:
        """All field changes of leads since `moment`, whatever the field, as `journal` has them; read now, up to this snapshot's rev."""
        query = f"SELECT {names(_JOURNAL)} {_AFTER} AND field <> '' ORDER BY +key"
        return self._about_mine(frame_of(arrays_of_rows(_JOURNAL, self._later(query, moment))), "entity_key")

    def deleted_after(self, moment: datetime) -> int:
        """How many leads that were there at `moment` have been deleted since, and not brought back."""
        gone = f"SELECT entity_key {_AFTER} AND field = '' AND action IN ('{Action.DELETED}', '{Action.TAKEN_OVER}')"
        query = f"SELECT key, owner FROM leads WHERE key IN ({gone})"  # noqa: S608 - written here
        keys = {key for key, owner in self._later(query, moment) if self._owner is None or fold(owner) == self._owner}
        return len(keys - set(self.leads.index[self.leads.index.isin(list(keys))]))

    def elsewhere(self, email_fold: str | None, phone_e164: str | None) -> list[str]:
        """Which of this email and this telephone a contact of another Responsable has; nothing else is told of it."""
        if self._owner is None:
            return []
        asked = [(column, value) for column, value in ((leads.c.email_fold, email_fold), (leads.c.phone_e164, phone_e164)) if value]
        with self._read() as connection:
            having = [
                (column.name, connection.execute(select(leads.c.key).where(column == value, ~leads.c.deleted)).scalars().all())
                for column, value in asked
            ]
        return [name for name, keys in having if not pd.Index(keys).isin(self.leads.index).all()]

    def _later(self, query: str, moment: datetime) -> Sequence[Sequence[Any]]:
        with self._read() as connection:
            return connection.execute(text(query), {"moment": instant(moment), "rev": self.rev}).all()

    # the store

    def refresh(self) -> Changes:
        """Reread what is newer in the store, or all of another one; once it has answered, session-only changes are dropped."""
        try:
            rows, replaced = self.catch_up(), False
        except StoreReplaced:
            rows, replaced = self._read_another(), True
        dropped = len(self.drafts)
        if dropped:
            self.drafts.clear()
            self.show()
        return Changes(self.rev, rows, dropped, replaced)

    def is_behind(self) -> bool:
        """Whether the store holds something newer; raises StoreReplaced when it is another one."""
        with self._read() as connection:
            return self._numbers(connection)["rev"] > self.rev

    def catch_up(self) -> dict[str, int]:
        """Reread what is newer, keeping the session-only changes; says how many rows changed per table.

        Raises StoreReplaced when the store is another one, which only `refresh` reads.
        """
        with self._read() as connection:
            now = self._numbers(connection)
            owner = accounts.owner_of(connection, self.user)
            if now["rev"] == self.rev and owner == self._owner:
                if self._day != self._today():  # scores age
                    self.show()
                return {}
            newer = self._newer_keys(connection)
            before, anew = self._frames, owner != self._owner or sum(map(len, newer.values())) > MANY
            self._owner = owner
            if anew:
                newer |= self._load_anew(newer)
            else:
                self._reread_newer(connection, now)
        self._known.point = self._point
        self.show()
        return {name: len(self._seen(name, changed, before)) for name, changed in newer.items()}

    def _numbers(self, connection: Connection) -> dict[str, int]:
        """The counters; raises StoreReplaced also when the store went back to what is shown: what was saved after that is gone."""
        last = self._known.point or self._point
        found = numbers_after(connection, last)
        if found is None or (last != self._point and not follows(connection, self._point)):
            raise StoreReplaced(REPLACED)
        return found

    def _read_another(self) -> dict[str, int]:
        with self._read() as connection:
            self._owner = accounts.owner_of(connection, self.user)
            self._load()
        self.show()
        return {name: len(frame) for name, frame in self._frames.items()}

    def show(self) -> None:
        """Make the frames anew from what the store holds and the session-only changes."""
        self._day = self._today()
        frames = {name: self._with_drafts(name) for name in COLUMNS}
        now = frames["events"], self._elsewhere
        if self._taken_in is None or not all(map(is_, now, self._taken_in)):
            self._taken_in, self.changed_occurrences = now, taken_of(*now)
        self._frames = frames if self._owner is None else own_frames.only(frames, self._owner)
        self._frames["leads"] = self._with_scores(self._frames["leads"])
        self.journal = self._about_mine(self._journal, "entity_key")
        self.pairs = self._about_mine(self._about_mine(self._pairs, "low"), "high")
        self._real = None
        self.version += 1

    def _with_scores(self, leads: pd.DataFrame) -> pd.DataFrame:
        """The same frame as long as neither a lead nor the day changes."""
        if self._scored is None or self._scored[0] is not leads or self._scored[1] != self._day:
            self._scored = leads, self._day, with_scores(leads, self._day)
        return self._scored[2]

    def _about_mine(self, frame: pd.DataFrame, column: str) -> pd.DataFrame:
        """The rows whose `column` names a lead that is seen."""
        return frame if self._owner is None else frame[own_frames.about(frame[column], self.leads)]

    def _seen(self, name: str, keys: list[int], before: dict[str, pd.DataFrame]) -> list[int]:
        """Those of these rows that were or are shown."""
        if self._owner is None or name not in before:
            return keys
        changed = pd.Index(keys)
        return changed[changed.isin(before[name].index) | changed.isin(self._frames[name].index)].tolist()

    def _with_drafts(self, name: str) -> pd.DataFrame:
        shown_rows, hidden = self.drafts.rows(name)
        if not shown_rows and not hidden:
            return self._stored[name]
        rows = [raw_row(COLUMNS[name], row) for row in sorted(shown_rows, key=itemgetter("key"))]
        return merged(self._stored[name], arrays_of_rows(COLUMNS[name], rows), hidden)

    def _newer_keys(self, connection: Connection) -> dict[str, list[int]]:
        newer = {name: select(table.c.key).where(table.c.rev > self.rev) for name, table in VERSIONED.items()}
        if self._owner is not None:
            newer["runs"] = newer["runs"].where(own.about_mine(connection, self._owner, runs.c.lead_key))
        return {name: list(connection.execute(keys).scalars()) for name, keys in newer.items()}

    def _load_anew(self, newer: dict[str, list[int]]) -> dict[str, list[int]]:
        """Keys of the rows that changed, per table."""
        before = dict(self._stored)
        self._load()
        return {name: _changed(before[name], frame, newer[name]) for name, frame in self._stored.items()}

    def _reread_newer(self, connection: Connection, now: dict[str, int]) -> None:
        known = self._stored["leads"].index
        for name in COLUMNS:
            self._reread(connection, name)
        if self._owner is not None and self._was_given(connection, known):
            self._load()
            return
        self._reread_history(connection)
        if now["pairs"] > self.rev:
            self._pairs = pd.DataFrame(connection.execute(select(*_PAIRS)), columns=["low", "high"], dtype="int64")
        self._point = Point(now["rev"], mark_at(connection, now["rev"]))
        self._keep_mine()

    def _was_given(self, connection: Connection, known: pd.Index) -> bool:
        """Whether a lead that was another's is this person's now: what is about it is not among what is newer."""
        mine = own_frames.only(self._stored, str(self._owner))["leads"].index.difference(known).tolist()
        older = select(history.c.key).where(history.c.entity == "lead", history.c.rev <= self.rev).limit(1)
        return any(connection.execute(older.where(history.c.entity_key.in_(some))).first() for some in chunks(mine))

    def _reread(self, connection: Connection, name: str) -> None:
        # +key: as above, so that SQLite takes the index of rev
        columns = f"{names(COLUMNS[name])}, {_THERE[name]}"
        rows = self._newer(connection, f"SELECT {columns} FROM {name} WHERE rev > :rev ORDER BY +key")  # noqa: S608 - names of our schema
        if rows:
            fresh = arrays_of_rows(COLUMNS[name], [row[:-1] for row in rows if row[-1]])
            gone = [row[0] for row in rows if not row[-1]]
            self._stored[name] = merged(self._stored[name], fresh, gone)
            if name == "events":
                self._elsewhere = self._elsewhere[~self._elsewhere.index.isin(gone)]

    def _reread_history(self, connection: Connection) -> None:
        lines = self._newer(connection, f"SELECT {names(_JOURNAL)} {_JOURNAL_ROWS} AND rev > :rev ORDER BY +key")
        if lines:
            self._journal = merged(self._journal, arrays_of_rows(_JOURNAL, lines), [])
        for (at,) in self._newer(connection, "SELECT min(at) FROM history WHERE rev > :rev HAVING min(at) IS NOT NULL"):
            self._begin(at)

    def _newer(self, connection: Connection, query: str) -> Sequence[Sequence[Any]]:
        # plain SQL: values come as the store holds them, which is what the conversion of the first load expects
        return connection.execute(text(query), {"rev": self.rev}).all()

    def _begin(self, at: str) -> None:
        moment = pd.Timestamp(at)
        self.history_since = moment if self.history_since is None else min(self.history_since, moment)

    def _load(self) -> None:
        *tables, journal, pairs, point, beginning = load(self._engine, _FIRST_LOAD)
        for name, table in zip(COLUMNS, tables, strict=True):
            self._stored[name] = frame_of(arrays_of(COLUMNS[name], table))
        self._elsewhere = apart(self._stored["events"].iloc[:0])
        self.history_since = None
        for at in beginning.column("at").to_pylist():
            self._begin(at)
        (row,) = point.to_pylist()
        self._point = self._known.point = Point(row["value"], row["mark"] or "")
        self._journal = frame_of(arrays_of(_JOURNAL, journal))
        self._pairs = pd.DataFrame({name: pairs.column(name).to_numpy() for name in ("low", "high")})
        self._keep_mine()

    def _keep_mine(self) -> None:
        """Leave out what is of others' leads."""
        if self._owner is None:
            return
        events = self._stored["events"]
        elsewhere = pd.concat([self._elsewhere[~self._elsewhere.index.isin(events.index)], apart(events)])
        self._stored = own_frames.only(self._stored, self._owner)
        self._elsewhere = elsewhere[~elsewhere.index.isin(self._stored["events"].index)]
        seen = self._stored["leads"]
        self._journal = self._journal[own_frames.about(self._journal["entity_key"], seen)]
        self._pairs = self._pairs[own_frames.about(self._pairs["low"], seen) & own_frames.about(self._pairs["high"], seen)]


def _changed(before: pd.DataFrame, after: pd.DataFrame, newer: list[int]) -> list[int]:
    """Keys of the newer rows that are there, then of those gone."""
    return [*after.index[after.index.isin(newer)], *before.index.difference(after.index)]
