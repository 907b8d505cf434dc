"""Frames that are the analyst's own: amounts in euros, instants of the region without zone, nothing of what the store keeps for itself."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pandas as pd

from gnetics.analysis.columns import LEADS, named

INSTANTS = "datetime64[us, UTC]"


def own(frame: pd.DataFrame, columns: list[str], zone: ZoneInfo, *, euros: bool) -> pd.DataFrame:
    """A copy with these columns, those that are there; `key` stays the index."""
    found = frame[[name for name in columns if name in frame]].copy()
    if euros and "amount" in found:
        found["amount"] = found["amount"].astype("Float64") / 100
    for name in found.columns[found.dtypes == INSTANTS]:
        found[name] = found[name].dt.tz_convert(zone).dt.tz_localize(None)
    return found


def leads(frame: pd.DataFrame, zone: ZoneInfo, *, euros: bool) -> pd.DataFrame:
    return own(frame, named(LEADS), zone, euros=euros)
