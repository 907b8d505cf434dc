"""Kernels forked from a process that has done the imports: a third of the time to start and of the memory.

A Jupyter kernel provisioner, for systems with pidfd (Linux); elsewhere, or when forking fails, kernels start the usual way.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, ClassVar

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from gnetics.settings import Settings

log = logging.getLogger("gnetics.forks")
PACKAGE = Path(__file__).parent.parent
NAME = "gnetics-fork"
LAUNCHER = ["ipykernel_launcher", "-f"]  # then the connection file
# libraries must not start threads in the parent: a fork would not copy them
FOR_THE_PARENT = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false", "MALLOC_ARENA_MAX": "1"}
ENDED = 0  # how a kernel ended, only its parent knows; nobody asks
READY_WITHIN, FORKS_WITHIN = 60.0, 20.0  # seconds, on a busy machine and a large store; a parent that is longer hangs
PAUSE = 60.0  # seconds without forks once they fail


def provisioner(settings: Settings) -> str | None:
    """The name under which kernels of this server are started from now on; None: as Jupyter does."""
    if not settings.fork_kernels:
        return None
    if not hasattr(os, "pidfd_open"):
        log.warning("This system cannot fork kernels: they start one by one.")
        return None
    Provisioner.forks = Forks()
    KernelProvisionerFactory.provisioners[NAME] = EntryPoint(NAME, f"{__name__}:Provisioner", KernelProvisionerFactory.GROUP_NAME)
    return NAME


class Forked:
    """A kernel that another process started, in the manner of subprocess.Popen."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, pidfd: int) -> None:
        self.pid, self._pidfd = pid, pidfd  # unlike its number, the pidfd never comes to mean another process
        weakref.finalize(self, os.close, pidfd)

    def poll(self) -> int | None:
        """None while it runs."""
        return self._ended(0)

    def wait(self) -> int | None:
        return self._ended(None)

    def send_signal(self, signum: int) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signum)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout: int | None) -> int | None:
        waiting = select.poll()
        waiting.register(self._pidfd, select.POLLIN)
        return ENDED if waiting.poll(timeout) else None


class Parent:
    """The process that forks, as the server sees it. It ends with its last kernel once nobody holds this object."""

    def __init__(self, life: int) -> None:
        self.code = code()
        path = os.pathsep.join(filter(None, [str(PACKAGE.parent), os.environ.get("PYTHONPATH")]))  # the server's own package
        self._ready = False
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = self._begin(os.environ | FOR_THE_PARENT | {"PYTHONPATH": path}, theirs.fileno(), life)

    @staticmethod
    def _begin(environment: dict[str, str], control: int, life: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "gnetics.kernel.fork_parent", str(control), str(life)],
            env=environment,
            pass_fds=[control, life],
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C is for the server
        )

    def fork(self, kernel: bytes) -> Forked | None:
        """A new kernel; waits for the imports. None when the process is dead, or stays only for the kernels it has.

        One that hangs raises TimeoutError, and is killed: it must not fork later what nobody waits for any more.
        """
        try:
            self._control.settimeout(READY_WITHIN)
            self._ready = self._ready or bool(self._control.recv(16))
            self._control.settimeout(FORKS_WITHIN)
            self._control.send(kernel)
            pid, pidfds, _, _ = socket.recv_fds(self._control, 16, 1)
        except ConnectionError:
            return None
        except TimeoutError:
            self._process.kill()
            self._process.wait()
            raise
        return Forked(int(pid), pidfds[0]) if pidfds else None


class Forks:
    """Starts kernels, one at a time, from a parent whose code is that of the disk."""

    def __init__(self) -> None:
        self._life, self._alive = os.pipe()  # kernels end when the server, which alone holds the other end, does
        self._parent = Parent(self._life)
        self._pause_until = 0.0
        self._worker = ThreadPoolExecutor(1)

    async def start(self, kernel: dict[str, Any]) -> Forked | None:
        """The kernel, or None when forking does not work here."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, self._start, json.dumps(kernel).encode())

    def _start(self, kernel: bytes) -> Forked | None:
        if time.monotonic() < self._pause_until:
            return None
        try:
            forked = self._fork(kernel)
        except TimeoutError:
            self._renew("The parent of the kernels does not answer")
            forked = None
        if forked is None:
            self._pause_until = time.monotonic() + PAUSE
            log.warning("Kernels cannot be forked: for %.0f s they start one by one.", PAUSE)
        return forked

    def _fork(self, kernel: bytes) -> Forked | None:
        if self._parent.code != code():
            self._renew("The code changed")
        if forked := self._parent.fork(kernel):
            return forked
        self._renew("The parent of the kernels forks no more")
        return self._parent.fork(kernel)

    def _renew(self, why: str) -> None:
        log.warning("%s: kernels are forked from a new one.", why)
        self._parent = Parent(self._life)


class Provisioner(LocalProvisioner):
    """Gives the kernel manager a forked kernel where it would start a Python."""

    forks: ClassVar[Forks]

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        if cmd[-3:-1] != LAUNCHER:
            return await super().launch_kernel(cmd, **options)
        kernel = {
            "connection_file": cmd[-1],
            "environment": options["env"],
            "folder": options.get("cwd") or os.getcwd(),
            "title": f"kernel-{str(self.kernel_id)[:8]}",  # the system keeps 15 characters
        }
        forked = await self.forks.start(kernel)
        if forked is None:
            return await super().launch_kernel(cmd, **options)
        self.process = forked  # type: ignore[assignment]  # as good as a Popen
        self.pid = forked.pid
        self.cwd = kernel["folder"]
        return self.connection_info


def code() -> int:
    """Changes whenever a file of the package does, the store's schema included."""
    files = (file for file in PACKAGE.rglob("*") if file.suffix in {".py", ".vue", ".css", ".json", ".mjs"})
    return hash(frozenset((str(file), (found := file.stat()).st_mtime_ns, found.st_size) for file in files))
