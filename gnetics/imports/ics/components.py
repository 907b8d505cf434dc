"""The events of an iCalendar text as properties: a line that cannot be understood costs its event, never the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from icalendar.parser import Contentline

MOST_EVENTS = 50_000
LONGEST_LINE = 64_000  # characters of a property once unfolded: longer ones say no more to a person
NESTED = 8  # components within each other
_TIMES = frozenset(("LAST-MODIFIED", "DTSTAMP", "DTSTART", "DTEND", "RDATE", "EXDATE", "RECURRENCE-ID"))
_LINKS = frozenset(("URL", "CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL"))
_TEXTS = frozenset(("UID", "SUMMARY", "DESCRIPTION", "LOCATION", "CONTACT", "CATEGORIES", "STATUS", "SEQUENCE", "X-GNETICS-KIND"))
_READ = _TIMES | _LINKS | _TEXTS | {"DURATION", "RRULE", "EXRULE", "ATTENDEE", "TRIGGER"}
_OTHERS = frozenset(("VTODO", "VJOURNAL", "VFREEBUSY"))
_NAME = re.compile(r"[A-Za-z0-9-]+")
_ZONE = re.compile(r';\s*TZID\s*=\s*(?:"([^"]*)"|([^;]*))', re.I)


class Property(NamedTuple):
    """`value` is as written; `zone` the TZID of a time, `name` the CN of a person and `answer` their PARTSTAT.

    `related` is what a trigger counts from, or how far an override reaches.
    """

    value: str
    zone: str = ""
    name: str = ""
    answer: str = ""
    related: str = ""

    @property
    def address(self) -> str:
        """Of a person."""
        return re.sub(r"(?i)^mailto:", "", self.value.strip())


@dataclass
class Component:
    """One VEVENT: `line` is where it begins, `broken` why it cannot be read; `cut` names what was too long to be read whole."""

    line: int
    properties: dict[str, list[Property]] = field(default_factory=dict)
    broken: str = ""
    cut: list[str] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        return self.properties.get(name, [None])[0]

    def all(self, name: str) -> list[Property]:
        return self.properties.get(name, [])


@dataclass
class Calendar:
    """`others` counts tasks, journals and busy times, which are no events; `method` is what a mail's calendar is for.

    `zones` are the usual names that some programs give beside those that they made up.
    """

    events: list[Component] = field(default_factory=list)
    others: int = 0
    method: str = ""
    zones: dict[str, str] = field(default_factory=dict)
    found: bool = False


def components(text: str) -> Calendar:
    """Every VEVENT of every calendar of the text."""
    calendar, stack, event, zone = Calendar(), list[str](), None, ""
    for number, line in _unfolded(text):
        name = match[0].upper() if (match := _NAME.match(line)) else ""
        if name == "BEGIN":
            stack.append(line[6:].strip().upper())
            calendar.found = calendar.found or stack[-1] in ("VCALENDAR", "VEVENT")  # some write an event alone
            calendar.others += stack[-1] in _OTHERS
            if stack[-1] == "VEVENT" and len(calendar.events) < MOST_EVENTS:
                event = Component(number, broken="" if "VEVENT" not in stack[:-1] and len(stack) < NESTED else _NESTED)
                calendar.events.append(event)
        elif name == "END":
            ended = line[4:].strip().upper()
            while stack and stack.pop() != ended:
                pass
            event = event if "VEVENT" in stack else None
        elif name == "METHOD" and stack == ["VCALENDAR"]:
            calendar.method = line[7:].strip().upper()
        elif stack[-1:] == ["VTIMEZONE"] and name in ("TZID", "X-LIC-LOCATION"):
            zone = line.partition(":")[2].strip() if name == "TZID" else zone
            calendar.zones[zone] = line.partition(":")[2].strip()
        elif event is not None and not event.broken and name in _READ and (stack[-1] == "VEVENT" or name == "TRIGGER"):
            _take(event, name, line)
    if event is not None:
        event.broken = _UNFINISHED
    return calendar


_NESTED = "Des événements sont écrits les uns dans les autres."
_UNFINISHED = "Le fichier s’arrête au milieu de cet événement."
_UNREADABLE = "La ligne «\u00a0{}\u00a0» n’est pas lisible."


def _take(event: Component, name: str, line: str) -> None:
    if len(line) > LONGEST_LINE and name not in _TIMES:  # dates are counted, then refused
        event.cut.append(name)
        line = line[:LONGEST_LINE]
    try:
        found = _time(line) if name in _TIMES else _property(name, line)
    except ValueError:
        event.broken = event.broken or _UNREADABLE.format(name)
    else:
        event.properties.setdefault(name, []).append(found)


def _time(line: str) -> Property:
    """A time has no colon, but its zone may have one that nobody quoted: « TZID=GMT+01:00:20260101T090000 »."""
    head, colon, value = line.rpartition(":")
    if not colon:
        raise ValueError(line)
    zone = _ZONE.search(head)
    related = "THISANDFUTURE" if "THISANDFUTURE" in head.upper() else ""
    return Property(value.strip(), (zone[1] or zone[2] or "").strip() if zone else "", related=related)


def _property(name: str, line: str) -> Property:
    if line.startswith(f"{name}:"):
        return Property(line[len(name) + 1 :])
    _, parameters, value = Contentline(line).parts()  # type: ignore[no-untyped-call]
    given = {each: str(parameters.get(each, "")) for each in ("CN", "PARTSTAT", "RELATED")}
    return Property(value, name=given["CN"], answer=given["PARTSTAT"].upper(), related=given["RELATED"].upper())


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """(number, line), a line that begins with a space going on with the one before."""
    parts, first = list[str](), 0
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if not line:
            continue
        if line[0] in " \t":
            parts.append(line[1:])
            continue
        if parts:
            yield first, "".join(parts)
        parts, first = [line], number
    if parts:
        yield first, "".join(parts)
