"""What leaves as a calendar is read by another library as it is meant, all year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events  # type: ignore[import-untyped]
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from icalendar import Calendar

from gnetics.domain.regions import REGIONS
from gnetics.exports.icalendar import icalendar

FR = REGIONS["FR"]
PARIS = ZoneInfo("Europe/Paris")
EMPTY = dict.fromkeys(
    ("kind", "description", "video_url", "lead_key", "owner", "place", "category", "participants", "reminder", "wall_start", "wall_end",
     "zone", "recurrence", "excluded", "series_key", "occurrence")
)  # fmt: skip
START = datetime(2026, 3, 3, 9, tzinfo=UTC)


def row(key: int, **given: Any) -> dict[str, Any]:
    usual = {
        "key": key,
        "uid": f"{key}@gnetics",
        "title": "Point",
        "sequence": 0,
        "updated_at": START,
        "all_day": False,
        "cancelled": False,
    }
    return EMPTY | usual | {"done": False, "lead": "", "starts_at": START, "ends_at": START + timedelta(hours=1)} | given


def walls(start: str, end: str, zone: str | None = None) -> dict[str, Any]:
    return {"wall_start": start, "wall_end": end, "zone": zone}


def read(*rows: dict[str, Any]) -> Any:
    return Calendar.from_ical(icalendar(rows, FR)).walk("VEVENT")


def starts(content: bytes, first: date, last: date) -> list[datetime]:
    found: Any = recurring_ical_events.of(Calendar.from_ical(content)).between(first, last)
    return sorted(each["DTSTART"].dt for each in found)


def test_a_series_keeps_its_hour_through_both_changes_of_clocks_without_what_is_left_out_and_with_what_moved() -> None:
    series = row(
        1,
        recurrence="FREQ=WEEKLY;BYDAY=TU",
        excluded="2026-03-10T10:00:00\n2026-10-27T10:00:00",
        **walls("2026-03-03T10:00:00", "2026-03-03T11:00:00"),
    )
    moved = row(2, series_key=1, occurrence="2026-03-31T10:00:00", **walls("2026-04-01T14:00:00", "2026-04-01T15:00:00"))
    found = starts(icalendar([series, moved], FR), date(2026, 3, 1), date(2026, 12, 31))
    expected = {each.replace(tzinfo=PARIS) for each in rrulestr("FREQ=WEEKLY;UNTIL=20261230T000000", dtstart=datetime(2026, 3, 3, 10))}
    expected -= {datetime(2026, 3, 10, 10, tzinfo=PARIS), datetime(2026, 10, 27, 10, tzinfo=PARIS), datetime(2026, 3, 31, 10, tzinfo=PARIS)}
    assert found == sorted(expected | {datetime(2026, 4, 1, 14, tzinfo=PARIS)})


def test_each_zone_that_is_named_is_defined() -> None:
    content = icalendar([row(1), row(2, **walls("2026-03-03T10:00:00", "2026-03-03T11:00:00", "America/New_York"))], FR)
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    assert {zone["TZID"] for zone in calendar.timezones} == calendar.get_used_tzids() == {"Europe/Paris", "America/New_York"}
    paris = next(zone for zone in calendar.timezones if zone["TZID"] == "Europe/Paris").to_tz()
    for wall in (
        datetime(2026, 3, 29, 1),
        datetime(2026, 3, 29, 4),
        datetime(2026, 10, 25, 1),
        datetime(2026, 10, 25, 4),
        datetime(2037, 7, 1),
    ):
        assert wall.replace(tzinfo=paris).utcoffset() == wall.replace(tzinfo=PARIS).utcoffset()


def test_the_second_half_past_two_of_a_night_is_not_the_first() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    (event,) = read(row(1, starts_at=second, ends_at=second + timedelta(hours=1)))
    assert event["DTSTART"].dt == second


def test_whole_days_end_before_the_day_that_is_named() -> None:
    (event,) = read(row(1, all_day=True, starts_at=datetime(2026, 12, 23, 23, tzinfo=UTC), ends_at=datetime(2026, 12, 25, 23, tzinfo=UTC)))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 12, 24), date(2026, 12, 26))


def test_all_that_an_event_says_is_there_and_no_link_that_could_run() -> None:
    said = {
        "description": "Apporter\nle devis",
        "lead": "Marie Curie",
        "place": "11, rue des Lilas; Lyon",
        "category": "Salon",
        "kind": "Appel",
        "participants": '[["ana@client.example","Ana, \\"Lopès\\"","ACCEPTED"],["pas\\nune adresse","",""]]',
        "reminder": 15,
        "cancelled": True,
        "sequence": 4,
    }
    event, bad = read(row(1, video_url="https://visio.example/a", **said), row(2, video_url="javascript:alert(1)"))
    assert event["DESCRIPTION"] == "Apporter\nle devis\n\nContact\u00a0: Marie Curie"
    assert (event["CONTACT"], event["LOCATION"], event["URL"], event["STATUS"], event["SEQUENCE"]) == (
        "Marie Curie", "11, rue des Lilas; Lyon", "https://visio.example/a", "CANCELLED", 4
    )  # fmt: skip
    assert (event["ATTENDEE"], event["ATTENDEE"].params["PARTSTAT"]) == ("mailto:ana@client.example", "ACCEPTED")
    assert event.walk("VALARM")[0]["TRIGGER"].dt == timedelta(minutes=-15)
    assert "URL" not in bad


def test_the_same_events_leave_as_the_same_bytes() -> None:
    rows = [row(1), row(2, **walls("2026-03-03T10:00:00", "2026-03-03T11:00:00", "Asia/Tokyo"))]
    assert icalendar(rows, FR) == icalendar(rows, FR)
