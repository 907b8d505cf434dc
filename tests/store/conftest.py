"""Other processes, for tests where several use one store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from alembic import command
from sqlalchemy import MetaData, Table, func, insert, inspect, select, text

from gnetics.store import full_text
from gnetics.store.crm import Crm, open_crm
from gnetics.store.log_counts import LOGS
from gnetics.store.migrate import alembic_config
from gnetics.store.schema import counters, history, import_columns, leads, meta, metadata
from tests.store.workers import Workers


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    started = Workers()
    yield started
    started.close()


@pytest.fixture
def upgraded_from(crm: Crm, store_url: str) -> Iterator[Callable[[str], Crm]]:
    """upgraded_from("0001") lays the store anew as that version had it, with what it knew of leads and files, then opens it upgraded."""
    opened: list[Crm] = []

    def upgrade(revision: str) -> Crm:
        with crm.engine.begin() as connection:
            settings = select(meta).where(meta.c.name.in_(["sync", "kind"]))  # those the first version had
            reads = {table.name: select(table) for table in (leads, counters, history, import_columns)} | {"meta": settings}
            kept = {name: connection.execute(read).mappings().all() for name, read in reads.items()}
            for log in LOGS:
                full_text.drop(connection, log)
            metadata.drop_all(connection)
            connection.execute(text("DROP TABLE alembic_version"))
            command.upgrade(alembic_config(connection), revision)
            for name in kept.keys() & set(inspect(connection).get_table_names()):
                older = Table(name, MetaData(), autoload_with=connection)
                if rows := [{column.name: row[column.name] for column in older.c} for row in kept[name]]:
                    connection.execute(insert(older), rows)
                if connection.dialect.name == "postgresql" and "key" in older.c:
                    last = select(func.setval(func.pg_get_serial_sequence(name, "key"), func.max(older.c.key)))
                    connection.execute(last)
        crm.engine.dispose()
        opened.append(open_crm(replace(crm.settings, database_url=store_url), migrate=True))
        return opened[-1]

    yield upgrade
    for each in opened:
        each.close()


@pytest.fixture
def away(crm: Crm, store_url: str) -> Callable[[], AbstractContextManager[None]]:
    """away() is a time during which the store does not answer."""

    @contextmanager
    def file_away() -> Iterator[None]:
        file = Path(str(crm.engine.url.database))
        crm.close()  # SQLite removes its log
        file.rename(file.with_suffix(".away"))
        yield
        file.with_suffix(".away").rename(file)

    @contextmanager
    def server_away() -> Iterator[None]:
        server, _, name = store_url.rpartition("/")
        with psycopg.connect(f"{server}/postgres", autocommit=True) as administrator:
            administrator.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            administrator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            try:
                yield
            finally:
                administrator.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    return file_away if crm.engine.dialect.name == "sqlite" else server_away
