"""Public holidays of a place, computed: few enough rules not to need a library. Those of law: what custom adds overseas is not here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache

from gnetics.domain.regions import Region


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    leap, left = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leap - correction + 15) % 30
    quarter, remainder = divmod(rest, 4)
    weekday = (32 + 2 * left + 2 * quarter - moon - remainder) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _monday(year: int, month: int, rank: int) -> date:
    """The rank-th Monday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=-first.weekday() % 7 + 7 * (rank - 1))


def _france(year: int) -> dict[date, str]:
    sunday = easter(year)
    return {
        date(year, 1, 1): "Jour de l’an",
        sunday + timedelta(days=1): "Lundi de Pâques",
        date(year, 5, 1): "Fête du Travail",
        date(year, 5, 8): "Victoire 1945",
        sunday + timedelta(days=39): "Ascension",
        sunday + timedelta(days=50): "Lundi de Pentecôte",
        date(year, 7, 14): "Fête nationale",
        date(year, 8, 15): "Assomption",
        date(year, 11, 1): "Toussaint",
        date(year, 11, 11): "Armistice 1918",
        date(year, 12, 25): "Noël",
    }


def _quebec(year: int) -> dict[date, str]:
    before_25_may = date(year, 5, 24)
    canada = date(year, 7, 1)
    return {
        date(year, 1, 1): "Jour de l’An",
        easter(year) - timedelta(days=2): "Vendredi saint",
        before_25_may - timedelta(days=before_25_may.weekday()): "Journée nationale des patriotes",
        date(year, 6, 24): "Fête nationale du Québec",
        canada + timedelta(days=canada.weekday() == 6): "Fête du Canada",  # a Sunday moves to the Monday
        _monday(year, 9, 1): "Fête du Travail",
        _monday(year, 10, 2): "Action de grâces",
        date(year, 12, 25): "Noël",
    }


def _alsace_moselle(year: int) -> dict[date, str]:
    return _france(year) | {easter(year) - timedelta(days=2): "Vendredi saint", date(year, 12, 26): "Saint-Étienne"}


def _overseas(month: int, day: int) -> Callable[[int], dict[date, str]]:
    """Those of métropole, and the day on which the place commemorates the abolition (Code du travail, L3422-2)."""
    return lambda year: _france(year) | {date(year, month, day): "Abolition de l’esclavage"}


PLACES: dict[str, Callable[[int], dict[date, str]]] = {
    "métropole": _france,
    "alsace-moselle": _alsace_moselle,
    "guadeloupe": _overseas(5, 27),
    "guyane": _overseas(6, 10),
    "martinique": _overseas(5, 22),
    "mayotte": _overseas(4, 27),
    "la-réunion": _overseas(12, 20),
    "saint-barthélemy": _overseas(10, 9),
    "saint-martin": _overseas(5, 28),
    "québec": _quebec,
}


@lru_cache(maxsize=64)
def _year(year: int, place: str) -> Mapping[date, str]:
    return PLACES[place](year)


def name(day: date, region: Region) -> str:
    """The holiday of that day; "" on an ordinary one."""
    return _year(day.year, region.holidays).get(day, "")
