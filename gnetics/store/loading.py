"""First load of a session: whole tables through ADBC, several times faster than row by row.

In a process that holds a SQLite connection nothing but the engine may open the file: a second library drops the
process's locks when it closes, and saves are lost. So on SQLite the engine's connection writes what is asked for, and nothing
else of what may be a large store, into a file of its own, which ADBC reads.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi
import pyarrow as pa
from sqlalchemy import Column, Engine

from gnetics.store import scratch
from gnetics.store.columns import raw_type
from gnetics.store.copying import private_file

MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
COPY = "gnetics-copy-"
Query = tuple[Sequence[Column[Any]], str]  # columns, the first of which gives the order, and the rest of the SELECT


def load(engine: Engine, queries: Sequence[Query]) -> list[pa.Table]:
    """The answers to all queries at one instant of the store."""
    return _load_sqlite(engine, queries) if engine.dialect.name == "sqlite" else _load_postgresql(engine, queries)


def names(columns: Sequence[Column[Any]]) -> str:
    return ", ".join(f'"{column.name}"' for column in columns)


def _load_sqlite(engine: Engine, queries: Sequence[Query]) -> list[pa.Table]:
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        pages, size = (raw.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
        with scratch.folder(_place(pages * size), COPY) as folder:
            place = folder / "copy.db"
            private_file(place)
            _write(raw, place, queries)
            with closing(adbc_driver_sqlite.dbapi.connect(str(place))) as reader, closing(reader.cursor()) as cursor:
                cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(1 << 20)})
                return [_answer(cursor, number, columns) for number, (columns, _) in enumerate(queries)]


def _place(size: int) -> Path:
    """Memory when the copy fits well inside, without those left there by the dead, else the usual temporary folder."""
    scratch.sweep(MEMORY, COPY)
    fits = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2 * size
    return MEMORY if fits else Path(tempfile.gettempdir())


def _write(raw: Any, place: Path, queries: Sequence[Query]) -> None:
    """A table per query, with its rows in order."""
    raw.execute("PRAGMA query_only=OFF")
    raw.execute("ATTACH ? AS copy", (str(place),))
    try:
        for pragma in ("journal_mode=OFF", "synchronous=OFF"):
            raw.execute(f"PRAGMA copy.{pragma}")
        raw.execute("BEGIN")
        for number, (columns, rest) in enumerate(queries):
            # ADBC types a column by its first values, and one full of NULLs as numbers: a row of ours says the types
            first = ", ".join("''" if raw_type(column) == pa.large_string() else "0" for column in columns)
            raw.execute(f"CREATE TABLE copy.answer{number} AS SELECT {first} UNION ALL SELECT {names(columns)} {rest} ORDER BY 1")
        raw.execute("COMMIT")
    finally:
        if raw.in_transaction:
            raw.rollback()
        raw.execute("DETACH copy")


def _answer(cursor: Any, number: int, columns: Sequence[Column[Any]]) -> pa.Table:
    cursor.execute(f"SELECT * FROM answer{number} ORDER BY rowid")  # noqa: S608 - a name of ours
    table = cursor.fetch_arrow_table()
    return table.rename_columns([column.name for column in columns]).slice(1)


def _load_postgresql(engine: Engine, queries: Sequence[Query]) -> list[pa.Table]:
    uri = engine.url.set(drivername="postgresql").render_as_string(hide_password=False).replace(" ", "%20")  # which SQLAlchemy leaves
    with closing(adbc_driver_postgresql.dbapi.connect(uri)) as connection, closing(connection.cursor()) as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        answers = []
        for columns, rest in queries:
            cursor.execute(f"SELECT {names(columns)} {rest} ORDER BY 1")
            answers.append(cursor.fetch_arrow_table())
        return answers
