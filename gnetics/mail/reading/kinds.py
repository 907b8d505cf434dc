"""What a mail is: written by somebody, or by a machine, and then why nobody has to answer it."""

from __future__ import annotations

import re
from typing import NamedTuple

from gnetics.domain.messages import Kind
from gnetics.domain.quoting import quote
from gnetics.mail.reading import bounces, delivery, notices, opt_out
from gnetics.mail.reading.bounces import Bounce
from gnetics.mail.reading.headers import Headers
from gnetics.mail.reading.parts import Part, walk

_LISTS = {"list-id": "List-Id", "list-post": "List-Post", "mailing-list": "Mailing-List", "x-mailing-list": "X-Mailing-List"}
_ANSWERERS = {"x-autoreply": "X-Autoreply", "x-autorespond": "X-Autorespond", "x-auto-response": "X-Auto-Response"}
_PRECEDENCES = {"bulk", "list", "junk"}
_AUTOMATIC_SUBJECT = re.compile(
    r"(?:réponse automatique|auto(?:matic)?[- ]?(?:reply|response)|absence du bureau|out of (?:the )?office)\b", re.IGNORECASE
)
_REPORTS = {"multipart/report", "message/delivery-status", "message/disposition-notification", "message/feedback-report"}
_DELIVERED = {"delivered", "relayed", "expanded"}


class Verdict(NamedTuple):
    """`drop_reason`: "" for what may call for an answer. `about`: of a report, the Message-ID of our mail; "" where it is not told."""

    kind: Kind
    drop_reason: str = ""
    about: str = ""
    bounce: Bounce | None = None


def judge(content: bytes, message: Part, headers: Headers, written: str, invites: bool) -> Verdict:
    if reported := _reported(content, message, headers):
        return reported
    if invites:  # before what is automatic: calendars say that they are
        return Verdict(Kind.INVITATION)
    if why := _why_automatic(headers):
        return Verdict(Kind.AUTO_REPLY, f"Réponse automatique ({why})")
    if why := _why_list(headers):
        return Verdict(Kind.LIST, f"Liste de diffusion ({why})")
    if opt_out.asked(headers.text("subject"), written):
        return Verdict(Kind.OPT_OUT)
    return Verdict(Kind.MESSAGE)


def _reported(content: bytes, message: Part, headers: Headers) -> Verdict | None:
    """What a server says of a mail of ours."""
    content_types = {part.get_content_type() for part in walk(message)}
    if not (content_types & _REPORTS or bounces.may_be_one(headers)):
        return None
    notice = notices.read(message)
    if "message/feedback-report" in content_types:
        return Verdict(Kind.COMPLAINT, "Plainte\u00a0: le destinataire a classé notre email comme indésirable", notice.about)
    if "message/disposition-notification" in content_types:
        return Verdict(Kind.RECEIPT, "Accusé de lecture", notice.about)
    statuses = delivery.statuses(message)
    if statuses and {each.action for each in statuses} <= _DELIVERED:
        return Verdict(Kind.RECEIPT, "Accusé de remise", notice.about)
    if bounce := bounces.recognise(content, headers, statuses, notice):
        return Verdict(Kind.BOUNCE, _told(bounce), notice.about, bounce)
    return None


def _told(bounce: Bounce) -> str:
    what = "Rejet définitif de" if bounce.final else "Remise retardée à"
    return f"{what} {', '.join(bounce.failed) or 'destinataire non précisé'}\u00a0: {bounce.reason}"


def _why_automatic(headers: Headers) -> str:
    if headers.text("auto-submitted").partition(";")[0].strip().lower() not in ("", "no"):
        return "Auto-Submitted"
    if found := next((_ANSWERERS[name] for name in _ANSWERERS if headers.text(name).lower() not in ("", "no")), ""):
        return found
    if headers.text("precedence").lower() == "auto_reply":
        return "Precedence"
    if headers.text("return-path") == "<>":
        return "Return-Path vide"
    return f"objet {quote(headers.text('subject'))}" if _AUTOMATIC_SUBJECT.match(headers.text("subject")) else ""


def _why_list(headers: Headers) -> str:
    """A mail with a way out of a list is of one, unless it answers another mail."""
    if found := next((_LISTS[name] for name in _LISTS if name in headers), ""):
        return found
    if headers.text("precedence").lower() in _PRECEDENCES:
        return "Precedence"
    return "List-Unsubscribe" if "list-unsubscribe" in headers and "in-reply-to" not in headers else ""
