"""Merging two people's changes never overwrites anything silently."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnetics.actions.editing import compare, plain
from gnetics.errors import Conflict

FIELDS = ("name", "company", "amount")
Row = dict[str, Any]
VALUES = st.sampled_from([None, "a", "b", 1, 2])
ROWS = st.fixed_dictionaries(dict.fromkeys(FIELDS, VALUES))
PARTS = st.dictionaries(st.sampled_from(FIELDS), VALUES)


@given(opened=ROWS, theirs=PARTS, mine=PARTS)
def test_a_save_keeps_mine_and_theirs_or_tells_the_conflict(opened: Row, theirs: Row, mine: Row) -> None:
    stored = opened | theirs
    clashing = {name for name in mine if stored[name] != opened[name] and stored[name] != mine[name]}
    if clashing:
        with pytest.raises(Conflict) as conflict:
            compare(stored, mine, opened, "conflit")
        fields = {field.field: (field.mine, field.stored, field.original) for field in conflict.value.fields}
        assert fields == {name: (mine[name], stored[name], opened[name]) for name in clashing}
        return
    wanted, merged = compare(stored, mine, opened, "conflit")
    assert stored | wanted == stored | mine
    assert set(merged) == {name for name in FIELDS if name not in mine and stored[name] != opened[name]}


@given(stored=ROWS)
def test_a_save_of_what_is_stored_writes_nothing(stored: Row) -> None:
    assert compare(stored, stored, {}, "conflit") == ({}, [])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("  a ", "a"),
        ("   ", None),
        (float("nan"), None),
        (pd.NA, None),
        (pd.NaT, None),
        (np.int64(5), 5),
        (np.bool_(True), True),
        (pd.Timestamp("2026-11-24"), date(2026, 11, 24)),
        (date(2026, 11, 24), date(2026, 11, 24)),
        (pd.Timestamp("2026-11-24 08:00", tz="UTC"), datetime(2026, 11, 24, 8, tzinfo=UTC)),
    ],
)
def test_values_of_forms_and_frames_become_plain(value: object, expected: object) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)
