"""What nginx lets through to the servers."""

from __future__ import annotations

import http.server
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from tests.proxy import nginx

IDENTITY = [
    "X-Gnetics-User",
    *(f"X-{by}-{what}" for by in ("Forwarded", "Auth-Request") for what in ("User", "Preferred-Username", "Email")),
    *("Remote-User", "Remote-Name", "Remote-Email", "X-Remote-User", "X-WebAuth-User", "X-Authentik-Username"),
]


class _Tell(http.server.BaseHTTPRequestHandler):
    """Answers with the headers it was sent."""

    def do_GET(self) -> None:
        body = json.dumps(dict(self.headers.items())).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def front(tmp_path: Path) -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Tell) as behind:
        Thread(target=behind.serve_forever).start()
        there = f"http://127.0.0.1:{behind.server_port}/"
        try:
            with nginx(tmp_path, there, there) as address:
                yield address
        finally:
            behind.shutdown()


def test_no_browser_says_who_it_is_or_where_it_comes_from(front: str) -> None:
    forged = dict.fromkeys([*IDENTITY, *(name.replace("-", "_") for name in IDENTITY)], "Bruno")
    elsewhere = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "X-Other": "passe"}
    with urllib.request.urlopen(urllib.request.Request(front, headers=forged | elsewhere), timeout=10) as answer:
        passed = json.load(answer)
    assert "Bruno" not in passed.values()
    assert (passed["X-Other"], passed["X-Forwarded-For"], passed["X-Forwarded-Proto"]) == ("passe", "127.0.0.1", "http")
