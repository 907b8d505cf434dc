"""Rows put aside while a file is read, so that a large one is never whole in memory."""

from __future__ import annotations

import pickle
import weakref
from collections.abc import Callable, Iterator
from tempfile import SpooledTemporaryFile
from typing import Any, Generic, TypeVar

T = TypeVar("T")
CHUNK = 1000  # rows, of a usual weight
_IN_MEMORY = 8 * 2**20  # bytes; beyond, a temporary file without a name


class Spool(Generic[T]):
    """Filled once, then gone through by chunks as often as asked, by several at once; nothing is left of it once nobody has it.

    Rows are tuples, and put aside as bare ones, which takes half the time; `made` gives them their type again.
    """

    def __init__(self, made: Callable[[Any], T]) -> None:
        self._file: Any = SpooledTemporaryFile(max_size=_IN_MEMORY, prefix="gnetics-import-")  # noqa: SIM115  # open as long as this object
        weakref.finalize(self, self._file.close)
        self._made = made
        self._chunk: list[Any] = []
        self._weight = self._end = 0

    def add(self, row: Any, weight: int = 1) -> None:
        """`weight`: how many usual rows it takes the place of."""
        self._chunk.append(tuple(row))
        self._weight += weight
        if self._weight >= CHUNK:
            self._put_aside()

    def _put_aside(self) -> None:
        self._file.seek(self._end)
        pickle.dump(self._chunk, self._file, pickle.HIGHEST_PROTOCOL)
        self._end = self._file.tell()
        self._chunk, self._weight = [], 0

    def chunks(self) -> Iterator[list[T]]:
        if self._chunk:
            self._put_aside()
        for chunk in put_aside(self._file, 0, self._end):
            yield [*map(self._made, chunk)]


def put_aside(file: Any, start: int, end: int) -> Iterator[list[Any]]:
    """The chunks that stand between two places of a file, written by our own process, which nobody else can name."""
    while start < end:
        file.seek(start)
        chunk = pickle.load(file)  # noqa: S301  # see above
        start = file.tell()
        yield chunk
