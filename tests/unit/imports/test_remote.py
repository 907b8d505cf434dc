"""A file at an address: read, or refused in a sentence; never one of the local network from the page."""

from __future__ import annotations

import socket
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from gnetics.errors import UnreadableFile
from gnetics.imports import remote
from gnetics.imports.remote import fetch
from tests.faulty import dripping

CSV = "Nom;Entreprise\r\nÉlodie;Œuvres\r\n".encode()


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, ThreadingHTTPServer)
        answers = {
            "/liste%20%C3%A0.csv": (200, {}, CSV),
            "/accents": (302, {"Location": "/liste à.csv".encode().decode("latin-1")}, b""),
            "/bracket": (302, {"Location": "http://["}, b""),
            "/port": (302, {"Location": "http://a.fr:99999999/"}, b""),
            "/labels": (302, {"Location": f"http://{'a' * 64}..fr/"}, b""),
            "/nobody": (302, {"Location": "https:///list.csv"}, b""),
            "/secret": (302, {"Location": "https://ana:pass@a.fr/"}, b""),
            "/long": (302, {"Location": "/" + "a" * 3000}, b""),
            "/nowhere": (302, {}, b""),
            "/next": (302, {"Location": f"http://127.0.0.2:{self.server.server_port}/list.csv?gid=1"}, b""),
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
    [("/loop", "sans fin"), ("/nowhere", "sans fin"), ("/file", "https://"),
     *((path, "renvoie vers une autre") for path in ("/bracket", "/port", "/labels", "/nobody", "/secret", "/long")),
     ("/private", "refusé"), ("/absent", "n’existe pas"), ("/cut", "coupé|ne répond pas"),
     ("/large", "100")],
)  # fmt: skip
def test_what_cannot_be_read_is_said(site: str, path: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "LARGEST", 1000)
    with pytest.raises(UnreadableFile, match=why):
        fetch(site + path, private=True)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/", "http://localhost/a.csv", "http://[::1]/", "http://10.0.0.1/", "http://192.168.1.1/", "http://169.254.169.254/",
     "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://100.64.0.1/",
     "http://[fe80::1]/", "http://[fc00::1]/", "http://[fec0::1]/", "http://[ff02::1]/", "http://[::]/",
     "http://[::127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::808:808]/", "http://[64:ff9b:1::7f00:1]/",
     "http://[2002:7f00:1::]/", "http://[2002:808:808::1]/", "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/", "http://[2001:db8::1]/",
     "http://１２７.0.0.1/", "http://224.0.0.1/", "http://255.255.255.255/"],
)  # fmt: skip
def test_the_local_network_is_refused_to_the_page(address: str) -> None:
    with pytest.raises(UnreadableFile, match="réseau local"):
        fetch(address, private=False)


@pytest.mark.parametrize("place", ["8.8.8.8", "2606:4700:4700::1111", "2a01:e0a::1"])
def test_a_public_address_is_one(place: str) -> None:
    assert remote._public(place)


def test_a_redirection_to_the_local_network_is_refused(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "_public", lambda place: place == "127.0.0.1")
    assert fetch(f"{site}/moved", private=False)[1] == CSV
    with pytest.raises(UnreadableFile, match="réseau local"):
        fetch(f"{site}/next", private=False)


@pytest.mark.parametrize("places", [["93.184.215.14"], ["93.184.215.14", "127.0.0.1"], ["2606:4700::1", "93.184.215.14"]])
def test_a_name_that_means_another_address_at_each_question_is_asked_once(places: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked, reached = [], []

    def resolve(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(0, 0, 0, "", (place, port)) for place in (places if len(asked) == 1 else ["127.0.0.1"])]

    def connect(place: tuple[str, int], _timeout: float) -> socket.socket:
        reached.append(place[0])
        raise OSError("no network here")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(UnreadableFile, match="réseau local" if "127.0.0.1" in places else "ne répond pas"):
        fetch("http://rebinding.example/", private=False)
    assert (asked, reached) == (["rebinding.example"], [] if "127.0.0.1" in places else places)


@pytest.mark.parametrize(
    ("scheme", "start", "drop"),
    [("http", b"HTTP/1.1 200 OK\r\nX: ", b"a"), ("http", b"", b"HTTP/1.1 100 Continue\r\n\r\n"), ("http", b"HTTP/1.1 200 OK\r\n\r\n", b"a"),
     ("http", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
     ("https", b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03", b"a"),
     ("http", b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", b"")],
)  # fmt: skip
def test_a_site_that_never_ends_is_left_when_the_time_is_over(
    scheme: str, start: bytes, drop: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "PATIENCE", 0.5)
    monkeypatch.setattr(remote, "_MOST_REDIRECTIONS", 10**9)
    with dripping(start, drop) as port, pytest.raises(UnreadableFile, match="secondes à venir"):
        fetch(f"{scheme}://127.0.0.1:{port}/", private=True)


def test_a_name_nobody_answers_for_is_left_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    over = Event()
    monkeypatch.setattr(remote, "PATIENCE", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(60) and [])
    with pytest.raises(UnreadableFile, match="secondes à venir"):
        fetch("http://slow.example/", private=True)
    over.set()


def test_a_site_of_which_one_address_answers_is_reached(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(_host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", (place, port)) for place in ("::1", "127.0.0.1")]

    port = site.rpartition(":")[2]
    monkeypatch.setattr(socket, "getaddrinfo", resolve)

    def only_one(place: tuple[str, int], timeout: float) -> socket.socket:
        if ":" in place[0]:
            raise OSError("no IPv6 here")
        sock = socket.socket()
        sock.settimeout(timeout)
        sock.connect(place)
        return sock

    monkeypatch.setattr(socket, "create_connection", only_one)
    assert fetch(f"http://two.example:{port}/list.csv?gid=1", private=True)[1] == CSV


@pytest.mark.parametrize("path", ["/liste à.csv", "/liste%20%C3%A0.csv", "/accents"])
def test_accents_and_spaces_of_an_address_are_written_as_the_network_wants(site: str, path: str) -> None:
    assert fetch(site + path, private=True) == ("liste à.csv", CSV)


@pytest.mark.parametrize("name", ["ana:motdepasse@", ":motdepasse@", "motdepasse@", "ana%40motdepasse:x@"])
def test_a_password_in_an_address_is_in_no_sentence_and_no_log(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        fetch(f"https://{name}a.fr/f.csv", private=True)
    assert "motdepasse" not in "".join(traceback.format_exception(refusal.value)) + caplog.text


@pytest.mark.parametrize(
    "address",
    [
        "",
        "list.csv",
        "ftp://a.fr/b",
        "file:///etc/passwd",
        "http://",
        "http://a:b@c.fr/",
        "http://a.fr:x/",
        "http://[",
        "http://[::1",
        "http://a.fr:0/",
        "http://a.fr:99999/",
        f"http://{'a' * 64}.fr/",
        "http://a..fr/",
        "https://.a.fr/",
        "http://\ud800.fr/",
        "http://a.fr/\ud800",
        "http://a.fr\\@b.fr/",
    ],
)
def test_an_address_of_another_kind_is_refused(address: str) -> None:
    with pytest.raises(UnreadableFile, match="https://"):
        fetch(address, private=True)


def test_a_site_that_does_not_answer_is_said(site: str) -> None:
    with pytest.raises(UnreadableFile, match="ne répond pas"):
        fetch("http://127.0.0.1:1/", private=True)
