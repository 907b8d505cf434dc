"""Sending by the mail server of the settings, over an encrypted connection unless it is this machine's own and asks no password."""

from __future__ import annotations

import io
import re
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from email import policy
from email.generator import BytesGenerator
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from gnetics.errors import GneticsError, MailError
from gnetics.settings import Settings

PORTS = {"smtp": 587, "smtps": 465}
PATIENCE = 10.0  # seconds
HERE = {"localhost", "127.0.0.1", "::1"}
WIRE = policy.compat32.clone(linesep="\r\n", max_line_length=76)  # before Python 3.13 the newer policy loses spaces of subjects


def send(settings: Settings, message: EmailMessage) -> None:
    """To whom its `To` names, from GNETICS_MAIL_FROM; raises MailError when it did not leave, for one of them or all."""
    message["From"] = settings.mail_from
    content = io.BytesIO()
    BytesGenerator(content, mangle_from_=False, policy=WIRE).flatten(message)
    people = [each.addr_spec for each in message["To"].addresses]
    with _server(settings) as server:
        _all_taken(server.sendmail(settings.mail_from, people, content.getvalue()))


def greet(settings: Settings, people: Sequence[str]) -> None:
    """All of `send` but the message: connect, sign in, name the sender and these people; raises MailError."""
    with _server(settings) as server:
        server.ehlo_or_helo_if_needed()
        code, said = server.mail(settings.mail_from)
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, said, settings.mail_from)
        _all_taken({each: answer for each in people if (answer := server.rcpt(each))[0] not in (250, 251)})
        server.rset()


def addresses(text: str) -> list[str]:
    """Those of a setting, separated by commas; raises GneticsError for one that is none. Which exist, the server knows (`greet`)."""
    found = [each.strip() for each in text.split(",") if each.strip()]
    for each in found:
        if not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", each):
            raise GneticsError(f"«\u00a0{each}\u00a0» n’est pas une adresse email.")
    return found


@contextmanager
def _server(settings: Settings) -> Iterator[smtplib.SMTP]:
    """Connected and signed in; what smtplib raises within becomes a MailError."""
    place = urlsplit(settings.smtp_url)
    host, name = place.hostname or "", f"{place.hostname}:{_port(settings.smtp_url)}"
    try:
        server = _connected(place.scheme, host, _port(settings.smtp_url), bool(place.username))
        try:
            if place.username:
                server.login(unquote(place.username), unquote(place.password or ""))
            yield server
        finally:
            with suppress(smtplib.SMTPException, OSError):  # the message has left; how one takes leave changes nothing
                server.quit()
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise MailError(f"Le serveur de courrier {name} {_why(error)}") from error


def _port(url: str) -> int:
    """Raises GneticsError for an address that is none."""
    place = urlsplit(url)
    try:
        port = place.port or PORTS[place.scheme]
    except (KeyError, ValueError):
        port = 0
    if not (port and place.hostname):
        raise GneticsError(
            "GNETICS_SMTP_URL n’est pas compris : écrivez smtp://nom:motdepasse@serveur:587 ou smtps://nom:motdepasse@serveur."
        )
    return port


def _connected(scheme: str, host: str, port: int, with_password: bool) -> smtplib.SMTP:
    trust = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=trust)
    server = smtplib.SMTP(host, port, timeout=PATIENCE)
    if with_password or host not in HERE:
        try:
            server.starttls(context=trust)
        except BaseException:
            server.close()
            raise
    return server


def _all_taken(refused: dict[str, tuple[int, bytes]]) -> None:
    if refused:
        raise smtplib.SMTPRecipientsRefused(refused)


def _why(error: Exception) -> str:
    """Ends « Le serveur de courrier … »."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return "refuse le nom ou le mot de passe."
        case smtplib.SMTPNotSupportedError():
            return "n’offre pas de connexion chiffrée, ou pas de mot de passe."
        case smtplib.SMTPSenderRefused():
            return f"refuse l’expéditeur {error.sender}\u00a0: {_said(error.smtp_error)}"
        case smtplib.SMTPRecipientsRefused():
            return "refuse " + ", ".join(f"{who}\u00a0: {_said(said)}" for who, (_, said) in error.recipients.items())
        case smtplib.SMTPResponseException():
            return f"refuse\u00a0: {_said(error.smtp_error)}"
        case UnicodeError():
            return "ne peut recevoir ni nom, ni mot de passe, ni adresse avec des accents."
        case ssl.SSLCertVerificationError():
            return f"a un certificat qui n’est pas valable ({error.verify_message})."
    return f"ne répond pas ({error or type(error).__name__})."


def _said(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
