"""Events as an iCalendar file (RFC 5545), which Outlook, Thunderbird, Nextcloud and telephones take; imports/ics reads it back.

A contact is said twice: in CONTACT, and below the description, since few calendars show the first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress, vRecur, vUri

from gnetics.domain.events import NO_ANSWER, safe_link
from gnetics.domain.regions import Region
from gnetics.domain.wall_clocks import known_zone, walls

PRODUCT = "-//GNETICS//CRM//FR"
KIND = "X-GNETICS-KIND"
CONTACT_LINE = "Contact\u00a0: {}"
_ZONES_UNTIL = 2038  # year until which a VTIMEZONE says when clocks change
Row = Mapping[str, Any]


def icalendar(events: Iterable[Row], region: Region, name: str = "") -> bytes:
    """Rows of the store's `events`, each with `lead`, its contact's name in words; an override goes with its series where that is given.

    `name` is what a calendar that subscribes calls it.
    """
    rows = list(events)
    by_key = {row["key"]: row for row in rows}
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    if name:
        calendar.add("x-wr-calname", name)
    years = [_ZONES_UNTIL]
    for row in rows:
        calendar.add_component(_event(row, by_key.get(row["series_key"]), region))
        years.append(row["starts_at"].year)
    calendar.add_missing_timezones(date(min(years) - 1, 1, 1), date(max(years) + 1, 1, 1))
    return bytes(calendar.to_ical())


def _event(row: Row, series: Row | None, region: Region) -> Event:
    event = Event()
    event.add("uid", (series or row)["uid"])
    event.add("dtstamp", row["updated_at"] or row["starts_at"])
    event.add("sequence", row["sequence"])
    event.add("summary", row["title"])
    _add_times(event, row, series, region)
    event.add("status", "CANCELLED" if row["cancelled"] else "CONFIRMED")
    _add_texts(event, row)
    for address, person, answer in json.loads(row["participants"] or "[]"):
        _add_attendee(event, address, person, answer)
    if row["reminder"] is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", row["title"])
        alarm.add("trigger", -timedelta(minutes=row["reminder"]))
        event.add_component(alarm)
    return event


def _add_times(event: Event, row: Row, series: Row | None, region: Region) -> None:
    times, all_day = walls(row, region), row["all_day"]
    zone = known_zone(times.zone)
    event.add("dtstart", _moment(times.start, zone, all_day))
    event.add("dtend", _day_after(times.end) if all_day else _moment(times.end, zone, False))
    if row["recurrence"]:
        event.add("rrule", vRecur.from_ical(row["recurrence"]))
        if gone := [_moment(datetime.fromisoformat(line), zone, all_day) for line in (row["excluded"] or "").split()]:
            event.add("exdate", gone)
    if series is not None and row["occurrence"]:
        theirs = known_zone(walls(series, region).zone)
        event.add("recurrence-id", _moment(datetime.fromisoformat(row["occurrence"]), theirs, series["all_day"]))


def _moment(wall: datetime, zone: ZoneInfo, all_day: bool) -> date:
    return wall.date() if all_day else wall.replace(tzinfo=zone)


def _day_after(end: datetime) -> date:
    """The end of whole days is the first day after them."""
    return end.date() if end.time() == time() else end.date() + timedelta(days=1)


def _add_texts(event: Event, row: Row) -> None:
    contact = row["lead"]
    description = "\n\n".join(filter(None, [row["description"], contact and CONTACT_LINE.format(contact)]))
    named = (("description", description), ("contact", contact), ("location", row["place"]), (KIND, row["kind"]))
    for name, text in named:
        if text:
            event.add(name, text)
    if row["category"]:
        event.add("categories", [row["category"]])
    if link := safe_link(row["video_url"]):
        event.add("url", vUri(link))


def _add_attendee(event: Event, address: str, person: str, answer: str) -> None:
    if not address or any(sign.isspace() or not sign.isprintable() for sign in address):
        return
    attendee = vCalAddress(f"mailto:{address}")
    if person:
        attendee.params["CN"] = person
    attendee.params["PARTSTAT"] = answer or NO_ANSWER
    event.add("attendee", attendee, encode=False)
