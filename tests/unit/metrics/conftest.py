"""Frames of the store's own types, made from dicts, without a store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Boolean, Column

from gnetics.domain.leads import derive
from gnetics.domain.regions import REGIONS
from gnetics.metrics.figure import Figure
from gnetics.metrics.frames import GivenFrames
from gnetics.metrics.population import Population
from gnetics.store import schema
from gnetics.store.scored import with_scores

Rows = Sequence[dict[str, Any]]
Pairs = Sequence[tuple[int, int]]
JOURNAL = [schema.history.c[name] for name in ("key", "entity_key", "at", "field", "before", "after")]


def _typed(column: Column[Any], values: list[Any]) -> Any:
    """In the column type that a snapshot has."""
    if isinstance(column.type, schema.IsoDate):
        return np.array(values, dtype="datetime64[s]")
    if isinstance(column.type, schema.UtcTime):
        return pd.to_datetime(pd.Series(values, dtype="object"), utc=True).astype("datetime64[us, UTC]")
    if isinstance(column.type, Boolean):
        return np.array([bool(value) for value in values], dtype=bool)
    if issubclass(column.type.python_type, str):
        return pd.array(values, dtype="str")
    return pd.array(values, dtype="Int64" if column.nullable else "int64")


def known(figure: Figure) -> int | float:
    """The value of a figure that has one."""
    assert figure.value is not None
    return figure.value


class Maker:
    """Each row is numbered from 1 unless it has a `key`; a lead is « Nouveau » and named unless it says otherwise."""

    today = date(2026, 11, 24)
    zone = ZoneInfo("Europe/Paris")

    def leads(self, rows: Rows) -> pd.DataFrame:
        full = []
        for number, row in enumerate(rows, 1):
            lead = {"key": number, "name": f"Contact {number}", "status": "Nouveau", **row}
            full.append({**derive(lead, REGIONS["FR"]), "deleted": False, "rev": 1, **lead})
        return with_scores(self._frame(list(schema.leads.c), full), self.today)

    def population(self, rows: Rows, owner: str | None = None) -> Population:
        return Population.of(self.leads(rows), self.today, owner)

    def events(self, rows: Rows = ()) -> pd.DataFrame:
        default = {"title": "Point", "all_day": False, "done": True, "cancelled": False, "sequence": 0, "rev": 1}
        return self._frame(list(schema.events.c), [{"key": n, "uid": str(n), **default, **row} for n, row in enumerate(rows, 1)])

    def messages(self, rows: Rows = ()) -> pd.DataFrame:
        default = {"direction": "envoyé", "kind": "message", "automatic": False, "search": "", "rev": 1}
        return self._frame(list(schema.messages.c), [{"key": n, "message_id": f"m{n}", **default, **row} for n, row in enumerate(rows, 1)])

    def journal(self, rows: Rows = ()) -> pd.DataFrame:
        return self._frame(JOURNAL, [{"key": n, **row} for n, row in enumerate(rows, 1)])

    def pairs(self, pairs: Pairs = ()) -> pd.DataFrame:
        return pd.DataFrame(pairs, columns=["low", "high"], dtype="int64")

    def frames(self, leads: Rows, events: Rows = (), messages: Rows = (), journal: Rows = (), pairs: Pairs = ()) -> GivenFrames:
        """All of them, as a snapshot has them; the history begins with the year."""
        since = pd.Timestamp("2026-01-01T00:00:00Z")
        made = self.leads(leads), self.events(events), self.messages(messages), self.journal(journal), self.pairs(pairs)
        return GivenFrames(*made, since)

    def _frame(self, columns: list[Any], rows: Rows) -> pd.DataFrame:
        arrays = {column.name: _typed(column, [row.get(column.name) for row in rows]) for column in columns}
        return pd.DataFrame(arrays).set_index("key")

    @staticmethod
    def at(day: date, hour: int = 12) -> datetime:
        return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@pytest.fixture(scope="session")
def make() -> Maker:
    return Maker()
