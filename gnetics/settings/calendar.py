"""A calendar on a CalDAV server, as the settings give it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from gnetics.domain.mail_server import HERE
from gnetics.settings.credentials import Credential
from gnetics.settings.values import Unfit, require_minutes

EXAMPLE = "une adresse comme https://nuage.exemple.fr/remote.php/dav/"


@dataclass(frozen=True)
class CalendarAccount:
    """`url` is that of the calendar, or of a server where `user` has one; Unfit says what is wrong."""

    name: str
    url: str = field(default="", repr=False)  # a password may be there by mistake
    user: str = ""  # who signs in there
    owner: str = ""  # the Responsable whose events it carries; empty: everybody's
    every_minutes: int = 5
    credential: Credential | None = None

    def __post_init__(self) -> None:
        place = _parts(self.url)
        if place is None:
            raise Unfit("url", f"ce n’est pas {EXAMPLE}")
        if "@" in place.netloc:
            raise Unfit("url", "le nom et le mot de passe ne sont pas écrits dans l’adresse\u00a0; donnez user, et password_file")
        if place.scheme == "http" and place.hostname not in HERE:
            raise Unfit("url", "sans chiffrement seulement vers cet ordinateur\u00a0; écrivez https://")
        if not self.user:
            raise Unfit("", "donnez user, le nom qui se connecte à ce serveur")
        require_minutes(self.every_minutes)

    @property
    def host(self) -> str:
        return str(urlsplit(self.url).hostname)


def _parts(url: str) -> SplitResult | None:
    with suppress(ValueError):
        place = urlsplit(url)
        if place.scheme in ("http", "https") and place.hostname and place.port != 0 and not (place.query or place.fragment):
            return place
    return None
