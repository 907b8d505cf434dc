"""Mails to who looks after the CRM, GNETICS_ALERTS_TO."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from gnetics.errors import GneticsError
from gnetics.mail import smtp
from gnetics.operations.finding import Finding
from gnetics.settings import Settings
from gnetics.store.crm import Crm

log = logging.getLogger("gnetics.worker")
SUBJECT = "Courrier"
NONE = "aucune alerte n’est envoyée\u00a0: GNETICS_ALERTS_TO est vide"
INCOMPLETE = "GNETICS_ALERTS_TO demande aussi GNETICS_SMTP_URL et GNETICS_MAIL_FROM"


def alert(settings: Settings, what: str, lines: list[str], now: datetime, about: str) -> bool:
    """Whether it left for somebody, which it does not without addresses; raises MailError, or GneticsError for settings that are wrong.

    The same `about` gives the same Message-ID: sent twice by a worker that died in between, it is shown once by many programs.
    """
    people = _people(settings)
    if not people:
        return False
    message = EmailMessage()
    message["Subject"] = f"CRM GNETICS\u00a0: {what}"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<gnetics-{about}@{smtp.sender(settings).rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join([*lines, "", "-- ", "CRM GNETICS, message automatique"]))
    smtp.send(settings, people, message)
    return True


def alarm(crm: Crm, what: str, lines: Sequence[str], about: str) -> None:
    """As `alert`, of what a log says all the same: a mail server that fails is only logged."""
    try:
        alert(crm.settings, what, list(lines), crm.clock.now(), about)
    except GneticsError as error:
        log.warning(error)


def mail_finding(settings: Settings) -> Finding:
    """Whether an alert would leave: all of sending one is done but the message."""
    try:
        people = _people(settings)
        if not people:
            return Finding(SUBJECT, True, NONE)
        smtp.greet(settings, people)
    except GneticsError as error:
        return Finding(SUBJECT, False, str(error))
    return Finding(SUBJECT, True, f"alertes à {', '.join(people)}")


def _people(settings: Settings) -> list[str]:
    people = smtp.addresses(settings.alerts_to)
    if people and not (settings.smtp_url and settings.mail_from):
        raise GneticsError(INCOMPLETE)
    return people
