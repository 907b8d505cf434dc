"""What the boards look at: a period, and the leads of one person or of everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import traitlets as tl

from gnetics.domain import dates
from gnetics.domain.regions import Region
from gnetics.errors import Unreadable

NOBODY = "-"  # in an address, the leads that nobody owns
EVERYTHING = "tout"
DAY = "au"  # names an earlier day in an address


@dataclass(frozen=True)
class Period:
    """`words` name it in the menu, `during` ends a sentence (« … en 90 jours »)."""

    key: str
    words: str
    during: str
    days: int = 0


PERIODS: tuple[Period, ...] = (
    Period("30j", "30 jours", "en 30 jours", 30),
    Period("90j", "90 jours", "en 90 jours", 90),
    Period("mois", "Ce mois", "ce mois-ci"),
    Period("trimestre", "Ce trimestre", "ce trimestre"),
    Period("annee", "Cette année", "cette année"),
    Period("12m", "12 mois", "en 12 mois", 365),
    Period(EVERYTHING, "Depuis le début", "depuis le début"),
)
BY_KEY = {period.key: period for period in PERIODS}
DEFAULT = "12m"  # long enough for a cohort to have been won or lost


class BoardFilters(tl.HasTraits):
    """`owner` is a name, NOBODY, or empty for everybody; `day` an earlier day to look at, None for today."""

    period = tl.Unicode(DEFAULT)
    owner = tl.Unicode()
    day = tl.Instance(date, allow_none=True)

    @property
    def words(self) -> Period:
        return BY_KEY[self.period]

    def span(self, today: date) -> tuple[date | None, date | None]:
        """First and last day, both included; None for « depuis le début »."""
        if self.period == EVERYTHING:
            return None, None
        if self.words.days:
            return today - timedelta(days=self.words.days - 1), today
        first_month = {"mois": today.month, "trimestre": today.month - (today.month - 1) % 3, "annee": 1}[self.period]
        return date(today.year, first_month, 1), today

    def to_query(self) -> dict[str, str]:
        """The filters as an address; defaults are left out."""
        query = {"periode": self.period} if self.period != DEFAULT else {}
        query |= {"responsable": self.owner} if self.owner else {}
        return query | ({DAY: self.day.isoformat()} if self.day else {})

    def from_query(self, query: Mapping[str, str]) -> None:
        """Follow an address, but for its day; what it does not name, or names wrongly, goes back to its default."""
        self.period = query["periode"] if query.get("periode") in BY_KEY else DEFAULT
        self.owner = query.get("responsable", "")


def earlier_day(asked: str, today: date, first: date | None, region: Region) -> date | None:
    """The day that a text names, None for today or nothing; raises Unreadable when it cannot be shown. History begins on `first`."""
    if not asked:
        return None
    day = dates.parse(asked, region)
    shown = dates.show(day, region)
    if day > today:
        raise Unreadable(f"Le {shown} est dans le futur\u00a0: choisissez un jour passé.")
    if day < today and first is None:
        raise Unreadable(f"L’état du {shown} est inconnu\u00a0: il n’y a pas encore d’historique.")
    if first is not None and day < first:
        raise Unreadable(f"L’état du {shown} est inconnu\u00a0: l’historique commence le {dates.show(first, region)}.")
    return day if day < today else None
