"""The rule of a series: an RRULE of RFC 5545, of what meetings need, read strictly, written back, counted out by days.

dateutil looks for the next day of a rule as far as the year 9999 (30 February: for seconds), so days are found here, period by period
inside what is asked; tests compare them with dateutil and recurring-ical-events.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Literal, NoReturn
from zoneinfo import ZoneInfo

from gnetics.domain.quoting import quote
from gnetics.errors import Unreadable

Freq = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]
FREQS: tuple[Freq, ...] = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKING = tuple((0, weekday) for weekday in range(5))
MOST = 10_000  # occurrences, of a rule that says how many and of one look
FIRST, LAST = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001 - wall clocks
HORIZON = timedelta(days=36_525)  # after its start a series has no more
_LONGEST = 500  # characters
_TOO_FAST = {"SECONDLY": "chaque seconde", "MINUTELY": "chaque minute", "HOURLY": "chaque heure"}
_PLACED = ("BYYEARDAY", "BYWEEKNO", "BYHOUR", "BYMINUTE", "BYSECOND", "BYEASTER", "RSCALE", "SKIP")
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z)?)?")


@dataclass(frozen=True)
class Rule:
    """`by_day` are (which one in the month or year, 0: each; weekday from Monday = 0); `until` is a day or an instant (naive: a clock)."""

    freq: Freq
    interval: int = 1
    count: int | None = None
    until: date | None = None
    by_day: tuple[tuple[int, int], ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_month: tuple[int, ...] = ()
    by_set_pos: tuple[int, ...] = ()
    week_start: int = 0

    def __str__(self) -> str:
        """The RRULE, without the word."""
        parts = [f"FREQ={self.freq}"]
        parts += [f"INTERVAL={self.interval}"] if self.interval > 1 else []
        parts += [f"COUNT={self.count}"] if self.count else []
        parts += [f"UNTIL={_written(self.until)}"] if self.until else []
        parts += [f"BYDAY={','.join(f'{nth or str()}{WEEKDAYS[weekday]}' for nth, weekday in self.by_day)}"] if self.by_day else []
        for name, numbers in (("BYMONTHDAY", self.by_month_day), ("BYMONTH", self.by_month), ("BYSETPOS", self.by_set_pos)):
            parts += [f"{name}={','.join(map(str, numbers))}"] if numbers else []
        parts += [f"WKST={WEEKDAYS[self.week_start]}"] if self.week_start else []
        return ";".join(parts)

    def between(self, start: datetime, low: datetime, high: datetime, zone: ZoneInfo) -> list[datetime]:
        """The wall clocks from `low` to `high` of a series that begins at the wall clock `start`, which is one; at most MOST."""
        stop = min(high, self._end(start, zone))
        days = islice(self._days(start.date(), low.date(), stop.date()), MOST)
        found = [wall for wall in (datetime.combine(day, start.time()) for day in days) if low <= wall <= stop]
        return found if not low <= start <= high or start in found[:1] else [start, *found]

    def gives(self, start: datetime, wall: datetime, zone: ZoneInfo) -> bool:
        return wall in self.between(start, wall, wall, zone)

    def matches(self, day: date) -> bool:
        """Whether a series may begin that day without its first occurrence being the odd one out."""
        return day in self._days(day, day, day)

    def _end(self, start: datetime, zone: ZoneInfo) -> datetime:
        """No wall clock of the series is after this one."""
        if self.count:
            return _last_of(self, start)
        horizon = start + min(HORIZON, LAST - start)
        if self.until is None:
            return horizon
        if not isinstance(self.until, datetime):
            return min(datetime.combine(self.until, time.max), horizon)
        return min(self.until if self.until.tzinfo is None else clock(self.until, zone), horizon)

    def ended_before(self, start: datetime, wall: datetime, all_day: bool, zone: ZoneInfo) -> Rule:
        """The same up to the occurrence before `wall`, which is not the first."""
        if all_day:
            return replace(self, count=None, until=wall.date() - timedelta(days=1))
        return replace(self, count=None, until=instant(wall, zone) - timedelta(seconds=1))

    def from_then(self, start: datetime, wall: datetime, zone: ZoneInfo) -> Rule:
        """What a series that begins at its occurrence `wall` repeats by: of a number of times, those that are left."""
        if self.count is None:
            return self
        gone = len(self.between(start, start, wall - timedelta(seconds=1), zone))
        return replace(self, count=max(1, self.count - gone))

    def moved(self, old: date, new: date) -> Rule:
        """When the occurrence of `old` is to be on `new`: the weekday, the day of the month or the month follows; raises Unreadable."""
        if old == new:
            return self
        by_day, monthly = self.by_day, self.freq in ("MONTHLY", "YEARLY")
        if any(nth for nth, _ in by_day):
            by_day = tuple((_nth_like(nth, new), new.weekday()) if weekday == old.weekday() else (nth, weekday) for nth, weekday in by_day)
        elif (0, new.weekday()) not in by_day:
            by_day = tuple((0, new.weekday()) if weekday == old.weekday() else (nth, weekday) for nth, weekday in by_day)
        days = tuple(_day_like(each, old, new) for each in self.by_month_day) if monthly else self.by_month_day
        months = tuple(new.month if each == old.month else each for each in self.by_month)
        made = replace(self, by_day=tuple(sorted(set(by_day))), by_month_day=tuple(sorted(set(days))), by_month=tuple(sorted(set(months))))
        if not made.matches(new):
            raise Unreadable(
                "Cette répétition ne se déplace pas vers ce jour\u00a0: choisissez-en une autre dans «\u00a0Répétition\u00a0»."
            )
        return made

    def _days(self, start: date, first: date, last: date) -> Iterator[date]:
        """Those of the rule from the later of `start` and `first` on, whatever its number or end."""
        low, high = max(start, first).toordinal(), last.toordinal()
        for days in self._periods(start, low, high):
            for day in sorted(self._chosen(sorted(days))):
                if low <= day <= high:
                    yield date.fromordinal(day)

    def _chosen(self, days: list[int]) -> Iterable[int]:
        """By BYSETPOS, of one period."""
        if not self.by_set_pos:
            return days
        return {days[place - 1 if place > 0 else place] for place in self.by_set_pos if abs(place) <= len(days)}

    def _periods(self, start: date, low: int, high: int) -> Iterator[list[int]]:
        """The days (ordinals) of each period of the rule that touches what is asked."""
        begin = start.toordinal()
        if self.freq == "DAILY":
            first = low + (begin - low) % self.interval
            yield from ([day] for day in range(first, high + 1, self.interval) if self._is_kept(day))
        elif self.freq == "WEEKLY":
            week = begin - (start.weekday() - self.week_start) % 7
            weekdays = [weekday for _, weekday in self.by_day] or [start.weekday()]
            places = sorted((weekday - self.week_start) % 7 for weekday in weekdays)
            step = 7 * self.interval
            for monday in range(week + max(0, low - week) // step * step, high + 1, step):
                yield [day for day in (monday + place for place in places) if 0 < day <= _MAX and self._in_month(day)]
        else:
            span = 12 if self.freq == "YEARLY" else 1
            base = _month(start) // span
            lowest, highest = (_month(date.fromordinal(day)) // span for day in (low, high))
            for period in range(lowest + (base - lowest) % self.interval, highest + 1, self.interval):
                yield self._of_year(period, start) if span == 12 else self._of_month(*_year_and_month(period), start)

    def _is_kept(self, ordinal: int) -> bool:
        """Of a daily rule, which BYxxx only limit."""
        if not (self.by_day or self.by_month or self.by_month_day):
            return True
        day = date.fromordinal(ordinal)
        if (self.by_month and day.month not in self.by_month) or (self.by_day and (0, day.weekday()) not in self.by_day):
            return False
        return not self.by_month_day or day.day in self.by_month_day or day.day - _length(day.year, day.month) - 1 in self.by_month_day

    def _in_month(self, ordinal: int) -> bool:
        return not self.by_month or date.fromordinal(ordinal).month in self.by_month

    def _of_month(self, year: int, month: int, start: date) -> list[int]:
        if self.by_month and month not in self.by_month:
            return []
        first, length = date(year, month, 1).toordinal(), _length(year, month)
        if not self.by_day or self.by_month_day:
            numbers = self.by_month_day or (start.day,)
            days = {first + (n - 1 if n > 0 else length + n) for n in numbers if abs(n) <= length}
            return sorted(days & _weekdays(self.by_day, first, length) if self.by_day else days)
        return sorted(_weekdays(self.by_day, first, length))

    def _of_year(self, year: int, start: date) -> list[int]:
        if self.by_day and not self.by_month and not self.by_month_day:
            first = date(year, 1, 1).toordinal()
            return sorted(_weekdays(self.by_day, first, 366 if _length(year, 2) == 29 else 365))
        months = self.by_month or (range(1, 13) if self.by_month_day else (start.month,))
        return [day for month in months for day in self._of_month(year, month, start)]


_MAX = date.max.toordinal()


def read(text: str) -> Rule:
    """Raises Unreadable, whose sentence says what cannot be kept of the rule."""
    return _read(text.strip().upper().removeprefix("RRULE:").rstrip(";"))


@lru_cache(maxsize=2_000)
def _read(text: str) -> Rule:
    if len(text) > _LONGEST:
        raise Unreadable("La règle de répétition est trop longue pour en être une.")
    pairs = [part.partition("=") for part in text.split(";")]
    given = {name.strip(): value.replace(" ", "") for name, _, value in pairs}
    if len(given) < len(pairs) or not all(given.values()):
        _refuse(f"{quote(text)} ne se lit pas")
    freq = given.pop("FREQ", "")
    if freq in _TOO_FAST:
        _refuse(f"elle a lieu {_TOO_FAST[freq]}, et le calendrier va de jour en jour")
    if freq not in FREQS:
        _refuse(f"elle n’est ni par jour, ni par semaine, ni par mois, ni par an ({quote(freq or text)})")
    if odd := next((name for name in given if name in _PLACED), ""):
        _refuse(f"{odd} n’est pas pris en charge")
    rule = Rule(
        next(each for each in FREQS if each == freq),
        _number(given, "INTERVAL", 1, 999) or 1,
        _number(given, "COUNT", 1, MOST),
        _until(given.pop("UNTIL", "")),
        tuple(sorted(set(map(_weekday, filter(None, given.pop("BYDAY", "").split(",")))))),
        _numbers(given, "BYMONTHDAY", 31),
        _numbers(given, "BYMONTH", 12, positive=True),
        _numbers(given, "BYSETPOS", 366),
        _weekday(given.pop("WKST", "MO"))[1],
    )
    if given:
        _refuse(f"{quote(next(iter(given)))} n’en fait pas partie")
    _check(rule)
    return rule


def _check(rule: Rule) -> None:
    """What RFC 5545 forbids, and what never takes place."""
    if rule.count and rule.until:
        _refuse("elle a à la fois un nombre de fois et une date de fin")
    if any(nth for nth, _ in rule.by_day) and rule.freq in ("DAILY", "WEEKLY"):
        _refuse("« le deuxième mardi » ne va pas avec une répétition par jour ou par semaine")
    if rule.freq == "WEEKLY" and rule.by_month_day:
        _refuse("un quantième du mois ne va pas avec une répétition par semaine")
    if rule.by_set_pos and (rule.freq == "DAILY" or not (rule.by_day or rule.by_month_day or rule.by_month)):
        _refuse("BYSETPOS ne choisit parmi aucun jour")
    longest = max((_length(2024, month) for month in rule.by_month), default=31)
    if rule.by_month_day and all(abs(day) > longest for day in rule.by_month_day):
        _refuse("ce jour n’existe dans aucun de ces mois")


def _refuse(why: str) -> NoReturn:
    raise Unreadable(f"Cette répétition ne peut pas être gardée\u00a0: {why}.".replace("« ", "«\u00a0").replace(" »", "\u00a0»"))


def _number(given: dict[str, str], name: str, least: int, most: int) -> int | None:
    text = given.pop(name, "")
    if not text:
        return None
    if not re.fullmatch(r"\d{1,9}", text) or not least <= int(text) <= most:
        _refuse(f"{name}={text[:20]} n’est pas un nombre de {least} à {most}")
    return int(text)


def _numbers(given: dict[str, str], name: str, most: int, *, positive: bool = False) -> tuple[int, ...]:
    texts = [text for text in given.pop(name, "").split(",") if text]
    if not all(re.fullmatch(r"[+-]?\d{1,3}", text) and 1 <= abs(int(text)) <= most and (int(text) > 0 or not positive) for text in texts):
        _refuse(f"{name} a un nombre hors de ses limites")
    return tuple(sorted(set(map(int, texts))))


def _weekday(text: str) -> tuple[int, int]:
    match = _DAY.fullmatch(text)
    if not match or (match[1] and not 1 <= abs(int(match[1])) <= 53):
        _refuse(f"{quote(text, 10)} n’est pas un jour de la semaine")
    return int(match[1] or 0), WEEKDAYS.index(match[2])


def _until(text: str) -> date | None:
    if not text:
        return None
    match = _UNTIL.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        day = datetime.strptime(match[1], "%Y%m%d")  # noqa: DTZ007 - a wall clock
        if not match[2]:
            return day.date()
        clock = datetime.strptime(match[2], "%H%M%S").time()  # noqa: DTZ007
        return datetime.combine(day, clock, UTC if match[3] else None)
    except ValueError:
        _refuse(f"sa fin, {quote(text, 20)}, n’est pas une date")


def _written(until: date) -> str:
    if not isinstance(until, datetime):
        return f"{until.isoformat().replace('-', '')}"
    return until.replace(tzinfo=None).isoformat(timespec="seconds").replace("-", "").replace(":", "") + ("Z" if until.tzinfo else "")


@lru_cache(maxsize=2_000)
def _last_of(rule: Rule, start: datetime) -> datetime:
    """Of a number of times, the last one; those after the horizon are none."""
    assert rule.count
    end = min(start.date().toordinal() + HORIZON.days, _MAX)
    days = list(islice(rule._days(start.date(), start.date(), date.fromordinal(end)), rule.count))
    return datetime.combine(days[-1], start.time()) if days else start


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """What a wall clock means, in UTC: of an hour shown twice the first, of one jumped over as long after the jump (RFC 5545, 3.3.5)."""
    try:
        return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    except OverflowError:  # the first and the last day of all
        return wall.replace(tzinfo=UTC)


def clock(moment: datetime, zone: ZoneInfo) -> datetime:
    """The wall clock of an instant."""
    try:
        return moment.astimezone(zone).replace(tzinfo=None, fold=0)
    except OverflowError:
        return moment.replace(tzinfo=None)


def _weekdays(by_day: Iterable[tuple[int, int]], first: int, length: int) -> set[int]:
    """Days (ordinals) among `length` from `first`: each of a weekday, or the nth."""
    found: set[int] = set()
    for nth, weekday in by_day:
        each = range(first + (weekday - (first - 1) % 7) % 7, first + length, 7)  # the ordinal 1 is a Monday
        if nth == 0:
            found.update(each)
        elif abs(nth) <= len(each):
            found.add(each[nth - 1 if nth > 0 else nth])
    return found


def _nth_like(nth: int, day: date) -> int:
    """Which weekday of its month a day is; counted from the end as `nth` is, where it still is the last."""
    if nth == 0:
        return 0
    return -1 if nth == -1 and day.day > _length(day.year, day.month) - 7 else (day.day - 1) // 7 + 1


def _day_like(number: int, old: date, new: date) -> int:
    from_end = old.day - _length(old.year, old.month) - 1
    if number not in (old.day, from_end):
        return number
    return -1 if number == -1 and new.day == _length(new.year, new.month) else new.day


def _month(day: date) -> int:
    return 12 * day.year + day.month - 1


def _year_and_month(number: int) -> tuple[int, int]:
    return number // 12, number % 12 + 1


@lru_cache(maxsize=5_000)
def _length(year: int, month: int) -> int:
    return 31 if month == 12 else (date(year, month + 1, 1) - date(year, month, 1)).days
