"""A mailbox as the settings give it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from gnetics.domain import mail_server
from gnetics.domain.mail_server import HERE, MailServer
from gnetics.settings.credentials import Credential
from gnetics.settings.values import Unfit

PORTS = {"imaps": 993, "imap+starttls": 143, "imap": 143}
EXAMPLE = "une adresse comme imaps://nom%40exemple.fr@imap.exemple.fr:993"


class Format(StrEnum):
    """Of a mailbox that is in files."""

    MBOX = "mbox"
    MAILDIR = "maildir"
    EML = "eml"


class Kind(StrEnum):
    TEAM = "équipe"
    PERSONAL = "personnelle"


@dataclass(frozen=True)
class MailBox:
    """On a server by `url`, else in files by `path` and `format`; Unfit says what is wrong."""

    name: str
    url: str = field(default="", repr=False)  # a password may be there by mistake
    path: str = ""
    format: Format | None = None
    kind: Kind = Kind.TEAM
    user: str = ""  # whose a personal one is
    address: str = ""  # its own, which is ours; empty: the name that signs in, when it is one
    new_leads: bool = False  # whoever writes to it becomes a lead
    folders: tuple[str, ...] = ()  # empty: the inbox and those of sent mail
    credential: Credential | None = None

    def __post_init__(self) -> None:
        if bool(self.url) == bool(self.path):
            raise Unfit("path" if self.path else "", "donnez url ou path, et l’un des deux seulement")
        if bool(self.path) != bool(self.format):
            raise Unfit("path" if self.path else "format", f"path et format vont ensemble (format\u00a0: {' ou '.join(Format)})")
        if self.path and not Path(self.path).is_absolute():
            raise Unfit("path", "ce n’est pas un chemin complet comme /srv/courrier")
        if self.url:
            _check(mail_server.read(self.url, PORTS))
        if self.address and not mail_server.is_address(self.address):
            raise Unfit("address", "ce n’est pas une adresse email")
        if (self.kind == Kind.PERSONAL) != bool(self.user):
            raise Unfit("user" if self.user else "kind", "une boîte personnelle nomme son utilisateur (user), une boîte d’équipe aucun")

    @property
    def own_address(self) -> str:
        name = self.server.user if self.url else ""
        return self.address or (name if mail_server.is_address(name) else "")

    @property
    def server(self) -> MailServer:
        """Of one that is on a server."""
        found = mail_server.read(self.url, PORTS)
        assert found
        return found


def _check(server: MailServer | None) -> None:
    if server is None or not server.user:
        raise Unfit("url", f"ce n’est pas {EXAMPLE}")
    if server.password:
        raise Unfit("url", "le mot de passe n’est pas écrit dans l’adresse\u00a0; donnez password_file ou password_command")
    if server.scheme == "imap" and server.host not in HERE:
        raise Unfit("url", "sans chiffrement seulement vers cet ordinateur\u00a0; écrivez imaps:// ou imap+starttls://")
