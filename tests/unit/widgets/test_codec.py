"""What leaves a frame for the browser is plain."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gnetics.widgets.codec import jsonable, plain, record, records


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        *((missing, None) for missing in (None, pd.NA, pd.NaT, math.nan, math.inf, np.float64("nan"))),
        (np.int64(3), 3),
        (np.float64(0.5), 0.5),
        (pd.Timestamp("2026-11-24"), date(2026, 11, 24)),
        (pd.Timestamp("2026-11-24T11:00Z"), datetime(2026, 11, 24, 11, tzinfo=UTC)),
        ("été", "été"),
    ],
)
def test_a_cell_is_a_plain_value_or_none(value: Any, cell: Any) -> None:
    assert (plain(value), type(plain(value))) == (cell, type(cell))


def test_rows_are_dicts_with_their_key_and_what_is_nested_can_be_sent() -> None:
    frame = pd.DataFrame({"name": pd.array(["Zoé", None], dtype="str"), "day": pd.to_datetime(["2026-11-24", "NaT"])}, index=[7, 9])
    rows = [{"key": 7, "name": "Zoé", "day": date(2026, 11, 24)}, {"key": 9, "name": None, "day": None}]
    assert records(frame) == rows and records(frame.head(0)) == []
    assert records(frame, ["name"]) == [{"key": 7, "name": "Zoé"}, {"key": 9, "name": None}]
    assert (record(frame, 9), record(frame, 8), record(frame, None)) == (rows[1], None, None)
    assert json.loads(json.dumps(jsonable({"rows": (rows[0],)}))) == {"rows": [{"key": 7, "name": "Zoé", "day": "2026-11-24"}]}
