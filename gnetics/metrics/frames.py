"""What the figures are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

import pandas as pd


class Frames(Protocol):
    """A snapshot of the store is one.

    `journal` has at least the history lines of the fields IN_JOURNAL.
    """

    @property
    def leads(self) -> pd.DataFrame: ...
    @property
    def events(self) -> pd.DataFrame: ...
    @property
    def messages(self) -> pd.DataFrame: ...
    @property
    def journal(self) -> pd.DataFrame: ...
    @property
    def pairs(self) -> pd.DataFrame: ...
    @property
    def history_since(self) -> pd.Timestamp | None: ...


@dataclass(frozen=True, eq=False)
class GivenFrames:
    """Frames that do not come from a snapshot, under its names."""

    leads: pd.DataFrame
    events: pd.DataFrame
    messages: pd.DataFrame
    journal: pd.DataFrame
    pairs: pd.DataFrame
    history_since: pd.Timestamp | None


@dataclass(frozen=True, eq=False)
class EarlierFrames(GivenFrames):
    """Those of the end of an earlier day, brought back from what was there on `today`."""

    now: Frames
    today: date
