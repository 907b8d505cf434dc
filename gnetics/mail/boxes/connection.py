"""A connection to the IMAP server of a mailbox: signed in, and encrypted unless the server is this machine's own."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from imaplib import IMAP4

from imap_tools import BaseMailBox, ImapToolsError, MailboxLoginError, MailBoxUnencrypted
from imap_tools import MailBox as MailBoxTls

from gnetics.domain.quoting import quote
from gnetics.errors import GneticsError, MailError
from gnetics.mail import line
from gnetics.settings.credentials import WAYS, Credential
from gnetics.settings.mailbox import MailBox

PATIENCE = 20.0  # seconds
FAILURES = (IMAP4.error, ImapToolsError, OSError, ValueError)  # the last one for names of folders that are no modified UTF-7


class SignInRefused(MailError):
    """The server does not take this name with this secret."""


def connect(box: MailBox) -> BaseMailBox:
    """MailError says why not, also when there is no secret; a token that is refused is asked for once more, since it lives an hour."""
    credential = box.credential
    if credential is None:
        raise MailError(f"La boîte {quote(box.name)} n’a pas de secret\u00a0; donnez {', '.join(WAYS)}.")
    try:
        return _signed_in(box, credential, _obtained(credential.obtain))
    except SignInRefused:
        if not credential.is_token:
            raise
    return _signed_in(box, credential, _obtained(credential.renew))


def _obtained(way: Callable[[], str]) -> str:
    """Where it leads to nothing, this mailbox cannot be read: others can."""
    try:
        return way()
    except GneticsError as error:
        raise MailError(str(error)) from error


def leave(server: BaseMailBox) -> None:
    """What was asked is answered: how one takes leave changes nothing."""
    with suppress(*FAILURES):
        server.logout()
    with suppress(OSError):
        server.client.shutdown()  # when the line is cut, logout leaves it open


@contextmanager
def told(box: MailBox) -> Iterator[None]:
    """What the server, or the line to it, does wrong within becomes a MailError."""
    try:
        yield
    except FAILURES as error:
        raise MailError(f"{_server(box)} {_why(error)}") from error


def _why(error: Exception) -> str:
    """Ends « Le serveur de courrier … »."""
    match error:
        case IMAP4.abort() if "TLS not supported" in str(error):
            return "n’offre pas de connexion chiffrée."
        case IMAP4.abort() | BrokenPipeError() | ConnectionAbortedError() | ConnectionResetError() | TimeoutError():
            return "ne répond pas, ou s’interrompt."
    return line.why(error)


def _signed_in(box: MailBox, credential: Credential, secret: str) -> BaseMailBox:
    with told(box):
        server = _connected(box)
        try:
            _sign_in(server, box.server.user, credential, secret)
        except BaseException as error:
            leave(server)
            if isinstance(error, IMAP4.error | MailboxLoginError) and not isinstance(error, IMAP4.abort):
                raise SignInRefused(f"{_server(box)} {_refusal(str(error), credential)}") from error
            raise
    return server


def _connected(box: MailBox) -> BaseMailBox:
    place, trust = box.server, ssl.create_default_context()
    if place.scheme == "imaps":
        return MailBoxTls(place.host, place.port, timeout=PATIENCE, ssl_context=trust)
    server = MailBoxUnencrypted(place.host, place.port, timeout=PATIENCE)
    if place.scheme == "imap+starttls":  # MailBoxStartTls leaves its connection open when this fails
        try:
            server.client.starttls(trust)
        except BaseException:
            leave(server)
            raise
    return server


def _sign_in(server: BaseMailBox, user: str, credential: Credential, secret: str) -> None:
    if credential.is_token:
        server.xoauth2(user, secret, initial_folder=None)
    elif f"{user}{secret}".isascii():
        server.login(user, secret, initial_folder=None)
    else:
        server.login_utf8(user, secret, initial_folder=None)


def _refusal(said: str, credential: Credential) -> str:
    """In the server's words when it gives a reason of its own, such as too many connections."""
    if re.search(r"\[(?!AUTHENTICATIONFAILED)[A-Z]", said):
        return f"refuse\u00a0: {said}"
    return f"refuse le nom ou le {'jeton' if credential.is_token else 'mot de passe'}."


def _server(box: MailBox) -> str:
    return f"Boîte {quote(box.name)}\u00a0: le serveur de courrier {box.server.host}:{box.server.port}"
