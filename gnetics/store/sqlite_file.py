"""The file of a SQLite store, which may be deleted, replaced or written over while it is open.

Only SQLite opens it: another open() would drop this process's locks on it when it closes.
"""

from __future__ import annotations

import ctypes
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gnetics.errors import StoreReplaced, StoreUnreachable

LOGS = ("-wal", "-shm")  # what SQLite keeps beside a store that is open
_IN_USE, _AT_REST = 0, 1  # PRAGMA user_version: a copy that nobody has opened yet has no log
_LOST = "Le fichier de la base a été supprimé ou remplacé pendant l’enregistrement\u00a0: rien n’a été enregistré."

File = tuple[int, int]  # device and inode


class FileConnection(sqlite3.Connection):
    """What it commits counts as kept only while its file is the one at the path: a deleted file takes commits as well."""

    path: Path
    file: File
    written_at: int  # when the file was last written to, in ns, as far as it was looked at

    def is_current(self) -> bool:
        """Whether a new connection would meet the same store; raises StoreUnreachable when its file was written over."""
        found = _stat(self.path)
        if found is None or _file(found) != self.file:
            return False
        if found.st_mtime_ns != self.written_at:
            refuse_foreign_log(self.path)
            self.written_at = found.st_mtime_ns
        return True

    def commit(self) -> None:
        super().commit()
        found = _stat(self.path)
        if found is None or _file(found) != self.file:
            raise StoreReplaced(_LOST)

    def close(self) -> None:
        """As SQLite does, but of a file that was written over: there the last close would write our log into the copy."""
        try:
            self.is_current()
        except StoreUnreachable:
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self))  # nor may it be collected, which closes it as well
        else:
            super().close()


def connect(path: Path, wait: float) -> FileConnection:
    """Raises StoreUnreachable beside the log of another store, StoreReplaced when the file changes at this very moment."""
    found = _stat(path)
    refuse_foreign_log(path)
    # mode=rw: a wrong path is an error, not a new empty store; no isolation level: we open transactions ourselves
    raw = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw", uri=True, timeout=wait, isolation_level=None, check_same_thread=False, factory=FileConnection
    )
    try:
        if raw.execute("PRAGMA user_version").fetchone()[0] == _AT_REST:
            raw.execute(f"PRAGMA user_version={_IN_USE}")  # before the log, so that nobody takes ours for another store's
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
            raw.execute(f"PRAGMA {pragma}")
        now = _stat(path)
        if found is None or now is None or _file(found) != _file(now):
            raise StoreReplaced(_LOST)
    except BaseException:
        sqlite3.Connection.close(raw)
        raise
    raw.path, raw.file, raw.written_at = path, _file(now), now.st_mtime_ns
    return raw


def refuse_foreign_log(path: Path) -> None:
    """Raises StoreUnreachable when a backup was put where a store was in use: SQLite would read the log left there into it.

    Looked at without a lock, a file that another process is copying its log into may seem damaged: then it is in use.
    """
    log = path.with_name(path.name + LOGS[0])
    found = _stat(log)
    if found is None or not found.st_size:
        return
    at_rest = False
    with (
        closing(sqlite3.connect(f"file:{quote(str(path))}?immutable=1", uri=True)) as looking,  # reads no log, takes no lock
        suppress(sqlite3.DatabaseError),  # whoever reads it next says whether it is damaged
    ):
        at_rest = looking.execute("PRAGMA user_version").fetchone()[0] == _AT_REST
    if at_rest:
        raise StoreUnreachable(
            f"«\u00a0{log.name}\u00a0» est le journal d’une autre base, celle que «\u00a0{path.name}\u00a0» a remplacée\u00a0: "
            "arrêtez les serveurs, déplacez ce fichier et celui en -shm, puis relancez."
        )


def lay_at_rest(raw: Any) -> None:
    """Leave a store complete in its one file, and marked as a copy; refused while anybody else has it open."""
    raw.execute("PRAGMA journal_mode=DELETE")
    raw.execute(f"PRAGMA user_version={_AT_REST}")


def put(fresh: Path, place: Path) -> None:
    """Make a closed store the one at `place`, without the logs that another may have left there."""
    for suffix in LOGS:
        place.with_name(place.name + suffix).unlink(missing_ok=True)
    fresh.replace(place)


def _stat(path: Path) -> os.stat_result | None:
    with suppress(FileNotFoundError, NotADirectoryError):
        return path.stat()
    return None


def _file(found: os.stat_result) -> File:
    return found.st_dev, found.st_ino
