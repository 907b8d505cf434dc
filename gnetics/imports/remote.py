"""A file at an http(s) address: bounded in size, time and redirections, and from the page never on the local network."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import PurePosixPath
from threading import Thread
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from gnetics.errors import UnreadableFile
from gnetics.imports.timed import Answer, Clock

LARGEST = 100 * 2**20  # bytes
PATIENCE = 60.0  # seconds, for all of it: names, redirections, headers and the file
SILENCE = 15.0  # seconds without an answer
_MOST_REDIRECTIONS = 5
_LONGEST_ADDRESS = 2000
_PIECE = 2**16
_AS_IS = "/?%:@!$&'()*+,;=~"  # signs of an address; what else is typed is written as the network wants it
_MOVED = {301, 302, 303, 307, 308}
_UNICAST = ipaddress.ip_network("2000::/3")  # all that IPv6 has given out for public addresses
_ADVICE = {
    401: "il faut s’y connecter\u00a0: publiez-le, ou téléchargez-le puis importez le fichier",
    403: "l’accès est refusé\u00a0: publiez-le, ou téléchargez-le puis importez le fichier",
    404: "il n’existe pas\u00a0: vérifiez l’adresse",
}
_SHAPE = "Cette adresse n’est pas comprise\u00a0: elle doit commencer par https:// ou http://."
_MOVED_SHAPE = "Cette adresse renvoie vers une autre qui n’est pas comprise (ni https:// ni http://)\u00a0: demandez celle du fichier."
_LOCAL = (
    "Cette adresse est sur le réseau local\u00a0: seules les adresses publiques sont permises. "
    "Votre administrateur peut permettre les autres (GNETICS_IMPORT_PRIVATE)."
)
_SILENT = "Le serveur «\u00a0{host}\u00a0» ne répond pas\u00a0: vérifiez l’adresse, puis essayez de nouveau."
_SLOW = "Le fichier met plus de {seconds:.0f}\u00a0secondes à venir\u00a0: téléchargez-le, puis importez-le."


def fetch(address: str, private: bool) -> tuple[str, bytes]:
    """(file's name, its content). `private`: addresses that are not public are allowed too. Raises UnreadableFile."""
    clock, host, misshapen = Clock(PATIENCE, SILENCE), "", _SHAPE
    try:
        for _ in range(_MOST_REDIRECTIONS + 1):
            parts = _checked(address)
            host = str(parts.hostname)
            with _asked(parts, private, clock) as answer:
                if answer.status not in _MOVED:
                    return _name(parts), _body(answer, host)
                misshapen = _MOVED_SHAPE
                address = urljoin(address, _moved_to(answer))
    except (OSError, http.client.HTTPException) as error:
        raise UnreadableFile(_SLOW.format(seconds=PATIENCE) if clock.over() else _SILENT.format(host=host)) from error
    except ValueError:
        raise UnreadableFile(misshapen) from None  # it may quote the address, and a password in it
    raise UnreadableFile("Cette adresse renvoie sans fin vers d’autres\u00a0: vérifiez-la.")


def _checked(address: str) -> SplitResult:
    """Raises ValueError for what is no address of a file."""
    parts = urlsplit(address.strip())
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or "@" in parts.netloc
        or parts.port == 0
        or len(address) > _LONGEST_ADDRESS
    ):
        raise ValueError
    return parts


@contextmanager
def _asked(parts: SplitResult, private: bool, clock: Clock) -> Iterator[http.client.HTTPResponse]:
    """No proxy and no cookies: what was checked is what is asked."""
    host = str(parts.hostname).encode("idna").decode()
    connection: http.client.HTTPConnection  # always with its port: the end of an IPv6 address would be taken for one
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(host, parts.port or 443, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(host, parts.port or 80)

    def connect(place: tuple[str, int], *_unused: Any) -> socket.socket:
        return _reach(*place, private, clock)

    connection._create_connection = connect  # type: ignore[attr-defined]  # the address checked is the one connected to
    connection.response_class = partial(Answer, clock=clock)  # type: ignore[assignment]
    target = quote(parts.path or "/", _AS_IS) + (f"?{quote(parts.query, _AS_IS)}" if parts.query else "")
    headers = {"User-Agent": "gnetics", "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
    with closing(connection):
        connection.request("GET", target, headers=headers)
        with connection.getresponse() as answer:
            yield answer


def _reach(host: str, port: int, private: bool, clock: Clock) -> socket.socket:
    places = _resolved(host, port, clock)
    if not private and not all(map(_public, places)):
        raise UnreadableFile(_LOCAL)
    for place in places[:-1]:
        with suppress(OSError):
            return socket.create_connection((place, port), clock.left())
    return socket.create_connection((places[-1], port), clock.left())


def _resolved(host: str, port: int, clock: Clock) -> list[str]:
    """The addresses of a name; the system's own look-up knows no limit of time."""
    found: list[str] = []
    failure: list[Exception] = []

    def look_up() -> None:
        try:
            found.extend(dict.fromkeys(str(place[4][0]) for place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except (OSError, ValueError) as error:
            failure.append(error)

    thread = Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(clock.left())
    if failure:
        raise failure[0]
    if not found:
        raise TimeoutError
    return found


def _public(place: str) -> bool:
    """Not of this machine, its network or a tunnel to them, however it is written."""
    address = ipaddress.ip_address(place.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and (address not in _UNICAST or address.sixtofour or address.teredo):
        return False
    return address.is_global and not address.is_multicast


def _moved_to(answer: http.client.HTTPResponse) -> str:
    location = answer.headers.get("Location") or ""
    with suppress(UnicodeError):
        return location.encode("latin-1").decode()  # http.client reads headers as Latin-1
    return location


def _body(answer: http.client.HTTPResponse, host: str) -> bytes:
    if answer.status != 200:
        why = _ADVICE.get(answer.status, f"le serveur répond «\u00a0{answer.status}\u00a0»\u00a0: essayez plus tard")
        raise UnreadableFile(f"Le fichier de «\u00a0{host}\u00a0» ne peut pas être lu\u00a0: {why}.")
    pieces, size = [], 0
    while piece := answer.read1(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
            raise UnreadableFile("Le fichier dépasse 100\u00a0Mo\u00a0: partagez-le en plusieurs.")
    if answer.length:
        raise UnreadableFile("Le fichier est arrivé coupé\u00a0: essayez de nouveau.")
    return b"".join(pieces)


def _name(parts: SplitResult) -> str:
    return unquote(PurePosixPath(parts.path).name)[:200] or str(parts.hostname)
