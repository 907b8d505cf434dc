"""The events of a person."""

from __future__ import annotations

import pandas as pd

from gnetics.domain.folding import fold


def mine(events: pd.DataFrame, user: str) -> pd.DataFrame:
    """Those whose Responsable is that person, however the name is written."""
    me = fold(user)
    return events[events["owner"].isin([name for name in events["owner"].unique() if isinstance(name, str) and fold(name) == me])]
