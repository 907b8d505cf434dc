"""« Répétition » of the form: its choices as a rule, and a rule as its choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from gnetics.domain import dates, recurrence, series
from gnetics.domain.recurrence import MOST, WEEKDAYS, WORKING, Rule
from gnetics.domain.recurrence_words import DAYS, last_day
from gnetics.domain.regions import Region
from gnetics.errors import Unreadable

FIELDS = ("repeat", "days", "ends", "until", "times")
NONE, WORKDAYS, WEEKLY, BIWEEKLY, MONTHLY, NTH, YEARLY, OTHER = (
    "", "workdays", "weekly", "biweekly", "monthly", "nth", "yearly", "other",
)  # fmt: skip
ON, AFTER = "on", "after"  # how a series ends; "": never


def repeat_form(event: Mapping[str, Any], region: Region) -> dict[str, str]:
    """The texts of an event's repetition."""
    texts = dict.fromkeys(FIELDS, "")
    if not event.get("recurrence"):
        return texts
    try:
        rule = recurrence.read(event["recurrence"])
    except Unreadable:
        return texts | {"repeat": OTHER}
    zone = series.zone_of(event.get("zone"), region)
    kind = _kind(rule, recurrence.clock(event["starts_at"], zone).date())
    last = last_day(rule, zone)
    return {
        "repeat": kind,
        "days": ",".join(WEEKDAYS[day] for _, day in rule.by_day) if kind in (WEEKLY, BIWEEKLY) else "",
        "ends": ON if last else AFTER if rule.count else "",
        "until": dates.show(last, region) if last else "",
        "times": str(rule.count or ""),
    }


def rule_of(form: Mapping[str, str], day: date, all_day: bool, region: Region, zone: ZoneInfo, sentences: dict[str, str]) -> str | None:
    """The rule of an event that begins that day; sentences are added by field."""
    kind = form.get("repeat", "")
    if kind == NONE:
        return None
    weekdays = tuple(sorted((0, WEEKDAYS.index(name)) for name in form.get("days", "").split(",") if name in WEEKDAYS))
    rule = {
        WORKDAYS: Rule("WEEKLY", by_day=WORKING),
        WEEKLY: Rule("WEEKLY", by_day=weekdays),
        BIWEEKLY: Rule("WEEKLY", 2, by_day=weekdays),
        MONTHLY: Rule("MONTHLY"),
        NTH: Rule("MONTHLY", by_day=(_nth(day),)),
        YEARLY: Rule("YEARLY"),
    }.get(kind)
    if rule is None:
        sentences["repeat"] = "Choisissez une répétition dans la liste."
        return None
    if weekdays and kind in (WEEKLY, BIWEEKLY) and not rule.matches(day):
        sentences["days"] = f"La date est un {DAYS[day.weekday()]}\u00a0: cochez ce jour, ou changez la date."
    return str(_ending(rule, form, all_day, region, zone, sentences))


def _ending(rule: Rule, form: Mapping[str, str], all_day: bool, region: Region, zone: ZoneInfo, sentences: dict[str, str]) -> Rule:
    if form.get("ends") == AFTER:
        times = form.get("times", "").strip()
        if times.isdecimal() and 2 <= int(times[:9]) <= MOST:
            return replace(rule, count=int(times))
        sentences["times"] = f"Indiquez un nombre de fois, de 2 à {MOST}."
    if form.get("ends") == ON:
        try:
            last = dates.parse(form.get("until", ""), region)
            until = last if all_day else recurrence.instant(datetime.combine(last, time(23, 59, 59)), zone)
            return replace(rule, until=until)
        except Unreadable as error:
            sentences["until"] = str(error) if form.get("until", "").strip() else "Indiquez jusqu’à quand."
    return rule


def _kind(rule: Rule, day: date) -> str:
    plain = not (rule.by_set_pos or rule.by_month)
    if rule.freq == "WEEKLY" and plain and rule.interval <= 2:
        return WORKDAYS if rule.by_day == WORKING and rule.interval == 1 else WEEKLY if rule.interval == 1 else BIWEEKLY
    if rule.freq == "MONTHLY" and plain and rule.interval == 1:
        if not rule.by_day and rule.by_month_day in ((), (day.day,)):
            return MONTHLY
        if rule.by_day == (_nth(day),) and not rule.by_month_day:
            return NTH
    whole = rule.by_month in ((), (day.month,)) and rule.by_month_day in ((), (day.day,)) and not (rule.by_month_day and not rule.by_month)
    if rule.freq == "YEARLY" and rule.interval == 1 and not rule.by_day and not rule.by_set_pos and whole:
        return YEARLY
    return OTHER


def _nth(day: date) -> tuple[int, int]:
    """« le 2e mardi »; what is a fifth is the last, since most months have none."""
    nth = (day.day - 1) // 7 + 1
    return (-1 if nth == 5 else nth), day.weekday()
