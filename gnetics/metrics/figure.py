"""A figure and its evidence: nothing is shown without the rows that made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gnetics.metrics.definitions import DEFINITIONS, Definition
from gnetics.metrics.window import EVERYTHING, Window

Unit = Literal["count", "money", "ratio", "days", "score"]
Table = Literal["leads", "messages", "events"]
Keys = NDArray[np.int64]
NO_KEYS: Keys = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class LeftOut:
    """Rows that belong to the population but could not be counted, and why (a French phrase, « sans montant »)."""

    reason: str
    keys: Keys

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, eq=False)
class Figure:
    """`value` is raw: a count, cents, a ratio (0.25), days or a score; None reads « n/d ».

    `keys` are the rows counted (the numerator of a ratio), `base` those of the denominator (None when there is none);
    `population` is how many rows were looked at, `table` says whose keys they are.
    """

    definition: str
    unit: Unit
    value: int | float | None
    keys: Keys
    numerator: int
    denominator: int | None
    population: int
    window: Window = EVERYTHING
    left_out: tuple[LeftOut, ...] = ()
    base: Keys | None = None
    table: Table = "leads"

    @property
    def known(self) -> bool:
        return self.value is not None

    @property
    def explained(self) -> Definition:
        return DEFINITIONS[self.definition]


Row = dict[str, Any]  # a table's row: plain values and figures


def plain(row: Row) -> Row:
    """The row with each figure replaced by its value, for tables, charts and exports."""
    return {name: cell.value if isinstance(cell, Figure) else cell for name, cell in row.items()}
