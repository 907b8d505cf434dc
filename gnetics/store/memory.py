"""Memory that large temporary arrays leave behind."""

from __future__ import annotations

import ctypes

import pyarrow as pa

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc only


def give_back() -> None:
    """Return to the system what is free: glibc would keep it (127 MB after Calendrier at 100,000 leads). Under a millisecond."""
    pa.default_memory_pool().release_unused()
    if _trim:
        _trim(0)
