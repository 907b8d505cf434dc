"""A mail as it is sent: its headers, its thread, its bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.charset import QP, Charset
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message
from email.utils import format_datetime, formataddr, make_msgid
from typing import Any

from gnetics.store.people.writers import Writer

WIRE = policy.compat32.clone(linesep="\r\n", max_line_length=76)  # before Python 3.13 the newer policy loses spaces of subjects
TEXT = Charset("utf-8")
TEXT.body_encoding = QP  # readable in a source, and lines are short
ANSWER = re.compile(r"\s*(?:re|rép|aw)\s*:", re.IGNORECASE)


@dataclass(frozen=True)
class Draft:
    """What somebody writes: addresses, a subject, the whole text, signature included."""

    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str

    @property
    def recipients(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.to, *self.cc)))


def new_id(writer: Writer) -> str:
    return make_msgid("gnetics", writer.address.rpartition("@")[2])


def answer_subject(subject: str | None) -> str:
    return subject or "" if ANSWER.match(subject or "") else f"Re: {subject or ''}".strip()


@dataclass(frozen=True)
class Invitation:
    """An iCalendar text, and what is asked by it: REQUEST or CANCEL."""

    method: str
    calendar: str


def composed(
    writer: Writer,
    draft: Draft,
    message_id: str,
    at: datetime,
    answered: Sequence[str] = (),
    unsubscribe: str | None = None,
    invitation: Invitation | None = None,
) -> bytes:
    """`answered`: Message-IDs of the thread, the oldest first.

    `unsubscribe`: for what nobody pressed send for, an address of the web; "" when we have none, and a mail says it.
    """
    message: Message[Any, Any] = Message()  # a header may be one that folds itself
    if invitation is None:
        message.set_payload(draft.text, TEXT)
    else:
        message["Content-Type"] = "multipart/alternative"
        for text, kind in ((draft.text, "text/plain"), (invitation.calendar, "text/calendar")):
            part: Message[Any, Any] = Message()
            part.set_payload(text, TEXT)
            part.set_type(kind)
            message.attach(part)
        part.set_param("method", invitation.method)
    message["From"] = formataddr((writer.shown_name, writer.address))
    message["To"] = ", ".join(draft.to)
    if draft.cc:
        message["Cc"] = ", ".join(draft.cc)
    message["Subject"] = Header(draft.subject, None if draft.subject.isascii() else "utf-8", header_name="Subject")
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    if answered:
        message["In-Reply-To"] = answered[-1]
        message["References"] = " ".join(dict.fromkeys(answered))
    if unsubscribe is not None:
        message["Auto-Submitted"] = "auto-generated"
        by_mail = f"<mailto:{writer.address}?subject=unsubscribe>"
        message["List-Unsubscribe"] = f"<{unsubscribe}>, {by_mail}" if unsubscribe else by_mail
    if unsubscribe:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return wire(message)


def written_in(content: bytes) -> Draft:
    """What somebody wrote, from the bytes that `composed` made of it."""
    message = message_from_bytes(content, policy=policy.default)
    to, cc = (tuple(each.addr_spec for each in message[name].addresses) if name in message else () for name in ("To", "Cc"))
    written = message.get_body(("plain",))
    assert written is not None
    return Draft(to, cc, str(message["Subject"] or ""), written.get_content().replace("\r\n", "\n"))


def wire(message: Message) -> bytes:
    content = io.BytesIO()
    BytesGenerator(content, mangle_from_=False, policy=WIRE).flatten(message)
    return content.getvalue()
