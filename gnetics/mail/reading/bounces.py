"""Whether a mail says that one of ours did not arrive: at whom, for good or not yet, and why."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import NamedTuple

from flufl.bounce import all_failures

from gnetics.mail.reading import delivery, parts
from gnetics.mail.reading.delivery import Status
from gnetics.mail.reading.headers import Headers
from gnetics.mail.reading.notices import ADDRESS, Notice

logging.getLogger("flufl.bounce").disabled = True  # it logs tracebacks of mails without a sender

LOOKED_AT = 50_000  # bytes
_LONG_LINE = re.compile(rb"([^\n]{400})[^\n]+")  # flufl's patterns take the square of it
_DAEMON = re.compile(
    r"mailer[-_. ]?daemon|post?ostmaster|postmaster|mail delivery|(?:ndr|mail) administrator|mail[-_]?(?:system|daemon|failer)"
    r"|administrateur système",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    "|".join(
        (
            r"undeliver|deliver\w* (?:status|fail|error|problem|report)|delivery notification|nondelivery|not delivered",
            r"returned|rejected|(?:fail|error)\w*[ _-]*(?:notice|notification|deliver|mail|message)|mail (?:system error|delivery)",
            r"mail (?:could not|failure)|could ?n.t be delivered|message status|warning: could not send|unzustellbar|zustellung",
            r"non[- ]?(?:remis|distribu|d[ée]livr)|[ée]chec (?:de la )?(?:remise|distribution|livraison)",
            r"retourn[ée]|remise impossible|rejet",
        )
    ),
    re.IGNORECASE,
)
_FAILED = re.compile(
    "|".join(
        (
            r"\b[45]\.\d{1,3}\.\d{1,3}\b|\b[45]\d\d[ -]|undeliverable|user unknown|unknown user|no valid recipients|envelope expired",
            r"could ?n.t be delivered|could not be delivered|unable to deliver|has not been (?:yet )?delivered|did not reach",
            r"delivery failure|failed|fatal error|an error|does not exist|not listed",
            r"n.a pas pu [êe]tre|introuvable|impossible de (?:remettre|livrer|distribuer)",
        )
    ),
    re.IGNORECASE,
)
_FOR_NOW = re.compile(r"\b4\.\d{1,3}\.\d{1,3}\b|\bdelay|warning message only|will be retried|retard|temporar", re.IGNORECASE)
_FOR_GOOD = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b|\b55\d\b", re.IGNORECASE)


@dataclass(frozen=True)
class Bounce:
    """`failed`: addresses. `final`: nothing more is tried."""

    failed: tuple[str, ...]
    final: bool
    reason: str


def recognise(content: bytes, headers: Headers, reported: list[Status], notice: Notice) -> Bounce | None:
    """For a mail that may be one; `reported`: by a report it brings."""
    if not (reported or _SUBJECT.search(headers.text("subject")) or _FAILED.search(notice.said)):
        return None
    failure = _reported(reported) or _detected(content) or _told(headers, notice, structured=bool(reported))
    if failure is None:
        return None
    told = next((each for each in reported if each.address in failure.addresses), None)
    reason = delivery.why(told.status if told else "", told.diagnostic if told else "", notice.said)
    return Bounce(tuple(sorted(failure.addresses)), failure.final, reason)


def may_be_one(headers: Headers) -> bool:
    """By who sends it: people write of rejected orders and returned parcels, and absent ones name addresses."""
    if headers.text("return-path") == "<>" and _SUBJECT.search(headers.text("subject")):
        return True
    return not headers.addresses("from", []) or bool(_DAEMON.search(headers.text("from") + headers.text("return-path")))


class _Failure(NamedTuple):
    final: bool
    addresses: set[str]


def _reported(reported: list[Status]) -> _Failure | None:
    for action, final in (("failed", True), ("delayed", False)):
        if addresses := {each.address for each in reported if each.action == action and each.address}:
            return _Failure(final, addresses)
    return None


def _detected(content: bytes) -> _Failure | None:
    notice = parts.parse(_LONG_LINE.sub(rb"\1", content[:LOOKED_AT]), [])
    try:
        later, never = all_failures(notice)
    except (LookupError, TypeError, ValueError, RecursionError):  # a From without address, a charset in two parts, brackets by the thousand
        return None
    for found, final in ((never, True), (later, False)):
        if addresses := {address for each in found if ADDRESS.fullmatch(address := each.decode("ascii", "replace"))}:
            return _Failure(final, addresses)
    return None


def _told(headers: Headers, notice: Notice, structured: bool) -> _Failure | None:
    """By what all bounces share, where no format is known."""
    if not (structured or (_SUBJECT.search(headers.text("subject")) and _FAILED.search(notice.said))):
        return None
    ours = {each.address for name in ("to", "from", "return-path") for each in headers.addresses(name, [])}
    named = set(ADDRESS.findall(notice.said)) - ours
    final = not _FOR_NOW.search(notice.said) or bool(_FOR_GOOD.search(notice.said))
    return _Failure(final, named & notice.sent_to or named or notice.sent_to)
