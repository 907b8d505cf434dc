"""Servers forked from a process that has done their imports. How a server starts is asked by a few tests; what it does, by all others.

Started by tests/served.py. Over its socket each message is a server to start, each answer its number and its pidfd. Beside each server
another process is left that becomes the first one from which it forks its kernels, as imported.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from gnetics.cli import main as cli
from gnetics.kernel import fork_parent
from gnetics.server import app as _imported  # noqa: F401 - most of what a server imports
from gnetics.server import forks

ROOT = Path(__file__).parent.parent


class Warmed:
    """The process of the imports, as tests see it. It ends with this object's process."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                cwd=ROOT,
                env=os.environ | forks.FOR_THE_PARENT | {"PYTHONPATH": str(ROOT), "ARROW_DEFAULT_MEMORY_POOL": "system"},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def serve(self, environment: dict[str, str], before: str, output: int) -> Server:
        """A server of that environment, which writes to that file; `before` is Python that its process runs first."""
        socket.send_fds(self._control, [json.dumps([environment, before]).encode()], [output])
        pid, pidfds, _, _ = socket.recv_fds(self._control, 16, 1)
        return Server(int(pid), pidfds[0])


class Server(forks.Forked):
    """As much of subprocess.Popen as tests ask for; how it ended is known to nobody."""

    def wait(self, timeout: float | None = None) -> int | None:
        if self._ended(None if timeout is None else int(timeout * 1000)) is None:
            raise subprocess.TimeoutExpired("serve", timeout or 0)
        return forks.ENDED


def _fork_servers(control: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries them
    fork_parent._import()
    gc.freeze()
    while True:
        message, files, _, _ = socket.recv_fds(control, fork_parent.LONGEST, 1)
        if not message:
            return
        fork_parent.stay_alone()
        if (child := os.fork()) == 0:
            control.close()
            environment, before = json.loads(message)
            _serve(environment, before, files[0])
        os.close(files[0])
        pidfd = os.pidfd_open(child)
        socket.send_fds(control, [str(child).encode()], [pidfd])
        os.close(pidfd)


def _serve(environment: dict[str, str], before: str, output: int) -> None:
    for number in (1, 2):
        os.dup2(output, number)
    os.close(output)
    _become(environment)
    forks.Parent._begin = _first_parent(forks.Parent._begin)  # type: ignore[method-assign]
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    exec(before, {})
    sys.exit(cli(["serve"]))


def _first_parent(begin: Any) -> Any:
    """What starts the processes that kernels are forked from: the first one is ready already, later ones start as they do."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if (parent := os.fork()) == 0:
        ours.close()
        message, files, _, _ = socket.recv_fds(theirs, fork_parent.LONGEST, 2)
        theirs.close()
        if message:
            os.setsid()
            _become(json.loads(message))
            fork_parent.main(socket.socket(fileno=files[0]), files[1])
        os._exit(0)
    theirs.close()
    started = forks.Forked(parent, os.pidfd_open(parent))

    def first(environment: dict[str, str], control: int, life: int) -> Any:
        forks.Parent._begin = staticmethod(begin)  # type: ignore[method-assign]
        socket.send_fds(ours, [json.dumps(environment).encode()], [control, life])
        return started

    return staticmethod(first)


def _become(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()


if __name__ == "__main__":
    _fork_servers(socket.socket(fileno=int(sys.argv[1])))
