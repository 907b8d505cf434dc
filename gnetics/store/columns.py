"""Columns of the store as pandas columns: one conversion, whatever they were read with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Boolean, Column, Table

from gnetics.store.schema import WORDS, Held, IsoDate, UtcTime, held

STR: Any = pd.StringDtype(na_value=np.nan)  # pandas' own `str`
INTEGER: Any = pd.Int64Dtype()
MANY = 32  # pieces of a text column before they are joined again
Array = Any  # a pandas extension array: the stubs lack what every one of them has
Arrays = Mapping[str, Array]


def shown(table: Table) -> list[Column[Any]]:
    """The columns of a frame; `deleted` rows, merged and erased ones among them, are not in it."""
    return [column for column in table.c if column.name not in ("deleted", "merged_into", "erased")]


def raw_type(column: Column[Any]) -> pa.DataType:
    """What the store holds in the column: text (dates and instants too), whole numbers, flags as 0 or 1."""
    python = column.type.python_type if not isinstance(column.type, Held) else str
    return pa.large_string() if python is str else pa.int64()


def pandas_array(column: Column[Any], values: pa.ChunkedArray) -> Array:
    """`values` as read from the store, in the column's pandas type."""
    if isinstance(column.type, IsoDate):
        return pd.array(values.cast(pa.date32()).cast(pa.timestamp("s")).to_numpy())
    if isinstance(column.type, UtcTime):
        instants: Array = pd.array(values.cast(pa.timestamp("us", "UTC")).to_numpy())
        return instants.tz_localize("UTC")
    if isinstance(column.type, Boolean):
        return pd.array(values.cast(pa.bool_()).to_numpy(), dtype=np.dtype(bool))
    if words := column.info.get(WORDS):
        found = pc.index_in(values, pa.array([str(word) for word in words], values.type)).fill_null(-1)
        return pd.Categorical.from_codes(found.to_numpy().astype(np.int8), categories=pd.Index([str(word) for word in words]))
    if raw_type(column) == pa.large_string():
        return STR.__from_arrow__(_own(values.cast(pa.large_string())))
    if not column.nullable:
        return pd.array(values.cast(pa.int64()).to_numpy(), dtype=np.dtype("int64"))
    return INTEGER.__from_arrow__(values.cast(pa.int64()))


def _own(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """A copy: what ADBC read is kept whole, all columns with room to spare, as long as one of them is used."""
    return values.take(pa.array(np.arange(len(values))))


def arrays_of(columns: Sequence[Column[Any]], arrow: pa.Table) -> Arrays:
    return {column.name: pandas_array(column, arrow.column(column.name)) for column in columns}


def arrays_of_rows(columns: Sequence[Column[Any]], rows: Sequence[Sequence[Any]]) -> Arrays:
    """The same from rows as the store holds them, values in the order of `columns`, keys ascending."""
    values = [list(each) for each in zip(*rows, strict=True)] or [[] for _ in columns]
    # PostgreSQL gives flags as booleans
    numbers = [list(map(int, each)) if isinstance(column.type, Boolean) else each for column, each in zip(columns, values, strict=True)]
    raw = {column.name: pa.array(each, raw_type(column)) for column, each in zip(columns, numbers, strict=True)}
    return arrays_of(columns, pa.table(raw))


def raw_row(columns: Sequence[Column[Any]], row: Mapping[str, Any]) -> list[Any]:
    """Python values as the store holds them."""
    return [_raw(column, row.get(column.name)) for column in columns]


def _raw(column: Column[Any], value: Any) -> Any:
    if value is None:
        # a session-only row has no rev
        return None if column.nullable or raw_type(column) == pa.large_string() else 0
    return held(column.type, value)


def frame_of(arrays: Arrays) -> pd.DataFrame:
    """A frame indexed by `key`, which ascends."""
    others = {name: array for name, array in arrays.items() if name != "key"}
    return pd.DataFrame(others, index=pd.Index(np.asarray(arrays["key"]), name="key"), copy=False)


def merged(frame: pd.DataFrame, fresh: Arrays, gone: Sequence[int]) -> pd.DataFrame:
    """A new frame: rows of `fresh` replaced or added, rows of `gone` left out; keys ascend everywhere."""
    if len(fresh["key"]):
        frame = _with(frame, fresh)
    if gone:
        frame = frame[~frame.index.isin(gone)]
    return frame


def _with(frame: pd.DataFrame, fresh: Arrays) -> pd.DataFrame:
    keys, new_keys = frame.index.to_numpy(), np.asarray(fresh["key"])
    places = np.searchsorted(keys, new_keys)
    known = np.zeros(len(new_keys), bool)
    inside = places < len(keys)
    known[inside] = keys[places[inside]] == new_keys[inside]
    arrays = {name: _column(frame[name].array, fresh[name], places[known], known) for name in frame.columns}
    result = frame_of(arrays | {"key": np.concatenate([keys, new_keys[~known]])})
    return result if result.index.is_monotonic_increasing else result.sort_index()


def _column(old: Array, new: Array, places: np.ndarray, known: np.ndarray) -> Array:
    every = bool(known.all())
    replacing = new if every else new[known]
    if len(places) and not old.take(places).equals(replacing):  # most columns did not change: sharing them costs nothing
        old = old.copy()
        old[places] = replacing
    return old if every else _joined(old, new[~known] if len(places) else new)


def _joined(old: Array, new: Array) -> Array:
    if old.dtype != STR:
        return type(old)._concat_same_type([old, new])
    pieces = pa.chunked_array([*_chunks(old), *_chunks(new)], pa.large_string())
    return STR.__from_arrow__(pieces.combine_chunks() if pieces.num_chunks > MANY else pieces)


def _chunks(array: Any) -> list[pa.Array]:
    arrow = pa.array(array)
    return arrow.chunks if isinstance(arrow, pa.ChunkedArray) else [arrow]


def python_row(columns: Sequence[Column[Any]], frame: pd.DataFrame, place: int) -> dict[str, Any]:
    """One row as plain Python values: None, str, int, bool, date, aware datetime."""
    return {column.name: _python(column, frame[column.name].array[place]) for column in columns if column.name != "key"}


def _python(column: Column[Any], value: Any) -> Any:
    if pd.isna(value):
        return None
    if isinstance(column.type, IsoDate):
        return value.date()
    if isinstance(column.type, UtcTime):
        return value.to_pydatetime()
    return value if isinstance(value, str) else value.item() if hasattr(value, "item") else value
