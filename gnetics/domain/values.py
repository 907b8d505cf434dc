"""Reading, showing and storing the value of a field, by kind; the only place that knows the kinds."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from gnetics.domain import dates, emails, money, phones
from gnetics.domain.fields import Kind
from gnetics.domain.folding import fold, visible
from gnetics.domain.quoting import quote
from gnetics.domain.regions import Region
from gnetics.domain.statuses import LABELS
from gnetics.errors import Unreadable

_STATUS_BY_FOLD = {fold(label): label for label in LABELS}
_WORDS = frozenset({"tags", "status", "choice"})
_PERCENT = re.compile(r"([0-9]{1,6})(?:[.,]0+)?\s*%?")
# Nothing can show them, and a database or a workbook refuses some: controls except line ends and tabs, lone surrogates.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff\ufffe\uffff]")


def storable(text: str) -> str:
    """The text without what no database holds: the zero character, halves of characters."""
    return _UNSTORABLE.sub("", text)


def clean(text: str, lines: bool = False) -> str:
    """Text as it may be kept: composed accents, no control character, trimmed; on one line unless `lines`."""
    if not text.isprintable() or not unicodedata.is_normalized("NFC", text):
        text = _UNWANTED.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
        if not lines:
            text = re.sub(r"[\n\t]+", " ", text)
    return text.strip()


def status(text: str) -> str:
    """The table's own spelling when case and accents are all that differ; else the text as it is."""
    return _STATUS_BY_FOLD.get(fold(text), text)


def _percent(text: str, what: str) -> int:
    match = _PERCENT.fullmatch(text)
    if not match:
        raise Unreadable(f"{quote(text)} n’est pas {what} valable\u00a0: indiquez un nombre entier de 0 à 100.")
    if int(match[1]) > 100:
        raise Unreadable(f"{quote(text)} dépasse 100\u00a0: indiquez un nombre entier de 0 à 100.")
    return int(match[1])


def tags(text: str) -> str:
    """Each tag once, whatever its case and accents, separated by commas."""
    kept: dict[str | None, str] = {}
    for tag in re.split(r"[,;\n]", text):
        if tag.strip():
            kept.setdefault(fold(tag), " ".join(tag.split()))
    return ", ".join(kept.values())


def choice(text: str, choices: Sequence[str]) -> str:
    """The one of the choices that is meant, whatever its case and accents; raises Unreadable, naming them."""
    for each in choices:
        if fold(each) == fold(text):
            return each
    raise Unreadable(f"{quote(text)} n’est pas prévu\u00a0: choisissez parmi {', '.join(choices)}.")


def parse(kind: Kind, text: str, region: Region, choices: Sequence[str] = ()) -> Any:
    """The value of what was typed, None when blank; raises Unreadable with its sentence.

    An email or a phone stays as typed, save for what cannot be seen and what stands around an address: its validity is a check, so
    a wrong one can be kept and mended.
    """
    text = clean(text, lines=kind in ("long_text", "tags"))
    seen = visible(text).strip()
    if not seen:
        return None
    if kind in ("text", "long_text"):
        return text
    if kind not in _WORDS:
        text = seen
    if kind == "money":
        return money.parse(text, region)
    if kind == "date":
        return dates.parse(text, region)
    if kind == "percent":
        return _percent(text, "une probabilité")
    if kind == "score":
        return _percent(text, "un score")
    if kind == "status":
        return status(text)
    if kind == "tags":
        return tags(text) or None
    if kind == "choice":
        return choice(text, choices)
    return emails.bare(text) if kind == "email" else text


def is_missing(value: Any) -> bool:
    """None, NaN, NaT or NA: what an absent value is in a frame or a row."""
    if isinstance(value, str):
        return False
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and math.isnan(value)


def text_of(row: Mapping[str, Any], key: str) -> str:
    """The text of a field of a row, trimmed; "" when missing."""
    value = row.get(key)
    if value.__class__ is str:  # nearly always, of millions of values
        return value.strip()
    return "" if is_missing(value) else str(value).strip()


def show(kind: Kind, value: Any, region: Region) -> str:
    """The value as the region writes it; "" when missing. What it shows, `parse` reads back."""
    if is_missing(value):
        return ""
    if kind == "money":
        return money.show(int(value), region)
    if kind == "date":
        return dates.show(value, region)
    if kind == "percent":
        return f"{int(value)}\u00a0%"
    if kind == "score":
        return str(int(value))
    if kind == "phone":
        return phones.show(value, region)
    return str(value)


def encode(kind: Kind, value: Any) -> str | None:
    """Canonical text for the history: ISO day, cents, percent; the same in every region."""
    if is_missing(value):
        return None
    if kind == "date":
        return date(value.year, value.month, value.day).isoformat()
    if kind in ("money", "percent", "score"):
        return str(int(value))
    return str(value)


def decode(kind: Kind, text: str | None) -> Any:
    """The value `encode` wrote."""
    if text is None:
        return None
    if kind == "date":
        return date.fromisoformat(text)
    if kind in ("money", "percent", "score"):
        return int(text)
    return text
