"""A file at an address: read, or refused in a sentence; never one of the local network from the page."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from gnetics.errors import UnreadableFile
from gnetics.exchange import remote
from gnetics.exchange.remote import fetch

CSV = "Nom;Entreprise\r\nÉlodie;Œuvres\r\n".encode()


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        answers = {
            "/liste%20à.csv": (200, {}, CSV),
            "/moved": (302, {"Location": "/list.csv?gid=1"}, b""),
            "/list.csv?gid=1": (200, {}, CSV),
            "/loop": (301, {"Location": "/loop"}, b""),
            "/file": (302, {"Location": "file:///etc/passwd"}, b""),
            "/private": (403, {}, b""),
            "/cut": (200, {"Content-Length": "1000"}, CSV),
            "/large": (200, {}, b"x" * 2000),
        }
        status, headers, body = answers.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        return


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_file_is_read_even_where_it_was_moved_to(site: str) -> None:
    assert fetch(f"{site}/moved", private=True) == ("list.csv", CSV)


@pytest.mark.parametrize(
    ("path", "why"),
    [("/loop", "sans fin"), ("/file", "https://"), ("/private", "refusé"), ("/absent", "n’existe pas"), ("/cut", "coupé|ne répond pas"),
     ("/large", "100")],
)  # fmt: skip
def test_what_cannot_be_read_is_said(site: str, path: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "LARGEST", 1000)
    with pytest.raises(UnreadableFile, match=why):
        fetch(site + path, private=True)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/", "http://localhost/a.csv", "http://[::1]/", "http://10.0.0.1/", "http://192.168.1.1/", "http://169.254.169.254/",
     "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "http://2130706433/", "http://100.64.0.1/", "http://[fe80::1]/", "http://[fc00::1]/"],
)  # fmt: skip
def test_the_local_network_is_refused_to_the_page(address: str) -> None:
    with pytest.raises(UnreadableFile, match=r"réseau local|ne répond pas"):
        fetch(address, private=False)


@pytest.mark.parametrize("address", ["", "list.csv", "ftp://a.fr/b", "file:///etc/passwd", "http://", "http://a:b@c.fr/", "http://a.fr:x/"])
def test_an_address_of_another_kind_is_refused(address: str) -> None:
    with pytest.raises(UnreadableFile, match="https://"):
        fetch(address, private=True)


def test_a_site_that_does_not_answer_is_said(site: str) -> None:
    with pytest.raises(UnreadableFile, match="ne répond pas"):
        fetch("http://127.0.0.1:1/", private=True)
