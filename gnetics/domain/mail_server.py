"""Mail servers of the settings, as their addresses name them, and addresses of people as the settings list them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 587, "smtps": 465}
HERE = {"localhost", "127.0.0.1", "::1"}  # nobody reads what is said to them
ADDRESS = re.compile(r'[^\s@<>()\[\]:;,"\\]+@[^\s@<>()\[\]:;,"\\]+')  # what a header means literally; which exist, the server knows


@dataclass(frozen=True)
class MailServer:
    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)


def read(url: str, ports: Mapping[str, int] = PORTS) -> MailServer | None:
    """From smtp://name:password@host:587, smtps://… or the schemes of `ports`; None for what is no such address."""
    with suppress(ValueError):
        place = urlsplit(url)
        port = place.port or ports.get(place.scheme, 0)
        if place.scheme in ports and place.hostname and port and not (place.path.strip("/") or place.query or place.fragment):
            return MailServer(place.scheme, place.hostname, port, unquote(place.username or ""), unquote(place.password or ""))
    return None


def listed(text: str) -> list[str]:
    """The parts of a setting, separated by commas."""
    return [part for each in text.split(",") if (part := each.strip())]


def is_address(text: str) -> bool:
    return ADDRESS.fullmatch(text) is not None
