"""The database engine: addresses, and transactions that lose nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, NoSuchModuleError

from gnetics.domain.quoting import quote
from gnetics.errors import StoreUnreachable
from gnetics.store.sqlite_file import FileConnection, connect

WAIT = 15.0  # seconds a writer waits for its turn before giving up
ROOM = {"reader": 2_000, "writer": 64_000}  # kB of pages at most: with less, a large import writes its own pages again and again
READER = "gnetics_reader"


def address(text: str) -> URL:
    """The URL given, with the driver we ship for PostgreSQL; raises StoreUnreachable when it cannot be used."""
    try:
        url = make_url(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text))
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise _refused("est illisible") from error
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise _refused(f"nomme une base {quote(url.get_backend_name())} non prise en charge, choisissez sqlite ou postgresql")
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise _refused("ne nomme pas de fichier SQLite")
    return url


def _refused(why: str) -> StoreUnreachable:
    return StoreUnreachable(f"L’adresse de la base (GNETICS_DATABASE_URL) {why}.")


def place_of(url: URL) -> str:
    """The name of the store, for messages: neither in which folder or machine it is, nor who enters it."""
    return Path(url.database or "").name or "sans nom"


def make_engine(text: str, wait: float = WAIT, *, successor: Path | None = None) -> Engine:
    """An engine whose transactions are BEGIN IMMEDIATE (writers) or BEGIN (`reading(connection)`) on SQLite.

    `successor` is a file of SQLite that is opened instead from when it is there on, for good: the engine's URL is then its own.
    """
    url = address(text)
    try:
        return _sqlite_engine(url, wait, successor) if url.get_backend_name() == "sqlite" else _postgresql_engine(url, wait)
    except NoSuchModuleError as error:
        raise _refused(f"demande un pilote inconnu, {quote(url.drivername)}") from error


def _sqlite_engine(url: URL, wait: float, successor: Path | None) -> Engine:
    def path() -> Path:
        if successor and engine.url.database != str(successor) and successor.exists():
            engine.url = url.set(database=str(successor))
        return Path(str(engine.url.database)).absolute()

    engine = create_engine(url, creator=lambda: connect(path(), wait), hide_parameters=True)

    @event.listens_for(engine, "checkout")
    def checkout(raw: FileConnection, *_: Any) -> None:
        if raw.path != path() or not raw.is_current():
            raise DisconnectionError  # the pool then opens another, on what is at the path now

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reader = connection.get_execution_options().get(READER, False)
        raw: Any = connection.connection.driver_connection
        raw.execute(f"PRAGMA query_only={'ON' if reader else 'OFF'}")
        raw.execute(f"PRAGMA cache_size=-{ROOM['reader' if reader else 'writer']}")
        # SQLAlchemy's default, or a plain BEGIN that upgrades later, silently loses concurrent updates
        raw.execute("BEGIN" if reader else "BEGIN IMMEDIATE")

    return engine


def _postgresql_engine(url: URL, wait: float) -> Engine:
    engine = create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args={"connect_timeout": 10})

    @event.listens_for(engine, "connect")
    def connect(raw: Any, _: Any) -> None:
        with raw.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {int(wait * 1000)}")
        raw.commit()

    return engine


def reading(connection: Connection) -> Connection:
    """Make `connection` a reader: one consistent view, never waiting for a writer, unable to write."""
    if connection.dialect.name == "sqlite":
        return connection.execution_options(**{READER: True})
    return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
