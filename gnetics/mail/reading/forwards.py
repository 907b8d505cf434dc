"""Whose words a forward brings: the author named at its head, or the sender of the mail it encloses."""

from __future__ import annotations

import re

from gnetics.mail.reading import headings
from gnetics.mail.reading.headers import Address, Headers, addresses_in
from gnetics.mail.reading.parts import Part, children, walk
from gnetics.mail.reading.quoted import Parted

_SUBJECT = re.compile(r"(?:fwd?|tr|wg|i)\s*:", re.IGNORECASE)


def author(message: Part, subject: str, text: Parted) -> Address | None:
    """None for what is no forward, or says not whose it is."""
    page = headings.page(text.quoted.split("\n"))
    forward = bool(_SUBJECT.match(subject)) or page.forwarded()
    if not forward and text.written.strip():
        return None
    if block := page.first_block() if forward or page.titled() else None:
        found = addresses_in(block.fields["from"])
        return found[0] if found else None
    return _of_enclosed(message) if forward else None


def _of_enclosed(message: Part) -> Address | None:
    enclosed = (children(part) for part in walk(message) if part.get_content_type() == "message/rfc822")
    first = next((each[0] for each in enclosed if each), None)
    senders = Headers(first).addresses("from", []) if first else ()
    return senders[0] if senders else None
