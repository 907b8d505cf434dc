"""Rows put aside while a file is read, so that a large one is never whole in memory."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any, Generic, TypeVar

T = TypeVar("T")
CHUNK = 1000  # rows
_IN_MEMORY = 8 * 2**20  # bytes; beyond, a temporary file without a name


class Spool(Generic[T]):
    """Filled once, then gone through by chunks; used as a context, after which nothing is left of it."""

    def __init__(self) -> None:
        self._file: Any = SpooledTemporaryFile(max_size=_IN_MEMORY, prefix="gnetics-import-")  # noqa: SIM115  # open until the context's end
        self._chunk: list[T] = []

    def __enter__(self) -> Spool[T]:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def add(self, row: T) -> None:
        self._chunk.append(row)
        if len(self._chunk) == CHUNK:
            self._put_aside()

    def _put_aside(self) -> None:
        pickle.dump(self._chunk, self._file, pickle.HIGHEST_PROTOCOL)
        self._chunk = []

    def chunks(self) -> Iterator[list[T]]:
        """May be begun again, and left before the end."""
        if self._chunk:
            self._put_aside()
        self._file.seek(0)
        while True:
            try:
                yield pickle.load(self._file)  # noqa: S301  # written above, in a file nobody else can name
            except EOFError:
                return
