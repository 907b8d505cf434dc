"""One mail handed to the mail server, and what is known of it afterwards."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from gnetics.errors import MailError
from gnetics.mail import smtp
from gnetics.settings import REAL_SENDING, Settings
from gnetics.store.crm import Crm

CUT = "La connexion s’est interrompue pendant l’envoi\u00a0: rien ne dit si le message est parti."


class Fate(Enum):
    """LATER: nothing left, and it may be tried again. UNKNOWN: it may have left."""

    SENT = auto()
    REFUSED = auto()
    LATER = auto()
    UNKNOWN = auto()


@dataclass(frozen=True)
class Delivery:
    """`said`: in French, what the server answered; of a mail that left, whom it refused."""

    fate: Fate
    said: str = ""


def leaves(crm: Crm) -> bool:
    """Whether anything does: nothing from the demo, nor until the settings say so."""
    return crm.kind == "real" and crm.settings.mail_sending == REAL_SENDING


def deliver(settings: Settings, sender: str, recipients: Sequence[str], content: bytes) -> Delivery:
    try:
        with smtp.connected(settings) as server:
            return _hand_over(server, sender, recipients, content)
    except MailError as error:  # before anything was handed over
        return Delivery(Fate.LATER, str(error))


def _hand_over(server: smtplib.SMTP, sender: str, recipients: Sequence[str], content: bytes) -> Delivery:
    server.ehlo_or_helo_if_needed()
    code, said = server.mail(sender)
    if code != 250:
        return _refusal(code, said)
    answers = {each: server.rcpt(each) for each in recipients}
    refused = {who: answer for who, answer in answers.items() if answer[0] not in (250, 251)}
    if len(refused) == len(answers):
        code, said = min(refused.values())
        return _refusal(code, said)
    try:
        code, said = server.data(content)
    except smtplib.SMTPDataError as error:  # it did not want the content
        return _refusal(error.smtp_code, error.smtp_error)
    except (smtplib.SMTPException, OSError):
        return Delivery(Fate.UNKNOWN, CUT)
    return Delivery(Fate.SENT, smtp.refusals(refused)) if code == 250 else _refusal(code, said)


def _refusal(code: int, said: bytes | str) -> Delivery:
    return Delivery(Fate.LATER if 400 <= code < 500 else Fate.REFUSED, f"Le serveur de courrier refuse\u00a0: {code} {smtp.said(said)}")
