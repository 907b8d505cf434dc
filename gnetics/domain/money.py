"""Amounts in whole cents, read strictly and written as the region writes them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import format_currency

from gnetics.domain.quoting import quote
from gnetics.domain.regions import Region
from gnetics.errors import Unreadable

LARGEST = 10**12  # cents
_GROUPS = " '’"
_FOREIGN = {  # how others are written, folded; what is not in the list is no currency that anybody could convert
    "USD": "usd us$ $us $ dollar dollars", "CAD": "cad $ca ca$ $cad c$", "GBP": "gbp £", "CHF": "chf fs sfr. fr.", "XPF": "xpf cfp fcfp",
    "XOF": "xof xaf cfa fcfa", "MAD": "mad dh dhs", "TND": "tnd dt", "DZD": "dzd da", "MUR": "mur rs", "MGA": "mga ar", "JPY": "jpy ¥",
    "PLN": "pln zł zl", "SEK": "sek", "NOK": "nok", "DKK": "dkk", "CNY": "cny rmb", "AED": "aed", "AUD": "aud", "BRL": "brl r$",
    "EUR": "eur € euro euros",
}  # fmt: skip
_CODES = {mark: code for code, marks in _FOREIGN.items() for mark in marks.split()}
_BESIDE_TAX = re.compile(r"\s*(?:h\.?\s?t\.?|t\.?t\.?c\.?|hors taxes?|excl?\.? (?:vat|tax))$", re.IGNORECASE)
_ROUND = re.compile(r"(?<=[0-9])[.,](?:-{1,2}|–|—)(?![0-9])")  # « 1200.- »
_SCALES = {"": 1, "k": 1_000, "m": 1_000_000}
_BODY = re.compile(r"(?P<sign>[-−+]?)(?P<digits>[0-9][0-9., '’]*)(?P<scale>[kKM]?)")
_WITH_MARKS = re.compile(r"([^0-9+\-−.,]*)(.*?[0-9])\s*([kKM]?)\s*(\D*)")
_USUAL = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,2}))?")  # most amounts of files
_GROUPED = re.compile(rf"[0-9]{{1,3}}(?:[{_GROUPS}][0-9]{{3}})+|[0-9]+")


class ForeignAmount(Unreadable):
    """An amount in another currency than the region's."""


def _strip_currency(text: str, region: Region) -> str:
    """Without the region's currency; another currency is refused, since the amount would be silently wrong."""
    match = _WITH_MARKS.fullmatch(text)
    if not match:
        return text
    before, body, scale, after = match[1].strip(), match[2], match[3], match[4].strip()
    for mark in filter(None, (before, after)):
        if _is_ours(mark, region):
            continue
        if _code(mark) is None:
            return text
        raise ForeignAmount(f"Le montant {quote(text)} n’est pas en {region.symbol}\u00a0: convertissez-le.")
    return body + scale


def _code(mark: str) -> str | None:
    return _CODES.get(re.sub(r"\s", "", mark).lower())


def _is_ours(mark: str, region: Region) -> bool:
    return mark == region.symbol or _code(mark) == region.currency


def is_foreign(mark: str, region: Region) -> bool:
    """Whether what names a currency (« USD », « $ ») names another than the region's."""
    return not _is_ours(mark, region) and (_code(mark) is not None or re.fullmatch("[A-Z]{3}", mark) is not None)


def currency(text: str, region: Region) -> str | None:
    """The code of the currency that an amount says, None when it says none."""
    match = None if _is_bare(text) else _WITH_MARKS.fullmatch(_plain(text))
    for mark in filter(None, (match[1].strip(), match[4].strip()) if match else ()):
        if _is_ours(mark, region):
            return region.currency
        if code := _code(mark):
            return code
    return None


def says_scale(text: str) -> bool:
    """Whether an amount says itself what it counts: a currency, thousands, millions."""
    match = None if _is_bare(text) else _WITH_MARKS.fullmatch(_plain(text))
    return bool(match and (match[1].strip() or match[3] or match[4].strip()))


def _is_bare(text: str) -> bool:
    """Whether nothing stands around the digits, as of most amounts of files; or far too much does."""
    return (text[:1].isdigit() and text[-1:].isdigit()) or len(text) > 60


def _plain(text: str) -> str:
    """Any space a plain one, without what is said of taxes and round amounts."""
    return _ROUND.sub("", _BESIDE_TAX.sub("", " ".join(text.split())))


def _whole_and_decimals(digits: str, text: str) -> tuple[str, str]:
    """Split on the decimal sign; whatever could be read two ways is refused."""
    commas, dots = digits.count(","), digits.count(".")
    if commas and dots:
        decimal = max(",.", key=digits.rfind)
        group = "." if decimal == "," else ","
        whole, _, decimals = digits.rpartition(decimal)
        if not re.fullmatch(rf"[0-9]{{1,3}}(?:\{group}[0-9]{{3}})+", whole):
            raise _unreadable(text)
        return whole.replace(group, ""), decimals
    if commas > 1 or dots > 1:
        sign = "," if commas else "."
        if not re.fullmatch(rf"[0-9]{{1,3}}(?:\{sign}[0-9]{{3}})+", digits):
            raise _unreadable(text)
        return digits.replace(sign, ""), ""
    whole, sign, decimals = digits.partition("," if commas else ".")
    if sign and not decimals:
        raise _unreadable(text)
    if sign and len(decimals) == 3 and len(whole) <= 3:
        raise Unreadable(f"Le montant {quote(text)} peut se lire de deux façons\u00a0: écrivez par exemple 1\u202f234 ou 1,23.")
    return whole, decimals


def _unreadable(text: str) -> Unreadable:
    return Unreadable(f"{quote(text)} n’est pas un montant\u00a0: écrivez par exemple 1\u202f234,56.")


def parse(text: str, region: Region) -> int:
    """Cents, never negative; « 12 k€ », « 1,2 M€ », « 1 500 € HT » and « 1200.- » are understood."""
    if usual := _USUAL.fullmatch(text):
        return int(usual[1]) * 100 + int((usual[2] or "0").ljust(2, "0"))
    text = _plain(text)
    match = _BODY.fullmatch(_strip_currency(text, region)) if len(text) <= 60 else None
    if not match:
        raise _unreadable(text)
    if match["sign"] in ("-", "−"):
        raise Unreadable(f"Le montant {quote(text)} est négatif\u00a0: indiquez un montant positif ou nul.")
    whole, decimals = _whole_and_decimals(match["digits"].strip(_GROUPS), text)
    if not _GROUPED.fullmatch(whole) or not re.fullmatch(r"[0-9]*", decimals):
        raise _unreadable(text)
    scale = _SCALES[match["scale"].lower()]
    number = Decimal(re.sub(rf"[{_GROUPS}]", "", whole) + "." + (decimals or "0")) * scale * 100
    if number != number.to_integral_value():
        raise Unreadable(f"Le montant {quote(text)} a plus de deux décimales\u00a0: arrondissez-le au centime.")
    return checked(int(number), text)


def from_number(number: float) -> int:
    """Cents of a number already typed as such (a spreadsheet cell), rounded half up."""
    if not math.isfinite(number):
        raise _unreadable(str(number))
    if number < 0:
        raise Unreadable(f"Le montant {number:g} est négatif\u00a0: indiquez un montant positif ou nul.")
    cents = min(Decimal(repr(float(number))) * 100, Decimal(LARGEST) + 1)
    return checked(int(cents.quantize(Decimal(1), ROUND_HALF_UP)), f"{number:g}")


def checked(cents: int, text: str) -> int:
    if cents > LARGEST:
        raise Unreadable(f"Le montant {quote(text)} dépasse le maximum accepté (10\u00a0milliards)\u00a0: vérifiez-le.")
    return cents


def times(cents: int, unit: int, text: str) -> int:
    """An amount of a column that counts in thousands or millions."""
    return checked(cents * unit, text)


@dataclass(frozen=True)
class _Writing:
    before: str
    after: str
    group: str
    decimal: str


@lru_cache(maxsize=16)
def _writing(region: Region) -> _Writing:
    """The region's signs, asked of CLDR once: Babel takes 30 µs an amount, this takes one."""
    sample = format_currency(1234567.89, region.currency, locale=region.locale)
    match = re.fullmatch(r"(\D*)1(\D+)234\D+567(\D+)89(\D*)", sample)
    if not match:
        return _Writing("", f"\u00a0{region.symbol}", "\u202f", ",")
    before, after = (
        re.sub(r"[^\s\u00a0\u202f]+", lambda _: region.symbol, part)  # CLDR's own symbol may be « $ CA »
        for part in (match[1], match[4])
    )
    return _Writing(before, after, match[2], match[3])


@lru_cache(maxsize=20_000)
def show(cents: int, region: Region, *, whole: bool = False) -> str:
    """« 1 234,56 € »; `whole` leaves the cents out, « 1 234 € »."""
    signs = _writing(region)
    units, rest = divmod(abs(cents), 100)
    digits = f"{units:,}".replace(",", signs.group)
    decimals = "" if whole else f"{signs.decimal}{rest:02d}"
    return f"{'-' if cents < 0 else ''}{signs.before}{digits}{decimals}{signs.after}"


def short(cents: int, region: Region) -> str:
    """« 850 € », « 1,2 k€ », « 12 k€ », « 1,2 M€ »: two or three digits that can be read at a glance."""
    signs = _writing(region)
    amount = Decimal(abs(cents)) / 100
    for unit, power in (("", 1), ("k", 1_000), ("M", 1_000_000), ("Md", 1_000_000_000)):
        scaled = amount / power
        places = Decimal("0.1") if unit and scaled < Decimal("9.95") else Decimal(1)
        rounded = scaled.quantize(places, ROUND_HALF_UP)
        if rounded < 1_000:
            break
    number = f"{rounded:f}"
    number = number.removesuffix(".0").replace(".", signs.decimal)
    return f"{'-' if cents < 0 else ''}{number}\u00a0{unit}{region.symbol}"
