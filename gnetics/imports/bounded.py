"""A process that reads a foreign file for another one: what the file asks for is asked of it alone, within bounds that it cannot move."""

from __future__ import annotations

import os
import pickle
import resource
import select
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

from gnetics.errors import UnreadableFile

TOO_HEAVY = 3  # how the process ends when memory is refused to it


def answer(read: Callable[[], Any], memory: int, seconds: int) -> None:
    """Write what `read` found, or the sentence by which it refuses, to the standard output; bytes, and seconds of a processor."""
    _bound(memory, seconds)
    Thread(target=_end_with_the_reader, daemon=True).start()
    try:
        found = read()
    except UnreadableFile as refusal:
        found = str(refusal)
    except MemoryError:
        sys.exit(TOO_HEAVY)
    pickle.dump(found, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)


def _bound(memory: int, seconds: int) -> None:
    if sys.platform == "linux":  # macOS knows no bound of the memory
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")  # when memory lacks, this process ends rather than the server
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with_the_reader() -> None:
    """Nobody waits any more once the other end of the standard output is closed."""
    waiting = select.poll()
    waiting.register(sys.stdout.fileno(), 0)
    waiting.poll()
    os._exit(1)
