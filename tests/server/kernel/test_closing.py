"""A page that is closed while its kernel works or speaks ends without a word in the log."""

from __future__ import annotations

import os
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.probes import TELL, WAIT, told, write_probe
from tests.served import Answer, Served, serve
from tests.server.kernel.test_messages import browser

EVENT = """
import json, os, time
from gnetics.kernel import doors
from gnetics.widgets.base import GuardedTemplate

class Probe(GuardedTemplate):
    source = "lost_reason.vue"

    def vue_work(self, data):
        open(request.query["journal"], "w").close()
        time.sleep(30)

print("<<" + json.dumps({"kernel": os.environ["VOILA_KERNEL_ID"], "probe": Probe().model_id}) + ">>")
doors.open()
"""
CELL = """
import time
open(request.query["journal"], "w").close()
time.sleep(30)
"""
SPEAKING = """
import asyncio
from comm import create_comm
comm = create_comm(target_name="paroles")

async def speak():
    while True:
        comm.send({"said": "x" * 100_000})
        await asyncio.sleep(0.001)

speaking = asyncio.get_running_loop().create_task(speak())
"""


@pytest.mark.parametrize("forks", ["oui", pytest.param("non", marks=pytest.mark.soak)])
def test_a_page_closed_while_its_kernel_works_or_speaks_leaves_no_traceback(
    tmp_path: Path, copy_of_demo: Callable[[], str], forks: str
) -> None:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    write_probe(folder, "accueil", "import ipywidgets", WAIT, EVENT)
    write_probe(folder, "cellule", WAIT, TELL, CELL)
    write_probe(folder, "paroles", WAIT, TELL, SPEAKING)
    settings = {"notebooks_dir": str(folder), "database_url": copy_of_demo(), "pools": "", "fork_kernels": forks}
    with serve(tmp_path / "log", **settings) as server:
        page = server.get(f"voila/render/accueil.ipynb?journal={tmp_path / 'event'}")
        opened = told(page.body)
        with browser(server, opened["kernel"]) as tab:
            tab.custom(opened["probe"], {"event": "work", "data": {}})
            _wait_for(tmp_path / "event")
            _close(server, page)
        _leave_while_it_loads(server, f"/voila/render/cellule.ipynb?journal={tmp_path / 'cell'}", tmp_path / "cell")
        for _ in range(4):
            _leave_while_it_loads(server, "/voila/render/accueil.ipynb", None)
        page = server.get("voila/render/paroles.ipynb")
        for protocol in (True, False):
            _break_off(server, told(page.body)["kernel"], protocol)
        _close(server, page)
        server.wait_for_kernels(0)
    log = server.log.read_text("utf-8")
    assert not [word for word in ("Traceback", "KeyboardInterrupt", "WebSocketClosedError", " ERROR ") if word in log], log


def _wait_for(file: Path) -> None:
    end = time.monotonic() + 20
    while not file.exists():
        assert time.monotonic() < end
        time.sleep(0.05)


def _close(server: Served, page: Answer) -> None:
    cookie = page.headers["Set-Cookie"].split(";")[0]
    said = {"Cookie": cookie, "X_XSRFToken": cookie.partition("=")[2]}
    assert server.get(f"voila/api/shutdown/{told(page.body)['kernel']}", method="POST", **said).status == 204


def _leave_while_it_loads(server: Served, path: str, begun: Path | None) -> None:
    """Once its cell has begun, or as soon as the first of it is there."""
    port = int(server.url.rstrip("/").rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        if begun:
            _wait_for(begun)
        else:
            connection.recv(1)


def _break_off(server: Served, kernel: str, v1: bool) -> None:
    """As a machine that crashes: the next word to it is answered with a reset."""
    address = f"{server.url.replace('http', 'ws')}api/kernels/{kernel}/channels"
    protocols = [Subprotocol("v1.kernel.websocket.jupyter.org")] if v1 else None
    with connect(address, proxy=None, subprotocols=protocols, max_size=None) as page:
        page.recv(timeout=20)
        page.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(page.socket.detach())


def test_a_kernel_that_dies_by_itself_while_its_page_is_made_is_told(tmp_path: Path, copy_of_demo: Callable[[], str]) -> None:
    write_probe(tmp_path, "accueil", WAIT, "import os; os.kill(os.getpid(), 9)")
    with serve(tmp_path / "log", notebooks_dir=str(tmp_path), database_url=copy_of_demo(), pools="") as server:
        server.get("voila/render/accueil.ipynb")
        log = server.log.read_text("utf-8")
    assert "ERROR gnetics.pages the kernel of accueil.ipynb died while the page was made" in log
    assert "Traceback" not in log
