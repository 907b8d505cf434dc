"""Which zone a calendar means by its TZID: an Olson name, Windows's, a city, an offset, or what programs make of these."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache, lru_cache
from zoneinfo import available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from gnetics.domain.folding import fold
from gnetics.domain.wall_clocks import known_zone

_OFFSET = re.compile(r"\(?(?:UTC|GMT)\s*(?:([+-−])\s*(\d{1,2})(?:[:.]?(\d{2}))?)?\)?", re.I)
_UTC = {"z", "utc", "gmt", "etc/utc", "zulu", "coordinated universal time"}
_ALIASES = {  # of Lotus Notes and Windows
    "western/central europe": "Europe/Paris",
    "tzone://microsoft/utc": "UTC",
    "brasilia": "America/Sao_Paulo",
}


@lru_cache(maxsize=256)
def zone_of(written: str) -> str | None:
    """The Olson name; None for a zone that nobody knows."""
    text = written.strip().strip('"').strip()
    folded = (fold(text) or "").replace("_", " ")
    if folded in _UTC:
        return "UTC"
    return (
        _olson(text)
        or _windows().get(folded)
        or _ALIASES.get(folded)
        or next((found for start in range(text.count("/") + 1) if (found := _olson("/".join(text.split("/")[start:])))), None)
        or _with_offset(text)
        or _city(folded)
    )


def _olson(text: str) -> str | None:
    try:
        return known_zone(text).key if text in available() else None
    except KeyError:
        return None


@cache
def available() -> frozenset[str]:
    return frozenset(available_timezones()) - {"localtime", "Factory"}


@cache
def _windows() -> dict[str, str]:
    return {fold(name) or "": zone for name, zone in WINDOWS_TO_OLSON.items()}


@cache
def _cities() -> dict[str, str]:
    """By the folded last part of a name; one of two zones is left out."""
    found: dict[str, set[str]] = {}
    for name in available():
        area, _, city = name.rpartition("/")
        if area and not area.startswith(("Etc", "posix", "right", "SystemV", "US", "Canada")):
            found.setdefault((fold(city) or "").replace("_", " "), set()).add(name)
    return {city: names.pop() for city, names in found.items() if len(names) == 1}


def _city(folded: str) -> str | None:
    return _ALIASES.get(folded) or _cities().get(folded)


def _with_offset(text: str) -> str | None:
    """« GMT+01:00 », « (UTC+01:00) Brussels, Copenhagen, Madrid, Paris »: cities tell the summer time that an offset does not."""
    match = _OFFSET.match(text)
    rest = text[match.end() :].lstrip(" -:)").strip() if match else text
    if match is None:
        return _city_of(rest, None) if "," in rest else None
    minutes = (int(match[2] or 0) * 60 + int(match[3] or 0)) * (1 if match[1] == "+" else -1)
    if rest:
        american = _windows().get((fold(rest) or "").replace(" time (us & canada)", " standard time"))
        return american or _city_of(rest, minutes)
    if minutes % 60 or abs(minutes) > 14 * 60:
        return None  # no Olson name hangs at half an hour by its offset alone
    return f"Etc/GMT{-minutes // 60:+d}" if minutes else "UTC"


def _city_of(text: str, minutes: int | None) -> str | None:
    """The zone of a list of cities, where all that are known hang alike, and at that offset in winter or in summer."""
    known = [zone for city in text.split(",") if (zone := _city((fold(city) or "").strip()))]
    offsets = {_offsets(zone) for zone in known}
    return known[-1] if len(offsets) == 1 and (minutes is None or minutes in offsets.pop()) else None


@cache
def _offsets(zone: str) -> tuple[float, ...]:
    """Minutes from UTC in January and July."""
    moments = (datetime(2026, month, 1, tzinfo=known_zone(zone)) for month in (1, 7))
    return tuple(offset.total_seconds() / 60 for moment in moments if (offset := moment.utcoffset()) is not None)
