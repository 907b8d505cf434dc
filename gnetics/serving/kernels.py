"""Kernels belong to whoever opened their page; nobody else reads, stops or talks to them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado import web
from tornado.ioloop import PeriodicCallback
from voila.request_info_handler import RequestInfoSocketHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from gnetics.serving.identity import COOKIE, SameOrigin

ASKED_EVERY = 15  # seconds
SIGNED_OUT = "signed out"
V1 = "v1.kernel.websocket.jupyter.org"  # browsers ask for it, save when their first connection failed


class Claims:
    """The kernel manager as one visitor's page sees it: `claim` hears which kernel it was given, and if it was warm."""

    def __init__(self, manager: Any, claim: Callable[[str, bool], None]) -> None:
        self._manager, self._claim = manager, claim

    def __getattr__(self, name: str) -> Any:
        return getattr(self._manager, name)

    async def get_rendered_notebook(self, **request: Any) -> tuple[Any, Any, str]:
        task, cache, kernel_id = await self._manager.get_rendered_notebook(**request)
        self._claim(kernel_id, True)
        return task, cache, kernel_id

    async def start_kernel(self, **request: Any) -> str:
        kernel_id: str = await ensure_async(self._manager.start_kernel(**request))
        self._claim(kernel_id, False)
        return kernel_id


def taken(settings: Mapping[str, Any]) -> dict[str, str]:
    """The kernels that visitors hold now, and whose they are; may be added to."""
    owners: dict[str, str] = settings["gnetics_owners"]
    for gone in [each for each in owners if each not in settings["kernel_manager"]]:
        del owners[gone]
    return owners


async def end_session(settings: Mapping[str, Any], cookie: str) -> None:
    """Cut off the pages of a session that was signed out, and stop the kernels that nobody else speaks to.

    Their browser can no longer say that they are closed: its cookie is gone.
    """
    sockets: set[OwnSocket] = settings["gnetics_sockets"]
    ended = {each for each in sockets if each.get_cookie(COOKIE) == cookie}
    alone = {each.kernel_id for each in ended} - {each.kernel_id for each in sockets - ended}
    for each in ended:
        each.close(1008, SIGNED_OUT)
    manager = settings["kernel_manager"]
    await asyncio.gather(*(ensure_async(manager.shutdown_kernel(each)) for each in alone if each in manager))


async def end_unseen(settings: Mapping[str, Any], kernel_id: str) -> None:
    """Stop the kernel of a page that no browser has shown: it asks for a connection as soon as it does."""
    awaited: set[str] = settings["gnetics_awaited"]
    if kernel_id in awaited:
        awaited.discard(kernel_id)
        if kernel_id in settings["kernel_manager"]:
            await ensure_async(settings["kernel_manager"].shutdown_kernel(kernel_id))


class Owned(SameOrigin):
    """Refuses another person's kernel; one that nobody opened does not exist for a browser."""

    async def prepare(self, **options: Any) -> None:
        if not self.check_origin():  # tornado would take plain HTTP of our own address for ours
            raise web.HTTPError(403)
        await super().prepare(**options)  # type: ignore[misc]
        kernel_id = (self.path_args or list(self.path_kwargs.values()))[0]
        owner = self.settings["gnetics_owners"].get(kernel_id)
        if owner is None or kernel_id not in self.settings["kernel_manager"]:
            raise web.HTTPError(404)
        if self.current_user is None or owner != self.current_user.username:
            raise web.HTTPError(403)
        if not await ensure_async(self.settings["kernel_manager"].get_kernel(kernel_id).is_alive()):
            raise web.HTTPError(404)

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish({"message": self._reason})  # asked every 30 s by a page left open: not worth a line in the log


class OwnKernel(Owned, KernelHandler):
    """State of a kernel, also asked by the « Session expirée » check."""


class OwnShutdown(Owned, VoilaShutdownKernelHandler):  # type: ignore[misc]
    """The browser says that its tab is closed."""


class OwnSocket(Owned, VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The widgets' messages, for as long as their person is signed in."""

    watch: PeriodicCallback | None = None

    async def open(self, kernel_id: str) -> None:
        self.set_nodelay(True)  # else the second of two small messages waits 40 ms for the browser to acknowledge the first
        self.watch = PeriodicCallback(self.close_when_signed_out, 1000 * ASKED_EVERY)
        self.watch.start()
        self.settings["gnetics_sockets"].add(self)
        self.settings["gnetics_awaited"].discard(kernel_id)
        await super().open(kernel_id)

    async def close_when_signed_out(self) -> None:
        try:
            name = await self.identity_provider.name_of(self)
        except web.HTTPError:  # the store does not answer: nobody is signed out for that
            return
        if name != self.current_user.username:
            self.close(1008, SIGNED_OUT)

    def write_message(self, message: Any, binary: bool = False) -> Any:
        """Voilà takes every binary message for one of protocol v1: in any other it reads a length of billions, and the server is gone."""
        if self.ws_connection is None:  # closed by us, the browser has not answered yet, and the kernel still speaks
            return None
        if self.selected_subprotocol != V1:
            return super(VoilaKernelWebsocketHandler, self).write_message(message, binary)
        return super().write_message(message, binary)

    def on_close(self) -> None:
        self.settings["gnetics_sockets"].discard(self)
        if self.watch:
            self.watch.stop()
        super().on_close()


class Visitors(RequestInfoSocketHandler):  # type: ignore[misc]
    """Tells a warm kernel who came; kept until the kernel has it, and for kernels only."""

    kernel_id = ""

    def prepare(self) -> None:
        here = {"127.0.0.1", "::1", self.settings["gnetics_address"]}  # kernels run on this machine
        headers = self.request.headers  # only browsers say their Origin, only proxies for whom they speak
        if self.request.remote_ip not in here or "Origin" in headers or "X-Forwarded-For" in headers:
            raise web.HTTPError(403)

    def open(self, kernel_id: str) -> None:
        self.kernel_id = kernel_id
        super().open(kernel_id)

    def write_message(self, message: Any, binary: bool = False) -> Any:
        self._cache[self.kernel_id] = message  # told again if the connection breaks before it arrives
        return super().write_message(message, binary)

    def on_close(self) -> None:
        if self.close_code == 1000:  # a kernel closes this way once it knows
            self._cache.pop(self.kernel_id, None)
        if self._waiters.get(self.kernel_id) is self:  # the original forgets another kernel when one comes back
            del self._waiters[self.kernel_id]
