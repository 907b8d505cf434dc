"""Memory that is free between what is used. A child that puts something there copies the whole page it stands on."""

from __future__ import annotations

import ctypes
import sys

SMALL = range(48, 513, 16)  # bytes that Python hands out itself, a size at a time, from pages of their own
LARGER = range(24, 1040, 16)  # and the C library, for all others: SQLite makes a thousand such pieces when it opens a store
OF_A_SIZE = 48_000  # bytes of small ones: more than stand free
IN_A_ROW, MOST = 32, 4_000  # pieces of the C library: so many side by side are in fresh memory, where no gaps are; at most
HEADER = 8  # bytes before each of them

_held: list[list[bytes]] = []


def fill() -> None:
    """Take it for good, once, in the process to fork from: children then put theirs side by side, in fresh memory (5 MB less each)."""
    _held.extend([bytes(size - sys.getsizeof(b"")) for _ in range(OF_A_SIZE // size)] for size in SMALL)
    malloc = ctypes.CDLL(None).malloc
    malloc.argtypes, malloc.restype = [ctypes.c_size_t], ctypes.c_void_p
    for size in LARGER:
        before, row = 0, 0
        for _ in range(MOST):
            piece = malloc(size) or 0
            row = row + 1 if piece == before + size + HEADER else 0
            if row == IN_A_ROW:
                break
            before = piece
