"""The text of a mail whatever its form, its attachments, the invitation it brings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gnetics.domain.quoting import quote
from gnetics.mail.reading import charsets, markup
from gnetics.mail.reading.headers import Headers, decoded
from gnetics.mail.reading.parts import Part, children, content_of, source

TEXT, MARKUP = 100_000, 300_000  # characters: of a text that is kept, of HTML that is looked at
_METHOD = re.compile(rb"^METHOD\s*[:;]", re.IGNORECASE | re.MULTILINE)
_OF_A_REPORT = {"message/delivery-status", "message/disposition-notification", "message/feedback-report", "text/rfc822-headers"}

UNPARTED = "Les parties de cet email ne sont pas marquées comme il l’annonce\u00a0: elles sont lues comme un seul texte."
TOO_LONG = "Le texte est trop long\u00a0: la fin n’est pas gardée."


@dataclass(frozen=True)
class Attachment:
    """`name`: "" when it has none. `size`: in bytes."""

    name: str
    content_type: str
    size: int
    _part: Part = field(repr=False, compare=False)

    def content(self) -> bytes:
        """Decoded anew each time: the mail is in memory once."""
        return _whole(self._part)


@dataclass(frozen=True)
class Body:
    text: str
    attachments: tuple[Attachment, ...]
    invitation: bytes | None


def read(message: Part, flaws: list[str]) -> Body:
    reader = _Reader(flaws)
    text = reader.text(message)
    if len(text) > TEXT:
        flaws.append(TOO_LONG)
    return Body(text[:TEXT].strip("\n"), tuple(reader.attachments), reader.invitation)


class _Reader:
    def __init__(self, flaws: list[str]) -> None:
        self.flaws = flaws
        self.attachments: list[Attachment] = []
        self.invitation: bytes | None = None
        self.markup_left = MARKUP

    def text(self, part: Part, wanted: bool = True) -> str:
        """What this part and those below say; not wanted: they are looked at for attachments only."""
        content_type = part.get_content_type()
        if content_type.startswith("multipart/") and not part.is_multipart():
            return self._unparted(part, wanted)
        if content_type == "multipart/alternative":
            return self._best(children(part), wanted)
        if content_type.startswith("multipart/"):
            texts = [self.text(each, wanted) for each in children(part)]
            return "\n".join(each for each in texts if each.strip())
        if content_type in ("text/plain", "text/html") and not _is_file(part):
            return self._said(part, content_type) if wanted else ""
        if content_type == "text/calendar" and self.invitation is None and _asks(part):
            self.invitation = content_of(part)
        elif content_type not in _OF_A_REPORT:
            self.attachments.append(Attachment(_name(part), content_type, len(_whole(part)), part))
        return ""

    def _unparted(self, part: Part, wanted: bool) -> str:
        text = self._said(part, "text/plain") if wanted else ""
        if text.strip():
            self.flaws.append(UNPARTED)
        return text

    def _best(self, versions: list[Part], wanted: bool) -> str:
        """HTML only where the text says nothing."""
        chosen = ""
        for each in sorted(versions, key=lambda version: version.get_content_type() != "text/plain"):
            chosen = self.text(each, wanted and not chosen.strip()) or chosen
        return chosen

    def _said(self, part: Part, content_type: str) -> str:
        charset = _charset(part)
        if not charsets.is_known(charset):
            self.flaws.append(f"Le jeu de caractères {quote(charset)} n’est pas connu\u00a0: des lettres peuvent être fausses.")
        text = charsets.decode(content_of(part), charset)
        if content_type == "text/plain":
            return text
        slimmed = markup.slimmed(text)
        looked_at = slimmed[: self.markup_left]
        self.markup_left -= len(looked_at)
        if len(looked_at) < len(slimmed):
            self.flaws.append(TOO_LONG)
        return markup.text_of(looked_at)


def _is_file(part: Part) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _asks(calendar: Part) -> bool:
    content = content_of(calendar)
    return bool(content.strip() and (calendar.get_param("method") or _METHOD.search(content)))


def _name(part: Part) -> str:
    """Without any folder."""
    if part.get_content_type() == "message/rfc822":
        subjects = [Headers(each).text("subject") for each in children(part)]
        return f"{subjects[0]}.eml" if subjects and subjects[0] else ""
    return re.split(r"[/\\]", decoded(part.get_filename() or ""))[-1]


def _charset(part: Part) -> str:
    return decoded(part.get_content_charset() or "")


def _whole(part: Part) -> bytes:
    """What an enclosed mail is written as, or what a file holds."""
    return b"".join(map(source, children(part))) or content_of(part)
