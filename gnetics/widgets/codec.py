"""Frames to rows the browser can take: None for what is missing, never NaN, NaT or a numpy scalar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd


def plain(value: Any) -> Any:
    """One cell as a JSON value or a Python date: None for anything missing, never NaN, NaT or a numpy scalar."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.generic):  # first, since some are floats too
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime() if value.tz is not None else value.date()
    return value


def records(frame: pd.DataFrame, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Rows as dicts of plain values, with the index under `key`; meant for one page of rows."""
    if not len(frame):
        return []
    part = frame if columns is None else frame[list(columns)]
    names = list(part.columns)
    keys = [{"key": int(key)} for key in part.index]
    columns_of_cells = [[plain(cell) for cell in part[name].tolist()] for name in names]  # whole columns: Arrow text is slow cell by cell
    return [row | dict(zip(names, cells, strict=True)) for row, *cells in zip(keys, *columns_of_cells, strict=True)]


def record(frame: pd.DataFrame, key: Any) -> dict[str, Any] | None:
    """One row by its key; None when the key is missing or names no row (any more)."""
    # a slice: a list of keys would copy each column
    return records(frame.loc[key:key])[0] if key is not None and key in frame.index else None


def jsonable(value: Any) -> Any:
    """Dates as ISO text, the rest as `plain` leaves it; nested lists and dicts are followed."""
    if isinstance(value, dict):
        return {name: jsonable(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [jsonable(each) for each in value]
    value = plain(value)
    return value.isoformat() if isinstance(value, (date, datetime)) else value
