"""A file at an http(s) address: bounded in size, time and redirections, and from the page never on the local network."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from gnetics.errors import UnreadableFile

LARGEST = 100 * 2**20  # bytes
PATIENCE = 60.0  # seconds, for the whole file
_SILENCE = 15.0  # seconds without an answer
_MOST_REDIRECTIONS = 5
_PIECE = 2**16
_MOVED = {301, 302, 303, 307, 308}
_ADVICE = {
    401: "il faut s’y connecter\u00a0: publiez-le, ou téléchargez-le puis importez le fichier",
    403: "l’accès est refusé\u00a0: publiez-le, ou téléchargez-le puis importez le fichier",
    404: "il n’existe pas\u00a0: vérifiez l’adresse",
}
_SHAPE = "Cette adresse n’est pas comprise\u00a0: elle doit commencer par https:// ou http://."
_LOCAL = (
    "Cette adresse est sur le réseau local\u00a0: seules les adresses publiques sont permises. "
    "Votre administrateur peut permettre les autres (GNETICS_IMPORT_PRIVATE)."
)
_SILENT = "Le serveur «\u00a0{host}\u00a0» ne répond pas\u00a0: vérifiez l’adresse, puis essayez de nouveau."


def fetch(address: str, private: bool) -> tuple[str, bytes]:
    """(file's name, its content). `private`: addresses that are not public are allowed too. Raises UnreadableFile."""
    deadline = time.monotonic() + PATIENCE
    for _ in range(_MOST_REDIRECTIONS + 1):
        parts = _checked(address)
        try:
            with _ask(parts, private) as answer:
                if answer.status not in _MOVED:
                    return _name(parts), _body(answer, parts, deadline)
                address = urljoin(address, answer.headers.get("Location") or "")
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            raise UnreadableFile(_SILENT.format(host=parts.hostname)) from error
    raise UnreadableFile("Cette adresse renvoie sans fin vers d’autres\u00a0: vérifiez-la.")


def _checked(address: str) -> SplitResult:
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        raise UnreadableFile(_SHAPE) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or port == 0 or len(address) > 2000:
        raise UnreadableFile(_SHAPE)
    return parts


def _ask(parts: SplitResult, private: bool) -> http.client.HTTPResponse:
    """No proxy and no cookies: what was checked is what is asked."""
    assert parts.hostname
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=_SILENCE, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=_SILENCE)

    def connect(place: tuple[str, int], timeout: float, *_source: Any) -> socket.socket:
        return _reach(*place, timeout, private)

    connection._create_connection = connect  # type: ignore[attr-defined]  # the address checked is the one connected to
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request(
        "GET", target, headers={"User-Agent": "gnetics", "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
    )
    return connection.getresponse()


def _reach(host: str, port: int, timeout: float, private: bool) -> socket.socket:
    places = [place[4][0] for place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not private and not all(_public(str(place)) for place in places):
        raise UnreadableFile(_LOCAL)
    return socket.create_connection((str(places[0]), port), timeout)


def _public(place: str) -> bool:
    address = ipaddress.ip_address(place.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return address.is_global and not address.is_multicast and (inner is None or inner.is_global)


def _body(answer: http.client.HTTPResponse, parts: SplitResult, deadline: float) -> bytes:
    if answer.status != 200:
        why = _ADVICE.get(answer.status, f"le serveur répond «\u00a0{answer.status}\u00a0»\u00a0: essayez plus tard")
        raise UnreadableFile(f"Le fichier de «\u00a0{parts.hostname}\u00a0» ne peut pas être lu\u00a0: {why}.")
    pieces, size = [], 0
    while piece := answer.read1(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
            raise UnreadableFile("Le fichier dépasse 100\u00a0Mo\u00a0: partagez-le en plusieurs.")
        if time.monotonic() > deadline:
            raise UnreadableFile(f"Le fichier met plus de {PATIENCE:.0f}\u00a0secondes à venir\u00a0: téléchargez-le, puis importez-le.")
    if answer.length:
        raise UnreadableFile("Le fichier est arrivé coupé\u00a0: essayez de nouveau.")
    return b"".join(pieces)


def _name(parts: SplitResult) -> str:
    return unquote(PurePosixPath(parts.path).name)[:200] or str(parts.hostname)
