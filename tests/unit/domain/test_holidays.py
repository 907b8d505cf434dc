"""Public holidays are the region's, on their day of that year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gnetics.domain import holidays
from gnetics.domain.regions import REGIONS


@pytest.mark.parametrize(
    ("year", "day"), [(1961, (4, 2)), (2000, (4, 23)), (2024, (3, 31)), (2026, (4, 5)), (2027, (3, 28)), (2038, (4, 25)), (2049, (4, 18))]
)
def test_easter_is_where_the_almanac_puts_it(year: int, day: tuple[int, int]) -> None:
    assert holidays.easter(year) == date(year, *day)


@pytest.mark.parametrize(
    ("day", "region", "name"),
    [
        (date(2026, 4, 6), "FR", "Lundi de Pâques"),
        (date(2026, 5, 14), "FR", "Ascension"),
        (date(2026, 5, 25), "FR", "Lundi de Pentecôte"),
        (date(2026, 11, 11), "FR", "Armistice 1918"),
        (date(2026, 11, 24), "FR", ""),
        (date(2026, 4, 3), "FR", ""),
        (date(2026, 4, 3), "CA-QC", "Vendredi saint"),
        (date(2026, 5, 18), "CA-QC", "Journée nationale des patriotes"),
        (date(2025, 5, 19), "CA-QC", "Journée nationale des patriotes"),
        (date(2026, 6, 24), "CA-QC", "Fête nationale du Québec"),
        (date(2029, 7, 2), "CA-QC", "Fête du Canada"),
        (date(2026, 9, 7), "CA-QC", "Fête du Travail"),
        (date(2026, 10, 12), "CA-QC", "Action de grâces"),
        (date(2026, 11, 11), "CA-QC", ""),
    ],
)
def test_a_day_has_its_name(day: date, region: str, name: str) -> None:
    assert holidays.name(day, REGIONS[region]) == name


@pytest.mark.parametrize(
    ("place", "only"),
    [
        ("métropole", set()),
        ("alsace-moselle", {date(2026, 4, 3), date(2026, 12, 26)}),
        ("guadeloupe", {date(2026, 5, 27)}),
        ("guyane", {date(2026, 6, 10)}),
        ("martinique", {date(2026, 5, 22)}),
        ("mayotte", {date(2026, 4, 27)}),
        ("la-réunion", {date(2026, 12, 20)}),
        ("saint-barthélemy", {date(2026, 10, 9)}),
        ("saint-martin", {date(2026, 5, 28)}),
    ],
)
def test_a_part_of_france_has_its_own_holidays_beside_those_of_all(place: str, only: set[date]) -> None:
    here, year = replace(REGIONS["FR"], holidays=place), [date.fromordinal(date(2026, 1, 1).toordinal() + i) for i in range(365)]
    everywhere = {day for day in year if holidays.name(day, REGIONS["FR"])}
    assert {day for day in year if holidays.name(day, here)} - everywhere == only
    assert all(holidays.name(day, here) for day in everywhere)
