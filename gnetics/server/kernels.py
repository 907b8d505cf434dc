"""Kernels belong to whoever opened their page; nobody else reads, stops or talks to them."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado import web
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.websocket import WebSocketClosedError, WebSocketProtocol13
from voila.request_info_handler import RequestInfoSocketHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from gnetics.server import counters, wire
from gnetics.server.identity import COOKIE, SameOrigin

ASKED_EVERY = 15  # seconds
AHEAD, AHEAD_BYTES = 200, 8 << 20  # messages that a kernel may be sent before it has taken them
UNREAD_BYTES = 128 << 20  # that a browser may leave unread
SESSION = r"[\w-]{0,64}"  # of a page's connection, the name of its sockets (at most 255 bytes there)
MOST_SOCKETS = 8  # of one kernel: a page has one, and those it lost are found out within 90 s
INVALID, TOO_BIG = 1007, 1009  # by which a connection ends that sent what no page sends
SIGNED_OUT = "signed out"
V1 = "v1.kernel.websocket.jupyter.org"  # browsers ask for it, save when their first connection failed


class Claims:
    """The kernel manager as one visitor's page sees it: `claim` hears which kernel it was given, and if it was warm.

    `told`: what the environment of a kernel of its own says, where it must have one (settings.ALONE).
    """

    def __init__(self, manager: Any, claim: Callable[[str, bool], None], told: Mapping[str, str]) -> None:
        self._manager, self._claim, self._told = manager, claim, told

    def __getattr__(self, name: str) -> Any:
        return getattr(self._manager, name)

    async def get_rendered_notebook(self, **request: Any) -> tuple[Any, Any, str]:
        task, cache, kernel_id = await self._manager.get_rendered_notebook(**request)
        self._claim(kernel_id, True)
        return task, cache, kernel_id

    def get_pool_size(self, page: str) -> int:
        return 0 if self._told else self._manager.get_pool_size(page)

    async def start_kernel(self, **request: Any) -> str:
        request["env"] = {**request["env"], **self._told}
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
    ahead = ahead_bytes = unread_bytes = 0
    asker = b""  # the session of questions of our own to the kernel, once there was one

    async def prepare(self, **options: Any) -> None:
        await super().prepare(**options)
        if not re.fullmatch(SESSION, self.get_argument("session_id", ""), re.ASCII):
            raise web.HTTPError(400)
        if sum(each.kernel_id == self.path_kwargs["kernel_id"] for each in self.settings["gnetics_sockets"]) >= MOST_SOCKETS:
            raise web.HTTPError(429)

    @property
    def max_message_size(self) -> int:
        return wire.LARGEST

    def get_websocket_protocol(self) -> WebSocketProtocol13 | None:
        found = super().get_websocket_protocol()
        return found and _Counting(self, mask_outgoing=False, params=found.params)

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

    def on_message(self, ws_message: str | bytes) -> Awaitable[None] | None:
        """What this gives is awaited before the next message is read."""
        if self.ws_connection is None:  # refused or signed out: what else it sent is not heard
            return None
        try:
            super().on_message(wire.checked(ws_message, self.selected_subprotocol == V1))
        except wire.Malformed as malformed:
            self.close(TOO_BIG if malformed.why == "size" else INVALID, malformed.why)
            return None
        self.ahead, self.ahead_bytes = self.ahead + 1, self.ahead_bytes + len(ws_message)
        return self._taken() if self.ahead > AHEAD or self.ahead_bytes > AHEAD_BYTES else None

    async def _taken(self) -> None:
        """Until the kernel has taken all it was sent: it takes them in order, so it is asked something of ours, and heard of it."""
        self.heard, self.asker = asyncio.Event(), self.asker or secrets.token_hex(16).encode()
        asked = self.connection.session.msg("kernel_info_request")
        asked["header"]["session"] = self.asker.decode()
        self.question = asked["header"]["msg_id"].encode()
        self.connection.session.send(self.connection.channels[wire.CHANNEL], asked)
        while not self.heard.is_set() and self.ws_connection and not self.ws_connection.is_closing():
            if self.kernel_id not in self.settings["kernel_manager"]:
                break
            self.last_pong = IOLoop.current().time()  # not listened to meanwhile
            with suppress(TimeoutError):
                await asyncio.wait_for(self.heard.wait(), 1)
        self.ahead = self.ahead_bytes = 0

    def write_message(self, message: str | bytes, binary: bool = False) -> None:
        said = message if isinstance(message, bytes) else message.encode()
        if self.asker and self.asker in said:
            if self.question in said:
                self.heard.set()
            return
        if self.ws_connection is None:  # closed by us, the browser has not answered yet, and the kernel still speaks
            return
        if self.unread_bytes + len(said) > UNREAD_BYTES:
            self.close(TOO_BIG, "unread")
            return
        # Voilà takes every binary message for one of protocol v1: in any other it reads a length of billions, and the server is gone
        write = super().write_message if self.selected_subprotocol == V1 else super(VoilaKernelWebsocketHandler, self).write_message
        with suppress(WebSocketClosedError):
            if written := write(message, binary):
                self.unread_bytes += len(said)
                written.add_done_callback(partial(self._written, len(said)))

    def _written(self, size: int, written: asyncio.Future[None]) -> None:
        self.unread_bytes -= size
        if not written.cancelled():
            written.exception()  # that of a page that is gone: known by on_close

    def send_ping(self) -> None:
        with suppress(WebSocketClosedError):
            super().send_ping()

    def on_close(self) -> None:
        self.settings["gnetics_sockets"].discard(self)
        if self.watch:
            self.watch.stop()
        super().on_close()


class _Counting(WebSocketProtocol13):
    """Counts what it refuses by itself, as frames that are too large, and what it is told to refuse."""

    handler: OwnSocket

    def close(self, code: int | None = None, reason: str | None = None) -> None:
        if reason and code in (INVALID, TOO_BIG):  # a browser that closes is answered its own code
            why = "size" if code == TOO_BIG and reason != "unread" else reason
            counters.count_refusal("websocket", why, self.handler.current_user.username)
        super().close(code, reason)


class Visitors(RequestInfoSocketHandler):  # type: ignore[misc]
    """Tells a warm kernel who came; kept until the kernel has it, and for kernels only."""

    kernel_id = ""

    def prepare(self) -> None:
        here = {"127.0.0.1", "::1", self.settings["gnetics_address"]}  # kernels run on this machine
        headers = self.request.headers  # only browsers say their Origin, only proxies for whom they speak
        if self.request.remote_ip not in here or "Origin" in headers or "X-Forwarded-For" in headers:
            raise web.HTTPError(403)
        if self.path_kwargs["kernel_id"] not in self.settings["kernel_manager"]:  # a kernel that was just started asks again
            raise web.HTTPError(404)

    @property
    def max_message_size(self) -> int:
        return 0

    def on_message(self, message: str | bytes) -> None:
        self.close(INVALID)  # kernels only listen

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
