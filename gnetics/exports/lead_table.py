"""Leads as a table with every field of theirs: what it is written into imports back to the same leads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gnetics.domain import fields
from gnetics.domain.fields import LEAD_FIELDS
from gnetics.domain.sheets import FOREIGN_KEYS, LEADS, ORIGIN
from gnetics.exports.tables import Cell, Column, Kind, Table

_KINDS: dict[fields.Kind, Kind] = {"long_text": "long_text", "money": "money", "percent": "percent", "score": "whole", "date": "date"}
_PIECE = 5_000  # rows turned into Python values at a time


def lead_table(leads: pd.DataFrame, foreign: Mapping[int, str] | None = None) -> Table:
    """Rows of the snapshot's `leads`, in their order; a lead without ID Lead brings the fingerprint that tells which one it is.

    What nobody can know of them has no column: the notes of an earlier day.
    `foreign` is what other programs call them, as store/foreign_keys.py writes it.
    """
    columns = [(field.key, Column(field.label, _KINDS.get(field.kind, "text"))) for field in LEAD_FIELDS if field.key in leads]
    if leads["lead_id"].isna().any():
        columns.append(("origin", Column(ORIGIN.label)))
    if foreign:
        leads = leads.assign(**{FOREIGN_KEYS.key: pd.Series(foreign, dtype="str").reindex(leads.index)})
        columns.append((FOREIGN_KEYS.key, Column(FOREIGN_KEYS.label, "long_text")))
    return Table(LEADS.label, tuple(column for _, column in columns), _LeadRows(leads, [key for key, _ in columns]))


@dataclass(frozen=True)
class _LeadRows:
    """Piece by piece, so that a hundred thousand leads are never all in Python at once."""

    leads: pd.DataFrame
    keys: list[str]

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        for start in range(0, len(self.leads), _PIECE):
            piece = self.leads.iloc[start : start + _PIECE]
            columns = [values_of(piece[key]) for key in self.keys]
            for place, text in enumerate(values_of(piece["unread"])):
                for key, raw in json.loads(str(text)).items() if text else ():
                    if key in self.keys:
                        columns[self.keys.index(key)][place] = raw
            yield from zip(*columns, strict=True)


def values_of(column: pd.Series) -> list[Any]:
    """A column as Python values: text, whole numbers, days or aware moments; None where missing."""
    values = column.dt.date if column.dtype.kind == "M" and column.dt.tz is None else column
    return [None if missing else value for value, missing in zip(values.tolist(), column.isna().tolist(), strict=True)]
