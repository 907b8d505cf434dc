"""Telephone numbers, read strictly in the region's plan and written nationally."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache, lru_cache
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

from gnetics.domain.folding import visible
from gnetics.domain.quoting import quote
from gnetics.domain.regions import Region
from gnetics.errors import Unreadable

_LABEL = re.compile(r"(?:t[ée]l(?:[ée]phone)?|mobile|portable|fixe|port)\s*[.:]*\s*|[^\W\d_][^\d:+(]{0,30}:\s*", re.IGNORECASE)
_REMARK = re.compile(r"\s*\([^()0-9]{1,30}\)$")  # « (bureau) »
_EXTENSION = re.compile(r"\s*(?:ext|extension|poste|p|x)\.?\s*:?\s*[0-9]{1,6}$", re.IGNORECASE)
_SHAPE = re.compile(r"[+(]?[0-9+()\s./_–‐‑-]+")
_BETWEEN = re.compile(r"\s*(?::::|[;,|\n]|\s/\s|\s(?:ou|or|et|and|puis)\s)\s*", re.IGNORECASE)  # two numbers of one cell
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]*)?[eE]\+?[0-9]+")
# the usual writings of most numbers, which phonenumbers takes twenty times longer to read
_FRENCH = re.compile(r"(?:0|\+33[ .-]?|0033[ .-]?)([1-79])" + r"[ .-]?([0-9]{2})" * 4)
_FRENCH_E164 = re.compile(r"\+33[0-9]{9}")
_MOST_DIGITS = 15  # of one number, by E.164
# The French plan is one: 0692 12 34 56 is dialled so from Paris and from Saint-Denis, and is La Réunion's whatever stands before.
_FRENCH_PLAN = frozenset(["FR", "RE", "YT", "GP", "MQ", "GF", "PM", "BL", "MF"])
_OVERSEAS = {
    start: code
    for code, starts in {262: "262 263 269 639 692 693", 590: "590 690 691", 594: "594 694", 596: "596 696 697", 508: "508 708"}.items()
    for start in starts.split()
}
_NATIONAL = re.compile(r"(?:\+33|0033|33(?=[0-9]{9}$))?0?([1-9][0-9]{8})")  # of its digits
_EXAMPLES = {"FR": "06 12 34 56 78", "CA": "418 555-0123"}


def parse(text: str, region: Region) -> str:
    """E.164 of a valid number."""
    return _forms(text.strip(), region.phone_region)[0]


def show(text: str, region: Region) -> str:
    """National writing of a valid number (international for another country's); anything else as it is."""
    try:
        return _forms(text.strip(), region.phone_region)[1]
    except Unreadable:
        return text


def searched(text: str, e164: str | None, region: Region) -> str:
    """The digits of a valid number, of which the E.164 is given, as they are typed at home and from abroad; else those of the text."""
    if e164 is None:
        return _digits(text)
    if region.phone_region == "FR" and _FRENCH_E164.fullmatch(e164):
        return f"0{e164[3:]} {e164}"
    return " ".join(dict.fromkeys([_digits(show(e164, region)), _digits(_at_home(e164)), e164]))


def _digits(text: str) -> str:
    bare = text.replace(" ", "")
    return bare if bare.isdigit() else "".join(filter(str.isdigit, bare))


def _at_home(e164: str) -> str:
    if e164.startswith("+33"):
        return f"0{e164[3:]}"
    number = phonenumbers.parse(e164)
    if number.country_code in _OVERSEAS.values():
        national = str(number.national_number)
        return f"0{national}" if len(national) == 9 else f"0{number.country_code}{national}"
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)


def several(text: str, region: Region) -> tuple[str, str]:
    """The number of a cell, and what stands there beside: other numbers, an extension; the text itself when nothing is a number."""
    if _FRENCH.fullmatch(alone := text.strip()) and _is_number(alone, region):
        return alone, ""
    rest: list[str] = []
    kept = ""
    for piece in filter(None, _BETWEEN.split(alone)):
        if not kept and _is_number(piece, region):
            kept = piece
        else:
            rest.append(piece)
    if not kept and (found := _found(text, region.phone_region)) and _is_number(found[0], region):
        kept, rest = found[0], [text]
    if not kept:
        return text, ""
    if extension := _EXTENSION.search(kept):
        kept, rest = kept[: extension.start()], [extension[0].strip(), *rest]
    return kept, " ; ".join(rest)


def _is_number(text: str, region: Region) -> bool:
    try:
        return bool(parse(text, region))
    except Unreadable:
        return False


@cache
def _french_plan() -> re.Pattern[str]:
    """The national numbers that phonenumbers holds for valid."""
    metadata: Any = phonenumbers.PhoneMetadata.metadata_for_region("FR")
    kinds = (metadata.fixed_line, metadata.mobile, metadata.voip, metadata.uan, metadata.premium_rate, metadata.shared_cost)
    return re.compile("|".join(kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern))


@lru_cache(maxsize=4096)  # an import reads each number several times, one after another
def _forms(text: str, place: str) -> tuple[str, str]:
    """(E.164, as people write it)."""
    if not text.isascii():
        text = re.sub(r"[^\S\n]", " ", visible(text)).strip()  # any space is a plain one
    if place == "FR" and (match := _FRENCH.fullmatch(text)) and _is_french(digits := "".join(match.groups())):
        return f"+33{digits}", f"0{match[1]} {match[2]} {match[3]} {match[4]} {match[5]}"
    number = _number(text, place)
    written = PhoneNumberFormat.NATIONAL if number.country_code == _code(place) else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, PhoneNumberFormat.E164), phonenumbers.format_number(number, written)


def _number(text: str, place: str) -> PhoneNumber:
    digits = text[:100]
    if match := _LABEL.match(digits):
        digits = digits[match.end() :]
    for pattern in (_REMARK, _EXTENSION):
        if match := pattern.search(digits):
            digits = digits[: match.start()]
    if _SCIENTIFIC.fullmatch(digits):
        raise Unreadable(f"Le tableur a remplacé ce numéro par {quote(text)}\u00a0: ressaisissez le numéro complet.")
    if sum(map(str.isdigit, text)) > _MOST_DIGITS and len(_found(text, place)) > 1:
        raise Unreadable(f"{quote(text)} contient plusieurs numéros\u00a0: gardez-en un seul.")
    if len(text) > 100 or len(digits) > 64 or not _SHAPE.fullmatch(digits):
        raise Unreadable(f"{quote(text)} n’est pas un numéro de téléphone\u00a0: écrivez par exemple {_example(place)}.")
    digits = digits.replace("_", " ")
    if place in _FRENCH_PLAN and (number := _french_number(digits)):
        return number
    with suppress(phonenumbers.NumberParseException):
        number = phonenumbers.parse(digits, place)
        if phonenumbers.is_valid_number(number):
            return number
    raise Unreadable(f"Le numéro {quote(text)} n’est pas valide\u00a0: écrivez par exemple {_example(place)}, ou +{_code(place)}…")


def _french_number(digits: str) -> PhoneNumber | None:
    """A number of ten digits of the French plan, of the country that its first ones are for."""
    match = _NATIONAL.fullmatch(re.sub("[^0-9+]", "", digits.replace("(0)", "")))
    if not match:
        return None
    national = match[1]
    if code := _OVERSEAS.get(national[:3]):
        if code == 508 and national.startswith("508"):
            national = national[3:]  # numbers of Saint-Pierre have six digits after it
        return PhoneNumber(country_code=code, national_number=int(national))
    return PhoneNumber(country_code=33, national_number=int(national)) if _is_french(national) else None


def _is_french(national: str) -> bool:
    return national[:3] not in _OVERSEAS and _french_plan().fullmatch(national) is not None


def _found(text: str, place: str) -> list[str]:
    """The numbers that stand in a text."""
    finder = phonenumbers.PhoneNumberMatcher(text[:200], "FR" if place in _FRENCH_PLAN else place)
    return [match.raw_string for match in finder]


def _example(place: str) -> str:
    return _EXAMPLES.get(place, "+33 6 12 34 56 78")


def _code(place: str) -> int:
    return phonenumbers.country_code_for_region(place) or 33
