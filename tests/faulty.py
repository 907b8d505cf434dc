"""A proxy of this machine that answers as bad servers do: with a refusal, half a response, nothing, or what belongs to somebody else."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import requests

HALF, NOTHING, UNHEARD = "half a response", "nothing", "done, and not said"
AGAIN, ENDLESS = "a part that was given already, and ever another token", "ever another part"
_PART = """<multistatus xmlns="DAV:"><response><href>{path}{name}.ics</href><propstat><prop><getetag>"1"</getetag></prop>
<status>HTTP/1.1 200 OK</status></propstat></response><response><href>{path}</href><status>HTTP/1.1 507 Insufficient Storage</status>
</response><sync-token>http://x/{number}</sync-token></multistatus>"""


@dataclass
class Faulty:
    """How requests of these `methods` are answered: a status, one of the words above, or texts, each with what takes its place."""

    behind: str
    port: int = 0
    instead: tuple[str, str] = ("", "")  # a calendar, and the one that answers in its place
    fault: int | str | tuple[str, ...] | None = None
    methods: frozenset[str] = frozenset()
    unknown: bytes = b"\0"  # what it does not understand (501)
    hidden: str = ""  # a header that it does not give
    moved: dict[str, str] = field(default_factory=dict)  # where it sends who asks for a path
    asked: list[str] = field(default_factory=list)
    signed: list[str] = field(default_factory=list)  # how each request was

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{urlsplit(self.behind).path}"

    @contextmanager
    def answers(self, fault: int | str | tuple[str, ...], *methods: str) -> Iterator[None]:
        self.fault, self.methods = fault, frozenset(methods)
        yield
        self.fault = None


def _drip(connection: socket.socket, start: bytes, drop: bytes) -> None:
    with connection, suppress(OSError):
        connection.sendall(start)
        while drop:
            connection.sendall(drop)
            time.sleep(0.02)


@contextmanager
def dripping(start: bytes, drop: bytes) -> Iterator[int]:
    """The port of a server that answers each connection so, then with one drop after the other."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    Thread(target=_drip, args=(server.accept()[0], start, drop), daemon=True).start()

        Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


@contextmanager
def proxy(behind: str) -> Iterator[Faulty]:
    """In front of that calendar."""
    faulty = Faulty(behind)

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            faulty.asked.append(self.command)
            faulty.signed.append(self.headers.get("Authorization", ""))
            fault = faulty.fault if self.command in faulty.methods else None
            if self.path in faulty.moved:
                self.give(301, b"", {"Location": faulty.moved[self.path]})
            elif faulty.unknown in body:
                self.give(501, b"")
            elif isinstance(fault, int):
                self.give(fault, b"S3cret of a server")
            elif fault in (AGAIN, ENDLESS):
                number = len(faulty.asked)
                self.give(207, _PART.format(path=self.path, name=0 if fault == AGAIN else f"n{number}", number=number).encode())
            elif fault == NOTHING:
                self.close_connection = True
            else:
                self.forward(body, fault)

        def forward(self, body: bytes, fault: Any) -> None:
            there, (shown, real) = urlsplit(faulty.behind), faulty.instead
            headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
            answer = requests.request(
                self.command,
                f"{there.scheme}://{there.netloc}{self.path.replace(shown, real)}",
                data=body.replace(shown.encode(), real.encode()),
                headers=headers,
                timeout=60,
            )
            content = answer.content.replace(real.encode(), shown.encode()) if real else answer.content
            if isinstance(fault, tuple):
                for old, new in zip(fault[::2], fault[1::2], strict=True):
                    content = content.replace(old.encode(), new.encode())
            kept = {name: answer.headers[name] for name in ("ETag", "Content-Type") if name in answer.headers and name != faulty.hidden}
            if fault == UNHEARD:
                self.close_connection = True
            else:
                self.give(answer.status_code, content, kept, len(content) // 2 if fault == HALF else len(content))

        def give(self, status: int, content: bytes, headers: dict[str, str] | None = None, size: int | None = None) -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content[:size])

        def log_message(self, *_: object) -> None:
            return

    for method in ("GET", "PUT", "DELETE", "REPORT", "PROPFIND"):
        setattr(Handler, f"do_{method}", Handler.answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    faulty.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield faulty
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
