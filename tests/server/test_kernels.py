"""Kernels belong to whoever opened their page."""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import Iterator
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from tornado import httpserver, netutil, web

from gnetics.server.kernels import Owned


class _Signed(web.RequestHandler):
    """Stands for Jupyter's handlers: somebody is signed in."""

    async def prepare(self) -> None:
        self.current_user = SimpleNamespace(username=self.request.headers["User"])

    def get(self, kernel_id: str) -> None:
        self.finish(kernel_id)


class _Handler(Owned, _Signed):
    pass


class _Kernels(dict[str, bool]):
    """Kernel → alive."""

    def get_kernel(self, kernel_id: str) -> Any:
        return SimpleNamespace(is_alive=lambda: self[kernel_id])


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server in a thread of its own: the browser ring keeps a loop running in this one."""
    owners = {"a-1": "Ana", "b-1": "Bruno", "gone": "Ana", "dead": "Ana"}
    kernels = _Kernels({"a-1": True, "b-1": True, "waiting": True, "dead": False})
    found: list[int] = []
    ready = Event()

    async def run() -> None:
        sockets = netutil.bind_sockets(0, "127.0.0.1")
        server = httpserver.HTTPServer(web.Application([(r"/k/(.*)", _Handler)], gnetics_owners=owners, kernel_manager=kernels))
        server.add_sockets(sockets)
        found.append(sockets[0].getsockname()[1])
        loop.append(asyncio.get_running_loop())
        ready.set()
        await stop.wait()
        server.stop()

    loop: list[asyncio.AbstractEventLoop] = []
    stop = asyncio.Event()
    thread = Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(5)
    yield found[0]
    loop[0].call_soon_threadsafe(stop.set)
    thread.join()


@pytest.mark.parametrize(
    ("kernel", "status"),
    [("a-1", 200), ("b-1", 403), ("gone", 404), ("dead", 404), ("waiting", 404), ("unknown", 404)],
)
def test_a_kernel_is_reached_by_its_own_visitor_only(port: int, kernel: str, status: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", f"/k/{kernel}", headers={"User": "Ana"})
    assert connection.getresponse().status == status
    connection.close()
