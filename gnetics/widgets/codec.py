"""Frames to rows the browser can take: the only place where pandas meets JSON."""

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
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime() if value.tz is not None else value.date()
    if isinstance(value, np.generic):
        return plain(value.item())
    return value


def lead_values(row: dict[str, Any]) -> dict[str, Any]:
    """A frame row with every cell made plain: the form `domain.leads` functions expect."""
    return {name: plain(value) for name, value in row.items()}


def records(frame: pd.DataFrame, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Rows as dicts of plain values, with the index under `key`; meant for one page of rows."""
    part = frame if columns is None else frame[list(columns)]
    names = list(part.columns)
    arrays = [part[name].array for name in names]
    return [
        {"key": int(key)} | {name: plain(array[i]) for name, array in zip(names, arrays, strict=True)} for i, key in enumerate(part.index)
    ]


def jsonable(value: Any) -> Any:
    """Dates as ISO text, the rest as `plain` leaves it; nested lists and dicts are followed."""
    if isinstance(value, dict):
        return {name: jsonable(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [jsonable(each) for each in value]
    value = plain(value)
    return value.isoformat() if isinstance(value, (date, datetime)) else value
