"""An iCalendar text as lines that are kept as they are written: what changed is patched in, and all else survives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from icalendar.parser import Contentline

from gnetics.calendars.sayings import Said
from gnetics.errors import CalendarError

SAID_BY: dict[str, tuple[str, ...]] = {  # the properties that say each field, of all programs that are read
    "times": ("DTSTART", "DTEND", "DURATION", "EXDATE"),
    "recurrence": ("RRULE",),
    "excluded": ("EXDATE",),
    "occurrence": ("RECURRENCE-ID",),
    "title": ("SUMMARY",),
    "description": ("DESCRIPTION", "CONTACT", "X-ALT-DESC"),
    "contact": ("DESCRIPTION", "CONTACT", "X-ALT-DESC"),
    "place": ("LOCATION",),
    "category": ("CATEGORIES",),
    "kind": ("X-GNETICS-KIND",),
    "video_url": ("URL", "CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL"),
    "cancelled": ("STATUS",),
    "sequence": ("SEQUENCE",),
}
_STAMPS = ("DTSTAMP", "LAST-MODIFIED")
_PEOPLE = ("ATTENDEE", "ORGANIZER")
_CLIENT = ";SCHEDULE-AGENT=CLIENT"  # the server writes to nobody (RFC 6638, 7.1)
_NAME = re.compile(r"[A-Za-z0-9-]+")
_FOLD = re.compile(r"\r?\n[ \t]")
_BEFORE = re.compile(r"TRIGGER(;[^:]*)?:-?P\S*$", re.I)
_ADDRESS = re.compile(r"[^\s:;,=<>\"]+@[^\s:;,=<>\"?]+")
_ATTENDEE = re.compile(r"(.*?)(:mailto:[^:]*|:[^:]*)", re.I | re.S)  # with fullmatch: the address is what no colon follows
CUT = "Le serveur en rend un texte coupé."


@dataclass
class Part:
    """A component: its lines as written, each with what goes on with it, and the components within it."""

    name: str
    lines: list[str | Part] = field(default_factory=list)

    def parts(self, name: str) -> list[Part]:
        return [each for each in self.lines if isinstance(each, Part) and each.name == name]

    def properties(self, *names: str) -> list[str]:
        return [each for each in self.lines if isinstance(each, str) and property_of(each) in names]

    def __str__(self) -> str:
        return "\r\n".join([f"BEGIN:{self.name}", *map(str, self.lines), f"END:{self.name}"])


def read(text: str) -> Part:
    """The calendar of the text; raises CalendarError for what is none, or is cut."""
    stack = [Part("")]
    for line in _lines(text):
        name, _, value = line.partition(":")
        if name.upper() == "BEGIN":
            stack.append(Part(value.strip().upper()))
        elif name.upper() == "END":
            if len(stack) < 2 or stack[-1].name != value.strip().upper():
                raise CalendarError(CUT)
            ended = stack.pop()
            stack[-1].lines.append(ended)
        else:
            stack[-1].lines.append(line)
    calendars = stack[0].parts("VCALENDAR")
    if len(stack) > 1 or len(calendars) != 1:
        raise CalendarError(CUT)
    return calendars[0]


def is_whole(text: str) -> bool:
    try:
        read(text)
    except CalendarError:
        return False
    return True


def without_people(text: str, is_gone: Callable[[str], bool]) -> str:
    """Without those who come, or invite, by an address that `is_gone`; else as it is written."""
    lines = list(_lines(text))
    left = [line for line in lines if not (property_of(line) in _PEOPLE and any(map(is_gone, _ADDRESS.findall(_FOLD.sub("", line)))))]
    return text if left == lines else "\r\n".join([*left, ""])


def fresh(rendered: bytes) -> Part:
    """What our export wrote, such that a server sends nothing to participants."""
    calendar = read(rendered.decode())
    for event in calendar.parts("VEVENT"):
        _replace(event, ("ATTENDEE",), [_silent(line) for line in event.properties("ATTENDEE")])
    return calendar


def patched(text: str, then: Sequence[tuple[int | None, Said]], now: Sequence[tuple[int | None, Said]], new: Part) -> tuple[str, list[int]]:
    """(the text with what differs, the place of each event of `now` in it).

    `then` and `now` are parts of one object with the place of each in `text` (None: it has none yet); `new` renders `now` in order.
    """
    calendar = read(text)
    events, before = calendar.parts("VEVENT"), {block: said for block, said in then if block is not None}
    staying = {block for block, _ in now if block is not None}
    calendar.lines = [each for each in calendar.lines if not (each in events and _place(events, each) in before.keys() - staying)]
    shifted = any(block is not None and before[block]["times"] != said["times"] and not said["occurrence"] for block, said in now)
    written: list[Part] = []
    for (block, said), render in zip(now, new.parts("VEVENT"), strict=True):
        if block is None:
            calendar.lines.append(render)
            written.append(render)
        else:
            _patch(events[block], before[block], said, render, shifted)
            written.append(events[block])
    _add_zones(calendar, new)
    places = calendar.parts("VEVENT")
    return f"{calendar}\r\n", [_place(places, each) for each in written]


def _place(events: Sequence[Part], wanted: object) -> int:
    """By identity: two events may be written alike."""
    return next(place for place, each in enumerate(events) if each is wanted)


def _patch(event: Part, then: Said, said: Said, render: Part, shifted: bool) -> None:
    differing = {name for name in said if said[name] != then.get(name)} | ({"occurrence"} if shifted and said["occurrence"] else set())
    if not differing:
        return
    names = {each for name in differing for each in SAID_BY.get(name, ())}
    for name in sorted(names):
        _replace(event, (name,), render.properties(name))
    if "participants" in differing:
        _replace(event, ("ATTENDEE",), list(_attendees(event, then, said, render)))
    if "reminder" in differing:
        _remind(event, render)
    stamp = next(iter(render.properties("DTSTAMP")))
    for name in _STAMPS:
        if event.properties(name):
            _replace(event, (name,), [f"{name}:{stamp.partition(':')[2]}"])


def _replace(event: Part, names: tuple[str, ...], lines: list[str]) -> None:
    """Where the first of them stood, else before the components within."""
    places = [place for place, each in enumerate(event.lines) if isinstance(each, str) and property_of(each) in names]
    inside = next((place for place, each in enumerate(event.lines) if isinstance(each, Part)), len(event.lines))
    at = places[0] if places else inside
    rest = [(place, each) for place, each in enumerate(event.lines) if place not in places]
    event.lines = [each for place, each in rest if place < at] + list(lines) + [each for place, each in rest if place >= at]


def _attendees(event: Part, then: Said, said: Said, render: Part) -> Iterator[str]:
    """Those that stay as they are written, with their answer; the others as we write them."""
    before, now = ({address.lower(): answer for address, _, answer in each["participants"]} for each in (then, said))
    there = set[str]()
    for line in event.properties("ATTENDEE"):
        address = _address(line)
        there.add(address)
        if address in now and now[address] != before.get(address):
            yield _answered(line, now[address])
        elif address in now or address not in before:  # the latter is none that we read
            yield line
    yield from (line for line in render.properties("ATTENDEE") if _address(line) not in there)


def _answered(line: str, answer: str) -> str:
    match = _ATTENDEE.fullmatch(_FOLD.sub("", line))
    assert match  # its address was read
    head = re.sub(r";PARTSTAT=[^;:]*", "", match[1], flags=re.I)
    return _folded(f"{head};PARTSTAT={answer}{match[2]}")


def _address(line: str) -> str:
    return re.sub(r"(?i)^.*:mailto:", "", _FOLD.sub("", line), flags=re.S).strip().lower()


def _silent(line: str) -> str:
    return _folded(_FOLD.sub("", line).replace("ATTENDEE", f"ATTENDEE{_CLIENT}", 1))


def _remind(event: Part, render: Part) -> None:
    """The first alarm that counts from the start gives way to ours, before all others; they stay."""
    old = next((each for each in event.parts("VALARM") if any(_BEFORE.match(_FOLD.sub("", line)) for line in _texts(each))), None)
    rest = [each for each in event.lines if each is not old]
    inside = next((place for place, each in enumerate(rest) if isinstance(each, Part)), len(rest))
    event.lines = [*rest[:inside], *render.parts("VALARM"), *rest[inside:]]


def _add_zones(calendar: Part, new: Part) -> None:
    """Those that our own lines name."""
    known, used = {_zone(each) for each in calendar.parts("VTIMEZONE")}, str(calendar)
    for zone in new.parts("VTIMEZONE"):
        if _zone(zone) not in known and f"TZID={_zone(zone)}" in used:
            first = next(place for place, each in enumerate(calendar.lines) if isinstance(each, Part))
            calendar.lines.insert(first, zone)


def _zone(part: Part) -> str:
    return next((line.partition(":")[2].strip() for line in part.properties("TZID")), "")


def property_of(line: str) -> str:
    match = _NAME.match(line)
    return match[0].upper() if match else ""


def _texts(part: Part) -> Iterable[str]:
    return (line for line in part.lines if isinstance(line, str))


def _lines(text: str) -> Iterator[str]:
    """Each with the lines that go on with it, as they are written."""
    parts: list[str] = []
    for line in re.split(r"\r\n|\n|\r", text):
        if line[:1] in (" ", "\t") and parts:
            parts.append(line)
        elif line:
            if parts:
                yield "\r\n".join(parts)
            parts = [line]
    if parts:
        yield "\r\n".join(parts)


def _folded(line: str) -> str:
    return str(Contentline(line).to_ical().decode())  # type: ignore[no-untyped-call]
