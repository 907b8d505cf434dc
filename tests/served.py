"""The really served app, for tests and benches: a process of its own, from the start or forked from one with the imports done."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from tests.warmed import Server, Warmed

ROOT = Path(__file__).parent.parent
READY = "CRM GNETICS est prêt : "
PATIENCE = 60  # seconds
Process = subprocess.Popen[bytes] | Server
ZONE = os.environ.get("GNETICS_REGION_ZONE", "Europe/Paris")  # of the demo, of those who serve it and of their browser


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @classmethod
    def read(cls, response: http.client.HTTPResponse) -> Answer:
        """Headers that came several times (Set-Cookie) are one, separated by commas."""
        return cls(response.status, {name: str(response.getheader(name)) for name in response.headers}, response.read())

    @property
    def body(self) -> str:
        return self.content.decode(errors="replace")


@dataclass
class Served:
    """`url` ends with the base address's slash."""

    url: str
    process: Process
    log: Path

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """One request by hand; keywords are headers, with _ for -."""
        place = urlsplit(self.url)
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=PATIENCE)
        try:
            connection.request(method, place.path + path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            return Answer.read(connection.getresponse())
        finally:
            connection.close()

    def kernels(self) -> set[int]:
        """Process numbers of the running kernels."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return {child.pid for child in children if _is_kernel(child)}

    def kernel(self, name: str) -> int:
        """Process number of the kernel with that id, once it listens."""
        return next(pid for pid in self.kernels() if _kernel_id(pid) == name)

    def kernel_ids(self) -> set[str]:
        """Those of the kernels that listen."""
        return {found for pid in self.kernels() if (found := _kernel_id(pid))}

    def wait_for_kernels(self, count: int, seconds: float = 20) -> None:
        """Until there are `count` kernels; fails with what was seen."""
        end = time.monotonic() + seconds
        while len(seen := self.kernels()) != count:
            assert time.monotonic() < end, f"{len(seen)} kernels instead of {count}\n{self.log.read_text('utf-8')}"
            time.sleep(0.1)

    def wait_until_warm(self, kernels: int) -> None:
        """Until that many, since the start, have built their page and asked for their visitor; the log has to be at DEBUG."""
        end = time.monotonic() + 90
        while (text := self.log.read_text("utf-8")).count("/voila/query/") < kernels:
            assert time.monotonic() < end, text
            time.sleep(0.05)

    def ends(self, name: str, seconds: float) -> bool:
        """Whether the kernel with that id is gone before so many seconds have passed."""
        end = time.monotonic() + seconds
        while name in self.kernel_ids():
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


def _is_kernel(process: psutil.Process) -> bool:
    try:
        started = process.name().startswith("kernel-") or any("ipykernel_launcher" in word for word in process.cmdline())
        return started and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _kernel_id(pid: int) -> str | None:
    """From the names of its sockets: a forked kernel has the command line of another process."""
    try:
        sockets = " ".join(each.laddr for each in psutil.Process(pid).net_connections("unix"))
    except psutil.NoSuchProcess:
        return None
    found = re.search(r"/kernel-([-0-9a-f]{36})-ipc", sockets)
    return found and found[1]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until_answering(address: str) -> None:
    """Until something answers there over HTTP."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except (urllib.error.URLError, OSError) as failure:
            if time.monotonic() > end:
                raise TimeoutError(address) from failure
            time.sleep(0.1)
        else:
            return


def environment(**settings: str) -> dict[str, str]:
    """This process's environment with only the given GNETICS_* settings, and the zone where it is set."""
    ours = ("GNETICS_", "VOILA_", "JUPYTER_", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if name == "GNETICS_REGION_ZONE" or not name.startswith(ours)}
    return kept | {f"GNETICS_{name.upper()}": value for name, value in settings.items()}


def publish(analysis: Path, **settings: str) -> None:
    """By the command line, for a server with these settings."""
    command = [sys.executable, "-m", "gnetics.cli", "publish", str(analysis)]
    surroundings = environment(**settings) | {"PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=ROOT, env=surroundings, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def serve(log: Path, /, before: str = "", **settings: str) -> Iterator[Served]:
    """A server on a free port, stopped at the end; its output is in `log`, and shown when it does not start.

    `before` is a line of Python that its process runs first. Without the setting `worker` it has none.
    """
    if not hasattr(os, "pidfd_open"):
        with serve_afresh(log, before=before, **settings) as server:
            yield server
        return
    with log.open("wb") as output:
        process = _warmed().serve(_chosen(settings), before, output.fileno())
    with _stopped_at_the_end(Served("", process, log)) as server:
        yield server


@contextmanager
def serve_afresh(log: Path, project: Path = ROOT, /, before: str = "", **settings: str) -> Iterator[Served]:
    """The same by `gnetics serve` itself, imports and all: where its start, its code or its family of processes is what is asked."""
    program = f"{before}\nimport sys\nfrom gnetics.cli import main\nsys.exit(main(['serve']))"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *(["-c", program] if before else ["-m", "gnetics.cli", "serve"])],
            cwd=project,
            env=_chosen(settings) | {"PYTHONPATH": str(project)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    with _stopped_at_the_end(Served("", process, log)) as server:
        yield server


@cache
def _warmed() -> Warmed:
    return Warmed()


def _chosen(settings: dict[str, str]) -> dict[str, str]:
    return environment(**({"port": "0", "worker": "non"} | settings))


@contextmanager
def _stopped_at_the_end(server: Served) -> Iterator[Served]:
    try:
        server.url = _ready(server.process, server.log)
        yield server
    finally:
        server.stop()


def _ready(process: Process, log: Path) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if found := re.search(rf"{READY}([^\s\"]+)", log.read_text("utf-8")):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"the server did not start:\n{log.read_text('utf-8')}")
