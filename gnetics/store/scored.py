"""The score of a day in a frame of leads."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from gnetics.domain import score


def with_scores(frame: pd.DataFrame, today: date) -> pd.DataFrame:
    """The leads with `auto_score` on that day, and `any_score`: the one set by hand, else the automatic one."""
    days = (np.datetime64(today) - frame["last_contact"].to_numpy().astype("datetime64[D]")).astype(np.int64)  # NaT: far below 0
    limits, points = zip(*score.RECENCY, strict=True)
    recency = np.where(days < 0, 0, np.array([*points, 0])[np.searchsorted(limits, days)])
    automatic = frame["score_fit"] + frame["score_activity"] + frame["score_source"] + recency
    return frame.assign(auto_score=automatic, any_score=frame["score"].fillna(automatic))
