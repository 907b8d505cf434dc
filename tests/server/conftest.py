"""Servers over notebooks that only tell what they know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.probes import TELL, WAIT, write_probe
from tests.served import Served, serve

BUFFERS = """
import asyncio
from ipykernel.comm import Comm
comm = Comm(target_name="tampons")

async def speak():
    while True:
        comm.send({}, buffers=[b"0123456789"])
        await asyncio.sleep(0.002)

speaking = asyncio.get_running_loop().create_task(speak())
"""  # a kernel that sends binary messages without end
BUSY = """
import asyncio, signal

def work():
    if "sourd" in request.query:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    open(request.query["journal"], "w").close()
    while True:
        pass

asyncio.get_running_loop().call_later(0.5, work)
"""  # a kernel that computes without end once its page is there, and is deaf to polite signals if asked


@pytest.fixture(scope="session")
def probes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebooks")
    for name in ("accueil", "contacts", "dashboard"):
        write_probe(folder, name)
    write_probe(folder, "cassee", "1 / 0")
    write_probe(folder, "tampons", WAIT, TELL, BUFFERS)
    write_probe(folder, "occupee", WAIT, TELL, BUSY)
    return folder


@pytest.fixture(scope="session")
def probe_server(probes: Path, copy_of_demo: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Contacts has two warm kernels; the other pages start theirs on demand."""
    log = tmp_path_factory.mktemp("server") / "log"
    with serve(log, notebooks_dir=str(probes), database_url=copy_of_demo(), user="Ana Lopès", pools="contacts=2") as server:
        yield server
