"""The contacts réels that the figures count, with what several blocks ask of them computed once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gnetics.domain.folding import fold
from gnetics.domain.spellings import names
from gnetics.domain.statuses import STATUSES, StatusType
from gnetics.metrics.figure import Keys
from gnetics.metrics.groups import Groups

Mask = NDArray[np.bool_]
Days = NDArray[np.datetime64]
Ints = NDArray[np.int64]

UNKNOWN_CODE = len(STATUSES)  # statuses are coded by their rank in the funnel, then comes « inconnu »
UNASSIGNED = ""  # the owner filter that keeps leads without an owner

_NO_KEY = 0  # −1 is that of a lead which lives in its session only
_CODES = {status.label: code for code, status in enumerate(STATUSES)}
_OWN_PROBABILITY = np.array([status.type == "ouvert" for status in STATUSES] + [False])
_DEFAULT_PROBABILITY = np.array([status.probability or 0 for status in STATUSES] + [0])


@dataclass(frozen=True, eq=False)
class Population:
    """P. All arrays are aligned: one element per contact réel."""

    leads: pd.DataFrame
    today: date
    rows: Ints  # positions of P in `leads`
    set_aside: Keys  # the écartés: data but no identity
    owner: str | None
    _codes: dict[str, tuple[Ints, pd.Index[Any]]] = field(default_factory=dict, repr=False)
    _missing: dict[str, Mask] = field(default_factory=dict, repr=False)
    _days: dict[str, Days] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, leads: pd.DataFrame, today: date, owner: str | None = None) -> Population:
        """`owner` None keeps everybody's leads, UNASSIGNED those of nobody."""
        real = leads["real"].to_numpy(dtype=bool)
        kept = real
        if owner is not None:
            kept = real & owned_by(leads["owner"], owner)
        return cls(leads, today, np.flatnonzero(kept), leads.index.to_numpy(dtype=np.int64)[~real], owner)

    def only(self, places: Ints) -> Population:
        """Some of P, by their places in it."""
        return Population(self.leads, self.today, self.rows[places], self.set_aside[:0], self.owner)

    @property
    def size(self) -> int:
        return len(self.rows)

    @property
    def day(self) -> np.datetime64:
        return np.datetime64(self.today, "D")

    @cached_property
    def keys(self) -> Keys:
        return self.leads.index.to_numpy(dtype=np.int64)[self.rows]

    @cached_property
    def _places(self) -> Ints:
        """By key, from the lowest to the highest: keys number the rows of a table, most of which are there."""
        places = np.full(np.ptp(self.keys) + 1, -1)
        places[self.keys - self.keys.min()] = np.arange(self.size)
        return places

    def locate(self, lead_keys: pd.Series) -> Ints:
        """Place in P of each lead named by another table; −1 when none or not in P."""
        return self.places(lead_keys.to_numpy(dtype=np.int64, na_value=_NO_KEY))

    def places(self, keys: Keys) -> Ints:
        """Place in P of each of these leads; −1 of those that are not."""
        found = np.full(len(keys), -1)
        if self.size:
            lowest, highest = self.keys.min(), self.keys.max()
            near = np.flatnonzero((keys >= lowest) & (keys <= highest))
            found[near] = self._places[keys[near] - lowest]
        return found

    def codes(self, name: str) -> tuple[Ints, pd.Index[Any]]:
        """A text column as small integers, −1 where missing, and the text of each; numbers are much faster to group than texts."""
        if name not in self._codes:
            found, texts = pd.factorize(self.leads[name])
            self._codes[name] = found[self.rows], texts
        return self._codes[name]

    def says(self, name: str, text: str) -> Mask:
        return (self.leads[name] == text).to_numpy(dtype=bool)[self.rows]

    def missing(self, name: str) -> Mask:
        if name not in self._missing:
            self._missing[name] = self.leads[name].isna().to_numpy(dtype=bool)[self.rows]
        return self._missing[name]

    def days(self, name: str) -> Days:
        """A date column; NaT where unknown, and NaT compares False with everything."""
        if name not in self._days:
            self._days[name] = self.leads[name].to_numpy().astype("datetime64[D]")[self.rows]
        return self._days[name]

    def numbers(self, name: str) -> Ints:
        """A whole-number column, 0 where missing: always used with `missing`."""
        return self.leads[name].to_numpy(dtype=np.int64, na_value=0)[self.rows]

    def elapsed(self, name: str) -> Ints:
        """Days from a date to today; meaningless where the date is unknown."""
        return (self.day - self.days(name)).astype(np.int64)

    @cached_property
    def status(self) -> NDArray[np.int64]:
        """Rank in the funnel; UNKNOWN_CODE for a text the table does not know, or none."""
        found, labels = self.codes("status")
        return np.array([*(_CODES.get(label, UNKNOWN_CODE) for label in labels), UNKNOWN_CODE], dtype=np.int64)[found]

    @cached_property
    def by_status(self) -> Groups:
        return Groups(self.status, UNKNOWN_CODE + 1)

    def of_type(self, kind: StatusType | None) -> Mask:
        return np.array([*(status.type == kind for status in STATUSES), kind is None])[self.status]

    @cached_property
    def open(self) -> Mask:
        return self.of_type("ouvert")

    @cached_property
    def blocked(self) -> Mask:
        return self.of_type("bloqué")

    @cached_property
    def won(self) -> Mask:
        return self.of_type("gagné")

    @cached_property
    def won_leads(self) -> Ints:
        """Their places: few, of which months are asked one after the other."""
        return np.flatnonzero(self.won)

    @cached_property
    def lost(self) -> Mask:
        return self.of_type("perdu")

    @cached_property
    def unknown(self) -> Mask:
        return self.of_type(None)

    @cached_property
    def pipeline(self) -> Mask:
        return self.open | self.blocked

    @cached_property
    def amount(self) -> Ints:
        """Cents; 0 where there is none: always used with `has_amount`."""
        return self.numbers("amount")

    @cached_property
    def has_amount(self) -> Mask:
        return ~self.missing("amount")

    @cached_property
    def probability(self) -> Ints:
        """Percent: the lead's own while it is open (else its status's), fixed by the status otherwise; blocked and unknown weigh 0."""
        default: Any = _DEFAULT_PROBABILITY[self.status]
        own = _OWN_PROBABILITY[self.status] & ~self.missing("probability")
        return np.where(own, self.numbers("probability"), default)

    @cached_property
    def weighted(self) -> Ints:
        """amount × probability in cents, half up per lead; split in two so that no product overflows."""
        whole, rest = np.divmod(self.amount, 100)
        return whole * self.probability + (rest * self.probability + 50) // 100

    @cached_property
    def cycle(self) -> tuple[Ints, Mask, Mask]:
        """For every lead, days from creation to closing; then where both are known and in order; then where reversed."""
        created, closed = self.days("created_at"), self.days("closed_at")
        known = ~(np.isnat(created) | np.isnat(closed))
        length = (closed - created).astype(np.int64)
        return length, known & (length >= 0), known & (length < 0)

    def named(self, name: str) -> tuple[Ints, dict[str, str]]:
        """A column of names as codes, the last one of those missing; and by folded text, in order of the codes, the name of each."""
        found, texts = self.codes(name)
        counts = np.bincount(found[found >= 0], minlength=len(texts))
        known = names((str(text), int(count)) for text, count in zip(texts, counts, strict=True) if count)
        ranks = {folded: rank for rank, folded in enumerate(sorted(known))}
        codes = np.array([*(ranks.get(fold(str(text)) or "", len(ranks)) for text in texts), len(ranks)], dtype=np.int64)
        return codes[found], {folded: known[folded] for folded in ranks}


def owned_by(owners: pd.Series, owner: str) -> Mask:
    """Whose they are, however the name is spelt; UNASSIGNED are those of nobody."""
    codes, texts = pd.factorize(owners)
    wanted = fold(owner)
    return np.array([*(fold(str(text)) == wanted for text in texts), wanted is None], dtype=bool)[codes]


def exact_sum(values: Ints) -> int:
    """Σ as a Python integer: two halves, so that no total overflows 64 bits."""
    return (int((values >> 32).sum()) << 32) + int((values & 0xFFFFFFFF).sum())
