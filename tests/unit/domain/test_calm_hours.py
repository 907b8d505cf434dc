"""No machine writes to anybody at night, at week-ends or on public holidays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis.strategies import datetimes, sampled_from

from gnetics.domain import holidays
from gnetics.domain.calm_hours import EVENING, MORNING, next_allowed
from gnetics.domain.regions import REGIONS, Region

FR = REGIONS["FR"]


@given(datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)), sampled_from(sorted(REGIONS)))
def test_what_is_allowed_is_a_working_hour_and_never_earlier(moment: datetime, code: str) -> None:
    region, moment = REGIONS[code], moment.replace(tzinfo=UTC)
    allowed = next_allowed(moment, region)
    local = allowed.astimezone(region.zone)
    assert allowed >= moment
    assert MORNING <= local.time() < EVENING
    assert local.weekday() < 5
    assert not holidays.name(local.date(), region)
    assert next_allowed(allowed, region) == allowed


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ("2026-11-30 10:00", "2026-11-30 10:00"),
        ("2026-11-30 08:29", "2026-11-30 08:30"),
        ("2026-11-30 18:30", "2026-12-01 08:30"),
        ("2026-12-04 19:00", "2026-12-07 08:30"),
        ("2026-12-24 19:00", "2026-12-28 08:30"),  # Christmas is a Friday
        ("2027-03-27 12:00", "2027-03-30 08:30"),  # the clock changes on Easter's day; Monday is a holiday
    ],
)
def test_the_next_working_morning(moment: str, allowed: str) -> None:
    asked = datetime.fromisoformat(moment).replace(tzinfo=FR.zone)
    assert next_allowed(asked, FR) == datetime.fromisoformat(allowed).replace(tzinfo=FR.zone)


def test_quebec_has_its_own_holidays() -> None:
    region: Region = REGIONS["CA-QC"]
    morning = datetime(2026, 6, 24, 10, tzinfo=region.zone)
    assert next_allowed(morning, region) == datetime(2026, 6, 25, 8, 30, tzinfo=region.zone)
