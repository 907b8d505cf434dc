"""Which days the calendar shows: the view, its day, its period and how they read in an address and in words."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

import traitlets as tl
from babel.dates import format_date

from gnetics.domain import dates
from gnetics.domain.regions import Region

VIEWS: dict[str, str] = {"mois": "Mois", "semaine": "Semaine", "jour": "Jour", "agenda": "Agenda"}
AGENDA_DAYS = 30
LONGEST = 200  # characters of a name in an address
EARLIEST, LATEST = date(dates.FIRST_YEAR, 2, 1), date(dates.LAST_YEAR, 11, 30)  # a month grid around them stays readable


class CalendarView(tl.HasTraits):
    """`day` is the day looked at, which the period contains; `follow_ups` shows or hides the follow-ups' layer; `owner` and
    `category` filter the events, and the owner the follow-ups, empty for all."""

    view = tl.Enum(tuple(VIEWS), "mois")
    day = tl.Instance(date)
    follow_ups = tl.Bool(True)
    owner = tl.Unicode()
    category = tl.Unicode()

    def __init__(self, region: Region, today: date) -> None:
        super().__init__(day=today)
        self._region = region

    def week(self) -> date:
        """First day of the week of `day`."""
        return self.day - timedelta(days=(self.day.weekday() - self._region.first_weekday) % 7)

    def named(self) -> tuple[date, date]:
        """First and last day of the period that the title names."""
        if self.view == "mois":
            return self.day.replace(day=1), self.day.replace(day=monthrange(self.day.year, self.day.month)[1])
        if self.view == "semaine":
            return self.week(), self.week() + timedelta(days=6)
        return self.day, self.day + timedelta(days=AGENDA_DAYS - 1 if self.view == "agenda" else 0)

    def shown(self) -> tuple[date, date]:
        """First and last day on screen: a month is completed to whole weeks."""
        first, last = self.named()
        if self.view == "mois":
            first -= timedelta(days=(first.weekday() - self._region.first_weekday) % 7)
            last += timedelta(days=6 - (last.weekday() - self._region.first_weekday) % 7)
        return first, last

    def title(self) -> str:
        """« novembre 2026 », « 23 – 29 novembre 2026 », « mardi 24 novembre 2026 »."""
        if self.view == "mois":
            return format_date(self.day, "LLLL y", locale=self._region.locale)
        return dates.long(self.day, self._region) if self.view == "jour" else span(*self.named(), self._region)

    def step(self, by: int, today: date) -> None:
        """The period after (+1) or before (-1); a month is entered at today when it holds it, else at its first day."""
        if self.view != "mois":
            self.show(self.day + timedelta(days=by * {"semaine": 7, "jour": 1, "agenda": AGENDA_DAYS}[self.view]))
            return
        month = self.day.year * 12 + self.day.month - 1 + by
        first = date(month // 12, month % 12 + 1, 1)
        self.show(today if (today.year, today.month) == (first.year, first.month) else first)

    def show(self, day: date) -> None:
        self.day = min(max(day, EARLIEST), LATEST)

    def to_query(self, today: date) -> dict[str, str]:
        """The view as an address; defaults are left out."""
        query = {} if self.view == "mois" else {"vue": self.view}
        if self.day != today:
            query["jour"] = self.day.isoformat()
        if not self.follow_ups:
            query["relances"] = "non"
        return query | {name: value for name, value in (("responsable", self.owner), ("categorie", self.category)) if value}

    def from_query(self, query: Mapping[str, str], today: date) -> None:
        """Follow an address; what it does not name, or names wrongly, goes back to its default."""
        self.view = query["vue"] if query.get("vue") in VIEWS else "mois"
        self.show(iso_day(query.get("jour", "")) or today)
        self.follow_ups = query.get("relances") != "non"
        self.owner, self.category = (query.get(name, "")[:LONGEST] for name in ("responsable", "categorie"))


def iso_day(text: str) -> date | None:
    """The day of YYYY-MM-DD, None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def span(first: date, last: date, region: Region) -> str:
    """« 23 – 29 novembre 2026 », « 30 nov. – 6 déc. 2026 », « 28 déc. 2026 – 3 janv. 2027 »."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{_words(first, 'd', region)} – {_words(last, 'd MMMM y', region)}"
    return f"{_words(first, 'd MMM' if first.year == last.year else 'd MMM y', region)} – {_words(last, 'd MMM y', region)}"


def _words(day: date, pattern: str, region: Region) -> str:
    text = format_date(day, pattern, locale=region.locale)
    return f"1er{text[1:]}" if day.day == 1 else text
