"""Rows by small integer code."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Groups:
    """Rows of a population by small integer code, each group's rows at hand without scanning the population again."""

    def __init__(self, codes: NDArray[np.int64], number: int, rows: NDArray[Any] | None = None) -> None:
        """`rows` are the only positions to group (all when None)."""
        chosen = np.arange(len(codes)) if rows is None else (np.flatnonzero(rows) if rows.dtype == bool else rows)
        small = codes[chosen].astype(np.int16 if number < 2**15 else np.int64)  # 16 bits are sorted by radix
        self._order = chosen[np.argsort(small, kind="stable")]
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(small, minlength=number))])

    def __getitem__(self, code: int) -> NDArray[np.int64]:
        return self._order[self._starts[code] : self._starts[code + 1]]
