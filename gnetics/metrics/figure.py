"""A figure and its evidence: nothing is shown without the rows that made it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gnetics.domain.typography import number
from gnetics.metrics.definitions import DEFINITIONS, Definition, reason_of
from gnetics.metrics.window import EVERYTHING, Window

Unit = Literal["count", "money", "ratio", "days", "score"]
Table = Literal["leads", "messages", "events"]
Keys = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Selection:
    """Some of the `everything`: `rows` are a mask or positions (all when None). Keys are only looked up when somebody asks for them."""

    everything: Keys
    rows: NDArray[Any] | None = None

    @cached_property
    def keys(self) -> Keys:
        return self.everything if self.rows is None else self.everything[self.rows]

    def within(self, keys: Keys) -> Selection:
        """Those of them that are among `keys`, in the same order."""
        return Selection(self.keys[np.isin(self.keys, keys)])

    def __len__(self) -> int:
        if self.rows is None:
            return len(self.everything)
        return int(np.count_nonzero(self.rows)) if self.rows.dtype == bool else len(self.rows)


@dataclass(frozen=True, eq=False)
class LeftOut:
    """Rows that belong to the population but could not be counted, and why (a French phrase, « sans montant »)."""

    reason: str
    selection: Selection

    @property
    def keys(self) -> Keys:
        return self.selection.keys

    @property
    def words(self) -> str:
        """« sans montant », « clos avant sa création »."""
        return reason_of(self.reason, len(self))

    def __str__(self) -> str:
        """« 2 sans montant »."""
        return f"{number(len(self))} {self.words}"

    def __len__(self) -> int:
        return len(self.selection)


@dataclass(frozen=True, eq=False)
class Figure:
    """`value` is raw: a count, cents, a ratio (0.25), days or a score; None reads « n/d ».

    `counted` are the rows behind the value (the numerator of a ratio), `among` those of the denominator (None when there is none);
    `population` is how many rows were looked at, `table` says whose keys they are.
    """

    definition: str
    unit: Unit
    value: int | float | None
    counted: Selection
    population: int
    window: Window = EVERYTHING
    left_out: tuple[LeftOut, ...] = ()
    among: Selection | None = None
    table: Table = "leads"

    @property
    def known(self) -> bool:
        return self.value is not None

    @property
    def keys(self) -> Keys:
        return self.counted.keys

    @property
    def base(self) -> Keys | None:
        return None if self.among is None else self.among.keys

    @property
    def numerator(self) -> int:
        return len(self.counted)

    @property
    def denominator(self) -> int | None:
        return None if self.among is None else len(self.among)

    def among_leads(self, keys: Keys) -> Figure:
        """The same count or ratio, of these leads only."""
        counted, among = self.counted.within(keys), None if self.among is None else self.among.within(keys)
        value = len(counted) if among is None else len(counted) / len(among) if len(among) else None
        out = tuple(LeftOut(each.reason, left) for each in self.left_out if len(left := each.selection.within(keys)))
        return replace(self, value=value, counted=counted, among=among, population=len(keys), left_out=out)

    @property
    def explained(self) -> Definition:
        return DEFINITIONS[self.definition]


Row = dict[str, Any]  # a table's row: plain values and figures
