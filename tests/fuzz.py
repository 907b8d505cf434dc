"""`python -m tests.fuzz [MINUTES]`: whatever may come by the wire, for so long, at a served CRM with accounts and the demo's pages.

Fails with the smallest input found when the server errs; says at the end what it was sent, what it refused and what it took.
"""

from __future__ import annotations

import json
import logging
import re
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.demo.store import build_demo
from gnetics.server import wire
from gnetics.server.kernels import V1
from gnetics.store.crm import open_crm
from tests.served import Served, serve
from tests.watch import Watch

NAME, PASSWORD = "Ana", "Un mot de passe 1"
PATIENCE = 20.0  # seconds for an answer that comes
BATCH = 200  # inputs between two looks at the server
GROWTH = 192 << 20  # bytes: one of the largest frames and forms at once, and what allocators keep of them
FAILURES = (
    "Uncaught exception",
    "Exception in callback",
    "never retrieved",
    "Invalid message",
    "Invalid Message",
    "Exception in message handler",
)
PATHS = [
    "",
    "sante",
    "metrics",
    "favicon.ico",
    "connexion",
    "deconnexion",
    "mot-de-passe",
    "nimporte",
    "voila/render/accueil.ipynb/x",
    "voila/render/",
    "voila/static/voila.js",
    "voila/static/",
    "voila/templates/gnetics/static/page.css",
    "voila/templates/",
    "voila/labextensions/jupyter-vue/package.json",
    "voila/labextensions/",
    "voila/files/",
    "voila/api/themes/",
    "voila/api/shutdown/",
    "voila/query/",
    "api/kernels/",
    "gnetics/",
]
NAMES = ["name", "password", "next", "old", "new", "again", "_xsrf", "v", "session_id", "lead", "au"]
HEADERS = [
    "Host", "Cookie", "Content-Type", "Content-Length", "Transfer-Encoding", "Content-Encoding", "Accept-Encoding", "Range", "If-Range",
    "If-None-Match", "If-Modified-Since", "Origin", "Referer", "Upgrade", "Connection", "Expect", "X-Forwarded-For", "X-Forwarded-Proto",
    "X-XSRFToken", "X-Gnetics-User", "Authorization", "Sec-Fetch-Dest", "Sec-WebSocket-Key", "Sec-WebSocket-Version",
    "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions", "X-Scheme", "X-Real-Ip", "Accept-Language", "User-Agent",
]  # fmt: skip

anything = st.text(st.characters(), max_size=40) | st.sampled_from(["\ud800", "x\ny", "\0", "é" * 300, "9" * 5000, "../" * 20, "%"])
bits = st.binary(max_size=60) | st.sampled_from([b"\0", b"\xff\xfe", b"%00", b"%ff", b"%", b"A" * 5000, b"\xed\xa0\x80", b"a=b&" * 600])
words = st.text(st.characters(codec="latin-1", categories=["L", "N", "P", "S"]), max_size=40).map(lambda text: text.encode("latin-1"))
small = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**25), 10**25) | st.floats() | anything,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(anything, inner, max_size=4),
    max_leaves=8,
)


@dataclass
class Ground:
    """The server under fire, and somebody signed in to it with a page open; the `other` session may end meanwhile."""

    server: Served
    cookie: str = ""
    other: str = ""
    kernel: str = ""
    models: list[str] = field(default_factory=list)
    sent: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)

    def open_page(self) -> None:
        page = self.server.get("voila/render/accueil.ipynb", Cookie=self.cookie)
        found = re.search(r'"kernelId": "([^"]+)"', page.body)
        assert found, (page.status, page.body[:300])
        self.kernel = found[1]
        with self.socket() as channel:
            channel.send(_request("comm_info_request"))
            while b"comm_info_reply" not in (said := channel.recv(timeout=20, decode=False)):
                pass
        self.models = sorted(set(re.findall(r"\b[0-9a-f]{32}\b", said.decode(errors="replace"))))

    def socket(self, v1: bool = True) -> AbstractContextManager[ClientConnection]:
        address = f"{self.server.url.replace('http', 'ws')}api/kernels/{self.kernel}/channels"
        protocols, headers = [Subprotocol(V1)] if v1 else None, {"Cookie": self.cookie}
        return connect(
            address, proxy=None, max_size=None, max_queue=None, close_timeout=2, additional_headers=headers, subprotocols=protocols
        )

    def alive(self) -> bool:
        return self.server.get(f"api/kernels/{self.kernel}", Cookie=self.cookie).status == 200


def _weighted(usual: Any, odd: st.SearchStrategy[Any], among: int = 25) -> st.SearchStrategy[Any]:
    """Mostly what a page sends, so that the rest of the message is looked at too."""
    return st.sampled_from([False] * (among - 1) + [True]).flatmap(lambda is_odd: odd if is_odd else st.just(usual))


def _once_in(number: int) -> st.SearchStrategy[bool]:
    return st.sampled_from([False] * (number - 1) + [True])


@st.composite
def frames(draw: st.DrawFn, models: list[str], v1: bool) -> str | bytes:
    """A message more or less like one of a page."""
    if draw(_once_in(12)):
        return draw(st.binary(max_size=200) | anything.map(lambda text: text.encode("utf-8", "replace").decode()))
    header = {
        "msg_id": draw(_weighted(uuid4().hex, small)),
        "msg_type": draw(_weighted("comm_msg", st.sampled_from(wire.TYPES) | small, 4)),
        "session": draw(_weighted("s", small)),
        "username": draw(_weighted("", small)),
        "version": draw(_weighted("5.2", small)),
        "date": draw(_weighted("2026-11-29T12:21:35.452Z", small)),
    }
    data = {"method": draw(st.sampled_from(["update", "custom", "request_state", "request_states"]) | small), "buffer_paths": draw(small)}
    data |= {"state": draw(small), "content": draw(small)}
    content = {
        "comm_id": draw(st.sampled_from([*models, "nobody"]) | small),
        "target_name": "jupyter.widget",
        "data": draw(_weighted(data, small)),
    }
    parts = [header, draw(_weighted({}, small)), draw(_weighted({}, small)), draw(_weighted(content, small))]
    channel = draw(_weighted("shell", anything))
    buffers = draw(st.lists(st.binary(max_size=50), max_size=3))
    if v1:
        raw = [json.dumps(part).encode() for part in parts]
        frame: str | bytes = bytes(serialize_msg_to_ws_v1([*raw, *buffers], channel.encode("utf-8", "replace").decode()))
    else:
        message = dict(zip(wire.PARTS, parts, strict=True)) | {"channel": channel, "buffers": draw(_weighted([], small))}
        frame = json.dumps(message)
        if draw(st.booleans()):
            start = 8
            frame = b"\0\0\0\1" + start.to_bytes(4, "big") + frame.encode()
    if isinstance(frame, bytes) and draw(_once_in(10)):
        place = draw(st.integers(0, max(0, min(len(frame) - 1, 90))))
        frame = frame[:place] + draw(st.binary(max_size=9)) + frame[place + draw(st.integers(0, 9)) :]
    return frame


def speak(ground: Ground, v1: bool, sent: list[str | bytes]) -> None:
    """One connection of the page, on which all of them are sent, and a question at the end that a kernel answers."""
    try:
        with ground.socket(v1) as page:
            for each in sent:
                ground.sent["frames"] += 1
                page.send(each)
            page.send(_request("kernel_info_request", v1))
            while "kernel_info_reply" not in (said if isinstance(said := page.recv(timeout=20), str) else said.decode(errors="replace")):
                pass
            ground.answers["heard to the end"] += 1
    except ConnectionClosed as closed:
        ground.answers[f"closed {closed.rcvd.code if closed.rcvd else 1006}"] += 1
    except InvalidHandshake as refused:
        ground.answers[repr(refused)[:60]] += 1


def _request(kind: str, v1: bool = True) -> str | bytes:
    header = {"msg_id": uuid4().hex, "msg_type": kind, "session": "s", "username": "", "version": "5.2", "date": ""}
    if v1:
        return bytes(serialize_msg_to_ws_v1([json.dumps(header).encode(), b"{}", b"{}", b"{}"], "shell"))
    return json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": {}, "channel": "shell"})


@st.composite
def requests(draw: st.DrawFn, cookie: str, kernel: str) -> bytes:
    """The bytes of a request to one of our addresses, or to none."""
    path = draw(st.sampled_from([*PATHS, f"api/kernels/{kernel}", f"api/kernels/{kernel}/channels"])).encode()
    if draw(st.booleans()):
        path += draw(bits)
    if draw(st.booleans()):
        path += b"?" + b"&".join(draw(st.sampled_from(NAMES)).encode() + b"=" + draw(bits) for _ in range(draw(st.integers(1, 4))))
    if not draw(_once_in(8)):
        path = quote(path, safe="/?&=%.-_~+:@!$'()*,;").encode()
    method = draw(_weighted(b"GET", st.sampled_from([b"POST", b"HEAD", b"PUT", b"OPTIONS", b"PATCH", b"GET\0", b"\xff"]), 3))
    lines = [method + b" /" + path + b" HTTP/1.1"]
    headers = {b"Host": b"127.0.0.1", b"Cookie": b"_xsrf=abc; " + cookie.encode(), b"Connection": b"close", b"X-XSRFToken": b"abc"}
    for _ in range(draw(st.integers(0, 4))):
        headers[draw(st.sampled_from(HEADERS)).encode()] = draw(_weighted(b"", bits, 3) | words).replace(b"\r", b"").replace(b"\n", b"")
    body = draw(st.just(b"") | bits)
    if draw(st.booleans()):
        headers.setdefault(b"Content-Length", str(len(body)).encode())
        headers.setdefault(
            b"Content-Type", draw(st.sampled_from([b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x", b"text/x"]))
        )
    lines += [name + b": " + value for name, value in headers.items()]
    return b"\r\n".join([*lines, b"", body])


def ask(ground: Ground, request: bytes, patience: float = 0.5) -> bytes:
    """What a server answers to these bytes, or nothing when it hangs up; a request it waits for the rest of is given up."""
    place = urlsplit(ground.server.url)
    ground.sent["requests"] += 1
    answer = b""
    with closing(socket.create_connection((place.hostname, place.port), timeout=10)) as connection, suppress(ConnectionError):
        connection.sendall(request)
        connection.settimeout(patience)
        with suppress(TimeoutError):
            while part := connection.recv(65536):
                answer += part
                if b"\r\n\r\n" in answer:
                    break
    found = re.match(rb"HTTP/1\.1 (\d+)", answer)
    status = found[1].decode() if found else "hung up"
    ground.answers[status] += 1
    assert status != "500", (request, answer[:300])
    return answer


forms = st.dictionaries(st.sampled_from(NAMES), anything.map(lambda text: text.encode("utf-8", "replace")) | bits, max_size=6)


def sign_in(ground: Ground, fields: dict[str, bytes]) -> None:
    body = urlencode({b"_xsrf": b"abc"} | {name.encode(): value for name, value in fields.items()}).encode()
    head = ["POST /connexion HTTP/1.1", "Host: 127.0.0.1", "Cookie: _xsrf=abc", "Connection: close"]
    head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}", "", ""]
    ground.sent["sign-ins"] += 1
    ground.sent["requests"] -= 1
    ask(ground, "\r\n".join(head).encode() + body, PATIENCE)


def huge(ground: Ground) -> None:
    """What is refused for its size, before it is all there."""
    for size in (1 << 20, 40 << 20):
        for path in ("connexion", "mot-de-passe", "sante", f"voila/api/shutdown/{ground.kernel}x"):
            body = b"_xsrf=abc&password=x&name=" + b"n" * size
            head = f"POST /{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: _xsrf=abc; {ground.cookie}\r\nContent-Length: {len(body)}\r\n"
            ask(ground, f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode() + body)
        ask(ground, b"GET /" + b"x" * size + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        ask(ground, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + b"x" * size + b"\r\n\r\n")
        speak(ground, True, [b"\6" + b"\0" * size])
        speak(ground, False, ["[" * size])


def rounds(ground: Ground) -> list[Callable[[], None]]:
    calm = settings(max_examples=BATCH, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False)

    @calm
    @given(st.booleans().flatmap(lambda v1: st.tuples(st.just(v1), st.lists(frames(ground.models, v1), min_size=1, max_size=5))))
    def frames_come(said: tuple[bool, list[str | bytes]]) -> None:
        speak(ground, *said)

    @calm
    @given(requests(ground.other, ground.kernel))
    def requests_come(request: bytes) -> None:
        ask(ground, request)

    @settings(calm, max_examples=BATCH // 10)
    @given(forms)
    def sign_ins_come(fields: dict[str, bytes]) -> None:
        sign_in(ground, fields)

    return [frames_come, requests_come, sign_ins_come, lambda: huge(ground)]


def run(store: str, log: Path, seconds: float) -> str:
    """Fails when the server errs; gives the figures."""
    with closing(open_crm(replace(settings_module.load({}), database_url=store), trusted=True)) as crm:
        accounts.add(crm, "admin", NAME, "administration", PASSWORD)
    with serve(log, database_url=store, pools="accueil=1") as server:
        return _fire(server, seconds)


def _session(server: Served) -> str:
    form = urlencode({"_xsrf": "abc", "name": NAME, "password": PASSWORD})
    head = f"POST /connexion HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: _xsrf=abc\r\nContent-Length: {len(form)}\r\n"
    answer = ask(Ground(server), f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n{form}".encode(), PATIENCE)
    found = re.search(rb"gnetics_session=[\w-]+", answer)
    assert found, answer[:500]
    return found[0].decode()


def _fire(server: Served, seconds: float) -> str:
    logging.getLogger("websockets").setLevel(logging.CRITICAL)  # what a client says of a connection cut off while it sends
    ground = Ground(server, _session(server), _session(server))
    ground.open_page()
    for come in rounds(ground):  # what the first of each kind needs is no growth
        come()
    end = time.monotonic() + seconds
    with Watch(server, pause=0.1) as watch:
        while True:
            if not ground.alive():
                ground.answers["kernels that ended"] += 1
                ground.open_page()
            for come in rounds(ground):
                come()
            log = server.log.read_text("utf-8", errors="replace")
            assert not (seen := [log[max(0, log.index(word) - 500) :][:3000] for word in FAILURES if word in log]), seen
            watch.healthy(GROWTH)
            if time.monotonic() > end:
                break
    told = server.get("metrics").body
    refused = {
        line.split("{")[1].split("}")[0]: float(line.split()[-1]) for line in told.splitlines() if line.startswith("gnetics_refusals_total")
    }
    return "\n".join(
        [
            f"{round(seconds)} s; sent {dict(ground.sent)}; answers {dict(ground.answers.most_common())}",
            f"refused {refused}; log of {server.log.stat().st_size >> 10} KiB",
            f"memory {watch.before >> 20} MiB before, {watch.memory() >> 20} after, {watch.highest >> 20} at most; "
            f"{watch.asked} times healthy, slowest {watch.slowest:.2f} s",
        ]
    )


def main() -> int:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 1
    with TemporaryDirectory() as place:
        chosen = replace(settings_module.load({}), data_dir=Path(place))
        build_demo(chosen)
        print(run(f"sqlite:///{chosen.demo_store}", Path(place) / "log", 60 * minutes))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
