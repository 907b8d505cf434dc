"""A real mail server on this machine that keeps what it takes, with a certificate of its own if asked."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.served import free_port

HOST, NAME, PASSWORD = "127.0.0.1", "crm@exemple.fr", "mot:de/passe @ %C3"
UNKNOWN = "inconnu@exemple.fr"


@dataclass
class Box:
    """`taken` are (sender, recipients, content) in order; `port` is where the server listens."""

    port: int
    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if address == UNKNOWN:
            return "550 5.1.1 utilisateur inconnu"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.taken.append((str(envelope.mail_from), list(envelope.rcpt_tos), envelope.content))
        return "250 OK"


def _known(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == (NAME, PASSWORD)
    return AuthResult(success=good, handled=False)


@contextmanager
def mail_server(authority: trustme.CA | None = None, at_once: bool = False, box: Callable[[int], Box] = Box) -> Iterator[Box]:
    """With an authority it is encrypted, `at_once` or by STARTTLS, and asks for NAME and PASSWORD; else neither."""
    taking = box(free_port())
    options: dict[str, Any] = {}
    if authority:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(HOST).configure_cert(context)
        options = {"authenticator": _known, "auth_required": True, "auth_require_tls": not at_once}
        options |= {"ssl_context": context} if at_once else {"tls_context": context, "require_starttls": True}
    controller = Controller(taking, HOST, taking.port, **options)
    controller.start()
    try:
        yield taking
    finally:
        controller.stop()
