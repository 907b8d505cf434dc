"""Times that are proposed: within the working hours, whatever these are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

import pytest

from gnetics.domain.regions import REGIONS
from gnetics.mail.proposals.slots import free_moments

FR = REGIONS["FR"]
NOW = datetime(2026, 11, 24, 12, tzinfo=FR.zone)


@pytest.mark.parametrize(
    ("working", "hour"),
    [
        ((time(8), time(19)), "09:30"),
        ((time(10), time(19)), "11:00"),
        ((time(13), time(14, 45)), "14:00"),
        ((time(13), time(14, 44)), "13:00"),  # none of ours leaves time to meet: when the work begins
        ((time(20), time(23)), "20:00"),
    ],
)
def test_a_meeting_is_proposed_in_the_working_hours(working: tuple[time, time], hour: str) -> None:
    found = free_moments([], NOW, replace(FR, working=working))
    assert {f"{each:%H:%M}" for each in found} == {hour}
