"""Days and moments, read strictly and written as the region writes them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from babel.dates import format_date

from gnetics.domain.folding import fold
from gnetics.domain.quoting import quote
from gnetics.domain.regions import Region
from gnetics.errors import Unreadable

FIRST_YEAR, LAST_YEAR = 1900, 2199
_MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre")
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_DAY_SHOWN = {"%d/%m/%Y": "jj/mm/aaaa", "%Y-%m-%d": "aaaa-mm-jj"}

_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_SLASHED = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_SHORT = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}(\1[0-9]{2})?")
_WORDS = re.compile(rf"(?:(?:{'|'.join(_DAYS)}) )?([0-9]{{1,2}})(?:er)? ({'|'.join(_MONTHS)}) ([0-9]{{4}})")
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:h]([0-9]{2}))?(?::([0-9]{2})(?:\.[0-9]{1,9})?)?(h)?")
_MOMENT = re.compile(r"(.*?[0-9])(?:\s*[,T]\s*|\s+(?:à\s+)?)([0-9]{1,2}[:hH][0-9:.h]*)\s*(Z|[+-][0-9]{2}:?[0-9]{2})?")


def _hint(region: Region) -> str:
    return _DAY_SHOWN.get(region.date_format, region.date_hint)


def _day(year: str, month: str, day: str, shown: str) -> date:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise Unreadable(f"Le {shown} n’existe pas\u00a0: vérifiez la date.") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Unreadable(f"L’année {found.year:04d} semble fausse\u00a0: vérifiez la date.")
    return found


def _slashed(first: str, second: str, year: str, text: str, region: Region) -> date:
    if region.date_format.startswith("%m"):
        return _day(year, first, second, text)
    # A region that writes the year first has no habit to settle 05/03/2026: only an unmistakable day is taken.
    if region.date_format.startswith("%Y") and int(first) <= 12 and int(first) != int(second):
        raise Unreadable(f"La date {quote(text)} peut se lire de deux façons\u00a0: écrivez-la {_hint(region)}.")
    return _day(year, second, first, text)


def _split(text: str) -> tuple[str, str, str | None]:
    """(day, clock, offset); the clock is empty when the text is a day alone."""
    match = _MOMENT.fullmatch(text)
    return (match[1], match[2], match[3]) if match else (text, "", None)


def _parse_day(text: str, region: Region) -> date:
    if match := _ISO.fullmatch(text):
        return _day(match[1], match[3], match[4], text)
    if match := _SLASHED.fullmatch(text):
        return _slashed(match[1], match[3], match[4], text, region)
    if match := _WORDS.fullmatch(fold(text) or ""):
        return _day(match[3], str(_MONTHS.index(match[2]) + 1), match[1], text)
    if _SHORT.fullmatch(text):
        raise Unreadable(f"La date {quote(text)} n’a pas son année sur quatre chiffres\u00a0: écrivez-la {_hint(region)}.")
    raise Unreadable(f"{quote(text)} n’est pas une date\u00a0: écrivez-la {_hint(region)}.")


def parse(text: str, region: Region) -> date:
    """The day of a text; of a moment with an offset, its day in the region's zone."""
    text = text.strip()
    day, clock, offset = _split(text[:80])
    if len(text) > 80 or not clock:
        return _parse_day(text, region)
    return parse_moment(text, region).date() if offset else _parse_day(day, region)


def parse_time(text: str) -> time:
    """« 14:30 », « 14h30 », « 9h »; raises Unreadable."""
    match = _CLOCK.fullmatch(text.strip().lower()[:20])
    if not match or not (match[2] or match[4]):
        raise Unreadable(f"{quote(text)} n’est pas une heure\u00a0: écrivez-la hh:mm, par exemple 14:30.")
    try:
        return time(int(match[1]), int(match[2] or 0), int(match[3] or 0))
    except ValueError:
        raise Unreadable(f"L’heure {quote(text)} n’existe pas\u00a0: écrivez-la entre 00:00 et 23:59.") from None


def parse_moment(text: str, region: Region) -> datetime:
    """A day and an hour, aware, in the region's zone; a day alone is its midnight."""
    text = text.strip()
    if len(text) > 80:
        raise Unreadable(f"{quote(text)} n’est pas une date\u00a0: écrivez-la {_hint(region)} hh:mm.")
    day, clock, offset = _split(text)
    moment = datetime.combine(_parse_day(day, region), parse_time(clock) if clock else time())
    return moment.replace(tzinfo=_offset(offset) if offset else region.zone).astimezone(region.zone)


def _offset(text: str) -> tzinfo:
    zone = datetime.fromisoformat(f"2000-01-01T00:00:00{text}").tzinfo
    assert zone is not None  # the pattern of _MOMENT guarantees it
    return zone


@lru_cache(maxsize=20_000)
def _shown(day: date, date_format: str) -> str:
    return day.strftime(date_format)


def show(day: date, region: Region) -> str:
    return _shown(day, region.date_format)


@lru_cache(maxsize=2_000)
def _long(day: date, locale: str) -> str:
    written = format_date(day, "EEEE d MMMM y", locale=locale)
    return written.replace(" 1 ", " 1er ") if locale.startswith("fr") else written  # CLDR has no pattern for « 1er »


def long(day: date, region: Region) -> str:
    """« mardi 24 novembre 2026 »."""
    return _long(day, region.locale)


def relative(day: date, today: date) -> str:
    """« hier », « dans 3 jours », « il y a 4 mois »."""
    days = (day - today) // timedelta(days=1)
    near = {-1: "hier", 0: "aujourd’hui", 1: "demain"}
    if days in near:
        return near[days]
    count = abs(days)
    if count <= 60:
        amount = f"{count} jours"
    elif count < 700:
        amount = f"{round(count / 30.44)} mois"
    else:
        amount = f"{round(count / 365.25)} ans"
    return f"dans {amount}" if days > 0 else f"il y a {amount}"
