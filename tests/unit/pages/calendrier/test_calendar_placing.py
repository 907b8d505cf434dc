"""Events stand on the right day and hour of the region, whatever the season, and never cover each other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnetics.domain.regions import REGIONS
from gnetics.pages.calendrier import layout
from gnetics.pages.calendrier.index import EventIndex, FollowUpIndex, Stretch

FR, QC = REGIONS["FR"], REGIONS["CA-QC"]
MONDAY = date(2026, 11, 23)


def frame(*events: tuple[datetime, datetime, bool]) -> pd.DataFrame:
    rows = {name: [event[i] for event in events] for i, name in enumerate(("starts_at", "ends_at", "all_day"))}
    made = pd.DataFrame(rows, index=pd.Index(range(1, len(events) + 1), name="key"))
    made["recurrence"] = made["occurrence"] = pd.array([None] * len(events), dtype="str")
    return made.astype({"starts_at": "datetime64[us, UTC]", "ends_at": "datetime64[us, UTC]", "all_day": bool})


def at(text: str, region: str = "FR", fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=REGIONS[region].zone, fold=fold)


def only(start: datetime, end: datetime, all_day: bool = False, region: str = "FR") -> Stretch:
    (stretch,) = EventIndex(frame((start, end, all_day)), REGIONS[region]).between(date(2026, 1, 1), date(2026, 12, 31))
    return stretch


@pytest.mark.parametrize("day", ["2026-03-28", "2026-03-29", "2026-03-30", "2026-10-24", "2026-10-25", "2026-10-26"])
@pytest.mark.parametrize("hour", [0, 1, 4, 9, 23])
def test_the_hour_shown_is_the_hour_written_around_both_clock_changes(day: str, hour: int) -> None:
    stretch = only(at(f"{day}T{hour:02d}:00"), at(f"{day}T{hour:02d}:30"))
    assert (date.fromordinal(stretch.first), stretch.start, stretch.end) == (date.fromisoformat(day), hour * 60, hour * 60 + 30)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 24)])
def test_a_whole_day_takes_one_day_even_when_it_has_23_or_25_hours(day: date) -> None:
    start, end = (at(f"{each.isoformat()}T00:00") for each in (day, day + timedelta(days=1)))
    stretch = only(start, end, all_day=True)
    assert (stretch.first, stretch.last, stretch.bar) == (day.toordinal(), day.toordinal(), True)


def test_a_late_evening_in_paris_is_an_afternoon_in_montreal() -> None:
    start = at("2026-11-24T23:00")
    assert only(start, start + timedelta(hours=1)).start == 23 * 60
    assert only(start, start + timedelta(hours=1), region="CA-QC").start == 17 * 60


def test_an_event_that_ends_at_midnight_does_not_touch_the_next_day() -> None:
    stretch = only(at("2026-11-24T22:00"), at("2026-11-25T00:00"))
    assert (stretch.last, stretch.end, stretch.bar) == (stretch.first, 1440, False)


def test_a_short_night_is_among_the_hours_of_both_days_and_a_long_one_above_them() -> None:
    night = only(at("2026-11-24T22:00"), at("2026-11-25T01:00"))
    blocks = [layout.day([night], night.first + i)[0] for i in (0, 1)]
    assert [(block.start, block.end) for block in blocks] == [(1320, 1440), (0, 60)]
    assert only(at("2026-11-24T22:00"), at("2026-11-26T01:00")).bar


def test_an_event_begun_before_the_period_is_still_in_it() -> None:
    index = EventIndex(frame((at("2026-11-01T00:00"), at("2026-12-01T00:00"), True)), FR)
    assert len(index.between(MONDAY, MONDAY)) == 1
    assert index.between(date(2026, 12, 1), date(2026, 12, 2)) == []


def test_an_empty_calendar_has_no_event_and_no_next_day() -> None:
    index = EventIndex(frame(), FR)
    assert index.between(MONDAY, MONDAY) == []
    assert index.next_after(MONDAY) is None


def test_follow_ups_leave_out_leads_won_and_lost() -> None:
    real = pd.DataFrame(
        {
            "status": ["En suivi", "Clos", "Perdu", "Nouveau"],
            "next_follow_up": [pd.Timestamp(MONDAY)] * 4,
            "name_fold": ["b", "a", "a", "a"],
        },
        index=pd.Index([1, 2, 3, 4], name="key"),
    ).astype({"next_follow_up": "datetime64[s]"})
    index = FollowUpIndex(real)
    assert index.on(MONDAY, 20) == ([4, 1], 2)
    assert index.on(MONDAY, 1) == ([4], 2)
    assert index.count(MONDAY - timedelta(days=1), MONDAY) == 2


times = st.builds(
    lambda day, start, length: (
        datetime(2026, 11, 20, tzinfo=UTC) + timedelta(days=day, minutes=start),
        datetime(2026, 11, 20, tzinfo=UTC) + timedelta(days=day, minutes=start + length),
        False,
    ),
    st.integers(0, 10), st.integers(0, 1439), st.integers(1, 5000),
)  # fmt: skip


@given(st.lists(times, max_size=40))
def test_no_two_events_share_a_line_of_a_week_and_every_one_is_counted(events: list[tuple[datetime, datetime, bool]]) -> None:
    stretches = EventIndex(frame(*events), FR).between(MONDAY, MONDAY + timedelta(days=6))
    week = layout.week(stretches, MONDAY.toordinal(), 7, most=1000)
    taken = [(lane.lane, day) for lane in week.lanes for day in range(lane.column, lane.column + lane.span)]
    assert len(taken) == len(set(taken))
    assert sorted(lane.stretch.key for lane in week.lanes) == sorted(each.key for each in stretches)
    assert week.counts == [sum(day == each for _, day in taken) for each in range(7)]
    assert week.height == max((lane.lane + 1 for lane in week.lanes), default=0)


@given(st.lists(times, max_size=40))
def test_no_two_events_of_a_day_overlap_on_screen(events: list[tuple[datetime, datetime, bool]]) -> None:
    stretches = EventIndex(frame(*events), FR).between(MONDAY, MONDAY)
    blocks = layout.day(stretches, MONDAY.toordinal())
    assert len(blocks) == sum(not each.bar for each in stretches)
    for i, one in enumerate(blocks):
        for other in blocks[i + 1 :]:
            beside = one.column / one.columns >= (other.column + other.span) / other.columns - 1e-9
            beside |= other.column / other.columns >= (one.column + one.span) / one.columns - 1e-9
            below = other.start >= max(one.end, one.start + layout.SHORTEST) or one.start >= max(other.end, other.start + layout.SHORTEST)
            assert beside or below
