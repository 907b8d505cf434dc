"""Searching folded text: every word must be found, in any order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from gnetics.domain.folding import fold


def holding(text: str, *columns: pd.Series) -> npt.NDArray[np.bool_]:
    """Rows where each word of `text` is in one of the folded `columns`; every row when there is no word."""
    kept = np.ones(len(columns[0]), dtype=bool)
    for word in (fold(text) or "").split():
        kept &= np.logical_or.reduce([column.str.contains(word, regex=False).to_numpy(dtype=bool) for column in columns])
    return kept
