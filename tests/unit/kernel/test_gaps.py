"""Memory that is free between what is used is taken before forks."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

# in a process of its own, whose memory has no gaps but these
GAPS = """
import ctypes
from gnetics.kernel import gaps
malloc, free = (getattr(ctypes.CDLL(None), name) for name in ("malloc", "free"))
malloc.argtypes, malloc.restype, free.argtypes = [ctypes.c_size_t], ctypes.c_void_p, [ctypes.c_void_p]
small = {number: bytes(100) for number in range(400)}
larger = [malloc(600) for _ in range(1000)]
of_python = {id(small.pop(number)) for number in range(0, 400, 2)}
of_c = set(larger[::2])
for place in of_c:
    free(place)
gaps.fill()
print(sum(id(each) in of_python for each in [bytes(100) for _ in range(50)]), sum(malloc(600) in of_c for _ in range(50)))
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="where kernels are not forked")
def test_once_filled_no_gap_takes_what_a_child_makes() -> None:
    assert subprocess.run([sys.executable, "-c", GAPS], check=True, capture_output=True, text=True).stdout.split() == ["0", "0"]
