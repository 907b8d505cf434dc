"""One mail, read: who wrote what to whom and when, what kind of mail it is, and what of it could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from gnetics.domain.messages import Kind
from gnetics.mail.reading import bodies, forwards, kinds, parts, quoted
from gnetics.mail.reading.bodies import Attachment
from gnetics.mail.reading.bounces import Bounce
from gnetics.mail.reading.headers import Address, Headers

AUTHORED = ("message-id", "date", "from", "to", "cc", "subject")
NO_SENDER = "Cet email n’a pas d’expéditeur."


@dataclass(frozen=True)
class Letter:
    """What is absent is "", None or (); a Message-ID stands in « <…> ».

    `digest`: SHA-256 of its bytes. `references`: the oldest first. `text`: what its author wrote; `quoted`: what was cut from it, signature
    included. `drop_reason`: why it calls for no answer. `about`: our mail that a bounce, a complaint or a receipt tells of.
    `forwarded_from`: whose words a forward brings. `flaws`: what could not be read, in sentences.
    """

    digest: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    sender: Address
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    sent_at: datetime | None
    text: str
    quoted: str
    attachments: tuple[Attachment, ...]
    kind: Kind
    drop_reason: str
    about: str
    bounce: Bounce | None
    invitation: bytes | None
    forwarded_from: Address | None
    flaws: tuple[str, ...]


def read(content: bytes, now: datetime) -> Letter:
    """Never raises: what cannot be read is told by `flaws`."""
    flaws: list[str] = []
    message = parts.parse(content, flaws)
    headers = Headers(message)
    body = bodies.read(message, flaws)
    text = quoted.part(body.text)
    subject = headers.text("subject")
    verdict = kinds.judge(content, message, headers, text.written, body.invitation is not None)
    return Letter(
        digest=_digest(content, headers),
        message_id=next(iter(headers.ids("message-id")), ""),
        in_reply_to=next(iter(headers.ids("in-reply-to")), ""),
        references=headers.ids("references"),
        sender=_sender(headers, flaws),
        reply_to=headers.addresses("reply-to", flaws),
        to=headers.addresses("to", flaws),
        cc=headers.addresses("cc", flaws),
        subject=subject,
        sent_at=headers.date(now, flaws),
        text=text.written,
        quoted=text.quoted,
        attachments=body.attachments,
        kind=verdict.kind,
        drop_reason=verdict.drop_reason,
        about=verdict.about,
        bounce=verdict.bounce,
        invitation=body.invitation,
        forwarded_from=forwards.author(message, subject, text),
        flaws=tuple(dict.fromkeys(flaws)),
    )


def _digest(content: bytes, headers: Headers) -> str:
    """Each mailbox has a copy with lines of its own about the way: they are left out."""
    own = "\n".join(headers.text(name) for name in AUTHORED)
    _, _, body = content.replace(b"\r\n", b"\n").partition(b"\n\n")
    return sha256(own.encode("utf-8", "replace") + b"\n\n" + body.rstrip(b"\n")).hexdigest()


def _sender(headers: Headers, flaws: list[str]) -> Address:
    """Of several authors the first; of none, who sent it for them."""
    found = headers.addresses("from", flaws) or headers.addresses("sender", flaws)
    if found:
        return found[0]
    if not headers.text("from"):
        flaws.append(NO_SENDER)
    return Address(headers.text("from").strip('"'), "")
