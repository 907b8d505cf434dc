"""Folders of work under way, which may hold whole copies of the store: gone at its end, or at the next such work when it was killed.

Whoever made one holds a lock on it, which ends with its process. A process's number would come to mean another one's.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def folder(place: Path, prefix: str) -> Iterator[Path]:
    """A new folder in `place` that only its owner reads, once those of dead processes with that prefix are removed."""
    sweep(place, prefix)
    made, held = _made(place, prefix)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(held)


def sweep(place: Path, prefix: str) -> None:
    for left in place.glob(f"{prefix}*"):
        with suppress(OSError):  # another account's, just removed, or held by a process that lives
            held = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left)
            finally:
                os.close(held)


def _made(place: Path, prefix: str) -> tuple[Path, int]:
    while True:
        made = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
        with suppress(FileNotFoundError):
            held = os.open(made, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(held, fcntl.LOCK_EX)
            if made.exists():  # else somebody swept it before it was held
                return made, held
            os.close(held)
