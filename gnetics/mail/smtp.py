"""Sending by the mail server of the settings, over an encrypted connection unless it is this machine's own and asks no password."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from gnetics.domain import mail_server
from gnetics.domain.mail_server import HERE, MailServer
from gnetics.errors import GneticsError, MailError
from gnetics.mail import line
from gnetics.mail.composing import wire
from gnetics.settings import Settings

log = logging.getLogger("gnetics.mail")
PATIENCE = 10.0  # seconds
NOT_READ = (
    "GNETICS_SMTP_URL n’est pas compris\u00a0: écrivez smtp://nom:motdepasse@serveur:587 ou smtps://nom:motdepasse@serveur, "
    "les caractères spéciaux du mot de passe comme dans une adresse (%40 pour @, %2F pour /)."
)


def send(settings: Settings, people: Sequence[str], message: EmailMessage) -> None:
    """From GNETICS_MAIL_FROM to these people; whom the server refuses is logged, MailError is raised when it left for nobody."""
    me = sender(settings)
    for name, value in (("From", me), ("To", ", ".join(people))):
        del message[name]  # of an earlier try: a header is set once
        message[name] = value
    with connected(settings) as server:
        if refused := server.sendmail(me, people, wire(message)):
            log.warning("The mail server %s", _why(smtplib.SMTPRecipientsRefused(refused)))


def greet(settings: Settings, people: Sequence[str]) -> None:
    """All of `send` but the message: connect, sign in, name the sender and these people; MailError when one of them is refused."""
    me = sender(settings)
    with connected(settings) as server:
        server.ehlo_or_helo_if_needed()
        code, said = server.mail(me)
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, said, me)
        if refused := {each: answer for each in people if (answer := server.rcpt(each))[0] not in (250, 251)}:
            raise smtplib.SMTPRecipientsRefused(refused)
        server.rset()


def addresses(text: str) -> list[str]:
    """Those of a setting, separated by commas; raises GneticsError for one that is none."""
    found = mail_server.listed(text)
    for each in found:
        if not mail_server.is_address(each):
            raise GneticsError(f"«\u00a0{each}\u00a0» n’est pas une adresse email.")
    return found


def sender(settings: Settings) -> str:
    found = addresses(settings.mail_from)
    if len(found) != 1:
        raise GneticsError("GNETICS_MAIL_FROM doit être une adresse email.")
    return found[0]


def _place(url: str) -> MailServer:
    """Raises GneticsError, which shows nothing of the address: an unescaped password may be anywhere in it."""
    if place := mail_server.read(url):
        return place
    raise GneticsError(NOT_READ)


@contextmanager
def connected(settings: Settings) -> Iterator[smtplib.SMTP]:
    """Connected and signed in; what smtplib raises within becomes a MailError."""
    place = _place(settings.smtp_url)
    try:
        server = _connected(place)
        try:
            if place.user:
                server.login(place.user, place.password)
            yield server
        finally:
            with suppress(smtplib.SMTPException, OSError):  # the message has left; how one takes leave changes nothing
                server.quit()
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise MailError(f"Le serveur de courrier {place.host}:{place.port} {_why(error)}") from error


def _connected(place: MailServer) -> smtplib.SMTP:
    trust = ssl.create_default_context()
    if place.scheme == "smtps":
        return smtplib.SMTP_SSL(place.host, place.port, timeout=PATIENCE, context=trust)
    server = smtplib.SMTP(place.host, place.port, timeout=PATIENCE)
    if place.user or place.host not in HERE:
        try:
            server.starttls(context=trust)
        except BaseException:
            server.close()
            raise
    return server


def _why(error: Exception) -> str:
    """Ends « Le serveur de courrier … »."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return "refuse le nom ou le mot de passe."
        case smtplib.SMTPNotSupportedError():
            return "n’offre pas de connexion chiffrée, ou pas de mot de passe."
        case smtplib.SMTPServerDisconnected() | TimeoutError():
            return "ne répond pas, ou s’interrompt."
        case smtplib.SMTPSenderRefused():
            return f"refuse l’expéditeur {error.sender}\u00a0: {said(error.smtp_error)}"
        case smtplib.SMTPRecipientsRefused():
            return f"refuse {refusals(error.recipients)}"
        case smtplib.SMTPResponseException():
            return f"refuse\u00a0: {said(error.smtp_error)}"
        case UnicodeError():
            return "ne peut recevoir ni nom, ni mot de passe, ni adresse avec des accents."
    return line.why(error)


def refusals(recipients: Mapping[str, tuple[int, bytes | str]]) -> str:
    return ", ".join(f"{who}\u00a0: {said(answer)}" for who, (_, answer) in recipients.items())


def said(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
