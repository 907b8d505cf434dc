"""What a log page shows, in which order: filters, the counts of its counters, and the rows they keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import traitlets as tl
from numpy.typing import NDArray

from gnetics.state import address
from gnetics.state.search import holding

PAGE_SIZE = 50
NEWEST = "at"  # the order by default, latest first
PERIODS: dict[str, str] = {"1": "Aujourd’hui", "7": "7 derniers jours", "30": "30 derniers jours", "90": "90 derniers jours"}
Mask = NDArray[np.bool_]


class LogFilters(tl.HasTraits):
    """`chosen` holds at most one value per facet (a counter, a rule, a lead…), `days` the length of the period ("" for all)."""

    text = tl.Unicode()
    chosen = tl.Dict(key_trait=tl.Unicode(), value_trait=tl.Unicode())
    days = tl.Unicode()
    sort = tl.Unicode(NEWEST)
    ascending = tl.Bool(False)
    page = tl.Int(1)

    def __init__(self, facets: Iterable[str], sorts: Iterable[str]) -> None:
        super().__init__()
        self._facets, self._sorts = tuple(facets), frozenset(sorts)

    def choose(self, facet: str, value: str) -> None:
        """Keep that value only; "" keeps them all again."""
        if facet in self._facets:
            self.chosen = {name: kept for name, kept in self.chosen.items() if name != facet} | ({facet: value} if value else {})
            self.page = 1

    def order(self, column: str) -> None:
        """A click on a column's title: its natural order, then the other way round."""
        if column in self._sorts:
            self.ascending = not self.ascending if column == self.sort else column != NEWEST
            self.sort, self.page = column, 1

    def clear(self) -> None:
        self.text, self.chosen, self.days, self.page = "", {}, "", 1

    @property
    def active(self) -> bool:
        return bool(self.text.strip() or self.chosen or self.days)

    def to_query(self) -> dict[str, str]:
        """The filters as an address; defaults are left out."""
        query = dict(self.chosen)
        if self.text.strip():
            query["q"] = self.text.strip()
        if self.days:
            query["jours"] = self.days
        if (self.sort, self.ascending) != (NEWEST, False):
            query["tri"] = self.sort if self.ascending else f"-{self.sort}"
        if self.page > 1:
            query["p"] = str(self.page)
        return query

    def from_query(self, query: Mapping[str, str]) -> None:
        """Follow an address; what it does not name goes back to its default."""
        self.text = query.get("q", "")
        self.chosen = {facet: query[facet] for facet in self._facets if query.get(facet)}
        self.days = query["jours"] if query.get("jours") in PERIODS else ""
        asked = query.get("tri", "")
        known = asked.removeprefix("-") in self._sorts
        self.sort, self.ascending = (asked.removeprefix("-"), not asked.startswith("-")) if known else (NEWEST, False)
        self.page = address.page(query.get("p", ""))


class LogIndex:
    """A log's rows prepared for filtering: built once per version of the data.

    `rows` has `at` (UTC instants), `search` and `lead_search` (folded text), a text column per facet and the columns it is sorted by.
    `counted` is the facet of the counters; its values in `aside` are shown only when asked for, and are no part of the total.
    """

    def __init__(self, rows: pd.DataFrame, counted: str, aside: Iterable[str] = ()) -> None:
        self.rows = rows
        self._counted = counted
        self._within = ~rows[counted].isin(list(aside)).to_numpy(dtype=bool)

    @property
    def total(self) -> int:
        """Rows of the log, whatever the filters."""
        return int(self._within.sum())

    def matching(self, filters: LogFilters, today: date, zone: ZoneInfo, leave_out: str = "") -> Mask:
        """The rows kept; the facet `leave_out` is not applied."""
        rows = self.rows
        kept = np.ones(len(rows), dtype=bool)
        for facet, value in filters.chosen.items():
            if facet != leave_out:
                kept &= (rows[facet] == value).to_numpy(dtype=bool)
        if self._counted != leave_out and self._counted not in filters.chosen:
            kept &= self._within
        if filters.days:
            kept &= (rows["at"] >= first_instant(today - timedelta(days=int(filters.days) - 1), zone)).to_numpy(dtype=bool)
        return kept & holding(filters.text, rows["search"], rows["lead_search"])

    def select(self, filters: LogFilters, today: date, zone: ZoneInfo) -> pd.Index:
        """Keys of the rows to show, sorted; those without the sorted value come last, and the latest first between equals."""
        kept = self.rows[self.matching(filters, today, zone)].sort_values("at", ascending=False, kind="stable", na_position="last")
        if filters.sort == NEWEST and not filters.ascending:
            return kept.index
        return kept[filters.sort].sort_values(ascending=filters.ascending, kind="stable", na_position="last").index

    def counts(self, facet: str, filters: LogFilters, today: date, zone: ZoneInfo) -> dict[str, int]:
        """Rows per value of a facet under the other filters, the most frequent first."""
        found = self.rows.loc[self.matching(filters, today, zone, leave_out=facet), facet].value_counts()
        return {str(value): int(count) for value, count in found.items() if value}


def first_instant(day: date, zone: ZoneInfo) -> datetime:
    """Midnight of a calendar day of the zone."""
    return datetime.combine(day, time.min, zone)


def references(lead_keys: pd.Series, leads: pd.DataFrame) -> pd.Series:
    """How an address names each lead: its ID Lead, ~key when it has none, "" when there is no lead (any more)."""
    keys = lead_keys.astype("float64")
    numbers = leads["lead_id"].reindex(keys).set_axis(lead_keys.index).astype(object)
    known = keys.isin(leads.index)
    named = numbers.where(numbers.notna(), "~" + lead_keys.astype(object).astype(str))
    return named.where(known, "").astype(str)


def lead_search(lead_keys: pd.Series, leads: pd.DataFrame) -> pd.Series:
    """The folded words of each row's lead, so that a mail is found by its contact's name."""
    return leads["search"].reindex(lead_keys.astype("float64")).set_axis(lead_keys.index).fillna("")
