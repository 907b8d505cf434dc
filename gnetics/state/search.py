"""Searching folded text: every word must be found, in any order; a phone is found in each way of writing it."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pandas as pd

from gnetics.domain.searching import Word, wanted


def having(word: Word, column: pd.Series) -> npt.NDArray[np.bool_]:
    """Rows whose folded text has the word somewhere, in one of its writings."""
    # a regular expression, since Arrow looks for it several times faster than for a plain text
    found: npt.NDArray[np.bool_] = column.str.contains("|".join(map(re.escape, word)), regex=True).to_numpy(dtype=bool)
    return found


def holding(text: str, column: pd.Series) -> npt.NDArray[np.bool_]:
    """Rows where each word of `text` is in the folded `column`; every row when there is no word."""
    kept = np.ones(len(column), dtype=bool)
    for word in wanted(text):
        rows = np.flatnonzero(kept)
        if not len(rows):
            break
        kept[rows] = having(word, column if len(rows) == len(kept) else column.iloc[rows])
    return kept
