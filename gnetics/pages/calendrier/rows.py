"""Events and follow-ups as the calendar shows them: month weeks, hour columns, agenda days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pandas as pd
from babel.dates import format_date

from gnetics.domain import dates, event_words, events, holidays, leads, participants, reminders, values
from gnetics.domain.calm_hours import is_working
from gnetics.domain.folding import fold
from gnetics.domain.regions import Region
from gnetics.domain.typography import capital
from gnetics.pages.calendrier import layout
from gnetics.pages.calendrier.index import DAY, EventIndex, FollowUpIndex, Stretch
from gnetics.pages.calendrier.widgets.calendar_grid import CalendarEvent, Choice, Day, Hours, Week, Weekday
from gnetics.pages.calendrier.widgets.event_form import EventHead, ReminderChoice
from gnetics.widgets import codec, lead_rows
from gnetics.widgets.lead_rows import Row

ICONS = {"Rendez-vous": "mdi-account-multiple-outline", "Appel": "mdi-phone-outline", "Visio": "mdi-video-outline"}
TONES = {"fait": "done", "annulé": "plain"}
OTHER_ICON = "mdi-calendar-blank-outline"
MONTH_LANES = 12  # lines sent per week of a month; the browser shows those that fit
BAR_LANES = 4  # whole-day lines above the hours of a week
COLOURS = 6  # that a category may have
AGENDA_MOST = 50  # rows per day of an agenda; the rest is one click away
FOLLOW_MOST = 20  # follow-ups listed per day
_SHOWN = [
    "title", "starts_at", "ends_at", "all_day", "kind", "done", "cancelled", "category",
    "video_url", "lead_key", "recurrence", "series_key",
]  # fmt: skip
_NAMED = ["name", "company", "email", "lead_id"]


@dataclass(frozen=True)
class Calendar:
    """What the rows are made from."""

    events: pd.DataFrame
    leads: pd.DataFrame
    index: EventIndex
    follow: FollowUpIndex | None  # None: the layer is hidden
    region: Region
    now: datetime
    colours: Mapping[str, int] = field(default_factory=dict)  # of categories
    fresh: str = ""  # the event just saved, shown even on a crowded day
    chips: dict[str, CalendarEvent] = field(default_factory=dict)  # those made by now: a month and its day show the same ones

    @property
    def today(self) -> date:
        return self.now.date()


def month(calendar: Calendar, first: date, last: date, subject: date) -> list[Week]:
    """Weeks of a month: days, and events on lines."""
    stretches = calendar.index.between(first, last)
    weeks = [first + timedelta(days=days) for days in range(0, (last - first).days + 1, 7)]
    laid = [layout.week(_touching(stretches, start, 7), start.toordinal(), 7, MONTH_LANES, calendar.fresh) for start in weeks]
    chips = _chips(calendar, (lane.stretch for week in laid for lane in week.lanes))
    days = _days(calendar, [start + timedelta(days=i) for start in weeks for i in range(7)])
    for row, count in zip(days, (count for week in laid for count in week.counts), strict=True):
        row["other"], row["count"] = date.fromisoformat(row["date"]).month != subject.month, count
    return [
        {"number": week_number(start), "days": days[7 * i : 7 * i + 7], "items": _lanes(week.lanes, chips)}
        for i, (start, week) in enumerate(zip(weeks, laid, strict=True))
    ]


def hours(calendar: Calendar, first: date, last: date) -> Hours:
    """Columns of a week or of a day: blocks among the hours, whole days above."""
    stretches = calendar.index.between(first, last)
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    most = BAR_LANES if len(days) > 1 else len(stretches)
    bars = layout.week((each for each in stretches if each.bar), first.toordinal(), len(days), most, calendar.fresh)
    blocks = [layout.day(stretches, each.toordinal()) for each in days]
    chips = _chips(calendar, [*(lane.stretch for lane in bars.lanes), *(block.stretch for column in blocks for block in column)])
    columns: list[Day] = []
    for i, (row, placed) in enumerate(zip(_days(calendar, days), blocks, strict=True)):
        hidden = bars.counts[i] - sum(lane.column <= i < lane.column + lane.span for lane in bars.lanes)
        columns.append({**row, "blocks": [_block(block, chips, days[i].toordinal()) for block in placed], "hidden": hidden})
    week = week_number(first) if len(days) > 1 else 0
    return {"week": week, "columns": columns, "bars": _lanes(bars.lanes, chips), "lines": min(bars.height, most)}


def week_number(first: date) -> int:
    """The ISO number of the week from that day on: of its Monday to Friday, where it begins on a Sunday."""
    return (first + timedelta(days=3)).isocalendar().week


def agenda(calendar: Calendar, first: date, last: date, keep: Sequence[date] = ()) -> list[Day]:
    """Days with something on them, and those to `keep` even when empty."""
    stretches = calendar.index.between(first, last)
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    found = {day: _agenda_order(stretches, day) for day in days}
    rows = dict(zip(days, _days(calendar, days), strict=True))
    shown = [day for day in days if found[day] or rows[day]["follow_count"] or day in keep]
    chips = _chips(calendar, (each for day in shown for each in found[day][:AGENDA_MOST]))
    return [
        {
            **rows[day],
            "items": [{**chips[each.ref], "when": _when(each, day, chips[each.ref])} for each in found[day][:AGENDA_MOST]],
            "hidden": max(0, len(found[day]) - AGENDA_MOST),
        }
        for day in shown
    ]


def _agenda_order(stretches: Iterable[Stretch], day: date) -> list[Stretch]:
    """What touches a day: first what lasts all of it or began before, then by hour."""
    ordinal = day.toordinal()
    return sorted(_touching(stretches, day, 1), key=lambda each: (not each.bar and each.first == ordinal, each.start))


def categories(frame: pd.DataFrame) -> dict[str, int]:
    """Categories in use and the colour of each, which it keeps: they are counted in the order of their first events."""
    used = frame["category"].dropna().sort_index().unique()
    return {category: rank % COLOURS for rank, category in enumerate(used)}


def choices(column: pd.Series, named: Iterable[str] = ()) -> list[Choice]:
    """The values of a column with how many events have each, by name; those of `named` even where there is none."""
    counts = column.value_counts()
    return [
        {"value": value, "count": int(counts.get(value, 0))} for value in sorted({*counts.index, *named}, key=lambda each: fold(each) or "")
    ]


def weekdays(region: Region) -> list[Weekday]:
    """Names of the days of a week, in the region's order."""
    monday = date(2026, 11, 23)
    days = [monday + timedelta(days=(region.first_weekday + i) % 7) for i in range(7)]
    return [{"short": _format(day, "EEE", region).rstrip("."), "long": _format(day, "EEEE", region)} for day in days]


def head(event: Row, lead: Row | None, region: Region, now: datetime) -> EventHead:
    """An event as its panel shows it, where nobody is invited by mail."""
    starts, ends = (event[name].astimezone(region.zone) for name in ("starts_at", "ends_at"))
    over = ends <= now
    near = "en cours" if starts <= now else dates.near(starts.date(), now.date(), region)
    state = events.outcome(event) or ("passé" if over else near)
    return {
        "title": event["title"],
        "icon": ICONS.get(event["kind"], OTHER_ICON),
        "kind": values.text_of(event, "kind"),
        "when": event_words.when(event, region),
        "repeats": event_words.repeats(event, region),
        "apart": event["series_key"] is not None,
        "state": capital(state),
        "tone": TONES.get(events.outcome(event), "soon" if over else "info"),
        "done": bool(event["done"]),
        "cancelled": bool(event["cancelled"]),
        "may_be_done": starts.date() <= now.date(),
        "link": events.safe_link(event["video_url"]) or "",
        "bad_link": "" if events.safe_link(event["video_url"]) else values.text_of(event, "video_url"),
        "lead": lead_rows.reference(lead) if lead else "",
        "lead_title": leads.title(lead) if lead else "",
        "lead_initials": leads.initials(lead) if lead else "",
        "lead_status": lead_rows.status_word(lead) if lead else "",
        "lead_detail": values.text_of(lead, "company") if lead and values.text_of(lead, "company") != leads.title(lead) else "",
        "description": values.text_of(event, "description"),
        "owner": values.text_of(event, "owner"),
        "place": values.text_of(event, "place"),
        "category": values.text_of(event, "category"),
        "reminder": "" if event["reminder"] is None else reminders.words(event["reminder"]),
        "people": participants.answered(event["participants"]),
        "invite": "",
        "invited": "",
    }


def reminder_choices(event: Row | None) -> list[ReminderChoice]:
    """What the form offers, with what the event has already."""
    own = set() if event is None or event["reminder"] is None else {event["reminder"]}
    offered: list[ReminderChoice] = [
        {"value": str(minutes), "title": capital(reminders.words(minutes))} for minutes in sorted({*reminders.CHOICES, *own})
    ]
    return [{"value": "", "title": "Aucun"}, *offered]


def _touching(stretches: Iterable[Stretch], first: date, days: int) -> list[Stretch]:
    low, high = first.toordinal(), first.toordinal() + days - 1
    return [each for each in stretches if each.first <= high and each.last >= low]


def _days(calendar: Calendar, days: Sequence[date]) -> list[Day]:
    """What any view says of each day."""
    due = [calendar.follow.on(day, FOLLOW_MOST) if calendar.follow else ([], 0) for day in days]
    keys = [key for found, _ in due for key in found]
    leads_by_key = {row["key"]: row for row in codec.records(calendar.leads.loc[keys, _NAMED])} if keys else {}
    return [_day(calendar, day, [leads_by_key[key] for key in keys], count) for day, (keys, count) in zip(days, due, strict=True)]


def _day(calendar: Calendar, day: date, due: list[Row], count: int) -> Day:
    return {
        "date": day.isoformat(),
        "number": day.day,
        "label": dates.long(day, calendar.region),
        "short": _format(day, "EEE d", calendar.region).replace(".", ""),
        "near": dates.relative(day, calendar.today) if abs((day - calendar.today).days) <= 1 else "",
        "today": day == calendar.today,
        "off": not is_working(day, calendar.region),
        "holiday": holidays.name(day, calendar.region),
        "follow": [{"ref": lead_rows.reference(row), "title": leads.title(row)} for row in due],
        "follow_count": count,
        "late": bool(count) and day < calendar.today,
    }


def _chips(calendar: Calendar, stretches: Iterable[Stretch]) -> dict[str, CalendarEvent]:
    """Events by their names in the browser, as the views show them; with those that were made before."""
    shown = {each.ref: each for each in stretches if each.ref not in calendar.chips}
    if not shown:
        return calendar.chips
    keys = list(dict.fromkeys(each.key for each in shown.values()))
    rows = codec.records(calendar.events.loc[keys, _SHOWN])
    linked = pd.Index([row["lead_key"] for row in rows if row["lead_key"] is not None]).unique()
    people = {row["key"]: row for row in codec.records(calendar.leads.loc[calendar.leads.index.intersection(linked), _NAMED])}
    by_key = {row["key"]: row for row in rows}
    for ref, each in shown.items():
        calendar.chips[ref] = _chip(by_key[each.key], each, people.get(by_key[each.key]["lead_key"]), calendar)
    return calendar.chips


def _chip(row: Row, stretch: Stretch, person: Row | None, calendar: Calendar) -> CalendarEvent:
    if stretch.wall:
        starts, ends = (_moment(*each, calendar.region) for each in ((stretch.first, stretch.start), (stretch.last, stretch.end)))
    else:
        starts, ends = (row[name].astimezone(calendar.region.zone) for name in ("starts_at", "ends_at"))
    hours_ = "Toute la journée" if row["all_day"] else f"{starts:%H:%M} – {ends:%H:%M}"
    kind = values.text_of(row, "kind")
    repeats = bool(row["recurrence"] or row["series_key"])
    lead = leads.title(person) if person else ""
    who = values.text_of(person, "company") or lead if person else ""
    category = values.text_of(row, "category")
    more = [hours_, "" if lead == who else lead, kind, category, "se répète" if repeats else "", events.outcome(row)]
    return {
        "key": stretch.ref,
        "title": row["title"][:200],
        "time": "" if row["all_day"] else f"{starts:%H:%M}",
        "hours": hours_,
        "icon": "mdi-check" if row["done"] else ICONS.get(kind, OTHER_ICON),
        "done": bool(row["done"]),
        "cancelled": bool(row["cancelled"]),
        "past": ends <= calendar.now,
        "repeats": repeats,
        "category": category,
        "colour": calendar.colours.get(category, -1),
        "who": who,
        "lead": lead,
        "link": events.safe_link(row["video_url"]) or "",
        "more": ", ".join(filter(None, more)),
        "said": ", ".join(filter(None, [who, row["title"], *more])),
    }


def _moment(day: int, minute: int, region: Region) -> datetime:
    """Of the region's clock: the hours of an occurrence are on the grid already."""
    return datetime.combine(date.fromordinal(day), time(), region.zone) + timedelta(minutes=minute)


def _lanes(lanes: Iterable[layout.Lane], chips: dict[str, CalendarEvent]) -> list[CalendarEvent]:
    return [
        {
            **chips[lane.stretch.ref],
            "column": lane.column,
            "span": lane.span,
            "lane": lane.lane,
            "bar": lane.stretch.bar or lane.span > 1,
            "before": lane.cut_before,
            "after": lane.cut_after,
        }
        for lane in lanes
    ]


def _block(block: layout.Block, chips: dict[str, CalendarEvent], day: int) -> CalendarEvent:
    return {
        **chips[block.stretch.ref],
        "start": block.start,
        "stop": block.end,
        "before": block.stretch.first < day,
        "after": block.stretch.last > day,
        "column": block.column,
        "columns": block.columns,
        "span": block.span,
    }


def _when(stretch: Stretch, day: date, chip: CalendarEvent) -> str:
    """The hours of one agenda row: of an event over several days, the part of that day."""
    if stretch.first == stretch.last or not chip["time"]:
        return chip["hours"]
    if day.toordinal() == stretch.first:
        return f"dès {chip['time']}"
    hour, minute = divmod(stretch.end % DAY, 60)
    return f"jusqu’à {hour:02d}:{minute:02d}" if day.toordinal() == stretch.last else "Toute la journée"


def _format(day: date, pattern: str, region: Region) -> str:
    return format_date(day, pattern, locale=region.locale)
