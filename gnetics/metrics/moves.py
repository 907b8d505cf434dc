"""How leads moved from status to status, from the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from gnetics.domain.statuses import FIRST, LABELS
from gnetics.metrics.population import Days, Ints
from gnetics.metrics.window import instants, local_days

_CODES = {label: code for code, label in enumerate(LABELS)}
NO_CODE = -1  # a text that is not a status, or none


def status_codes(texts: pd.Series) -> Ints:
    """Rank in the funnel of each text; NO_CODE when it is no status."""
    return status_ranks(*pd.factorize(texts))


def status_ranks(found: Ints, labels: Iterable[str]) -> Ints:
    """The same of a column's codes and texts."""
    return np.array([*(_CODES.get(label, NO_CODE) for label in labels), NO_CODE], dtype=np.int64)[found]


@dataclass(frozen=True, eq=False)
class Moves:
    """Aligned, by lead then in order of time: place of the lead, its code before and after, the zone's calendar day."""

    places: Ints
    before: Ints
    after: Ints
    days: Days

    @classmethod
    def of(cls, journal: pd.DataFrame, index: pd.Index, zone: ZoneInfo) -> Moves:
        """Those of the leads of `index`, whose places they hold."""
        lines = journal[(journal["field"] == "status").to_numpy(dtype=bool)]
        places = index.get_indexer(pd.Index(lines["entity_key"])).astype(np.int64)
        moments = instants(lines["at"])
        known = np.flatnonzero(places >= 0)
        order = known[np.lexsort((moments[known], places[known]))]
        return cls(
            places[order],
            status_codes(lines["before"])[order],
            status_codes(lines["after"])[order],
            local_days(moments[order], zone),
        )

    def last(self) -> Ints:
        """Rows of the last move of each lead that moved."""
        return np.flatnonzero(np.append(self.places[1:] != self.places[:-1], True)) if len(self.places) else np.empty(0, np.int64)

    def stays(self, created: Days) -> tuple[Ints, Ints, Ints]:
        """Stays that are over: place, status code, days. The first one is known when it was the first status, which starts at creation."""
        first = np.append(True, self.places[1:] != self.places[:-1]) if len(self.places) else np.empty(0, bool)
        entered = np.append(np.datetime64("NaT", "D"), self.days[:-1]) if len(self.places) else self.days
        begun = np.where(first, created[self.places], entered)
        came_as = np.append(NO_CODE, self.after[:-1]) if len(self.places) else self.after
        told = np.where(first, self.before == _CODES[FIRST], came_as == self.before) & ~np.isnat(begun) & (begun <= self.days)
        return self.places[told], self.before[told], (self.days - begun)[told].astype(np.int64)
