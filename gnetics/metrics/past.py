"""The leads as they were at the end of an earlier day, from the journal."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from gnetics.metrics.window import first_instant, instants

_JOURNALED = ("status", "amount", "probability")


def leads_on(leads: pd.DataFrame, journal: pd.DataFrame, since: pd.Timestamp | None, day: date, zone: ZoneInfo) -> pd.DataFrame | None:
    """Status, amount and probability of that day; leads created later are gone, other columns are of now.

    `since` is when the history begins; None before it: nobody knows. Leads deleted since cannot be brought back.
    """
    stop = first_instant(day + timedelta(days=1), zone)
    if since is None or since.tz_convert(None).to_datetime64() >= stop:
        return None
    moments = instants(journal["at"])
    was = leads[["real", "owner", "created_at", *_JOURNALED]].copy()
    later = np.flatnonzero(moments >= stop)
    later = later[np.argsort(moments[later], kind="stable")]
    entities, fields = journal["entity_key"].to_numpy(np.int64)[later], journal["field"].iloc[later]
    for field in _JOURNALED:
        of_field = np.flatnonzero(fields == field)
        keys, first = np.unique(entities[of_field], return_index=True)  # its first change after that day says what it was
        places = leads.index.get_indexer(pd.Index(keys))
        before = journal["before"].iloc[later[of_field[first]]][places >= 0]
        values = was[field].array.copy()
        values[places[places >= 0]] = (before if field == "status" else pd.to_numeric(before).astype("Int64")).array
        was[field] = values
    return was[~(leads["created_at"].to_numpy().astype("datetime64[D]") > np.datetime64(day))]
