"""Regions: one setting decides formats, zone, first weekday, phones, holidays and working hours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

_HOURS = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})")


@dataclass(frozen=True)
class Region:
    """How a place writes and counts.

    `date_format` is a strftime pattern; `first_weekday` counts from Monday = 0;
    `phone_region` is an ISO 3166 code; `locale` is a CLDR name; `holidays` is a place of domain/holidays.py; `working` is from when
    to when a day is worked.
    """

    code: str
    locale: str
    zone_name: str
    currency: str
    symbol: str
    date_format: str
    date_hint: str
    first_weekday: int
    phone_region: str
    holidays: str
    working: tuple[time, time] = (time(8), time(19))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)


REGIONS: dict[str, Region] = {
    "FR": Region("FR", "fr_FR", "Europe/Paris", "EUR", "€", "%d/%m/%Y", "jj/mm/aaaa", 0, "FR", "métropole"),
    "CA-QC": Region("CA-QC", "fr_CA", "America/Toronto", "CAD", "$", "%Y-%m-%d", "aaaa-mm-jj", 6, "CA", "québec"),
}


def working_hours(text: str) -> tuple[time, time]:
    """« 08:30-18:00 »; raises ValueError."""
    found = _HOURS.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    begins, ends = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if begins >= ends:
        raise ValueError(text)
    return begins, ends
