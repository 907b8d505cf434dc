"""Every column of the store says whether it can hold a person, and what erasing does to it."""

from __future__ import annotations

import pytest

from gnetics.store.person.columns import REGISTER
from gnetics.store.schema import metadata


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_each_column_is_declared_once(table: str) -> None:
    assert table in REGISTER, f"declare {table} in store/person/columns.py"
    assert sorted(REGISTER[table].ways) == sorted(metadata.tables[table].c.keys())


def test_nothing_else_is_declared() -> None:
    assert REGISTER.keys() == metadata.tables.keys()
