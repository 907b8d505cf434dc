"""The process that kernels are forked from: it has imported what every page needs, read the store and made the pages.

Started by server/forks.py with `-m`. Over their socket each message is a kernel to start, each answer its number and its pidfd.
When it forks, it holds no connection to the store and runs no thread: a child would inherit SQLite's locks, or a lock that
nobody is left to release.
"""

from __future__ import annotations

import gc
import importlib
import json
import logging
import os
import pkgutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

from gnetics import log_output
from gnetics.kernel import gaps
from gnetics.settings import ALONE, load

log = logging.getLogger("gnetics.forks")
LONGEST = 1 << 20  # bytes of a message: a kernel's environment and what else it is told
LINGER = 2.0  # seconds
MODULES = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.extensions.storemagic",
    "adbc_driver_sqlite.dbapi",
    "bqplot",
    "difflib",
    "encodings.idna",
    "faulthandler",
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "ipyvuetify",
    "pandas.core.arrays.arrow._arrow_utils",
    "pandas.core.methods.to_dict",
    "psutil",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "tornado.platform.asyncio",
    "websockets.sync.client",
    "zmq.utils.garbage",
    "gnetics.kernel.request",
)


def main(control: socket.socket, life: int) -> None:
    """Serve until the other end of `control` is closed, then stay until the last child is gone.

    `life` is a pipe whose other end only the server holds.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with its server, and a kernel minds it only while a cell runs
    settings = load()
    log_output.set_up(settings.log_level, settings.log_json)
    gc.disable()  # no garbage is collected where memory is to be shared
    _import()
    app = importlib.import_module("gnetics.kernel.before_forks")
    app.make()
    early = importlib.import_module("gnetics.kernel.early_kernel")
    early.make()
    gc.collect()
    gaps.fill()
    if kernel := _children(control, app.catch_up, app.refill):
        _prepare(kernel, life)
        if ALONE in os.environ:
            app.leave_behind()
        importlib.import_module("gnetics.kernel.doors").close()
        early.run(kernel["connection_file"])


def _import() -> None:
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # nobody steps through a served page: 0.1 s and 10 MB a kernel
    for name in MODULES:
        importlib.import_module(name)
    from ipywidgets import register_comm_target

    register_comm_target()  # done at import by ipywidgets only inside a kernel
    folder = importlib.import_module("gnetics.pages").__path__
    for module in pkgutil.walk_packages(folder, "gnetics.pages."):
        importlib.import_module(module.name)


def _children(control: socket.socket, catch_up: Callable[[], bool], refill: Callable[[], None]) -> dict[str, Any] | None:
    """Fork at each message. In the child: what it is to become; in this process, None when there is nothing left to do.

    Once `catch_up` has said no, the kernel asked for is the last one: the server starts another parent for the next.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries them
    _tell(control, "ready")
    lasting = True
    while lasting and (message := _asked(control)):
        lasting = catch_up()
        gc.freeze()
        stay_alone()
        if (child := os.fork()) == 0:
            control.close()
            kernel: dict[str, Any] = json.loads(message)
            return kernel
        pidfd = os.pidfd_open(child)
        _tell(control, str(child), pidfd)
        os.close(pidfd)
        refill()
        gc.collect()
    control.close()
    with suppress(ChildProcessError):  # raised when the last one is gone
        os.wait()
    return None


def _asked(control: socket.socket) -> bytes:
    """Which kernel to fork; empty once the server has closed its end, even with a word of ours unread."""
    with suppress(ConnectionResetError):
        return control.recv(LONGEST)
    return b""


def _tell(control: socket.socket, word: str, *pidfd: int) -> None:
    """For nobody when the server is gone, which `_asked` finds next."""
    with suppress(BrokenPipeError):
        socket.send_fds(control, [word.encode()], pidfd)


def stay_alone() -> None:
    """Wait for the end of threads that were joined (the system ends them a little later than Python says), and of no other."""
    end = time.monotonic() + LINGER
    while len(tasks := os.listdir("/proc/self/task")) > 1:
        if time.monotonic() > end:
            log.error("Kernels cannot be forked beside the threads %s.", tasks)
            sys.exit(1)
        time.sleep(0.001)


def _prepare(kernel: dict[str, Any], life: int) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    Path("/proc/self/comm").write_text(kernel["title"])  # as `ps` and `top` show it
    os.chdir(kernel["folder"])
    os.environ.clear()
    os.environ.update(kernel["environment"])
    time.tzset()
    import numpy as np

    np.random.seed()  # `random`, `uuid` and `secrets` mind forks themselves
    gc.enable()
    Thread(target=_end_with_the_server, args=[life], daemon=True).start()


def _end_with_the_server(life: int) -> None:
    os.read(life, 1)  # nothing is ever written
    os._exit(1)


if __name__ == "__main__":
    try:
        main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
    except Exception:
        log.exception("Kernels can no longer be forked from here, or one of them ended.")
        sys.exit(1)
