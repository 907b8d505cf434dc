"""A person at a browser that draws nothing: it speaks to the server and to the kernel in Voilà's own words, at a browser's pace."""

from __future__ import annotations

import asyncio
import json
import re
import time
from typing import Any, Self
from urllib.parse import urlencode
from uuid import uuid4

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

PROTOCOL = "v1.kernel.websocket.jupyter.org"
LARGEST = 64 << 20  # bytes of a message
PATIENCE = 120.0  # seconds
IDLE, LEFT_ALONE = 0.8, 3  # seconds that frame.vue waits before it asks for a page ahead, or so many times the last one's
AsyncHTTPClient.configure(None, max_clients=200)


class Refused(Exception):
    """The page came with another status than 200, or without a view."""


class Visitor:
    """One open page: `models` as the browser has them, kept up to date; `root` is the widget that the page shows."""

    def __init__(self, address: str, kernel: str, root: str, xsrf: str, socket: WebSocketClientConnection) -> None:
        self._address, self._xsrf, self._socket = address, xsrf, socket
        self.kernel = kernel
        self._session = uuid4().hex
        self._answers: dict[str, asyncio.Future[None]] = {}
        self._changed = asyncio.Condition()
        self.root = root
        self.models: dict[str, dict[str, Any]] = {}
        self._listener = asyncio.create_task(self._listen())

    @classmethod
    async def come(cls, address: str, page: str) -> Self:
        """Load a page, open its kernel's socket and take the state of all its widgets: from here on it can be used."""
        answer = await AsyncHTTPClient().fetch(f"{address}voila/render/{page}.ipynb", request_timeout=PATIENCE, raise_error=False)
        html = answer.body.decode() if answer.body else ""
        kernel, root = re.search(r'"kernelId": "([^"]+)"', html), re.search(r'"model_id": "([^"]+)"', html)
        if answer.code != 200 or not kernel or not root:
            raise Refused(f"{page}: {answer.code} {answer.error or html[-300:]}")
        xsrf = re.search(r"_xsrf=([^;]+)", ";".join(answer.headers.get_list("Set-Cookie")))
        place = f"{address.replace('http', 'ws', 1)}api/kernels/{kernel[1]}/channels?session_id={uuid4().hex}"
        socket = await websocket_connect(HTTPRequest(place, connect_timeout=PATIENCE), subprotocols=[PROTOCOL], max_message_size=LARGEST)
        here = cls(address, kernel[1], root[1], xsrf[1] if xsrf else "", socket)
        await here._take_states()
        return here

    async def send(self, event: str, data: dict[str, Any], model: str = "", **state: Any) -> float:
        """An event of a template, the root's by default, after the traits that the browser changed itself.

        Returns the seconds until the kernel has done it all.
        """
        start, name = time.perf_counter(), model or self.root
        if state:
            await self._message("comm_msg", {"comm_id": name, "data": {"method": "update", "state": state, "buffer_paths": []}})
        content = {"event": event, "data": data}
        await self._message("comm_msg", {"comm_id": name, "data": {"method": "custom", "content": content}})
        return time.perf_counter() - start

    async def move(self, page: str, **query: str) -> float:
        """A click in the sidebar, or a link to a page; seconds until the page's widgets are there and the kernel is done with it."""
        seconds = await self.send("moved", {"page": page, "query": query}, route=page)
        assert page in self.pages(), f"{page} did not come"
        return seconds

    async def prepare(self) -> None:
        """Ask for the pages that frame.vue asks for while its person reads."""
        pause = IDLE
        for key in self.models[self.root]["ahead"]:
            if key not in self.pages():
                await asyncio.sleep(pause)
                pause = max(IDLE, LEFT_ALONE * await self.send("prepare", {"page": key}))

    def pages(self) -> set[str]:
        """The keys of the pages that were made."""
        return {slot["key"] for slot in self.models[self.root]["slots"]}

    async def leave(self) -> None:
        """Close the tab: the beacon of session.js, then the socket."""
        place = f"{self._address}voila/api/shutdown/{self.kernel}"
        body, cookie = urlencode({"_xsrf": self._xsrf}), f"_xsrf={self._xsrf}"
        await AsyncHTTPClient().fetch(HTTPRequest(place, "POST", {"Cookie": cookie}, body, request_timeout=PATIENCE))
        self._socket.close()
        await self._listener

    async def _take_states(self) -> None:
        await self._message("kernel_info_request", {})
        control = uuid4().hex
        opening = {"comm_id": control, "target_name": "jupyter.widget.control", "data": {}}
        await self._message("comm_open", opening, {"version": "1.0.0"})
        await self._message("comm_msg", {"comm_id": control, "data": {"method": "request_states"}})

    async def _message(self, kind: str, content: dict[str, Any], metadata: dict[str, Any] | None = None) -> None:
        """Returns once the kernel is idle again after it."""
        number = uuid4().hex
        header = {"msg_id": number, "msg_type": kind, "username": "", "session": self._session, "version": "5.2", "date": ""}
        parts = [json.dumps(part).encode() for part in (header, {}, metadata or {}, content)]
        self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.write_message(serialize_msg_to_ws_v1(parts, "shell"), binary=True)
        await asyncio.wait_for(self._answers[number], PATIENCE)

    async def _listen(self) -> None:
        while (message := await self._socket.read_message()) is not None:
            assert isinstance(message, bytes)
            _, parts = deserialize_msg_from_ws_v1(message)
            header, parent, _, content = (json.loads(part) for part in parts[:4])
            self._note(header["msg_type"], content)
            if (
                header["msg_type"] == "status"
                and content["execution_state"] == "idle"
                and (done := self._answers.pop(parent.get("msg_id"), None))
            ):
                done.set_result(None)
        for waiting in self._answers.values():
            waiting.set_exception(ConnectionError("the socket was closed"))

    def _note(self, kind: str, content: dict[str, Any]) -> None:
        data = content.get("data", {})
        if kind == "comm_open":
            self.models[content["comm_id"]] = data.get("state", {})
        elif kind == "comm_msg" and data.get("method") == "update_states":
            self.models.update({name: each["state"] for name, each in data["states"].items()})
        elif kind == "comm_msg" and data.get("method") == "update":
            self.models.setdefault(content["comm_id"], {}).update(data["state"])
        elif kind == "comm_close":
            self.models.pop(content["comm_id"], None)
