"""The calendar in the kernel: months of many events, of many series, and one whose cost does not follow the years around it.

An event dragged among 20,000, 500 of them series: from the drop to what the browser is sent, with the save.

A file of 5,000 events imported, against the bare parsing of it by `icalendar` in the same run. A calendar of 2,000 events on a CalDAV
server, read for the first time, and asked again with nothing new.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import icalendar
import numpy as np
import pandas as pd

from gnetics.calendars.syncing import sync
from gnetics.domain.history import Action
from gnetics.domain.recurrence import WEEKDAYS
from gnetics.domain.regions import REGIONS
from gnetics.domain.rights import Verb
from gnetics.domain.series import clocks
from gnetics.imports.importer import import_workbook
from gnetics.pages.app import App
from gnetics.pages.calendrier import rows
from gnetics.pages.calendrier.index import EventIndex, FollowUpIndex
from gnetics.pages.calendrier.page import CalendarPage
from gnetics.pages.calendrier.rows import Calendar
from gnetics.pages.calendrier.widgets.calendar_grid import Shift
from gnetics.settings import Settings
from gnetics.settings.calendar import CalendarAccount
from gnetics.settings.credentials import Credential
from gnetics.settings.values import Given
from gnetics.store.crm import Crm, create_crm
from gnetics.store.occurrence_frames import repeated
from tests import radicale

REGION = REGIONS["FR"]
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC).astimezone(REGION.zone)
FIRST, LAST = date(2026, 10, 26), date(2026, 12, 6)
DAYS = (LAST - FIRST).days + 1
TURNS = 5
LEADS = 20_000
EVENTS = 5_000  # of the file
SYNCHRONISED, SENT = 2_000, 50  # events of a server; of those that are sent to another


def _leads() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    keys = np.arange(1, LEADS + 1)
    names = pd.array([f"nom {key}" for key in keys], dtype="str")
    missing = pd.array([None] * LEADS, dtype="str")
    days = np.datetime64(FIRST) + rng.integers(0, DAYS, LEADS).astype("timedelta64[D]")
    columns = {
        "name": names,
        "name_fold": names,
        "company": missing,
        "email": missing,
        "lead_id": names,
        "status": pd.array(["En suivi"] * LEADS),
    }
    return pd.DataFrame({**columns, "next_follow_up": days.astype("datetime64[s]")}, index=pd.Index(keys, name="key"))


def _events(count: int, years: int) -> pd.DataFrame:
    """`count` events in the month shown, and as many in each equal stretch of the years around it."""
    rng = np.random.default_rng(1)
    stretches = years * 365 // DAYS if years else 1
    size = count * stretches
    minutes = rng.integers(0, DAYS * 1440, size) + np.repeat(np.arange(stretches) - stretches // 2, count) * DAYS * 1440
    starts = pd.DatetimeIndex((np.datetime64(FIRST) + minutes.astype("timedelta64[m]")).astype("datetime64[us]"), tz="UTC")
    lengths = pd.to_timedelta(rng.choice([15, 30, 60, 90, 3000], size, p=[0.2, 0.3, 0.3, 0.19, 0.01]), unit="min").as_unit("us")
    columns = {
        "title": pd.array(["Rendez-vous"] * size, dtype="str"),
        "starts_at": starts,
        "ends_at": starts + lengths,
        "all_day": np.zeros(size, bool),
        "kind": pd.array(["Appel"] * size, dtype="str"),
        "done": rng.random(size) < 0.5,
        "cancelled": np.zeros(size, bool),
        "category": pd.array([None] * size, dtype="str"),
        "video_url": pd.array([None] * size, dtype="str"),
        "lead_key": pd.array(rng.integers(1, LEADS, size), dtype="Int64"),
        "series_key": pd.array([None] * size, dtype="Int64"),
        **{
            name: pd.array([None] * size, dtype="str")
            for name in ("recurrence", "occurrence", "excluded", "wall_start", "wall_end", "zone")
        },
    }
    return pd.DataFrame(columns, index=pd.Index(np.arange(1, size + 1), name="key"))


def _repeated(count: int) -> pd.DataFrame:
    """Events of the two years before, that many of them series which still go on."""
    frame = _events(20_000 // 17, 2).iloc[:20_000]
    rules = ["FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;INTERVAL=2;COUNT=300", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=YEARLY"]
    frame["recurrence"] = pd.array([rules[i % 5] if i < count else None for i in range(len(frame))], dtype="str")
    return frame


def _best(work: Callable[[], object]) -> float:
    """Milliseconds of the best of five."""
    times = []
    for _ in range(TURNS):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return 1000 * min(times)


def _file() -> bytes:
    """As other programs write them: a zone, a place, a description, people, an alarm; one in fifty is a series."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//banc"]
    for number in range(EVENTS):
        day, hour = f"2026{number // 28 % 12 + 1:02d}{number % 28 + 1:02d}", 7 + number % 12
        lines += ["BEGIN:VEVENT", f"UID:{number}@banc", f"SUMMARY:Rendez-vous {number}", "DTSTAMP:20260101T080000Z", "SEQUENCE:1"]
        lines += [f"DTSTART;TZID=Europe/Paris:{day}T{hour:02d}0000", f"DTEND;TZID=Europe/Paris:{day}T{hour:02d}4500"]
        lines += ["DESCRIPTION:Apporter le devis\\net la plaquette", "LOCATION:Lyon", "STATUS:CONFIRMED", "CATEGORIES:Client"]
        lines += [
            f"ATTENDEE;CN=Client {number};PARTSTAT=ACCEPTED:mailto:client{number}@client.example",
            "ORGANIZER:mailto:ana@gnetics.example",
        ]
        lines += ["RRULE:FREQ=WEEKLY;COUNT=20"] if number % 50 == 0 else []
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Rappel", "TRIGGER:-PT15M", "END:VALARM", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def _import() -> tuple[float, float, float]:
    """Milliseconds of the parsing alone, of a first import, of the same again."""
    data = _file()
    with TemporaryDirectory(prefix="gnetics-bench-") as folder:
        crm = create_crm(Settings(data_dir=Path(folder)), "real")
        try:
            bare = _best(lambda: icalendar.Calendar.from_ical(data))
            new, again = (_once(lambda: import_workbook(crm, "banc", data, "banc.ics")) for _ in range(2))
        finally:
            crm.close()
    return bare, new, again


def _object(number: int) -> str:
    day, hour = f"2026{number // 28 % 12 + 1:02d}{number % 28 + 1:02d}", 7 + number % 12
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//banc", "BEGIN:VEVENT", f"UID:{number}@banc", f"SUMMARY:Rendez-vous {number}"]
    lines += [
        "DTSTAMP:20260101T080000Z",
        f"DTSTART:{day}T{hour:02d}0000Z",
        "DURATION:PT45M",
        "LOCATION:Lyon",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines)


def _synchronised(count: int) -> tuple[int, float, int, float, float]:
    """(requests, milliseconds) of the first time, of one with nothing new; milliseconds for each event that is sent."""
    account = CalendarAccount(
        "banc", "http://127.0.0.1/", radicale.USER, credential=Credential(Given("password", radicale.PASSWORD, secret=True))
    )
    with TemporaryDirectory(prefix="gnetics-bench-") as folder, radicale.server() as running:
        client = radicale.Client(f"{running.url}{radicale.USER}/banc/")
        client.make()
        running.fill("banc", {f"{number}.ics": _object(number) for number in range(count)})
        client.names()  # the server reads its files once, as it would have when they came
        crm = create_crm(Settings(data_dir=Path(folder)), "real", trusted=True)
        try:
            account = replace(account, url=client.url)
            first, first_time = _asked(crm, account)
            again, again_time = _asked(crm, account)
            empty = radicale.Client(f"{running.url}{radicale.USER}/vide/")
            empty.make()
            sent = _once(lambda: sync(crm, replace(account, name="vide", url=empty.url), stopping=_after(SENT)))
        finally:
            crm.close()
    return first, first_time, again, again_time, sent / SENT


def _after(count: int) -> Callable[[], bool]:
    steps = iter(range(count))
    return lambda: next(steps, None) is None


def _asked(crm: Crm, account: CalendarAccount) -> tuple[int, float]:
    start = perf_counter()
    return sync(crm, account).asked, 1000 * (perf_counter() - start)


def _once(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return 1000 * (perf_counter() - start)


def _move() -> float:
    """Milliseconds of the best of a few drags to and fro."""
    today = datetime.now(REGION.zone).replace(hour=10, minute=0, second=0, microsecond=0)
    rules = ("FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY", "FREQ=YEARLY")
    planned = []
    for number in range(20_000):
        start = today + timedelta(days=number % 730 - 365, minutes=15 * (number % 32))
        row = {"uid": f"{number}@banc", "title": f"Rendez-vous {number}", "starts_at": start, "ends_at": start + timedelta(hours=1)}
        row |= {"owner": f"Personne {number % 10}", "zone": None, "recurrence": None}
        row |= clocks(row, REGION)
        weekday = WEEKDAYS[start.weekday()]
        rule = rules[number % 5] + (f";BYDAY={weekday}" if number % 5 == 0 else "")
        planned.append(row | {"recurrence": rule if number < 500 and start.weekday() < 5 else None})
    with TemporaryDirectory(prefix="gnetics-bench-") as folder:
        crm = create_crm(Settings(data_dir=Path(folder)), "real")
        try:
            with crm.write("banc", Verb.SAVE_EVENT) as uow:
                uow.insert_many("events", planned, Action.CREATED)
                uow.commit_all()
            app = App(crm, "Personne 1")
            app.moved("calendrier", {})
            page = app.page("calendrier")
            assert isinstance(page, CalendarPage)
            frame = app.snapshot.events
            key = int(frame.index[(frame["starts_at"] > today) & frame["recurrence"].isna()][0])
            ways = cycle((1, -1))
            return _best(lambda: page.shift(str(key), Shift(next(ways), 0, False)))
        finally:
            crm.close()


def run(report: Callable[..., None]) -> None:
    leads = _leads()
    follow = FollowUpIndex(leads)
    month, years = _events(5_000, 0), _events(5_000, 4)

    def calendar(events: pd.DataFrame) -> Calendar:
        return Calendar(events, leads, EventIndex(events, REGION), follow, REGION, NOW)

    def show(shown: Calendar) -> float:
        return _best(lambda: rows.month(shown, FIRST, LAST, date(2026, 11, 1)))

    one, many = calendar(month), calendar(years)
    alone, among = show(one), show(many)
    report("month_5k", alone, "ms", 100)
    report("week_of_5k", _best(lambda: rows.hours(one, date(2026, 11, 23), date(2026, 11, 29))), "ms", 150)
    report("agenda_of_5k", _best(lambda: rows.agenda(one, date(2026, 11, 1), date(2026, 11, 30))), "ms", 400)
    report("index_of_4_years", _best(lambda: EventIndex(years, REGION)), "ms", 300)
    repeated_ = _repeated(500)

    def month_of_series() -> None:
        index = EventIndex(repeated_, REGION, repeated(repeated_, {}, REGION))
        rows.month(Calendar(repeated_, leads, index, follow, REGION, NOW), FIRST, LAST, date(2026, 11, 1))

    report("month_20k_500_series", _best(month_of_series), "ms", 200)
    report("month_among_4_years", among / alone, "ratio", 1.5)
    report("move_among_20k", _move(), "ms", 150)
    bare, new, again = _import()
    report("import_of_5k", new, "ms")
    report("import_of_5k_over_parsing", new / bare, "ratio", 2)
    report("import_of_5k_again_over_parsing", again / bare, "ratio", 2)
    asked, first, asked_again, nothing, sent = _synchronised(SYNCHRONISED)
    report("caldav_first_of_2k_requests", asked, "requests", 20)
    report("caldav_first_of_2k", first, "ms")
    report("caldav_nothing_new_requests", asked_again, "requests", 2)
    report("caldav_nothing_new", nothing, "ms")
    report("caldav_sent_each", sent, "ms")
