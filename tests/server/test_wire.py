"""What comes by the wire is refused before it is read: the connection ends, the server answers all along, one line says so."""

from __future__ import annotations

import json
import re
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from gnetics.server import wire
from gnetics.server.kernels import AHEAD, MOST_SOCKETS, V1
from tests.probes import TELL, WAIT, told, write_probe
from tests.served import Served, serve
from tests.watch import Watch

PAGE = "voila/render/accueil.ipynb"
GROWTH = 112 << 20  # bytes of the server: to look at one password takes 64 MiB, and allocators keep some
INVALID, TOO_BIG = 1007, 1009


@pytest.fixture(scope="module")
def server(probes: Path, copy_of_demo: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    log = tmp_path_factory.mktemp("wire") / "log"
    with serve(log, notebooks_dir=str(probes), database_url=copy_of_demo(), user="Ana", pools="") as served:
        yield served


@pytest.fixture(scope="module")
def kernel(server: Served) -> str:
    return str(told(server.get(PAGE).body)["kernel"])


def channel(server: Served, kernel: str, v1: bool = True, query: str = "") -> AbstractContextManager[ClientConnection]:
    address = f"{server.url.replace('http', 'ws')}api/kernels/{kernel}/channels{query}"
    return connect(address, proxy=None, max_size=None, subprotocols=[Subprotocol(V1)] if v1 else None, max_queue=None)


def header(**fields: Any) -> dict[str, Any]:
    kept = {"msg_id": uuid4().hex, "msg_type": "kernel_info_request", "session": "s", "username": "", "version": "5.2", "date": ""}
    return kept | fields


def message(content: str = "{}", *buffers: bytes, **fields: Any) -> bytes:
    parts = [json.dumps(header(**fields)), "{}", "{}", content]
    return bytes(serialize_msg_to_ws_v1([*(part.encode() for part in parts), *buffers], "shell"))


def plain(content: Any = None, channel: str = "shell", **fields: Any) -> str:
    said: dict[str, Any] = {
        "header": header(**fields),
        "parent_header": {},
        "metadata": {},
        "content": content or {},
        "channel": channel,
        "buffers": [],
    }
    return json.dumps(said)


def closing_code(page: ClientConnection) -> int | None:
    with suppress(ConnectionClosed):
        while True:
            page.recv(timeout=20)
    return page.close_code


def measure(server: Served, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", server.get("metrics").body, re.M)
    return float(found[1]) if found else 0.0


FALSE_LINE = "2026-11-29 12:00:00,000 WARNING gnetics.identity Bruno signed in"
FRAMES: dict[str, tuple[bool, str | bytes]] = {
    "billions of buffers": (False, b"\x7f\xff\xff\xff"),
    "fewer than none": (False, b"\xff\xff\xff\xff"),
    "40 million offsets": (True, struct.pack("<Q", 40_000_000)),
    "2^63-1 offsets": (True, struct.pack("<Q", 2**63 - 1)),
    "2^64-1 offsets": (True, struct.pack("<Q", 2**64 - 1)),
    "nothing": (True, b""),
    "nothing without protocol": (False, b""),
    "text within v1": (True, plain()),
    "offsets out of order": (True, struct.pack("<7Q", 6, 56, 200, 100, 300, 200, 2**62)),
    "half a character in the header": (False, plain(msg_id="\ud800")),
    "half a character in the type": (True, message(msg_type="\udfff")),
    "a line of the log": (False, plain(msg_type=f"x\n{FALSE_LINE}")),
    "a line of the log by v1": (True, message(msg_type=f"x\n{FALSE_LINE}")),
    "a line of the log as channel": (False, plain(channel=f"x\n{FALSE_LINE}")),
    "a cell to run": (True, message('{"code": "1"}', msg_type="execute_request")),
    "another channel": (False, plain(channel="control")),
    "no object": (False, "[" * 40_000),
    "deep": (True, message('{"a":' + "[" * 60 + "]" * 60 + "}")),
    "a number of 5,000 digits": (True, message(f'{{"a": {"9" * 5000}}}')),
    "a date that is none": (True, message(date="2026-99-99T99:99:99")),
    "a date elsewhere": (True, message(session="2026-99-99T99:99:99")),
    "a header that is a list": (False, '{"channel": "shell", "header": [], "content": {}}'),
    "a subshell": (True, message(subshell_id=["a"])),
}


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_that_no_page_sends_ends_its_connection_and_nothing_else(server: Served, kernel: str, name: str) -> None:
    v1, frame = FRAMES[name]
    with Watch(server) as watch, channel(server, kernel, v1) as page:
        page.send(frame)
        assert closing_code(page) == INVALID
        time.sleep(0.1)
    watch.healthy(GROWTH)
    log = server.log.read_text("utf-8")
    assert "Traceback" not in log
    assert not [line for line in log.splitlines() if line.startswith(FALSE_LINE)]
    with channel(server, kernel) as page:
        page.send(message())
        page.recv(timeout=20)


@pytest.mark.parametrize("v1", [True, False])
def test_a_frame_that_is_too_large_ends_its_connection(server: Served, kernel: str, v1: bool) -> None:
    with channel(server, kernel, v1) as page, Watch(server) as watch:
        with suppress(ConnectionClosed):
            page.send(b"x" * (wire.LARGEST + 1))
        assert closing_code(page) in {TOO_BIG, 1006}  # 1006: reset while it was still sending
        time.sleep(0.1)
    watch.healthy(GROWTH)
    assert measure(server, 'gnetics_refusals_total{place="websocket",reason="size"}') >= 1


def test_refusals_are_counted_each_and_logged_once(server: Served, kernel: str) -> None:
    name = 'gnetics_refusals_total{place="websocket",reason="frame"}'
    before = measure(server, name)
    for _ in range(5):
        with channel(server, kernel) as page:
            for _ in range(20):
                with suppress(ConnectionClosed):
                    page.send(b"\xff" * 8)
            assert closing_code(page) == INVALID
    assert measure(server, name) - before == 5
    lines = [line for line in server.log.read_text("utf-8").splitlines() if "refused" in line and "websocket" in line and "frame" in line]
    assert len(lines) == 1, lines
    assert "Ana" in lines[0]


DEAF = """
from gnetics.kernel.request import wait
request = wait()
import asyncio, os, time

def listen_later():
    open(request.query["sourd"], "w").close()
    while not os.path.exists(request.query["entend"]):
        time.sleep(0.05)

asyncio.get_running_loop().call_later(0.5, listen_later)
"""  # a kernel that hears nothing, once its page is there, until it may
LOUD = """
import asyncio
from ipykernel.comm import Comm
comm = Comm(target_name="bruit")

async def speak():
    for _ in range(200):
        comm.send({}, buffers=[bytes(1 << 20)])
        await asyncio.sleep(0.02)

speaking = asyncio.get_running_loop().create_task(speak())
"""  # one that says 200 MiB


@pytest.fixture(scope="module")
def strict(copy_of_demo: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that has less patience than usual."""
    folder = tmp_path_factory.mktemp("strict")
    write_probe(folder, "accueil", DEAF, TELL)
    write_probe(folder, "bruit", WAIT, TELL, LOUD)
    less = "from gnetics.server import kernels, limits; kernels.UNREAD_BYTES = 16 << 20; limits.SLOWEST_BODY = limits.IDLE = 1"
    settings = {"notebooks_dir": str(folder), "database_url": copy_of_demo(), "user": "Ana", "pools": ""}
    with serve(folder / "log", before=less, **settings) as served:
        yield served


def test_a_kernel_that_does_not_listen_holds_up_its_own_page_only_and_hears_all_of_it_later(strict: Served, tmp_path: Path) -> None:
    deaf, hears = tmp_path / "sourd", tmp_path / "entend"
    kernel = str(told(strict.get(f"{PAGE}?sourd={deaf}&entend={hears}").body)["kernel"])
    content, slices = '{"comm_id": "nobody", "data": {}}', 30
    done: list[int] = []
    with channel(strict, kernel) as page, Watch(strict) as watch:
        while not deaf.exists():
            time.sleep(0.05)

        def send() -> None:
            for number in range(slices):
                page.send(message(content, b"x" * (1 << 20), msg_type="comm_msg"))
                done.append(number)
            for _ in range(2 * AHEAD):
                page.send(message(content, msg_type="comm_msg"))
            page.send(message(msg_id="last"))

        sending = Thread(target=send)
        sending.start()
        held_at = -1
        while len(done) > held_at:  # until no more is taken
            held_at = len(done)
            time.sleep(1)
        hears.touch()
        sending.join(30)
        assert not sending.is_alive()
        heard = b""
        while b"kernel_info_reply" not in heard:
            heard = page.recv(timeout=20, decode=False)
        assert b'"last"' in heard, "the questions of the server are not the page's"
    watch.healthy(GROWTH)
    assert held_at < slices - 10


def test_a_page_that_reads_nothing_is_let_go(strict: Served) -> None:
    kernel = str(told(strict.get("voila/render/bruit.ipynb").body)["kernel"])
    place = urlsplit(strict.url)
    handshake = f"GET /api/kernels/{kernel}/channels HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    handshake += "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    with Watch(strict) as watch, socket.create_connection((place.hostname, place.port)) as page:
        page.sendall(handshake.encode())
        end = time.monotonic() + 30
        while not measure(strict, 'gnetics_refusals_total{place="websocket",reason="unread"}'):
            assert time.monotonic() < end
            time.sleep(0.2)
    watch.healthy(GROWTH)


def test_a_kernel_has_few_sockets_and_their_names_are_names(server: Served, kernel: str) -> None:
    for name in ("x" * 300, "a%0Ab", "a:b"):
        with pytest.raises(InvalidStatus, match="400"), channel(server, kernel, query=f"?session_id={name}"):
            pass
    with ExitStack() as stack:
        for _ in range(MOST_SOCKETS):
            stack.enter_context(channel(server, kernel))
        with pytest.raises(InvalidStatus, match="429"), channel(server, kernel):
            pass


def sent(server: Served, request: bytes, seconds: float = 20) -> int:
    """The status of the answer to these bytes; 0 when the server only hangs up."""
    place = urlsplit(server.url)
    answer = b""
    with socket.create_connection((place.hostname, place.port), timeout=seconds) as connection, suppress(ConnectionError):
        with suppress(ConnectionError):
            connection.sendall(request)
        while part := connection.recv(65536):
            answer += part
    return int(answer.split()[1]) if answer else 0


def form(body: bytes, *headers: str, path: str = "connexion", kind: str = "application/x-www-form-urlencoded") -> bytes:
    length = f"Content-Length: {len(body)}"
    head = [
        f"POST /{path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Connection: close",
        "Cookie: _xsrf=abc",
        f"Content-Type: {kind}",
        length,
        *headers,
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


PARTS = b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' for _ in range(50)) + b"--x--\r\n"
REQUESTS = {
    "a name of 40 MB": (form(b"_xsrf=abc&password=x&name=" + b"n" * (40 << 20)), {0, 400}),
    "a name of 60 kB": (form(b"_xsrf=abc&password=x&name=" + b"n" * 60_000), {400}),
    "a password of 60 kB": (form(b"_xsrf=abc&name=Ana&password=" + b"n" * 60_000), {400}),
    "a name with a NUL": (form(b"_xsrf=abc&password=x&name=A%00na"), {403}),
    "a name that is no text": (form(b"_xsrf=abc&password=x&name=%ff%fe"), {400}),
    "a thousand fields": (form(b"&".join(b"a=1" for _ in range(1000))), {400}),
    "fifty parts": (form(PARTS, kind="multipart/form-data; boundary=x"), {400}),
    "a length that is none": (form(b"", "Content-Length: -1"), {0, 400}),
    "endless chunks": (form(b"", "Transfer-Encoding: chunked") + b"ffffff\r\n" + b"n" * (1 << 20), {0, 400}),
    "an address of 1 MB": (b"GET /" + b"x" * (1 << 20) + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", {0, 400}),
    "a cookie of 1 MB": (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + b"x" * (1 << 20) + b"\r\n\r\n", {0, 400}),
    "a theme that is none": (b'GET /connexion HTTP/1.0\r\nHost: 127.0.0.1\r\nCookie: gnetics_theme="\\777\\0"\r\n\r\n', {200, 302}),
    "odd bytes in an address": (b"GET /voila/static/\xff%ff%\x00 HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n", {0, 400}),
    "odd bytes after a page": (b"GET /voila/render/accueil.ipynb?lead=\xff HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n", {200, 400}),
    "odd letters after a page": (b"GET /voila/render/accueil.ipynb?lead=%00%ff%0d HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n", {200}),
    "a theme's style that is not there": (b"GET /voila/api/themes/nimporte HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n", {404}),
    "a theme's style written to": (form(b"", path="voila/api/themes/x"), {403, 405}),
    "a name of 5,000 letters": (b"GET /voila/static/" + b"x" * 5000 + b" HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n", {403, 404}),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_that_no_browser_makes_is_refused_and_nothing_else_happens(server: Served, name: str) -> None:
    request, statuses = REQUESTS[name]
    with Watch(server) as watch:
        assert sent(server, request) in statuses
        time.sleep(0.1)
    watch.healthy(GROWTH)
    assert "Traceback" not in server.log.read_text("utf-8")


def test_refused_requests_are_counted_and_logged_once(server: Served) -> None:
    name = 'gnetics_refusals_total{place="request",reason="size"}'
    before = measure(server, name)
    for _ in range(5):
        sent(server, REQUESTS["a cookie of 1 MB"][0])
        sent(server, REQUESTS["a name of 40 MB"][0])
    assert measure(server, name) - before == 10
    assert server.log.read_text("utf-8").count("request: refused for its size") == 1


def test_a_form_that_does_not_come_to_its_end_is_not_waited_for(strict: Served) -> None:
    start = time.monotonic()
    assert sent(strict, form(b"_xsrf=abc&name=")[:-3]) == 0
    assert sent(strict, b"GET /connexion HTTP/1.1\r\nHost: 127") == 0
    assert time.monotonic() - start < 15
    assert measure(strict, 'gnetics_refusals_total{place="request",reason="slowness"}') >= 1


def test_a_warm_kernels_question_is_for_kernels_that_there_are(server: Served, kernel: str) -> None:
    address = server.url.replace("http", "ws") + "voila/query/"
    with pytest.raises(InvalidStatus, match="404"), connect(address + "a-b-c-d-e", proxy=None):
        pass
    with connect(address + kernel, proxy=None) as socket_of_a_kernel:
        socket_of_a_kernel.send(b"x" * 10_000)
        assert closing_code(socket_of_a_kernel) in {INVALID, TOO_BIG, 1006}
    assert "Traceback" not in server.log.read_text("utf-8")
