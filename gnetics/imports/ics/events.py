"""One VEVENT becomes the values of an event, or the reason why it cannot be taken; nothing is guessed of when it takes place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from icalendar import vDDDTypes
from icalendar.parser import split_on_unescaped_comma

from gnetics.domain import emails, events, participants
from gnetics.domain.dates import FIRST_YEAR, LAST_YEAR
from gnetics.domain.events import NO_ANSWER
from gnetics.domain.folding import fold
from gnetics.domain.recurrence import MOST
from gnetics.domain.regions import Region
from gnetics.domain.values import clean
from gnetics.domain.wall_clocks import instant_of, known_zone, walls, written
from gnetics.errors import Unreadable
from gnetics.exports.icalendar import CONTACT_LINE, KIND
from gnetics.imports.ics.components import Component, Property
from gnetics.imports.ics.rules import checked
from gnetics.imports.ics.zones import zone_of

LIMITS = {"title": events.LIMITS["title"], "description": events.LIMITS["description"], "place": 200, "category": 100}
LONGEST_UID = 500
UNTITLED = "(sans titre)"
TIMES = ("wall_start", "wall_end", "zone", "all_day", "starts_at", "ends_at")  # the columns that say when
_LINKS = ("X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "CONFERENCE", "URL")
_CUT = {"title": "Le titre", "description": "La description", "place": "Le lieu", "category": "La catégorie"}


class BadEvent(ValueError):
    """The message says what is wrong, in French."""


@dataclass(frozen=True)
class Moment:
    """As it is written: a clock on the wall, and the zone that it names (None: the region's)."""

    wall: datetime
    zone: str | None
    whole_day: bool


@dataclass
class Entry:
    """What the file says of one event; `refusal` is why it is not taken, `recurs` which occurrence of a series it replaces.

    `remarks` say what of it was left out.
    """

    line: int
    uid: str = ""
    title: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    sequence: int = 0
    stamp: str = ""
    recurs: Moment | None = None
    remarks: list[str] = field(default_factory=list)
    refusal: str = ""


@dataclass(frozen=True)
class Reader:
    """`zone` is the region's, by name; `zones` what the file says of its own names, `cancels`: it takes back all that it lists."""

    zone: str
    zones: dict[str, str]
    cancels: bool = False

    def entry(self, component: Component) -> Entry:
        """Never raises."""
        entry = Entry(component.line, uid=_text(component, "UID"), title=_text(component, "SUMMARY"))
        try:
            if component.broken:
                raise BadEvent(component.broken)
            self._read(component, entry)
        except (BadEvent, Unreadable) as error:
            entry.refusal = str(error)
        except (ValueError, OverflowError):
            entry.refusal = "Une de ses dates n’existe pas, ou n’est pas lisible."
        return entry

    def _read(self, component: Component, entry: Entry) -> None:
        values = entry.values
        start = self._start(component)
        end = self._end(component, start)
        _require_years(start.wall, end)
        if end <= start.wall:
            raise BadEvent("Sa fin vient avant son début.")
        if end - start.wall > events.LONGEST:
            raise BadEvent("Il dure plus d’un an.")
        zone = start.zone or self.zone
        values |= {"wall_start": written(start.wall), "wall_end": written(end), "zone": start.zone, "all_day": start.whole_day}
        values |= {"starts_at": instant_of(start.wall, zone), "ends_at": instant_of(end, zone)}
        if values["ends_at"] <= values["starts_at"]:
            raise BadEvent("Sa fin vient avant son début.")
        values |= self._recurrence(component, start, entry)
        if recurs := component.first("RECURRENCE-ID"):
            if recurs.related:
                raise BadEvent("Il change une série «\u00a0à partir de\u00a0» une date, ce que le calendrier ne sait pas garder.")
            entry.recurs = self._moment(recurs, recurs.value)
        _read_texts(component, entry)
        values["cancelled"] = self.cancels or _text(component, "STATUS").upper() == "CANCELLED"
        values["reminder"] = _reminder(component)
        values["participants"] = _participants(component, entry)
        if not entry.uid:
            said = json.dumps([entry.title, values["wall_start"], values["wall_end"], values["recurrence"]])
            entry.uid = f"{sha256(said.encode()).hexdigest()[:32]}@import"  # the same file again speaks of the same event
        if len(entry.uid) > LONGEST_UID:
            raise BadEvent("Son identifiant (UID) est trop long.")
        entry.sequence = _whole(_text(component, "SEQUENCE"))
        entry.stamp = _text(component, "LAST-MODIFIED") or _text(component, "DTSTAMP")

    def _start(self, component: Component) -> Moment:
        given = component.all("DTSTART")
        if not given:
            raise BadEvent("Il n’a pas de début (DTSTART).")
        return self._moment(given[0], given[0].value)

    def _end(self, component: Component, start: Moment) -> datetime:
        """On the clock of the start; that of whole days is the midnight after them."""
        given, lasts = component.first("DTEND"), component.first("DURATION")
        if given:
            end = self._moment(given, given.value)
            if end.whole_day != start.whole_day:
                raise BadEvent("Son début est un jour et sa fin une heure, ou l’inverse.")
            if start.whole_day and end.wall == start.wall:
                return start.wall + timedelta(days=1)  # of programs that count the last day in
            wall = on_clock(end, start.zone, self.zone)
        elif lasts:
            length = _value(lasts.value)
            if not isinstance(length, timedelta):
                raise BadEvent("Sa durée n’est pas lisible.")
            wall = start.wall + length
        else:
            return start.wall + (timedelta(days=1) if start.whole_day else events.USUAL)
        return wall + events.USUAL if wall == start.wall and not start.whole_day else wall

    def _recurrence(self, component: Component, start: Moment, entry: Entry) -> dict[str, str | None]:
        rules = component.all("RRULE")
        if len(rules) > 1 or component.all("EXRULE"):
            raise BadEvent("Sa répétition a plusieurs règles, ce que le calendrier ne sait pas garder.")
        if added := sum(each.value.count(",") + 1 for each in component.all("RDATE") if each.value):
            entry.remarks.append(f"Dates ajoutées à la série (RDATE), qui ne sont pas reprises\u00a0: {added}.")
        if not rules:
            return {"recurrence": None, "excluded": None}
        left_out = component.all("EXDATE")
        if sum(each.value.count(",") + 1 for each in left_out) > MOST:
            raise BadEvent(f"Plus de {MOST} dates sont retirées de la série.")
        gone = {written(self._left_out(each, value, start)) for each in left_out for value in each.value.split(",") if value.strip()}
        return {"recurrence": checked(_unescaped(rules[0].value).strip(), start.wall), "excluded": "\n".join(sorted(gone)) or None}

    def _left_out(self, given: Property, value: str, start: Moment) -> datetime:
        """On the clock of the series; a day alone leaves out what starts on it."""
        moment = self._moment(given, value)
        if moment.whole_day:
            return datetime.combine(moment.wall.date(), start.wall.time())
        return on_clock(moment, start.zone, self.zone)

    def _moment(self, given: Property, value: str) -> Moment:
        found = _value(value)
        if isinstance(found, datetime):
            if found.tzinfo is not None:
                return Moment(found.replace(tzinfo=None), "UTC", False)
            return Moment(found, self._zone(given.zone), False)
        if isinstance(found, date):
            return Moment(datetime.combine(found, time()), None, True)
        raise BadEvent("Une de ses dates n’est pas lisible.")

    def _zone(self, written_zone: str) -> str | None:
        if not written_zone:
            return None  # « floating »: the clock of whoever reads
        zone = zone_of(written_zone) or zone_of(self.zones.get(written_zone, ""))
        if zone is None:
            raise BadEvent(f"Son fuseau horaire «\u00a0{written_zone[:80]}\u00a0» est inconnu.")
        return None if zone == self.zone else zone


def on_clock(moment: Moment, zone: str | None, region_zone: str) -> datetime:
    """What a clock in `zone` shows then."""
    if moment.zone == zone or moment.whole_day:
        return moment.wall
    _require_years(moment.wall)
    return instant_of(moment.wall, moment.zone or region_zone).astimezone(known_zone(zone or region_zone)).replace(tzinfo=None, fold=0)


def place_in_series(recurs: Moment, series: Mapping[str, Any], region: Region) -> str:
    """The wall clock by which `series` names the occurrence that a file means; a day alone means what starts on it."""
    wall = on_clock(recurs, series["zone"], region.zone_name)
    if recurs.whole_day and not series["all_day"]:
        wall = datetime.combine(wall.date(), walls(series, region).start.time())
    return written(wall)


def _require_years(*walls: datetime) -> None:
    for wall in walls:
        if not FIRST_YEAR < wall.year < LAST_YEAR:
            raise BadEvent(f"L’année {wall.year} n’est pas entre {FIRST_YEAR + 1} et {LAST_YEAR - 1}.")


def _read_texts(component: Component, entry: Entry) -> None:
    description = _text(component, "DESCRIPTION", lines=True)
    for contact in component.all("CONTACT"):  # which an export of ours says again below the description
        line = CONTACT_LINE.format(clean(_unescaped(contact.value)))
        description = "\n".join(each for each in description.split("\n") if clean(each) != clean(line)).strip()
    categories = [clean(_unescaped(part)) for each in component.all("CATEGORIES") for part in split_on_unescaped_comma(each.value)]
    texts = {
        "title": entry.title or UNTITLED,
        "description": description,
        "place": _text(component, "LOCATION"),
        "category": ", ".join(filter(None, categories)),
    }
    for name, text in texts.items():
        if len(text) > LIMITS[name]:
            entry.remarks.append(f"{_CUT[name]} dépasse {LIMITS[name]} caractères\u00a0: seul le début en est repris.")
        entry.values[name] = text[: LIMITS[name]] or None
    entry.title = entry.values["title"]
    entry.values["kind"] = _kind(_text(component, KIND), categories)
    links = [_unescaped(each.value).strip() for name in _LINKS for each in component.all(name)]
    safe = [link for link in links if events.safe_link(link) and len(link) <= events.LIMITS["video_url"]]
    entry.values["video_url"] = safe[0] if safe else None
    if links and not safe:
        entry.remarks.append("Son lien n’est pas une adresse http(s)\u00a0: il n’est pas repris.")


def _kind(ours: str, categories: list[str]) -> str | None:
    if ours in events.KINDS:
        return ours
    return next((events.KIND_WORDS[word] for each in categories if (word := fold(each) or "") in events.KIND_WORDS), None)


def _participants(component: Component, entry: Entry) -> str | None:
    found: dict[str, list[str]] = {}
    given = component.all("ATTENDEE")
    for attendee in given[: participants.MOST]:
        if emails.is_valid(address := attendee.address):
            answer = attendee.answer if attendee.answer in participants.ANSWERS else NO_ANSWER
            found[address.lower()] = [address, clean(attendee.name)[:200], answer]
    if without := len(given) - len(found):
        entry.remarks.append(f"Participants sans adresse lisible, en double ou de trop, qui ne sont pas repris\u00a0: {without}.")
    return json.dumps(list(found.values()), ensure_ascii=False) if found else None


def _reminder(component: Component) -> int | None:
    """Minutes before the start, of the first alarm that counts them so."""
    for trigger in component.all("TRIGGER"):
        try:
            before = _value(trigger.value)
        except ValueError:
            continue
        if isinstance(before, timedelta) and timedelta() >= before >= -timedelta(days=366) and trigger.related != "END":
            return int(-before.total_seconds() // 60)
    return None


def _text(component: Component, name: str, lines: bool = False) -> str:
    given = component.first(name)
    return clean(_unescaped(given.value), lines=lines) if given else ""


def _unescaped(text: str) -> str:
    return re.sub(r"\\([\\;,nN])", lambda match: "\n" if match[1] in "nN" else match[1], text) if "\\" in text else text


def _whole(text: str) -> int:
    return min(int(text), 2**31 - 1) if text.isdecimal() and len(text) < 12 else 0


def _value(text: str) -> Any:
    """A day, a moment, a length of time."""
    return vDDDTypes.from_ical(text.strip())  # type: ignore[no-untyped-call]
