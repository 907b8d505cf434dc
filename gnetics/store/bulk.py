"""Inserting thousands of rows: the driver is given what the store holds, without the treatment of each value by SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert

from gnetics.store.schema import IsoDate, UtcTime, instant


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows that all give the same columns."""
    if not rows:
        return
    names = list(rows[0])
    compiled = insert(table).compile(dialect=connection.dialect, column_keys=names)
    held = {name: _HELD[type(table.c[name].type)] for name in names if type(table.c[name].type) in _HELD}
    written = [{**row, **{name: hold(row[name]) for name, hold in held.items() if row[name] is not None}} for row in rows]
    if compiled.positional:
        order = compiled.positiontup or names
        connection.exec_driver_sql(str(compiled), [tuple(row[name] for name in order) for row in written])
    else:
        connection.exec_driver_sql(str(compiled), written)


_HELD: dict[type, Callable[[Any], Any]] = {IsoDate: lambda day: day.isoformat(), UtcTime: instant}
