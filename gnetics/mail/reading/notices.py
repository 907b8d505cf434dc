"""What a notice of a server says, apart from the mail of ours that it returns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gnetics.mail.reading import charsets, markup
from gnetics.mail.reading.parts import Part, content_of, source, walk

LONGEST = 50_000  # characters
ADDRESS = re.compile(r"[A-Za-z0-9._%+=/'-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.)+[A-Za-z]{2,24}")
_RETURNED = re.compile(
    r"^(?:>?\s*received:|return-path:|message-id:"
    r"|.{0,30}(?:original|unsent|returned|copy of (?:your|the)|message headers follow|message d.origine).{0,40}$)",
    re.IGNORECASE | re.MULTILINE,
)
_TO = re.compile(r"^to:[^\n]*", re.IGNORECASE | re.MULTILINE)
_ID = re.compile(r"^(?:original-)?message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Notice:
    said: str
    returned: str

    @property
    def about(self) -> str:
        """The Message-ID of our mail; "" where it is not told."""
        found = _ID.search(self.returned)
        return found[1] if found else ""

    @property
    def sent_to(self) -> set[str]:
        return {address for line in _TO.findall(self.returned) for address in ADDRESS.findall(line)}


def read(message: Part) -> Notice:
    said: list[str] = []
    returned: list[str] = []
    for part in walk(message):
        content_type = part.get_content_type()
        if content_type in ("message/rfc822", "message/disposition-notification") and part is not message:
            returned.append(charsets.decode(source(part)[:LONGEST], "utf-8"))
        elif content_type == "text/rfc822-headers":
            returned.append(charsets.decode(content_of(part)[:LONGEST], "utf-8"))
        elif content_type in ("text/plain", "text/html") and len(said) < 3:
            text = charsets.decode(content_of(part), part.get_content_charset() or "")[:LONGEST]
            text = markup.text_of(text) if content_type == "text/html" else text
            start = None if said else _RETURNED.search(text, 40)
            said.append(text[: start.start()] if start else text)
            returned.append(text[start.start() :] if start else "")
    return Notice("\n".join(said), "\n".join(returned))
