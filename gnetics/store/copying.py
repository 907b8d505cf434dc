"""A copy of a SQLite store, made by the engine's own connection."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from gnetics.store.engine import reading
from gnetics.store.sqlite_file import lay_at_rest


def private_file(path: Path) -> None:
    """An empty file that only its owner reads; one that exists is not even opened, which would drop our locks on it."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def copy(connection: Connection, path: Path) -> None:
    """One consistent view of the store in a private file, complete by itself."""
    private_file(path)
    raw: Any = reading(connection).connection.driver_connection
    with closing(sqlite3.connect(path)) as target:
        raw.backup(target)
        lay_at_rest(target)
