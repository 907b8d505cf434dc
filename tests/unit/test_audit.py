"""The audit against servers that answer as OSV documents it, or otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.audit import known

PINS = [("jinja2", "2.4.1"), ("tornado", "6.5")]
Serve = Callable[[bytes], str]


@pytest.fixture
def asked() -> list[Any]:
    return []


@pytest.fixture
def database(asked: list[Any]) -> Iterator[Serve]:
    """database(answer) is the address of a server that always says so."""
    servers: list[HTTPServer] = []

    def make(answer: bytes) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                pass

        servers.append(HTTPServer(("127.0.0.1", 0), Handler))
        Thread(target=servers[0].serve_forever).start()
        return f"http://127.0.0.1:{servers[0].server_port}/"

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


def test_the_packages_with_a_known_vulnerability_are_named(database: Serve, asked: list[Any]) -> None:
    answer = {"results": [{"vulns": [{"id": "GHSA-462w-v97r-4m45", "modified": "2023-01-01T00:00:00Z"}, {"id": "PYSEC-2019-217"}]}, {}]}
    assert known(PINS, database(json.dumps(answer).encode())) == {"jinja2 2.4.1": ["GHSA-462w-v97r-4m45", "PYSEC-2019-217"]}
    assert asked == [{"queries": [{"package": {"ecosystem": "PyPI", "name": name}, "version": version} for name, version in PINS]}]


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b'{"results": []}', b""])
def test_another_answer_is_no_answer(database: Serve, answer: bytes) -> None:
    with pytest.raises(ValueError):
        known(PINS, database(answer))


def test_a_database_that_cannot_be_reached_is_no_answer() -> None:
    with pytest.raises(OSError):
        known(PINS, "http://127.0.0.1:9/")
