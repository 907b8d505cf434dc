"""Telephone numbers, read strictly in the region's plan and written nationally."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

from gnetics.domain.folding import visible
from gnetics.domain.quoting import quote
from gnetics.domain.regions import Region
from gnetics.errors import Unreadable

_LABEL = re.compile(r"(?:t[ée]l(?:[ée]phone)?|mobile|portable|fixe|port)\s*[.:]*\s*", re.IGNORECASE)
_EXTENSION = re.compile(r"\s*(?:ext|poste|p|x)\.?\s*[0-9]{1,6}$", re.IGNORECASE)
_SHAPE = re.compile(r"[+(]?[0-9+()\s./–‐‑-]+")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]*)?[eE]\+?[0-9]+")
# the usual writings of most numbers, which phonenumbers takes twenty times longer to read
_FRENCH = re.compile(r"(?:0|\+33[ .-]?|0033[ .-]?)([1-79])" + r"[ .-]?([0-9]{2})" * 4)
_MOST_DIGITS = 15  # of one number, by E.164
_OVERSEAS = {"FR": ("RE", "YT", "GP", "MQ", "GF", "PM")}  # 0262…, 0269…, 0590…, 0596…, 0594…, 0508…: national numbers of another plan
_EXAMPLES = {"FR": "06 12 34 56 78", "CA": "418 555-0123"}


def parse(text: str, region: Region) -> str:
    """E.164 of a valid number."""
    return _forms(text.strip(), region.phone_region)[0]


def forms(text: str, region: Region) -> tuple[str, str]:
    """E.164 of a valid number, and as people write it."""
    return _forms(text.strip(), region.phone_region)


def show(text: str, region: Region) -> str:
    """National writing of a valid number (international for another country's); anything else as it is."""
    try:
        return _forms(text.strip(), region.phone_region)[1]
    except Unreadable:
        return text


@cache
def _french_plan() -> re.Pattern[str]:
    """The national numbers that phonenumbers holds for valid."""
    metadata: Any = phonenumbers.PhoneMetadata.metadata_for_region("FR")
    kinds = (metadata.fixed_line, metadata.mobile, metadata.voip, metadata.uan, metadata.premium_rate, metadata.shared_cost)
    return re.compile("|".join(kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern))


@lru_cache(maxsize=65_536)  # an import reads each number several times
def _forms(text: str, place: str) -> tuple[str, str]:
    """(E.164, as people write it)."""
    if not text.isascii():
        text = re.sub(r"[^\S\n]", " ", visible(text)).strip()  # any space is a plain one
    if place == "FR" and (match := _FRENCH.fullmatch(text)) and _french_plan().fullmatch(digits := "".join(match.groups())):
        return f"+33{digits}", f"0{match[1]} {match[2]} {match[3]} {match[4]} {match[5]}"
    number = _number(text, place)
    written = PhoneNumberFormat.NATIONAL if number.country_code == _code(place) else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, PhoneNumberFormat.E164), phonenumbers.format_number(number, written)


def _number(text: str, place: str) -> PhoneNumber:
    digits = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    if match := _EXTENSION.search(digits[:80]):
        digits = digits[: match.start()]
    if _SCIENTIFIC.fullmatch(digits):
        raise Unreadable(f"Le tableur a remplacé ce numéro par {quote(text)}\u00a0: ressaisissez le numéro complet.")
    if sum(map(str.isdigit, text)) > _MOST_DIGITS and sum(1 for _ in phonenumbers.PhoneNumberMatcher(text[:200], place)) > 1:
        raise Unreadable(f"{quote(text)} contient plusieurs numéros\u00a0: gardez-en un seul.")
    if len(digits) > 64 or not _SHAPE.fullmatch(digits):
        raise Unreadable(f"{quote(text)} n’est pas un numéro de téléphone\u00a0: écrivez par exemple {_example(place)}.")
    for each in (place, *_OVERSEAS.get(place, ())):
        try:
            number = phonenumbers.parse(digits, each)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return number
    raise Unreadable(f"Le numéro {quote(text)} n’est pas valide\u00a0: écrivez par exemple {_example(place)}, ou +{_code(place)}…")


def _example(place: str) -> str:
    return _EXAMPLES.get(place, "+33 6 12 34 56 78")


def _code(place: str) -> int:
    return phonenumbers.country_code_for_region(place) or 33
