"""The occurrences of a stored event: wall clocks of its own zone, and the instants they mean."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from gnetics.domain import dates, recurrence
from gnetics.domain.recurrence import FIRST, LAST, Rule
from gnetics.domain.regions import Region
from gnetics.domain.wall_clocks import kept, known_zone, written
from gnetics.errors import Unreadable

Row = Mapping[str, Any]
_WALL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_MARGIN = timedelta(days=2)  # between a wall clock and the UTC of whatever zone, and a change of its rules
# how far the next occurrences are looked for, further each time while there are not enough
LOOKED_AHEAD = (timedelta(days=7), timedelta(days=62), timedelta(days=400), timedelta(days=4_000))


@dataclass(frozen=True, slots=True)
class Occurrence:
    """`wall` names it within its series, as the store does."""

    wall: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Series:
    """What repeats: a rule, the wall clock of its first occurrence, how long each lasts on the wall, and those that do not take place."""

    rule: Rule
    start: datetime
    length: timedelta
    zone: ZoneInfo
    excluded: frozenset[str]

    def occurrence(self, wall: datetime) -> Occurrence:
        starts, ends = recurrence.instant(wall, self.zone), recurrence.instant(wall + self.length, self.zone)
        return Occurrence(written(wall), starts, ends if ends > starts else starts + self.length)

    def between(self, begin: datetime, end: datetime, taken: Collection[str] = ()) -> list[Occurrence]:
        """Those that touch the instants from `begin` to `end`, save the `taken` ones: changed, they have rows of their own."""
        low, high = (recurrence.clock(each, self.zone) for each in (begin, end))
        low = max(low, FIRST + self.length + 2 * _MARGIN) - self.length - _MARGIN
        high = min(high, LAST - 2 * _MARGIN) + _MARGIN
        walls = self.rule.between(self.start, low, high, self.zone)
        there = [self.occurrence(wall) for wall in walls if (name := written(wall)) not in self.excluded and name not in taken]
        return [each for each in there if each.starts_at < end and each.ends_at > begin]

    def has(self, wall: str, taken: Collection[str] = ()) -> bool:
        """Whether that occurrence is one of the series as it is now."""
        return wall not in self.excluded and wall not in taken and self.rule.gives(self.start, datetime.fromisoformat(wall), self.zone)

    def first_after(self, begin: datetime, taken: Collection[str] = ()) -> Occurrence | None:
        """The first one that is not over at `begin`, of the coming years."""
        for ahead in LOOKED_AHEAD:
            if found := self.between(begin, begin + ahead, taken):
                return found[0]
        return None


def of(event: Row, region: Region) -> Series | None:
    """The series of a stored row, None of an event that does not repeat; raises Unreadable for a rule that cannot be read."""
    if not event["recurrence"]:
        return None
    start, end, zone = walls(event, region)
    return Series(recurrence.read(event["recurrence"]), start, end - start, zone, excluded(event["excluded"]))


def readable(event: Row, region: Region) -> Series | None:
    """The same; None for a rule that cannot be read, too."""
    try:
        return of(event, region)
    except Unreadable:
        return None


def occurrences(event: Row, begin: datetime, end: datetime, region: Region, taken: Collection[str] = ()) -> list[Occurrence]:
    """Those of any stored row that touch the instants from `begin` to `end`; a rule that cannot be read leaves the first one."""
    series = readable(event, region)
    if series is not None:
        return series.between(begin, end, taken)
    touches = event["starts_at"] < end and event["ends_at"] > begin
    return [Occurrence("", event["starts_at"], event["ends_at"])] if touches else []


def next_or_last(event: Row, now: datetime, region: Region, taken: Collection[str] = ()) -> Occurrence | None:
    """The occurrence that stands for a series; None of what does not repeat, or does not take place at all."""
    series = readable(event, region)
    if series is None:
        return None
    return series.first_after(now, taken) or next(reversed(series.between(event["starts_at"], now, taken)), None)


def walls(event: Row, region: Region) -> tuple[datetime, datetime, ZoneInfo]:
    """(start, end, zone) on the wall; of an event of before they were kept, or kept as nothing readable, what its instants mean."""
    zone = zone_of(event["zone"], region)
    if both := kept(event):
        return *both, zone
    return recurrence.clock(event["starts_at"], zone), recurrence.clock(event["ends_at"], zone), zone


def clocks(event: Row, region: Region) -> dict[str, str]:
    """What the store keeps beside the instants of an event: the wall clocks that they are, and where."""
    zone = zone_of(event["zone"], region)
    start, end = (written(recurrence.clock(event[name], zone)) for name in ("starts_at", "ends_at"))
    return {"zone": zone.key, "wall_start": start, "wall_end": end}


def check(event: Row, region: Region) -> dict[str, str]:
    """Why an event cannot repeat as it says, by field; empty when nothing stands in the way."""
    try:
        series = of({**event, **clocks(event, region)}, region)
    except Unreadable as error:
        return {"recurrence": str(error)}
    if series is None:
        return {}
    if event["series_key"] is not None:
        return {"recurrence": "Cet événement fait partie d’une série\u00a0: changez la répétition de ses autres événements."}
    if event["done"]:
        return {"recurrence": "Cet événement est marqué comme fait\u00a0: remettez-le à faire pour le répéter, ou ajoutez-en un autre."}
    if not series.rule.matches(series.start.date()):
        return {"recurrence": f"La répétition ne comprend pas le {dates.long(series.start.date(), region)}\u00a0: changez-la, ou la date."}
    if series.rule.until and len(series.rule.between(series.start, series.start, LAST, series.zone)) < 2:
        return {"recurrence": "La répétition s’arrête avant la deuxième fois\u00a0: choisissez une fin plus tard."}
    return {}


def zone_of(name: str | None, region: Region) -> ZoneInfo:
    """The region's where none is kept, or one that this machine does not know."""
    try:
        return known_zone(name or region.zone_name)
    except KeyError:
        return region.zone


def ref(key: int, wall: str | None = None) -> str:
    """What the browser and addresses call an event, or an occurrence of a series."""
    return f"{key}@{wall}" if wall else str(key)


def ref_of(row: Row) -> str:
    """The same, of a row that stands for one occurrence; one that was changed apart has a key of its own."""
    return ref(row["key"], row["occurrence"] if row["recurrence"] else None)


def split(name: str) -> tuple[str, str]:
    """(the event's key or uid, the wall clock of the occurrence or ""): what `ref` joined; an uid may have an @ of its own."""
    event, at, wall = name.rpartition("@")
    return (event, wall) if at and _WALL.fullmatch(wall) else (name, "")


@lru_cache(maxsize=1_000)
def excluded(text: str | None) -> frozenset[str]:
    """The wall clocks of the column, one a line."""
    return frozenset(text.split()) if text else frozenset()


def listed(clocks: Iterable[str]) -> str | None:
    """The column `excluded` of these wall clocks."""
    return "\n".join(sorted(set(clocks))) or None
