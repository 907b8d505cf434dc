"""The contacts a person has ticked, which stay ticked from page to page and never travel through the browser."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd


class Selection:
    def __init__(self) -> None:
        self.keys: set[int] = set()
        self._last: int | None = None  # where a range begins

    def __len__(self) -> int:
        return len(self.keys)

    def pick(self, key: int, on: bool, listed: pd.Index, *, through: bool = False) -> None:
        """Tick a contact or take it off; `through`, all those between the last one touched and it, in the order of `listed`."""
        keys = self._between(key, listed) if through else [key]
        self.keys = self.keys.union(keys) if on else self.keys.difference(keys)
        self._last = key

    def pick_all(self, listed: Iterable[int]) -> None:
        self.keys = self.keys.union(listed)

    def clear(self) -> None:
        self.keys, self._last = set(), None

    def keep(self, existing: pd.Index) -> None:
        """Forget those that are no longer there."""
        if self.keys:
            self.keys = self.keys.intersection(existing)

    def ordered(self, listed: pd.Index) -> list[int]:
        """The ticked contacts, in the order on screen, those outside it last."""
        inside = listed[listed.isin(list(self.keys))].tolist()
        return inside + sorted(self.keys.difference(inside))

    def _between(self, key: int, listed: pd.Index) -> list[int]:
        places = [np.flatnonzero(listed == each) for each in (self._last, key)]
        if not all(len(place) for place in places):
            return [key]
        low, high = sorted(int(place[0]) for place in places)
        return [int(each) for each in listed[low : high + 1]]
