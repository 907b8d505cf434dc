"""What an event's clock on the wall shows, where it hangs, and the instant that this means."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gnetics.domain.recurrence import instant
from gnetics.domain.regions import Region


class Walls(NamedTuple):
    """`start` and `end` are without zone; `zone` names theirs."""

    start: datetime
    end: datetime
    zone: str


def walls(event: Mapping[str, Any], region: Region) -> Walls:
    """Those that were meant; of an event that has only instants, those that the region's clock shows."""
    zone = event.get("zone") or region.zone_name
    if both := kept(event):
        return Walls(*both, zone)
    ends = [event[name].astimezone(region.zone) for name in ("starts_at", "ends_at")]
    if any(end.fold for end in ends):  # the second 02:30 of a night: no clock of the wall tells it from the first
        ends, zone = [end.astimezone(UTC) for end in ends], "UTC"
    start, end = (each.replace(tzinfo=None, fold=0) for each in ends)
    return Walls(start, end, zone if zone == "UTC" else region.zone_name)


def kept(event: Mapping[str, Any]) -> tuple[datetime, datetime] | None:
    """(start, end) as the store keeps them; None of an event of before it did, or where they are nothing readable."""
    if event.get("wall_start") and event.get("wall_end"):
        with suppress(ValueError):
            return datetime.fromisoformat(event["wall_start"]), datetime.fromisoformat(event["wall_end"])
    return None


def instant_of(wall: datetime, zone: str) -> datetime:
    return instant(wall, known_zone(zone))


@lru_cache(maxsize=500)
def known_zone(name: str) -> ZoneInfo:
    """Raises KeyError for a name that this computer does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise KeyError(name) from error


def written(wall: datetime) -> str:
    """As the store keeps it."""
    return wall.isoformat(timespec="seconds")
