"""Rules of repetition: what is refused and why, the days they give (compared with two libraries), clocks that change, words."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events  # type: ignore[import-untyped]
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from gnetics.domain import recurrence, series
from gnetics.domain.recurrence import MOST, WEEKDAYS, Rule, instant, read
from gnetics.domain.recurrence_words import say
from gnetics.domain.regions import REGIONS
from gnetics.errors import Unreadable

FR = REGIONS["FR"]
PARIS = FR.zone
SHARED = Path(os.environ.get("GNETICS_SHARED", "/work/shared")) / "fixtures" / "ics"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def walls(rule: str, start: str, low: str, high: str, zone: ZoneInfo = PARIS) -> list[str]:
    return [wall.isoformat(timespec="minutes") for wall in read(rule).between(at(start), at(low), at(high), zone)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "ne se lit pas"),
        ("FREQ=SECONDLY", "chaque seconde"),
        ("FREQ=HOURLY;COUNT=3", "chaque heure"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL=0"),
        ("FREQ=DAILY;INTERVAL=1000", "de 1 à 999"),
        ("FREQ=DAILY;COUNT=0", "COUNT=0"),
        ("FREQ=DAILY;COUNT=100000", "de 1 à 10000"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "à la fois"),
        ("FREQ=DAILY;UNTIL=20270230", "n’est pas une date"),
        ("FREQ=DAILY;BYHOUR=9", "BYHOUR n’est pas pris en charge"),
        ("FREQ=YEARLY;BYWEEKNO=53", "BYWEEKNO"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "n’existe dans aucun"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY"),
        ("FREQ=YEARLY;BYMONTH=-1", "BYMONTH"),
        ("FREQ=WEEKLY;BYDAY=2TU", "par semaine"),
        ("FREQ=WEEKLY;BYDAY=XX", "jour de la semaine"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "quantième"),
        ("FREQ=DAILY;BYSETPOS=1", "BYSETPOS"),
        ("FREQ=DAILY;FREQ=DAILY", "ne se lit pas"),
        ("FREQ=DAILY;X=1", "n’en fait pas partie"),
        ("FREQ=DAILY;BYDAY=" + ",".join(["MO"] * 500), "trop longue"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read(text)


@pytest.mark.parametrize(
    ("rule", "start", "words"),
    [
        ("FREQ=WEEKLY;UNTIL=20270630T215959Z", "2026-12-01T10:00", "chaque semaine le mardi, jusqu’au 30/06/2027"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "2026-12-01T10:00", "toutes les 2 semaines le mardi et le jeudi"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-12-01T10:00", "chaque jour ouvré, du lundi au vendredi"),
        ("FREQ=DAILY;COUNT=5", "2026-12-01T10:00", "chaque jour, 5 fois"),
        ("FREQ=MONTHLY;BYDAY=2TU", "2026-12-08T10:00", "chaque mois le 2e mardi"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-12-25T10:00", "chaque mois le dernier vendredi"),
        ("FREQ=MONTHLY", "2026-12-01T10:00", "chaque mois le 1er"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "2026-12-31T10:00", "tous les 3 mois le dernier jour"),
        ("FREQ=YEARLY", "2026-12-01T10:00", "chaque année le 1er décembre"),
        ("FREQ=YEARLY;BYMONTH=3,9;BYDAY=1MO", "2027-03-01T10:00", "chaque année le 1er lundi en mars et septembre"),
        ("FREQ=MONTHLY;BYDAY=MO,FR;BYSETPOS=-1", "2026-12-28T10:00", "chaque mois, le dernier des jours\u00a0: le lundi et le vendredi"),
    ],
)
def test_a_rule_is_said_in_french(rule: str, start: str, words: str) -> None:
    assert say(read(rule), at(start), FR, PARIS) == words


def test_a_rule_is_written_back_as_it_was_read() -> None:
    text = "FREQ=MONTHLY;INTERVAL=2;COUNT=4;BYDAY=-1MO,2TU;BYMONTH=1,7;BYSETPOS=-1;WKST=SU"
    assert str(read(text)) == text
    assert str(read(f"rrule:{text.lower()};")) == text


def test_a_day_that_does_not_exist_that_month_or_year_is_left_out() -> None:
    assert walls("FREQ=MONTHLY", "2026-10-31T09:00", "2026-10-01", "2027-03-31") == [
        "2026-10-31T09:00", "2026-12-31T09:00", "2027-01-31T09:00",
    ]  # fmt: skip
    assert walls("FREQ=YEARLY", "2024-02-29T09:00", "2024-01-01", "2033-01-01")[1:] == ["2028-02-29T09:00", "2032-02-29T09:00"]


@pytest.mark.parametrize(
    ("wall", "moment"),
    [
        ("2026-03-29T02:30", "2026-03-29T01:30"),  # jumped over: 3:30, as the hour before the change would have it
        ("2026-10-25T02:30", "2026-10-25T00:30"),  # shown twice: the first
        ("2026-03-28T09:00", "2026-03-28T08:00"),
        ("2026-03-30T09:00", "2026-03-30T07:00"),
    ],
)
def test_a_wall_clock_means_what_rfc_5545_says(wall: str, moment: str) -> None:
    assert instant(at(wall), PARIS) == at(moment).replace(tzinfo=UTC)


def event(start: str, end: str, rule: str, zone: str = "Europe/Paris", excluded: str | None = None) -> dict[str, Any]:
    row = {"wall_start": f"{start}:00", "wall_end": f"{end}:00", "zone": zone, "recurrence": rule, "excluded": excluded}
    return row | {name: instant(at(wall), ZoneInfo(zone)) for name, wall in (("starts_at", start), ("ends_at", end))}


def moments(row: dict[str, Any], low: str, high: str) -> list[tuple[str, str]]:
    begin, end = (at(each).replace(tzinfo=UTC) for each in (low, high))
    found = series.occurrences(row, begin, end, FR)
    return [(f"{each.starts_at:%m-%d %H:%M}", f"{each.ends_at:%m-%d %H:%M}") for each in found]


def test_a_series_keeps_its_hour_across_both_clock_changes_in_its_own_zone() -> None:
    weekly = event("2026-03-23T10:00", "2026-03-23T11:00", "FREQ=WEEKLY")
    assert moments(weekly, "2026-03-23", "2026-04-04") == [("03-23 09:00", "03-23 10:00"), ("03-30 08:00", "03-30 09:00")]
    assert [start for start, _ in moments(weekly, "2026-10-19", "2026-10-31")] == ["10-19 08:00", "10-26 09:00"]
    there = event("2026-03-02T10:00", "2026-03-02T11:00", "FREQ=WEEKLY", "America/New_York")  # changes on 8 March
    assert [start for start, _ in moments(there, "2026-03-02", "2026-03-17")] == ["03-02 15:00", "03-09 14:00", "03-16 14:00"]


def test_an_occurrence_in_the_hour_jumped_over_has_its_length() -> None:
    nightly = event("2026-03-27T02:30", "2026-03-27T03:00", "FREQ=DAILY")
    assert moments(nightly, "2026-03-28T12:00", "2026-03-29T12:00") == [("03-29 01:30", "03-29 02:00")]


def test_an_excluded_occurrence_and_a_changed_one_are_left_out() -> None:
    weekly = event("2026-12-01T10:00", "2026-12-01T11:00", "FREQ=WEEKLY;COUNT=4", excluded="2026-12-08T10:00:00")
    begin, end = datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    found = series.occurrences(weekly, begin, end, FR, {"2026-12-15T10:00:00"})
    assert [each.wall for each in found] == ["2026-12-01T10:00:00", "2026-12-22T10:00:00"]


def test_a_rule_that_cannot_be_read_leaves_the_event_where_it_is() -> None:
    broken = event("2026-12-01T10:00", "2026-12-01T11:00", "FREQ=SECONDLY")
    assert moments(broken, "2026-12-01", "2027-01-01") == [("12-01 09:00", "12-01 10:00")]


@pytest.mark.parametrize(
    ("rule", "start"),
    [
        ("FREQ=DAILY", "1601-01-01T00:00"),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "2026-11-30T09:00"),  # a Monday: never
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;COUNT=10000", "2026-11-30T09:00"),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", "2027-02-28T09:00"),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31", "2026-04-30T09:00"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=300", "2026-04-06T09:00"),
        ("FREQ=DAILY;UNTIL=99991231T235959Z", "9999-12-30T23:30"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;COUNT=10000", "0001-01-01T00:00"),
    ],
)
def test_no_rule_takes_long_nor_gives_more_than_its_bound(rule: str, start: str) -> None:
    recurrence._last_of.cache_clear()
    began = process_time()
    assert len(read(rule).between(at(start), datetime.min, datetime.max, PARIS)) <= MOST
    series.Series(read(rule), at(start), timedelta(hours=1), PARIS, frozenset()).between(
        datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    )
    assert process_time() - began < 1


def test_a_hundred_thousand_exclusions_cost_little() -> None:
    clocks = "\n".join((datetime(2026, 1, 1) + timedelta(hours=n)).isoformat() for n in range(100_000))
    daily = event("2026-01-01T10:00", "2026-01-01T11:00", "FREQ=DAILY", excluded=clocks)
    began = process_time()
    assert moments(daily, "2026-01-01", "2027-01-01") == []
    assert process_time() - began < 1


@st.composite
def rules(draw: st.DrawFn) -> str:
    """None that gives nothing: the libraries would look for it as far as 9999; nor « MO,1MO », of which dateutil keeps what is both."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={freq}"]
    often = draw(st.booleans())
    if often:
        parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    end = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if end:
        until = datetime(2026, 1, 1) + timedelta(days=draw(st.integers(800, 2000)), minutes=draw(st.integers(0, 1439)))
        parts.append(f"COUNT={draw(st.integers(1, 40))}" if end == "COUNT" else f"UNTIL={until:%Y%m%dT%H%M%S}Z")
    by_month = draw(st.lists(st.integers(1, 12), max_size=3, unique=True)) if not often else []
    if by_month:
        parts.append("BYMONTH=" + ",".join(map(str, sorted(by_month))))
    nths = st.sampled_from([1, 2, 4, 5, -1, -2]) if freq in ("MONTHLY", "YEARLY") and draw(st.booleans()) else st.just(0)
    days = draw(st.lists(st.tuples(nths, st.integers(0, 6)), max_size=4, unique=True)) if draw(st.booleans()) else []
    if days:
        parts.append("BYDAY=" + ",".join(f"{nth or ''}{WEEKDAYS[day]}" for nth, day in sorted(days)))
    numbers = draw(st.lists(st.sampled_from([1, 5, 15, 28, 29, 30, 31, -1, -3]), max_size=3, unique=True))
    numbers = [] if freq == "WEEKLY" or any(nth for nth, _ in days) or (by_month and min(map(abs, numbers), default=0) > 28) else numbers
    if numbers:
        parts.append("BYMONTHDAY=" + ",".join(map(str, sorted(numbers))))
    if freq != "DAILY" and days and not numbers and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.sampled_from([1, -1]))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(WEEKDAYS))}")
    return ";".join(parts)


STARTS = st.sampled_from(
    ["2023-12-31", "2024-02-29", "2025-10-26", "2026-01-01", "2026-03-22", "2026-03-29", "2026-10-25", "2026-12-28"]
).flatmap(lambda day: st.sampled_from(["00:00", "01:30", "02:30", "03:00", "09:00", "23:30"]).map(lambda hour: at(f"{day}T{hour}")))
LOOKS = st.sampled_from(["2026-01-01", "2026-03-26", "2026-10-22", "2026-12-20", "2028-02-20"])


@given(rules(), STARTS, LOOKS)
def test_random_rules_give_the_days_that_dateutil_gives(rule: str, start: datetime, look: str) -> None:
    low, high = at(look), at(look) + timedelta(days=45)
    until = read(rule).until
    naive = f"{rule}".replace("Z", "") if isinstance(until, datetime) else rule  # dateutil wants it of the kind of the start
    expected = rrulestr(naive, dtstart=start).between(low, high, inc=True)
    walls_ = read(rule if naive == rule else naive).between(start, low, high, PARIS)
    assert walls_ == sorted({*expected, *([start] if low <= start <= high else [])})


def calendar(rule: str, start: datetime, zone: ZoneInfo) -> icalendar.Calendar:
    made, meeting = icalendar.Calendar(), icalendar.Event()
    meeting.add("uid", "1")
    meeting.add("dtstart", start.replace(tzinfo=zone))
    meeting.add("dtend", (start + timedelta(minutes=45)).replace(tzinfo=zone))
    meeting["rrule"] = icalendar.vRecur.from_ical(rule)
    made.add_component(meeting)
    return made


def expected(found: Iterable[Any]) -> list[datetime]:
    return sorted(each["dtstart"].dt.astimezone(UTC) for each in found)


@given(rules(), STARTS, LOOKS, st.sampled_from(["Europe/Paris", "America/Toronto"]))
def test_random_series_are_those_of_recurring_ical_events(rule: str, start: datetime, look: str, name: str) -> None:
    zone = ZoneInfo(name)
    low = at(look).replace(tzinfo=UTC)
    high = low + timedelta(days=30)
    theirs = recurring_ical_events.of(calendar(rule, start, zone)).between(low, high)
    mine = series.Series(read(rule), start, timedelta(minutes=45), zone, frozenset()).between(low, high)
    assert [each.starts_at for each in mine] == expected(theirs)


FILES = sorted(SHARED.rglob("*.ics"))


@pytest.mark.filterwarnings("ignore")  # of what is odd in foreign files
@pytest.mark.skipif(not FILES, reason="calendars of other programs are not here")
def test_every_series_of_other_programs_is_expanded_alike_or_refused_with_a_reason() -> None:
    compared = refused = 0
    for path in FILES:
        for rule, start in _series_of(path):
            try:
                mine = read(rule).between(start, start, start + timedelta(days=800), PARIS)
            except Unreadable:
                refused += 1
                continue
            naive = start.replace(tzinfo=None)
            assert mine == sorted(
                {naive, *rrulestr(rule, dtstart=naive, ignoretz=True).between(naive, naive + timedelta(days=800), inc=True)}
            )
            compared += 1
    assert compared > 10
    assert refused < compared


def rule_text(rule: Any) -> str:
    text: str = rule.to_ical().decode()
    return text


def _series_of(path: Path) -> list[tuple[str, datetime]]:
    try:
        calendars = icalendar.Calendar.from_ical(path.read_bytes(), multiple=True)
    except (ValueError, IndexError):
        return []
    found = []
    for meeting in (each for calendar_ in calendars for each in calendar_.walk("VEVENT")):
        start: Any = meeting.get("dtstart")
        rule: Any = meeting.get("rrule")
        if isinstance(rule, icalendar.vRecur) and start is not None:
            day = start.dt if isinstance(start.dt, datetime) else datetime.combine(start.dt, datetime.min.time())
            found.append((rule_text(rule).replace("Z;", ";").removesuffix("Z"), day.replace(tzinfo=None)))
    return found


@given(rules(), STARTS)
def test_what_is_written_reads_as_the_same_rule(rule: str, start: datetime) -> None:
    assert read(str(read(rule))) == read(rule)
    assert say(read(rule), start, FR, PARIS)


def test_a_series_cut_in_two_has_the_same_days() -> None:
    start = at("2026-09-01T10:00")
    for text in ("FREQ=WEEKLY;COUNT=20", "FREQ=WEEKLY;BYDAY=TU,TH;INTERVAL=2;COUNT=21", "FREQ=MONTHLY;BYDAY=1TU"):
        rule = read(text)
        every = rule.between(start, start, start + timedelta(days=900), PARIS)
        cut = every[5]
        before, after = rule.ended_before(start, cut, False, PARIS), rule.from_then(start, cut, PARIS)
        high = start + timedelta(days=900)
        assert before.between(start, start, high, PARIS) + after.between(cut, cut, high, PARIS) == every


@pytest.mark.parametrize(
    ("rule", "old", "new", "moved"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", date(2026, 12, 1), date(2026, 12, 3), "FREQ=WEEKLY;BYDAY=TH"),
        ("FREQ=WEEKLY;BYDAY=MO,WE", date(2026, 12, 2), date(2026, 12, 3), "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", date(2026, 12, 1), date(2026, 12, 2), "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("FREQ=MONTHLY;BYDAY=2TU", date(2026, 12, 8), date(2026, 12, 17), "FREQ=MONTHLY;BYDAY=3TH"),
        ("FREQ=MONTHLY;BYDAY=-1FR", date(2026, 12, 25), date(2026, 12, 31), "FREQ=MONTHLY;BYDAY=-1TH"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", date(2026, 12, 15), date(2026, 12, 17), "FREQ=MONTHLY;BYMONTHDAY=17"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", date(2026, 12, 31), date(2026, 12, 30), "FREQ=MONTHLY;BYMONTHDAY=30"),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1", date(2027, 3, 1), date(2027, 4, 2), "FREQ=YEARLY;BYMONTHDAY=2;BYMONTH=4"),
    ],
)
def test_a_rule_follows_the_day_on_which_an_occurrence_is_dropped(rule: str, old: date, new: date, moved: str) -> None:
    assert str(read(rule).moved(old, new)) == moved


def test_a_rule_that_cannot_follow_says_so() -> None:
    with pytest.raises(Unreadable, match="ne se déplace pas"):
        read("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1").moved(date(2026, 12, 31), date(2026, 12, 29))


def test_the_rule_of_a_series_is_a_value() -> None:
    assert read("FREQ=DAILY") == Rule("DAILY")
