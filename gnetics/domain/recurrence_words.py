"""A rule of repetition in French."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from gnetics.domain import dates
from gnetics.domain.recurrence import WORKING, Freq, Rule, clock
from gnetics.domain.regions import Region

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")
_EACH: dict[Freq, tuple[str, str]] = {
    "DAILY": ("chaque jour", "tous les {} jours"),
    "WEEKLY": ("chaque semaine", "toutes les {} semaines"),
    "MONTHLY": ("chaque mois", "tous les {} mois"),
    "YEARLY": ("chaque année", "tous les {} ans"),
}


def say(rule: Rule, start: datetime, region: Region, zone: ZoneInfo) -> str:
    """« chaque semaine le mardi, jusqu’au 30/06/2027 » of a series that begins at the wall clock `start`, in its zone."""
    return _how_often(rule, start.date()) + _end(rule, region, zone)


def last_day(rule: Rule, zone: ZoneInfo) -> date | None:
    """The day of its UNTIL in its zone."""
    if isinstance(rule.until, datetime):
        return (clock(rule.until, zone) if rule.until.tzinfo else rule.until).date()
    return rule.until


def _how_often(rule: Rule, start: date) -> str:
    once, several = _EACH[rule.freq]
    often = several.format(rule.interval) if rule.interval > 1 else once
    if rule.by_set_pos:
        return f"{often}, {_joined([_nth(place) for place in rule.by_set_pos])} des jours\u00a0: {_which(rule, start)}"
    working = rule.by_day == WORKING and rule.freq in ("DAILY", "WEEKLY") and not rule.by_month and not rule.by_month_day
    if working and rule.interval == 1:
        return "chaque jour ouvré, du lundi au vendredi"
    which = _which(rule, start)
    return f"{often} {which}" if which else often


def _which(rule: Rule, start: date) -> str:
    """The days, with their months."""
    months = f"en {_joined([MONTHS[month - 1] for month in rule.by_month])}" if rule.by_month else ""
    weekdays = _joined([_weekday(nth, weekday) for nth, weekday in rule.by_day])
    if rule.freq == "DAILY":
        parts = [weekdays, _numbers(rule.by_month_day), months]
    elif rule.freq == "WEEKLY":
        parts = [weekdays or f"le {DAYS[start.weekday()]}", months]
    elif rule.by_day:
        also = f"quand c’est {_numbers(rule.by_month_day)}" if rule.by_month_day else ""
        parts = [weekdays, also, months]
    elif rule.freq == "MONTHLY":
        parts = [_numbers(rule.by_month_day or (start.day,)), months]
    else:
        named = [MONTHS[month - 1] for month in rule.by_month] or ([] if rule.by_month_day else [MONTHS[start.month - 1]])
        parts = [f"{_numbers(rule.by_month_day or (start.day,))} {_joined(named) or 'de chaque mois'}"]
    return " ".join(filter(None, parts))


def _weekday(nth: int, weekday: int) -> str:
    return f"{_nth(nth)} {DAYS[weekday]}" if nth else f"le {DAYS[weekday]}"


def _nth(place: int) -> str:
    if place < 0:
        return "le dernier" if place == -1 else "l’avant-dernier" if place == -2 else f"le {-place}e avant la fin"
    return "le 1er" if place == 1 else f"le {place}e"


def _numbers(days: tuple[int, ...]) -> str:
    return _joined([_number(day) for day in days])


def _number(day: int) -> str:
    if day < 0:
        return "le dernier jour" if day == -1 else f"{-day - 1} jours avant le dernier jour" if day < -2 else "l’avant-dernier jour"
    return "le 1er" if day == 1 else f"le {day}"


def _joined(words: list[str]) -> str:
    return " et ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _end(rule: Rule, region: Region, zone: ZoneInfo) -> str:
    if rule.count:
        return f", {rule.count} fois"
    last = last_day(rule, zone)
    return f", jusqu’au {dates.show(last, region)}" if last else ""
