"""Headers of a mail: each is decoded on its own, and what is wrong with one spoils no other."""

from __future__ import annotations

import re
from binascii import Error
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from gnetics.domain.folding import visible
from gnetics.domain.quoting import quote
from gnetics.mail.reading import charsets

OLDEST, AHEAD = datetime(1990, 1, 1, tzinfo=UTC), timedelta(days=2)
PEOPLE, REFERENCES = 500, 100
LONGEST = 1_000  # characters of a decoded line
_BLANK = re.compile("[\0-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_WORD = r"=\?[^?\s]+\?[bq]\?[^?]*\?="
_WORDS = re.compile(rf"{_WORD}(?:\s*{_WORD})*", re.IGNORECASE)
_ID = re.compile(r"<([^<>]+)>")
_ADDRESS = re.compile(r"[^\s<>@,;:\"()]{1,128}@[^\s<>@,;:\"()]{1,255}")


@dataclass(frozen=True)
class Address:
    """`address` is "" when only a name could be read."""

    name: str
    address: str


class Headers:
    """Those of a mail, by their names in lower case."""

    def __init__(self, message: Message) -> None:
        self._raw: dict[str, list[str]] = {}
        for name, value in message.items():
            self._raw.setdefault(name.lower(), []).append(value)

    def __contains__(self, name: str) -> bool:
        return name in self._raw

    def text(self, name: str) -> str:
        """The first of this name, decoded, on one line; "" when there is none."""
        return decoded(self._raw[name][0])[:LONGEST] if name in self._raw else ""

    def addresses(self, name: str, flaws: list[str]) -> tuple[Address, ...]:
        found = [each for value in self._raw.get(name, ()) for each in addresses_in(value)]
        if not found and self.text(name) and not re.search(r":\s*;", self.text(name)):  # « undisclosed-recipients:; » is nobody
            flaws.append(f"L’en-tête «\u00a0{name.title()}\u00a0» ne contient aucune adresse lisible\u00a0: {quote(self.text(name))}.")
        return tuple(found[:PEOPLE])

    def ids(self, name: str) -> tuple[str, ...]:
        """Each « <…> », in their order; the last ones where they are many."""
        text = " ".join(decoded(each) for each in self._raw.get(name, ()))
        found = [re.sub(r"\s", "", each) for each in _ID.findall(text)] or [each for each in text.split() if "@" in each]
        return tuple(dict.fromkeys(f"<{each}>" for each in found if each))[-REFERENCES:]

    def date(self, now: datetime, flaws: list[str]) -> datetime | None:
        """None for one that cannot be read, or be right."""
        said = self.text("date")
        try:
            found = parsedate_to_datetime(said)
        except (ValueError, TypeError, IndexError, OverflowError):
            if said:
                flaws.append(f"La date {quote(said)} ne peut pas être lue.")
            return None
        found = found if found.tzinfo else found.replace(tzinfo=UTC)  # « -0000 »: UTC, from an unknown place
        if OLDEST <= found <= now + AHEAD:
            return found
        flaws.append(f"La date {quote(said)} ne peut pas être juste.")
        return None


def decoded(raw: str) -> str:
    """On one line: no name or subject can bring a header of its own into what we write."""
    text = raw.encode("utf-8", "surrogateescape") if not raw.isascii() else b""
    plain = charsets.decode(text, "utf-8") if text else raw
    return _BLANK.sub(" ", _WORDS.sub(_decoded_words, plain)).strip()


def _decoded_words(words: re.Match[str]) -> str:
    try:
        pieces = decode_header(words[0])
    except (HeaderParseError, Error, ValueError):
        return words[0]
    return "".join(charsets.decode(each, charset or "") if isinstance(each, bytes) else each for each, charset in pieces)


def addresses_in(value: str) -> list[Address]:
    try:
        found = getaddresses([value])
    except (RecursionError, ValueError, IndexError):  # of thousands of brackets; of a quote that ends nowhere
        found = [("", each) for each in _ADDRESS.findall(value)]
    read = ((decoded(name)[:LONGEST], visible(decoded(address))) for name, address in found)
    return [Address(name, address) for name, address in read if _ADDRESS.fullmatch(address)]
