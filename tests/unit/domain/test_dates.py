"""Dates are read strictly, in the region's order, and never silently turned into another day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnetics.domain import dates
from gnetics.domain.regions import REGIONS, Region
from gnetics.errors import Unreadable

FR, CA = REGIONS["FR"], REGIONS["CA-QC"]
DAYS = st.dates(date(dates.FIRST_YEAR, 1, 1), date(dates.LAST_YEAR, 12, 31))
BOTH = pytest.mark.parametrize("region", [FR, CA], ids=["FR", "CA-QC"])


@BOTH
@given(day=DAYS)
def test_what_is_shown_is_read_back(region: Region, day: date) -> None:
    assert dates.parse(dates.show(day, region), region) == day
    assert dates.parse(dates.long(day, region), region) == day
    assert dates.parse(day.isoformat(), region) == day


@BOTH
@given(text=st.text(max_size=40))
def test_any_text_is_a_day_or_a_french_refusal(region: Region, text: str) -> None:
    try:
        day = dates.parse(text, region)
    except Unreadable:
        return
    assert str(day.year) in text


@given(day=DAYS)
def test_a_french_date_is_day_first(day: date) -> None:
    assert dates.parse(f"{day.day}/{day.month}/{day.year}", FR) == day


@given(day=DAYS)
def test_quebec_refuses_what_reads_two_ways(day: date) -> None:
    text = f"{day.day:02d}/{day.month:02d}/{day.year}"
    if day.day > 12 or day.day == day.month:
        assert dates.parse(text, CA) == day
    else:
        with pytest.raises(Unreadable, match="deux façons"):
            dates.parse(text, CA)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("31/02/2026", "Le 31/02/2026 n’existe pas\u00a0: vérifiez la date."),
        ("11/24/2026", "Le 11/24/2026 n’existe pas\u00a0: vérifiez la date."),
        ("2026-02-30", "Le 2026-02-30 n’existe pas\u00a0: vérifiez la date."),
        ("04/03/26", "La date «\u00a004/03/26\u00a0» n’a pas son année sur quatre chiffres\u00a0: écrivez-la jj/mm/aaaa."),
        ("24/11", "La date «\u00a024/11\u00a0» n’a pas son année sur quatre chiffres\u00a0: écrivez-la jj/mm/aaaa."),
        ("0026-01-01", "L’année 0026 semble fausse\u00a0: vérifiez la date."),
    ],
)
def test_an_impossible_date_says_why(text: str, sentence: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        dates.parse(text, FR)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("text", ["-5", "1e9", "=1+1", "<script>", "😀", "x" * 5000, "45000", "٢٤/11/2026", "24/11-2026", "demain"])
def test_what_is_not_a_date_is_refused_in_a_short_sentence(text: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        dates.parse(text, FR)
    assert len(str(refusal.value)) < 140


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("05/03/2026", date(2026, 3, 5)),
        ("24/11/2026 14:30", date(2026, 11, 24)),
        ("24/11/2026 à 14h30", date(2026, 11, 24)),
        ("2026-11-24T14:30:00", date(2026, 11, 24)),
        ("2026-06-30T23:30:00Z", date(2026, 7, 1)),
        ("1er août 2026", date(2026, 8, 1)),
        ("Mardi 24 Novembre 2026", date(2026, 11, 24)),
        ("12 janv. 2027", date(2027, 1, 12)),
        ("March 4, 2026", date(2026, 3, 4)),
        ("Mon, 07 Dec 2026 23:30:00 +0000", date(2026, 12, 8)),
        ("2026-06-30 23:30 UTC", date(2026, 7, 1)),
        ("20261207", date(2026, 12, 7)),
    ],
)
def test_a_moment_gives_its_day_in_the_region(text: str, day: date) -> None:
    assert dates.parse(text, FR) == day


def test_a_moment_is_read_in_the_zone_of_the_region() -> None:
    assert dates.parse_moment("24/11/2026 14:30", FR).astimezone(UTC) == datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
    assert dates.parse_moment("2026-11-24 14:30", CA).astimezone(UTC) == datetime(2026, 11, 24, 19, 30, tzinfo=UTC)
    assert dates.parse_moment("2026-11-24T14:30:00+02:00", CA).astimezone(UTC) == datetime(2026, 11, 24, 12, 30, tzinfo=UTC)


@given(clock=st.times())
def test_an_hour_is_read_back(clock: time) -> None:
    whole = clock.replace(second=0, microsecond=0)
    assert dates.parse_time(f"{whole:%H:%M}") == whole
    assert dates.parse_time(f"{whole.hour}h{whole.minute:02d}") == whole


@pytest.mark.parametrize(
    ("text", "hour"), [("2:30 PM", time(14, 30)), ("12:15 a.m.", time(0, 15)), ("12 pm", time(12)), ("02:00:00 PM", time(14))]
)
def test_an_english_hour_is_read(text: str, hour: time) -> None:
    assert dates.parse_time(text) == hour


@pytest.mark.parametrize("text", ["14:30 PM", "0:30 AM", "25:00", "14:60", "14", "14:3", "", "midi"])
def test_an_hour_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        dates.parse_time(text)


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "aujourd’hui"), (-1, "hier"), (1, "demain"), (3, "dans 3 jours"), (-12, "il y a 12 jours"), (-120, "il y a 4 mois")],
)
def test_a_day_is_told_from_today(days: int, words: str) -> None:
    today = date(2026, 11, 24)
    assert dates.relative(date.fromordinal(today.toordinal() + days), today) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 23), "hier"),
        (date(2026, 11, 25), "demain"),
        (date(2026, 12, 1), "mardi 1er"),
        (date(2026, 12, 7), "lundi 7"),
        (date(2026, 12, 8), "mardi 8 décembre"),
        (date(2027, 1, 5), "mardi 5 janvier 2027"),
        (date(2026, 11, 20), "vendredi 20 novembre"),
    ],
)
def test_a_day_that_is_near_is_called_by_its_name(day: date, words: str) -> None:
    assert dates.near(day, date(2026, 11, 24), FR) == words
