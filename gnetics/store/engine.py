"""The database engine: addresses, transactions that lose nothing, and failures said in French."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gnetics.errors import StoreError, StoreLocked, StoreReadOnly, StoreUnreachable

WAIT = 15.0  # seconds a writer waits for its turn before giving up
READER = "gnetics_reader"


def address(text: str) -> URL:
    """The URL given, with the driver we ship for PostgreSQL; raises StoreUnreachable when it cannot be used."""
    try:
        url = make_url(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text))
    except ArgumentError as error:
        raise StoreUnreachable("L’adresse de la base (GNETICS_DATABASE_URL) est illisible.") from error
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise StoreUnreachable(f"Base « {url.get_backend_name()} » non prise en charge : choisissez sqlite ou postgresql.")
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise StoreUnreachable("L’adresse de la base SQLite doit nommer un fichier.")
    return url


def place_of(url: URL) -> str:
    """Where the store is, for messages: never with the password."""
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def make_engine(text: str, wait: float = WAIT) -> Engine:
    """An engine whose transactions are BEGIN IMMEDIATE (writers) or BEGIN (`reading(connection)`) on SQLite."""
    url = address(text)
    try:
        return _sqlite_engine(url, wait) if url.get_backend_name() == "sqlite" else _postgresql_engine(url, wait)
    except NoSuchModuleError as error:
        raise StoreUnreachable(f"Pilote de base inconnu : « {url.drivername} ».") from error


def _sqlite_engine(url: URL, wait: float) -> Engine:
    path = Path(str(url.database)).absolute()

    def connect() -> sqlite3.Connection:
        # mode=rw: a wrong path is an error, not a new empty store; no isolation level: we open transactions ourselves
        file = f"file:{quote(str(path))}?mode=rw"
        raw = sqlite3.connect(file, uri=True, timeout=wait, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
            raw.execute(f"PRAGMA {pragma}")
        return raw

    engine = create_engine(url, creator=connect)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reader = connection.get_execution_options().get(READER, False)
        raw: Any = connection.connection.driver_connection
        raw.execute(f"PRAGMA query_only={'ON' if reader else 'OFF'}")
        # SQLAlchemy's default, or a plain BEGIN that upgrades later, silently loses concurrent updates
        raw.execute("BEGIN" if reader else "BEGIN IMMEDIATE")

    return engine


def _postgresql_engine(url: URL, wait: float) -> Engine:
    engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})

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


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Turn the database's failures into a StoreError for the person at the screen; defects pass unchanged."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, PoolTimeout) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        known = _sqlite_failure(url, cause) if url.get_backend_name() == "sqlite" else _postgresql_failure(url, cause)
        if known is None:
            raise
        raise known from error


def _sqlite_failure(url: URL, cause: Any) -> StoreError | None:
    place = place_of(url)
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the primary code, without its details
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreLocked("La base est occupée par une autre opération. Rien n’a été enregistré : réessayez dans un instant.")
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM} or (code == sqlite3.SQLITE_CANTOPEN and os.path.exists(place)):
        return StoreReadOnly(f"La base « {place} » n’est pas accessible en écriture : vérifiez les droits du fichier et de son dossier.")
    if code == sqlite3.SQLITE_CANTOPEN:
        return StoreUnreachable(f"La base « {place} » n’existe pas. Créez-la avec « gnetics import CLASSEUR » ou « gnetics demo ».")
    if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
        return StoreUnreachable(f"Le fichier « {place} » n’est pas une base lisible : reprenez une sauvegarde.")
    if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
        return StoreError(f"Le disque de « {place} » est plein ou ne répond plus. Rien n’a été enregistré.")
    return None


def _postgresql_failure(url: URL, cause: Any) -> StoreError | None:
    place = place_of(url)
    state = getattr(cause, "sqlstate", None)
    if isinstance(cause, PoolTimeout) or state in {"55P03", "40P01", "57014"}:
        return StoreLocked("La base est occupée par une autre opération. Rien n’a été enregistré : réessayez dans un instant.")
    if state in {"25006", "42501"}:
        return StoreReadOnly(f"Le compte utilisé n’a pas le droit d’écrire dans la base « {place} ».")
    if state in {"53100", "58030"}:
        return StoreError(f"Le disque de « {place} » est plein ou ne répond plus. Rien n’a été enregistré.")
    if state == "3D000":
        return StoreUnreachable(f"La base « {place} » n’existe pas sur le serveur.")
    if state is not None and state.startswith("28"):
        return StoreUnreachable(f"Le serveur refuse le compte ou le mot de passe de « {place} ».")
    if (state is None and type(cause).__name__ == "OperationalError") or (state or "").startswith(("08", "57P")):
        return StoreUnreachable(f"Le serveur de « {place} » ne répond pas.")
    return None
