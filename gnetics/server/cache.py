"""Folders of the user's cache, one per version of what they hold: a running server keeps its own, whoever starts removes the others."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

USED = ".used"  # locked by the servers that use the folder it is in: the system unlocks it however they end


def hold(folder: Path) -> None:
    """Make the folder this process's, until it ends."""
    while True:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # removed between two lines of ours
            lock = os.open(folder / USED, os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(lock, fcntl.LOCK_SH)
            if _is_there(lock, folder):
                return
            os.close(lock)


def remove_unused(parent: Path) -> None:
    """All folders that no running server holds."""
    for folder in filter(Path.is_dir, parent.glob("*")):
        with suppress(OSError), _alone_in(folder):  # held by a server; or removed, or kept from us
            shutil.rmtree(folder)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    lock = os.open(folder / USED, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(lock)


def _is_there(lock: int, folder: Path) -> bool:
    """Whether the locked file is the one that others would lock."""
    try:
        return os.path.samestat(os.fstat(lock), os.stat(folder / USED))
    except FileNotFoundError:
        return False
