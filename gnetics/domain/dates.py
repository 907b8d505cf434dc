"""Days and moments, read strictly and written as the region writes them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date

from gnetics.domain.folding import fold
from gnetics.domain.quoting import quote
from gnetics.domain.regions import Region
from gnetics.errors import Unreadable

Order = Literal["jma", "mja", "amj"]  # of day, month and year in 02/03/26: French, American, or the year first
FIRST_YEAR, LAST_YEAR = 1900, 2199
_MONTH_NAMES = (  # folded, in French and in English, whole and shortened; « jui » could be two of them
    "janvier janv jan january", "fevrier fevr fev february feb", "mars mar march", "avril avr april apr", "mai may", "juin june jun",
    "juillet juil jul july", "aout aou august aug", "septembre september sept sep", "octobre october oct", "novembre november nov",
    "decembre december dec",
)  # fmt: skip
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_WEEKDAYS = (
    "lundi", "lun", "mardi", "mar", "mercredi", "mer", "jeudi", "jeu", "vendredi", "ven", "samedi", "sam", "dimanche", "dim",
    "monday", "mon", "tuesday", "tues", "tue", "wednesday", "wed", "thursday", "thurs", "thur", "thu", "friday", "fri", "saturday",
    "sat", "sunday", "sun",
)  # fmt: skip
_DAY_SHOWN = {"%d/%m/%Y": "jj/mm/aaaa", "%Y-%m-%d": "aaaa-mm-jj"}
_HABITS: dict[str, Order] = {"%d": "jma", "%m": "mja"}
_PLACES: dict[Order, tuple[int, int, int]] = {"jma": (2, 1, 0), "mja": (2, 0, 1), "amj": (0, 1, 2)}  # of year, month and day
NEAR = 14  # days: so close, a day is known without its month
_LAST_OF_2000 = 69  # two-digit years: 69 is 2069, 70 is 1970

_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{4})([0-9]{2})([0-9]{2})")
_SLASHED = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_SHORT = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})(?:\2([0-9]{1,2}))?")
_PARTS = re.compile(r"\s*[0-9]{1,2}([-/.])[0-9]{1,2}\1(?:([0-9]{4})|[0-9]{1,2})(?![0-9])")  # what a moment may begin with
_MONTH = rf"({'|'.join(sorted(_MONTHS, key=len, reverse=True))})(?![a-z])"
_SIGN = "[ .,/'-]"
_WORDS = re.compile(
    rf"(?:le )?(?:(?:{'|'.join(_WEEKDAYS)})[.,]* )?(?:"
    rf"([0-9]{{1,2}})(?:er|st|nd|rd|th)?{_SIGN}*(?:of )?{_MONTH}{_SIGN}*([0-9]{{4}}|[0-9]{{2}})"
    rf"|{_MONTH}{_SIGN}*([0-9]{{1,2}})(?:er|st|nd|rd|th)?{_SIGN}+([0-9]{{4}}|[0-9]{{2}})"
    rf"|([0-9]{{4}}){_SIGN}+{_MONTH}{_SIGN}*([0-9]{{1,2}}))"
)
_MONTH_ALONE = re.compile(rf"{_MONTH}{_SIGN}*[0-9]{{2,4}}|(?:0?[1-9]|1[0-2])[-/.][0-9]{{4}}|[0-9]{{4}}[-/.](?:0?[1-9]|1[0-2])")
_WEEK = re.compile(r"[0-9]{4}[ -]?[ws][0-9]{1,2}(?:-?[1-7])?|(?:s|w|sem|semaine|week)[ .]*[0-9]{1,2}(?:[ /-]+[0-9]{4})?")
_NEVER = re.compile(r"0{1,4}([-/.])00?\1(?:0{4}|00?)(?:[ T]00:00(?::00)?)?")  # of databases without date
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:h]([0-9]{2}))?(?::([0-9]{2})(?:\.[0-9]{1,9})?)?(h)?(?:\s*([ap])\.?m\.?)?")
_MOMENT = re.compile(
    r"(.*?[0-9])(?:\s*[,T]\s*|\s+(?:(?:à|at)\s+)?)"
    r"([0-9]{1,2}(?:[:h][0-9:.h]*(?:\s*[ap]\.?m\b\.?)?|\s*[ap]\.?m\b\.?))"
    r"\s*(Z|(?:UTC|GMT)?[+-][0-9]{2}(?::?[0-9]{2})?|UTC|GMT)?",
    re.IGNORECASE,
)


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


def _ordered(numbers: tuple[str, str, str], text: str, order: Order | None, region: Region) -> date:
    """Without an order, only what can be read in one way: a region that writes the year first has no habit to settle 05/03/2026."""
    if order:
        return _placed(numbers, text, order)
    found = set()
    for each in orders(text):
        with suppress(Unreadable):
            found.add(_placed(numbers, text, each))
    if len(found) > 1:
        raise Unreadable(f"La date {quote(text)} peut se lire de deux façons\u00a0: écrivez-la {_hint(region)}.")
    return found.pop() if found else _placed(numbers, text, "jma")


def _placed(numbers: tuple[str, str, str], text: str, order: Order) -> date:
    year, month, day = (numbers[place] for place in _PLACES[order])
    if len(year) == 1 or len(day) > 2:
        raise Unreadable(f"La date {quote(text)} ne se lit pas comme celles de sa colonne\u00a0: corrigez-la.")
    return _day(_year(year), month, day, text)


def habit(region: Region) -> Order | None:
    """The order in which the region writes day and month; None where the year comes first."""
    return _HABITS.get(region.date_format[:2])


def orders(text: str) -> tuple[Order, ...]:
    """Those in which the numbers that 12/25/2025 begins with may stand, whatever day they make; none when nothing is to be put in order."""
    match = _PARTS.match(text)
    if not match:
        return ()
    return ("jma", "mja") if match[2] else ("jma", "mja", "amj")


def is_never(text: str) -> bool:
    """« 0000-00-00 », with which databases say that there is no date."""
    return text.startswith("0") and _NEVER.fullmatch(text) is not None


def _year(text: str) -> str:
    return text if len(text) == 4 else f"{'20' if int(text) <= _LAST_OF_2000 else '19'}{text}"


def _split(text: str) -> tuple[str, str, str | None]:
    """(day, clock, offset); the clock is empty when the text is a day alone."""
    match = _MOMENT.fullmatch(text)
    return (match[1], match[2], match[3]) if match else (text, "", None)


def _parse_day(text: str, region: Region, order: Order | None, short: bool) -> date:
    if match := _ISO.fullmatch(text):
        return _day(match[1] or match[5], match[3] or match[6], match[4] or match[7], text)
    if match := _SLASHED.fullmatch(text):
        return _ordered((match[1], match[3], match[4]), text, order, region)
    folded = fold(text) or ""
    if match := _WORDS.fullmatch(folded):
        day, month, year = next(each for each in _named(match) if each[1])
        return _day(_year(year), str(_MONTHS[month]), day, text)
    if match := _SHORT.fullmatch(text):
        if short and match[4]:
            return _ordered((match[1], match[3], match[4]), text, order, region)
        raise Unreadable(f"La date {quote(text)} n’a pas son année sur quatre chiffres\u00a0: écrivez-la {_hint(region)}.")
    if _WEEK.fullmatch(folded):
        raise Unreadable(f"{quote(text)} est une semaine, pas un jour\u00a0: écrivez une date {_hint(region)}.")
    if _MONTH_ALONE.fullmatch(folded):
        raise Unreadable(f"{quote(text)} est un mois, sans son jour\u00a0: écrivez la date {_hint(region)}.")
    raise Unreadable(f"{quote(text)} n’est pas une date\u00a0: écrivez-la {_hint(region)}.")


def _named(match: re.Match[str]) -> tuple[tuple[str, str, str], ...]:
    """(day, month, year) in each of the orders that _WORDS knows."""
    return (match[1], match[2], match[3]), (match[5], match[4], match[6]), (match[9], match[8], match[7])


def read(text: str, region: Region, order: Order | None) -> date:
    """The day of a cell, in the order that its column decided (None: only what cannot be mistaken); years may have two digits."""
    return _parse(text, region, order, short=True)


def parse(text: str, region: Region) -> date:
    """The day of a text that somebody typed; of a moment with an offset, its day in the region's zone."""
    return _parse(text, region, habit(region), short=False)


def _parse(text: str, region: Region, order: Order | None, short: bool) -> date:
    text = text.strip()
    day, clock, offset = _split(text[:80])
    if len(text) > 80 or not clock:
        return _parse_day(text, region, order, short)
    return _parse_moment(text, region, order, short).date() if offset else _parse_day(day, region, order, short)


def parse_time(text: str) -> time:
    """« 14:30 », « 14h30 », « 9h », « 2:30 PM »; raises Unreadable."""
    match = _CLOCK.fullmatch(text.strip().lower()[:20])
    if not match or not (match[2] or match[4] or match[5]):
        raise Unreadable(f"{quote(text)} n’est pas une heure\u00a0: écrivez-la hh:mm, par exemple 14:30.")
    hour = int(match[1])
    if match[5]:
        hour = hour % 12 + 12 * (match[5] == "p") if 1 <= hour <= 12 else 24  # « 14:30 PM » is nothing
    try:
        return time(hour, int(match[2] or 0), int(match[3] or 0))
    except ValueError:
        raise Unreadable(f"L’heure {quote(text)} n’existe pas\u00a0: écrivez-la entre 00:00 et 23:59.") from None


def first_instant(day: date, zone: ZoneInfo) -> datetime:
    """Midnight of a calendar day of the zone."""
    return datetime.combine(day, time.min, zone)


def moment(day: date, hour: time, region: Region, fold: int = 0) -> datetime:
    """In UTC, when the clocks show that hour; where they show it twice the first time, or the second by `fold`.

    Raises Unreadable for an hour that they jump over.
    """
    found = datetime.combine(day, hour, region.zone).replace(fold=fold).astimezone(UTC)
    if found.astimezone(region.zone).time() != hour and hour != time():  # « 00:00 » is the beginning of a day, even of one that has none
        raise Unreadable(f"{hour:%H:%M} n’existe pas le {show(day, region)}\u00a0: les horloges avancent. Choisissez une heure plus tard.")
    return found


def parse_moment(text: str, region: Region) -> datetime:
    """A day and an hour, aware, in the region's zone; a day alone is its midnight."""
    return _parse_moment(text, region, habit(region), short=False)


def read_moment(text: str, region: Region, order: Order | None) -> datetime:
    """The same of a cell, in the order that its column decided."""
    return _parse_moment(text, region, order, short=True)


def _parse_moment(text: str, region: Region, order: Order | None, short: bool) -> datetime:
    text = text.strip()
    if len(text) > 80:
        raise Unreadable(f"{quote(text)} n’est pas une date\u00a0: écrivez-la {_hint(region)} hh:mm.")
    day, clock, offset = _split(text)
    moment = datetime.combine(_parse_day(day, region, order, short), parse_time(clock) if clock else time())
    return moment.replace(tzinfo=_offset(offset) if offset else region.zone).astimezone(region.zone)


def _offset(text: str) -> tzinfo:
    offset = re.sub("^(?:UTC|GMT)", "", text, flags=re.IGNORECASE).upper() or "Z"
    try:
        zone = datetime.fromisoformat(f"2000-01-01T00:00:00{offset}").tzinfo
    except ValueError:
        raise Unreadable(f"Le décalage {quote(text)} n’existe pas\u00a0: vérifiez l’heure.") from None
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


def spoken(moment: datetime, region: Region) -> str:
    """« jeudi 3 décembre à 14 h 30 » of the region's clock, as a mail says it; the year goes without saying."""
    local = moment.astimezone(region.zone)
    minutes = f"\u00a0{local:%M}" if local.minute else ""
    return f"{long(local.date(), region).removesuffix(f' {local.year}')} à {local.hour}\u00a0h{minutes}"


def in_words(day: date, region: Region) -> str:
    """« 24 novembre 2026 »."""
    return long(day, region).partition(" ")[2]


def brief(day: date, region: Region) -> str:
    """« ven. 4 déc. »."""
    return format_date(day, "EEE d MMM", locale=region.locale)


def near(day: date, today: date, region: Region) -> str:
    """« hier », « aujourd’hui », « demain », else the day itself: « mardi 1er », « mardi 5 janvier », with its year when it is another."""
    if abs((day - today).days) <= 1:
        return relative(day, today)
    weekday, number, month, year = long(day, region).split(" ")
    if timedelta() < day - today < timedelta(days=NEAR):
        return f"{weekday} {number}"
    return " ".join([weekday, number, month, *([year] if day.year != today.year else [])])


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
