"""Regions: one setting decides formats, zone, first weekday, phones and holidays."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Region:
    """How a place writes and counts.

    `date_format` is a strftime pattern; `first_weekday` counts from Monday = 0;
    `phone_region` is an ISO 3166 code; `locale` is a CLDR name; `holidays` is a place of domain/holidays.py.
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

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)


REGIONS: dict[str, Region] = {
    "FR": Region("FR", "fr_FR", "Europe/Paris", "EUR", "€", "%d/%m/%Y", "jj/mm/aaaa", 0, "FR", "métropole"),
    "CA-QC": Region("CA-QC", "fr_CA", "America/Toronto", "CAD", "$", "%Y-%m-%d", "aaaa-mm-jj", 6, "CA", "québec"),
}
