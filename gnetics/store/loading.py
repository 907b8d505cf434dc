"""First load of a session: whole tables through ADBC, several times faster than row by row.

In a process that holds a SQLite connection nothing but the engine may open the file: a second library drops the
process's locks when it closes, and saves are lost. So on SQLite ADBC reads a copy made by the engine's connection, of what is read
and no more: the texts of a store may be most of it.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

import adbc_driver_postgresql
import adbc_driver_sqlite.dbapi
import pyarrow as pa
from adbc_driver_manager import AdbcConnection, AdbcDatabase, AdbcStatement
from sqlalchemy import Column, Engine

from gnetics.store import scratch
from gnetics.store.columns import raw_type
from gnetics.store.copying import private_file
from gnetics.store.schema import FIGURED

MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
COPY = "gnetics-copy-"
WHOLE = ("leads", "events", "history", "duplicate_pairs", "counters", "marks")
PARTS = {"messages": (*FIGURED, "deleted", "erased")}  # in an index of theirs, without the texts
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
            _copy(raw, place)
            parts = [_halves(raw, *query) for query in queries]
            with ThreadPoolExecutor(2) as readers:  # no thread is left to fork beside
                answers = readers.map(partial(_answer, place), chain.from_iterable(parts))
                return [pa.concat_tables(islice(answers, len(each))) for each in parts]


def _halves(raw: Any, columns: Sequence[Column[Any]], rest: str) -> list[Query]:
    """A query by key in two, so that both readers have half of the leads, which take most of the time; its rest ends in a condition."""
    if columns[0].name != "key":
        return [(columns, rest)]
    (last,) = raw.execute(f"SELECT max(key) FROM {columns[0].table.name}").fetchone()  # noqa: S608 - a name of ours
    middle = (last or 0) // 2
    return [(columns, f"{rest} AND key <= {middle}"), (columns, f"{rest} AND key > {middle}")]


def _answer(place: Path, query: Query) -> pa.Table:
    with closing(adbc_driver_sqlite.dbapi.connect(str(place))) as reader, closing(reader.cursor()) as cursor:
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(1 << 20)})
        return _typed_answer(cursor, *query)


def _place(size: int) -> Path:
    """Memory when the copy fits well inside, without those left there by the dead, else the usual temporary folder."""
    scratch.sweep(MEMORY, COPY)
    fits = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2 * size
    return MEMORY if fits else Path(tempfile.gettempdir())


def _copy(raw: Any, place: Path) -> None:
    """The tables that are read, as they are at one instant."""
    raw.execute("PRAGMA query_only=OFF")
    raw.execute("ATTACH ? AS copy", (str(place),))
    try:
        for pragma in ("journal_mode=OFF", "synchronous=OFF"):
            raw.execute(f"PRAGMA copy.{pragma}")
        raw.execute("BEGIN")
        for name in WHOLE:  # made in the same way and empty, a table is given the pages of the other without a look inside
            raw.execute(_made(raw, name).replace("CREATE TABLE ", "CREATE TABLE copy.", 1))
            raw.execute(f"INSERT INTO copy.{name} SELECT * FROM main.{name}")  # noqa: S608 - names of ours
        for name, (key, *others) in PARTS.items():
            raw.execute(f"CREATE TABLE copy.{name} ({key} INTEGER PRIMARY KEY, {', '.join(others)})")
            raw.execute(f"INSERT INTO copy.{name} SELECT {', '.join((key, *others))} FROM main.{name} ORDER BY {key}")  # noqa: S608
        raw.execute("COMMIT")
    finally:
        if raw.in_transaction:
            raw.rollback()
        raw.execute("DETACH copy")


def _made(raw: Any, name: str) -> str:
    found = raw.execute("SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = ?", (name,)).fetchone()
    if found is None:
        raise sqlite3.OperationalError(f"no such table: {name}")  # as SQLite says of a store of another version
    return str(found[0])


def _typed_answer(cursor: Any, columns: Sequence[Column[Any]], rest: str) -> pa.Table:
    # ADBC types a column by its first values, and one full of NULLs as numbers: a row of ours, first in order, says the types
    first = ", ".join("''" if raw_type(column) == pa.large_string() else "0" for column in columns)
    cursor.execute(f"SELECT {first} UNION ALL SELECT {names(columns)} {rest} ORDER BY 1")
    table = cursor.fetch_arrow_table()
    return table.rename_columns([column.name for column in columns]).slice(1)


def _load_postgresql(engine: Engine, queries: Sequence[Query]) -> list[pa.Table]:
    uri = engine.url.set(drivername="postgresql").render_as_string(hide_password=False).replace(" ", "%20")  # which SQLAlchemy leaves
    with closing(AdbcConnection(_database(uri))) as connection:
        connection.set_autocommit(False)
        _read(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return [_read(connection, f"SELECT {names(columns)} {rest} ORDER BY 1") for columns, rest in queries]


@lru_cache
def _database(uri: str) -> AdbcDatabase:
    """No connection, but the types of the server, which take 100 ms to ask for: once a process, and those forked from it."""
    database: AdbcDatabase = adbc_driver_postgresql.connect(uri)
    return database


def _read(connection: AdbcConnection, query: str) -> pa.Table:
    with closing(AdbcStatement(connection)) as statement:
        statement.set_sql_query(query)
        answer, _ = statement.execute_query()
        return pa.RecordBatchReader.from_stream(answer).read_all()
