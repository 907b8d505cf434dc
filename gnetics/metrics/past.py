"""The leads as they were at the end of an earlier day, from the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from gnetics.domain.fields import BY_KEY, IN_JOURNAL
from gnetics.domain.folding import fold
from gnetics.domain.leads import FOLLOWING_STATUS
from gnetics.domain.statuses import LABELS, LOST, WON
from gnetics.metrics.frames import Frames
from gnetics.metrics.moves import Moves, status_codes
from gnetics.metrics.population import Ints, Mask
from gnetics.metrics.window import first_instant, instants

_FIGURES = (
    *IN_JOURNAL, "probability", "source", "score", "lost_reason", "next_follow_up", "last_contact", "expected_close", "closed_at",
)  # fmt: skip
_WIDE = ["notes", "search"]  # texts that no figure reads
_COUNTED = ["real", "status", "amount", "owner"]  # what the headline reads
_TELLING = ["created_at", "status_since", "previous_status"]  # and what says how these were
_CLOSED = [LABELS.index(WON), LABELS.index(LOST)]


@dataclass(frozen=True, eq=False)
class _Later:
    """The changes after a moment, in order of time: the first one of a field says what the lead held until then."""

    places: Ints  # of the lead, −1 when it is gone
    fields: Ints
    names: list[str]  # of the fields
    before: pd.Series

    @classmethod
    def than(cls, stop: np.datetime64, journal: pd.DataFrame, index: pd.Index) -> _Later:
        moments = instants(journal["at"])
        later = np.flatnonzero(moments >= stop)
        later = later[np.argsort(moments[later], kind="stable")]
        places = index.get_indexer(pd.Index(journal["entity_key"].iloc[later])).astype(np.int64)
        fields, names = pd.factorize(journal["field"].iloc[later])
        return cls(places, fields.astype(np.int64), list(names), journal["before"].iloc[later])

    def of(self, field: str) -> tuple[Ints, Any]:
        """Places of the leads whose field changed, and what it held."""
        code = self.names.index(field) if field in self.names else -1
        lines = np.flatnonzero((self.fields == code) & (self.places >= 0))
        places, first = np.unique(self.places[lines], return_index=True)
        return places, _values(field, self.before.iloc[lines[first]])


def _values(field: str, texts: pd.Series) -> Any:
    """Canonical texts of the history as the column's own type."""
    kind = BY_KEY[field].kind
    if kind in ("money", "percent", "score"):
        return pd.to_numeric(texts).astype("Int64").array
    return pd.to_datetime(texts).to_numpy().astype("datetime64[s]") if kind == "date" else texts.array


def _put(frame: pd.DataFrame, field: str, places: Any, values: Any) -> None:
    """Values at some places, in a copy of the column."""
    if not len(places):
        return
    column: Any = frame[field].array
    if column.dtype == "str":  # texts are chosen seven times as fast as they are written over
        chosen = np.arange(len(column))
        chosen[places] = len(column) + np.arange(len(places))
        frame[field] = column._concat_same_type([column, pd.array(values, dtype="str")]).take(chosen)
    else:
        column = column.copy()
        column[places] = values
        frame[field] = column


def _restore(was: pd.DataFrame, later: _Later, fields: Iterable[str]) -> dict[str, Mask]:
    """Give back what each field held; tells which leads' field had changed since."""
    told: dict[str, Mask] = {}
    for field in fields:
        places, values = later.of(field)
        _put(was, field, places, values)
        told[field] = np.zeros(len(was), dtype=bool)
        told[field][places] = True
    return told


def _born(leads: pd.DataFrame, day: date) -> Mask:
    """Leads created later are gone; those of unknown creation stay."""
    return ~(leads["created_at"].to_numpy().astype("datetime64[D]") > np.datetime64(day))


def knows(since: pd.Timestamp | None, day: date, zone: ZoneInfo) -> bool:
    """Whether the history, which begins at `since`, had begun by the end of `day`."""
    return since is not None and bool(since.tz_convert(None).to_datetime64() < end_of(day, zone))


def end_of(day: date, zone: ZoneInfo) -> np.datetime64:
    """The first instant that is not of `day` any more, in UTC."""
    return first_instant(day + timedelta(days=1), zone)


def leads_on(frames: Frames, changes: pd.DataFrame, day: date, today: date, zone: ZoneInfo) -> pd.DataFrame:
    """The leads at the end of `day`; names, addresses and notes are of now, leads deleted since are not there.

    What of them is as it was: every field that a figure reads when `changes` has all the lines after the day.
    """
    now = frames.leads
    was = now.drop(columns=[name for name in _WIDE if name in now])
    stop = end_of(day, zone)
    told = _restore(was, _Later.than(stop, changes, was.index), _FIGURES)
    _leave_later_status(was, told, day, today)
    _follow_status(was, told, Moves.of(frames.journal[instants(frames.journal["at"]) < stop], was.index, zone))
    _put(was, "last_contact", np.flatnonzero(_days(was, "last_contact") > np.datetime64(day)), np.datetime64("NaT"))  # earlier is unknown
    sources = np.flatnonzero(told["source"])
    folded = pd.array([None if pd.isna(text) else fold(text) for text in was["source"].iloc[sources]], dtype="str")
    _put(was, "source_fold", sources, folded)
    return was[_born(was, day)]


def counted_on(frames: Frames, day: date, today: date, zone: ZoneInfo) -> pd.DataFrame:
    """The same leads with no more than the headline counts, whose every change the journal has."""
    was = frames.leads[[*_COUNTED, *_TELLING]]
    told = _restore(was, _Later.than(end_of(day, zone), frames.journal, was.index), IN_JOURNAL)
    _leave_later_status(was, told, day, today)
    return was.loc[_born(was, day), _COUNTED]


def _days(frame: pd.DataFrame, field: str) -> Any:
    return frame[field].to_numpy().astype("datetime64[D]")


def _blank(was: pd.DataFrame, field: str, where: Mask) -> None:
    places = np.flatnonzero(where)
    _put(was, field, places, was[field].array.take(np.full(len(places), -1), allow_fill=True))


def _leave_later_status(was: pd.DataFrame, told: dict[str, Mask], day: date, today: date) -> None:
    """A status entered after that day, whatever the history forgot: the lead was in the one before."""
    since = _days(was, "status_since")
    later = (since > np.datetime64(day)) & (since <= np.datetime64(today)) & ~told["status"] & ~told["status_since"]
    _put(was, "status", np.flatnonzero(later), was["previous_status"].array[later])
    told["status"] = told["status"] | later


def _follow_status(was: pd.DataFrame, told: dict[str, Mask], moves: Moves) -> None:
    """What goes with a status that changed since, where no line tells it: known from the last move until that day, or not at all."""
    for field in FOLLOWING_STATUS:  # an imported history may tell the status alone
        _blank(was, field, told["status"] & ~told[field])
    last = moves.last()
    status = status_codes(was["status"])
    last = last[moves.after[last] == status[moves.places[last]]]
    places, entered = moves.places[last], moves.days[last].astype("datetime64[s]")
    for field, values, wanted in (
        ("status_since", entered, np.ones(len(last), dtype=bool)),
        ("closed_at", entered, np.isin(status[places], _CLOSED) & told["status"][places]),
        ("previous_status", pd.array([*LABELS, None], dtype="str").take(moves.before[last]), told["status"][places]),
    ):
        empty = wanted & was[field].isna().to_numpy(dtype=bool)[places]
        _put(was, field, places[empty], values[empty])
