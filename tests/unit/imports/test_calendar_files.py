"""What an iCalendar file says of each event, or why it is not taken; nothing in it takes long or stops the others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gnetics.imports import reading_apart
from gnetics.imports.ics import importer
from gnetics.imports.ics.events import Entry
from gnetics.imports.ics.reader import entries
from gnetics.imports.ics.zones import zone_of
from gnetics.imports.text_file import is_calendar
from tests import real_files

REAL = real_files.of("ics")
PARIS = "TZID=Europe/Paris:"
START, END = f"DTSTART;{PARIS}20260101T090000", f"DTEND;{PARIS}20260101T100000"


def event(*lines: str, uid: str = "b") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Réunion", *lines, "END:VEVENT", ""])


def calendar(*components: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", f"{''.join(components)}END:VCALENDAR", ""]).encode()


def only(*lines: str) -> Entry:
    ((entry,), _) = entries(calendar(event(*lines)), "Europe/Paris")
    return entry


def rule(text: str) -> str:
    return only(START, END, f"RRULE:{text}").refusal


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Europe/Paris", "Europe/Paris"),
        ("Paris", "Europe/Paris"),
        ("Romance Standard Time", "Europe/Paris"),
        ("(UTC+01:00) Brussels, Copenhagen, Madrid, Paris", "Europe/Paris"),
        ("(GMT+01.00) Paris", "Europe/Paris"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("GMT+01:00", "Etc/GMT-1"),
        ("UTC-3", "Etc/GMT+3"),
        ("/freeassociation.sourceforge.net/Tzfile/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("(UTC+05:00) Paris", None),  # the offset and the city do not agree
        ("Customized Time Zone", None),
        ("GMT+05:30", None),
        ("../../etc/passwd", None),
        ("", None),
    ],
)
def test_a_zone_is_known_by_the_names_that_programs_give_it(written: str, meant: str | None) -> None:
    assert zone_of(written) == meant


def test_a_zone_with_a_colon_that_nobody_quoted_hangs_where_it_says() -> None:
    assert only("DTSTART;TZID=GMT+01:00:20260701T090000", "DTEND;TZID=GMT+01:00:20260701T100000").values["starts_at"].hour == 8


def test_a_zone_that_a_file_made_up_is_known_by_the_usual_name_beside_it() -> None:
    zone = "BEGIN:VTIMEZONE\r\nTZID:Bureau\r\nX-LIC-LOCATION:America/Toronto\r\nEND:VTIMEZONE\r\n"
    ((entry,), _) = entries(calendar(zone, event("DTSTART;TZID=Bureau:20260101T090000", "DURATION:PT1H")), "Europe/Paris")
    assert (entry.values["zone"], entry.values["starts_at"].hour) == ("America/Toronto", 14)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([END], "pas de début"),
        ([START, f"DTEND;{PARIS}20260101T080000"], "fin vient avant"),
        (["DTSTART:20260230T090000"], "n’existe pas"),
        (["DTSTART:16010101T090000"], "L’année 1601"),
        (["DTSTART:99990101T090000Z"], "L’année 9999"),
        ([START, f"DTEND;{PARIS}30260101T100000"], "L’année 3026"),
        (["DTSTART;TZID=Lune:20260101T090000"], "«\u00a0Lune\u00a0» est inconnu"),
        ([START, "DTEND;VALUE=DATE:20260102"], "un jour et sa fin une heure"),
        ([START, END, "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"], "plusieurs règles"),
        ([START, END, f"RECURRENCE-ID;RANGE=THISANDFUTURE;{PARIS}20260101T090000"], "à partir de"),
        ([START, END, "RRULE:FREQ=DAILY", f"EXDATE;{PARIS}" + ",".join(["20260101T090000"] * 100_000)], "Plus de 10000 dates"),
        ([START, END, "UID:" + "x" * 600], ""),  # the first of two is the one
    ],
)
def test_what_cannot_be_placed_is_refused_with_the_reason(lines: list[str], words: str) -> None:
    refusal = only(*lines).refusal
    assert words in refusal and bool(words) == bool(refusal)


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY",
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=1000000000",
        "FREQ=DAILY;COUNT=1000000000",
        "FREQ=DAILY;COUNT=0",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))),
        "FREQ=DAILY;BYHOUR=9,10",
        "RSCALE=CHINESE;FREQ=YEARLY",
        "FREQ=PARFOIS",
        "INTERVAL=2",
        "FREQ=YEARLY;BYMONTH=13;BYMONTHDAY=1",
        "FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 1000),
        "",
    ],
)
def test_a_rule_that_never_ends_its_work_is_refused_before_any_of_it_is_done(text: str) -> None:
    assert rule(text)


@pytest.mark.parametrize(
    "text",
    ["FREQ=DAILY", "FREQ=DAILY;UNTIL=99991231T000000Z", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=MONTHLY;BYDAY=-1FR",
     "FREQ=WEEKLY;BYHOUR=9", "FREQ=DAILY;COUNT=10000", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"],
)  # fmt: skip
def test_a_usual_rule_is_kept_with_or_without_end(text: str) -> None:
    assert rule(text) == ""


def test_what_is_beside_the_time_is_taken_or_told() -> None:
    entry = only(
        START,
        END,
        "URL:javascript:alert(1)",
        "DESCRIPTION:" + "x" * 5_000_000,
        "ATTENDEE;CN=Ana;PARTSTAT=ACCEPTED:mailto:ana@client.example",
        "ATTENDEE;CN=Sans adresse:",
        "BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nEND:VALARM",
    )
    values = entry.values
    assert (values["video_url"], len(values["description"]), values["reminder"]) == (None, 5000, 15)
    assert values["participants"] == '[["ana@client.example", "Ana", "ACCEPTED"]]'
    assert [remark.partition("\u00a0")[0] for remark in entry.remarks] == [
        "La description dépasse 5000 caractères",
        "Son lien n’est pas une adresse http(s)",
        "Participants sans adresse lisible, en double ou de trop, qui ne sont pas repris",
    ]


def test_a_link_of_a_video_call_goes_before_any_other() -> None:
    entry = only(START, END, "URL:https://client.example/", "X-GOOGLE-CONFERENCE:https://visio.example/a")
    assert entry.values["video_url"] == "https://visio.example/a"


def test_whole_days_end_before_the_day_that_the_file_names() -> None:
    values = only("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261226").values
    assert (values["all_day"], values["wall_end"], values["ends_at"].isoformat()) == (
        True,
        "2026-12-26T00:00:00",
        "2026-12-25T23:00:00+00:00",
    )


def test_an_hour_without_zone_is_the_region_s_and_an_hour_in_utc_stays_so() -> None:
    floating, utc = only("DTSTART:20260701T090000").values, only("DTSTART:20260701T090000Z").values
    assert (floating["zone"], floating["starts_at"].hour, utc["zone"], utc["starts_at"].hour) == (None, 7, "UTC", 9)


def test_tasks_are_counted_and_nested_events_or_a_torn_end_cost_their_event_alone() -> None:
    torn = "BEGIN:VEVENT\r\nUID:z\r\n" + START
    found, others = entries(calendar("BEGIN:VTODO\r\nEND:VTODO\r\n", event(START, END), torn)[:-15], "Europe/Paris")
    assert ([bool(entry.refusal) for entry in found], others) == ([False, True], 1)
    nested, _ = entries(calendar("BEGIN:VEVENT\r\n" * 2000 + "END:VEVENT\r\n" * 2000, event(START, END)), "Europe/Paris")
    assert [bool(entry.refusal) for entry in nested].count(False) == 1


def bombs() -> Iterator[str]:
    """What kills a naive reading, each in an event of its own."""
    for text in ("SECONDLY", "HOURLY;BYMONTH=2;BYMONTHDAY=30", "DAILY;COUNT=1000000000", "DAILY;BYMONTH=2;BYMONTHDAY=30"):
        yield event(START, END, f"RRULE:FREQ={text}", uid=text)
    dates = ",".join(f"{2000 + each // 336}{each // 28 % 12 + 1:02d}{each % 28 + 1:02d}T090000" for each in range(100_000 // 20))
    yield event(START, END, "RRULE:FREQ=DAILY", *[f"EXDATE;{PARIS}{dates}"] * 20, uid="exdate")
    yield event(START, END, *[f"RDATE;{PARIS}{dates}"] * 20, uid="rdate")
    yield event(START, END, "DESCRIPTION:" + "\r\n ".join(["x" * 70] * 72_000), uid="long")
    yield event(START, f"DTEND;{PARIS}30260101T090000", "RRULE:FREQ=DAILY", uid="millennium")
    moved = (f"RECURRENCE-ID;{PARIS}{2026 + each // 336}{each // 28 % 12 + 1:02d}{each % 28 + 1:02d}T090000" for each in range(2000))
    yield from (event(line, START, END, uid="moved") for line in moved)
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    yield zone + event("DTSTART;TZID=X:20260101T090000", uid="zone")


def test_a_file_of_everything_that_never_ends_is_read_within_five_seconds_of_a_processor() -> None:
    data = calendar(*bombs(), event(START, END, uid="good"))
    found, _ = reading_apart.read("gnetics.imports.ics.reader", ["Europe/Paris", importer.MEMORY, 5], data, "trop lourd")
    taken = {entry.uid for entry in found if not entry.refusal}
    assert taken == {"rdate", "long", "moved", "good"}


@pytest.mark.skipif(not REAL, reason="calendars of other programs are not on this machine")
def test_every_real_calendar_is_read_or_refused_with_a_reason() -> None:
    taken = 0
    for file in REAL:
        data = file.read_bytes()
        if is_calendar(data):
            found, _ = entries(data, "Europe/Paris")
            taken += sum(not entry.refusal for entry in found)
            assert all(entry.refusal or entry.values["ends_at"] > entry.values["starts_at"] for entry in found), file.name
    assert taken > 450
