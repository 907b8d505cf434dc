"""Bytes as text by the charset they are said to be in, else by the one they must be in."""

from __future__ import annotations

import codecs
import re
from codecs import CodecInfo

# what a mail that says so is mostly in: UTF-8 when it can be, else Windows' superset of Latin-1
_WESTERN = {"ascii", "iso8859-1", "cp1252"}
_UNFIT = {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"}  # Python's own: slow, or no charset of a mail
_UNSEEN = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")  # controls, and halves of characters that no database takes


def is_known(charset: str) -> bool:
    return not charset or _codec(charset) is not None


def decode(content: bytes, charset: str) -> str:
    """Never raises; lines end with « \\n »."""
    return _UNSEEN.sub("", _decoded(content, charset).replace("\r\n", "\n").replace("\r", "\n"))


def _decoded(content: bytes, charset: str) -> str:
    codec = _codec(charset)
    said = codec.name if codec and codec.name not in _WESTERN else ""
    for name in (said, "utf-8") if said else ("utf-8",):
        try:
            return content.decode(name)
        except UnicodeError:
            continue
    if said and (text := _mostly(content, said)):
        return text
    return content.decode("cp1252", "replace")


def _mostly(content: bytes, charset: str) -> str:
    """Where a few bytes are wrong the rest is kept; "" where it is another charset."""
    text = content.decode(charset, "replace")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return text if text.count("\ufffd") * 5 < beyond else ""


def _codec(charset: str) -> CodecInfo | None:
    try:
        found = codecs.lookup(charset)
        b" ".decode(charset, "ignore")  # refuses « base64 », which is no charset
    except (LookupError, ValueError, UnicodeError):
        return None
    return None if found.name in _UNFIT else found
