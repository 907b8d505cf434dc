"""The database's failures, said in French to the person at the screen, with what to do."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from adbc_driver_manager import Error as AdbcError
from sqlalchemy import Engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gnetics.errors import StoreError, StoreLocked, StoreReadOnly, StoreUnreachable
from gnetics.store.engine import place_of, reading
from gnetics.store.revision import check_revision


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Turn the failures of the store at `url` into a StoreError; defects pass unchanged."""
    try:
        yield
    except PoolTimeout as error:
        raise _locked() from error
    except (DBAPIError, sqlite3.Error, AdbcError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        known = _of_sqlite(url, cause) if url.get_backend_name() == "sqlite" else _of_postgresql(place_of(url), cause)
        if known is None:
            raise
        raise known from error


@contextmanager
def said(engine: Engine) -> Iterator[None]:
    """The same of an open store; what it does not know is no defect when it has become one of another version, or of nothing."""
    try:
        with translated(engine.url):
            yield
    except (DBAPIError, sqlite3.Error, AdbcError):
        with translated(engine.url), engine.connect() as connection:
            check_revision(reading(connection))
        raise


def _of_sqlite(url: URL, cause: Any) -> StoreError | None:
    place = place_of(url)
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the primary code, without its details
    if code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY} and not os.path.exists(str(url.database)):
        advice = "Créez-la avec «\u00a0gnetics import CLASSEUR\u00a0» ou «\u00a0gnetics demo\u00a0»"
        return StoreUnreachable(f"La base «\u00a0{place}\u00a0» n’existe pas. {advice}.")
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return _locked()
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN}:
        advice = "vérifiez les droits du fichier et de son dossier"
        return StoreReadOnly(f"La base «\u00a0{place}\u00a0» n’est pas accessible en écriture\u00a0: {advice}.")
    if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
        return StoreUnreachable(f"Le fichier «\u00a0{place}\u00a0» n’est pas une base lisible\u00a0: reprenez une sauvegarde.")
    return _full(place) if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR} else None


def _of_postgresql(place: str, cause: Any) -> StoreError | None:
    state = getattr(cause, "sqlstate", None) or ""
    if state in {"55P03", "40P01", "57014"}:
        return _locked()
    if state in {"25006", "42501", "0A000"}:  # the last one of a replica
        return StoreReadOnly(f"La base «\u00a0{place}\u00a0» n’accepte que la lecture\u00a0: droits du compte, ou réplique.")
    if state in {"53100", "58030"}:
        return _full(place)
    if state == "3D000":
        return StoreUnreachable(f"La base «\u00a0{place}\u00a0» n’existe pas sur le serveur.")
    if state.startswith("28"):
        return StoreUnreachable(f"Le serveur refuse le compte ou le mot de passe de «\u00a0{place}\u00a0».")
    if state.startswith(("08", "57P")) or (not state and type(cause).__name__ in {"OperationalError", "InternalError"}):
        return StoreUnreachable(f"Le serveur de «\u00a0{place}\u00a0» ne répond pas.")
    return None


def _locked() -> StoreError:
    return StoreLocked("La base est occupée par une autre opération. Rien n’a été enregistré\u00a0: réessayez dans un instant.")


def _full(place: str) -> StoreError:
    return StoreError(f"Le disque de «\u00a0{place}\u00a0» est plein ou ne répond plus. Rien n’a été enregistré.")
