"""« Plus tard… »: the moment that a day and an hour mean, also in the nights when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gnetics.domain.regions import REGIONS, Region
from gnetics.errors import Refused
from gnetics.pages.contacts.mail_form import due

FR, QC = REGIONS["FR"], REGIONS["CA-QC"]
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


def meant(day: str, hour: str, region: Region = FR, now: datetime = NOW) -> datetime:
    """In UTC: of two moments in an hour that there is twice, Python says that no other zone has one that is equal."""
    return due({"day": day, "hour": hour}, now.astimezone(region.zone), region).astimezone(UTC)


def refused(day: str, hour: str, region: Region = FR, now: datetime = NOW) -> str:
    with pytest.raises(Refused) as error:
        meant(day, hour, region, now)
    assert list(error.value.sentences) == ["hour"]
    return error.value.sentences["hour"]


@pytest.mark.parametrize(("day", "hour", "region"), [("28/03/2027", "02:30", FR), ("2027-03-14", "2h00", QC)])
def test_an_hour_that_the_clocks_jump_over_is_refused(day: str, hour: str, region: Region) -> None:
    assert f"n’existe pas le {day}" in refused(day, hour, region)


@pytest.mark.parametrize(
    ("hour", "utc"), [("01:59", datetime(2027, 3, 28, 0, 59, tzinfo=UTC)), ("03:00", datetime(2027, 3, 28, 1, tzinfo=UTC))]
)
def test_the_hours_around_it_are_meant_as_they_are(hour: str, utc: datetime) -> None:
    assert meant("28/03/2027", hour) == utc


def test_of_an_hour_that_there_is_twice_the_first_is_meant() -> None:
    assert meant("25/10/2026", "02:30") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_and_it_is_past_while_the_second_one_runs() -> None:
    second = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)  # 02:15 again
    assert "est passé" in refused("25/10/2026", "02:45", now=second)
    assert meant("25/10/2026", "03:00", now=second) == datetime(2026, 10, 25, 2, tzinfo=UTC)
