"""Whatever is done on both sides, in whatever order, with lines cut and tokens forgotten: both end the same, and nothing is lost."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from gnetics.actions.events import delete_event, save_event
from gnetics.actions.series import delete_occurrence, save_occurrence
from gnetics.calendars import sayings
from gnetics.calendars.reader import entries
from gnetics.calendars.sayings import Said
from gnetics.calendars.syncing import sync
from gnetics.domain.series_changes import Scope
from gnetics.errors import CalendarError, Refused
from gnetics.settings.calendar import CalendarAccount
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.reading.calendar import calendar_rows
from tests.radicale import Client, Radicale

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
LINES = {"title": "SUMMARY", "place": "LOCATION", "description": "DESCRIPTION"}


@dataclass
class Event:
    """What is expected of one: `fields` as both sides agreed, and what was done on each since (None: deleted)."""

    fields: dict[str, str]
    here: dict[str, str] | None = field(default_factory=dict)
    there: dict[str, str] | None = field(default_factory=dict)

    def settle(self) -> bool:
        """Whether it is there after a synchronisation: a change outlives a deletion, and ours theirs."""
        if (self.here is None and not self.there) or (self.there is None and not self.here):
            return False
        self.fields |= self.there or {}
        self.fields |= self.here or {}
        self.here, self.there = {}, {}
        return True


@dataclass
class Both:
    """The store and another client of one calendar, and what is expected of the events of both, by uid."""

    crm: Crm
    account: CalendarAccount
    phone: Client
    caldav: Radicale
    chance: random.Random
    expected: dict[str, Event] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)  # what stood at each address when it was first seen
    numbers: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.snapshot: Snapshot = self.crm.snapshot()

    def rows(self) -> dict[str, dict[str, object]]:
        with self.crm.read() as connection:
            return {str(row["uid"]): row for row in calendar_rows(connection) if row["series_key"] is None}

    def one(self, side: str) -> tuple[str, Event] | None:
        there = [(uid, each) for uid, each in self.expected.items() if getattr(each, side) is not None]
        self.chance.shuffle(there)
        return next((found for found in there if self.known(found[0], side)), None)

    def known(self, uid: str, side: str) -> bool:
        return uid in self.rows() if side == "here" else bool(self.name(uid))

    def name(self, uid: str) -> str:
        """Its address there, "" without one."""
        for name in self.phone.names():
            if name not in self.places:
                self.places[name] = re.sub(r"\r?\n[ \t]", "", self.phone.read(name))
            if f"UID:{uid}" in self.places[name]:
                return name
        return ""

    def make_here(self) -> None:
        begin = START + timedelta(hours=self.chance.randrange(24 * 30))
        title, rule = f"Ici {next(self.numbers)}", self.chance.choice([None, None, "FREQ=WEEKLY;COUNT=5", "FREQ=DAILY;UNTIL=20270301"])
        values = {"title": title, "starts_at": begin, "ends_at": begin + timedelta(hours=1), "recurrence": rule}
        key = save_event(self.crm, "Ana", None, values, None, self.snapshot).key
        uid = next(uid for uid, row in self.rows().items() if row["key"] == key)
        self.expected[uid] = Event({"title": title}, here={"title": title})

    def make_there(self) -> None:
        number = next(self.numbers)
        uid, day = f"la-bas-{number}@x", self.chance.randrange(1, 29)
        times = f"DTSTART;VALUE=DATE:202612{day:02d}" if number % 3 == 0 else f"DTSTART:202612{day:02d}T090000Z\r\nDURATION:PT45M"
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x", "BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T080000Z", times]
        lines += [f"SUMMARY:Là-bas {number}", f"X-AUTRE:{number}", "END:VEVENT", "END:VCALENDAR", ""]
        self.phone.put(f"{number}.ics", "\r\n".join(lines))
        self.expected[uid] = Event({"title": f"Là-bas {number}"}, there={"title": f"Là-bas {number}"})

    def edit_here(self) -> None:
        if found := self.one("here"):
            uid, event = found
            name, value = self.chance.choice(list(LINES)), f"ici {next(self.numbers)}"
            save_event(self.crm, "Ana", int(str(self.rows()[uid]["key"])), {name: value}, None, self.snapshot)
            assert event.here is not None
            event.here[name] = value

    def edit_there(self) -> None:
        if found := self.one("there"):
            uid, event = found
            name, value = self.chance.choice(list(LINES)), f"là-bas {next(self.numbers)}"
            text = re.sub(r"\r?\n[ \t]", "", self.phone.read(self.name(uid)))
            head, begin, rest = text.partition(f"UID:{uid}")
            before, _, start = head.rpartition("BEGIN:VEVENT")
            inside, end, after = (start + begin + rest).partition("END:VEVENT")
            inside = re.sub(rf"(?m)^{LINES[name]}[:;].*\r?\n", "", inside) + f"{LINES[name]}:{value}\r\n"
            self.phone.put(self.name(uid), f"{before}BEGIN:VEVENT{inside}{end}{after}")
            assert event.there is not None
            event.there[name] = value

    def delete_here(self) -> None:
        if found := self.one("here"):
            uid, event = found
            row = self.rows()[uid]
            if row["recurrence"]:
                delete_occurrence(self.crm, "Ana", int(str(row["key"])), str(row["wall_start"]), Scope.ALL, self.snapshot)
            else:
                delete_event(self.crm, "Ana", int(str(row["key"])), self.snapshot)
            event.here = None

    def delete_there(self) -> None:
        if found := self.one("there"):
            uid, event = found
            self.phone.delete(self.name(uid))
            event.there = None

    def change_an_occurrence(self) -> None:
        series = [row for row in self.rows().values() if row["recurrence"]]
        if series:
            row = self.chance.choice(series)
            step = timedelta(days=1 if "DAILY" in str(row["recurrence"]) else 7)
            wall = (datetime.fromisoformat(str(row["wall_start"])) + self.chance.randrange(1, 4) * step).isoformat()
            with suppress(Refused):  # it does not take place any more
                if self.chance.random() < 0.7:
                    values = {"place": f"salle {next(self.numbers)}"}
                    save_occurrence(self.crm, "Ana", int(str(row["key"])), wall, Scope.ONE, values, None, self.snapshot)
                else:
                    delete_occurrence(self.crm, "Ana", int(str(row["key"])), wall, Scope.ONE, self.snapshot)
                event = self.expected[str(row["uid"])]
                if event.here is not None:
                    event.here.setdefault("", "")  # a change like another

    def forget_tokens(self) -> None:
        self.caldav.forget_tokens()
        self.synchronise()

    def synchronise(self) -> None:
        sync(self.crm, self.account, confirm=True)
        self.snapshot.catch_up()
        self.expected = {uid: event for uid, event in self.expected.items() if event.settle()}

    def cut(self) -> None:
        """In the middle of what is sent; then all of it."""
        steps = count()
        with suppress(CalendarError):
            sync(self.crm, self.account, confirm=True, stopping=lambda: next(steps) >= 1)
        self.synchronise()

    def compare(self) -> None:
        self.synchronise()
        assert not sync(self.crm, self.account).any
        here, there = self.said_here(), self.said_there()
        assert here == there
        assert {uid: said[""]["title"] for uid, said in here.items()} == {uid: each.fields["title"] for uid, each in self.expected.items()}
        for uid, event in self.expected.items():
            for name in ("place", "description"):
                assert here[uid][""][name] == event.fields.get(name), (uid, name)

    def said_here(self) -> dict[str, dict[str, Said]]:
        found: dict[str, dict[str, Said]] = {}
        with self.crm.read() as connection:
            rows = calendar_rows(connection)
        uids = {row["key"]: row["uid"] for row in rows}
        for row in rows:
            said = sayings.of_row(row, self.crm.region)
            found.setdefault(uids[row["series_key"] or row["key"]], {})[said["occurrence"] or ""] = said
        return found

    def said_there(self) -> dict[str, dict[str, Said]]:
        found = {}
        for text in self.phone.all().values():
            read = sayings.reading(entries(text, self.crm.region.zone_name), self.crm.region)
            found[read.uid] = {at: sayings.of_entry(entry, at or None, "", self.crm.region) for at, entry in read.parts.items()}
        return found

    def step(self) -> None:
        verbs: list[tuple[Callable[[], None], int]] = [
            (self.make_here, 3), (self.make_there, 3), (self.edit_here, 4), (self.edit_there, 4), (self.delete_here, 1),
            (self.delete_there, 1), (self.change_an_occurrence, 2), (self.synchronise, 3), (self.forget_tokens, 1), (self.cut, 1),
        ]  # fmt: skip
        self.chance.choices([verb for verb, _ in verbs], [weight for _, weight in verbs])[0]()


@pytest.mark.costly
@pytest.mark.parametrize("steps", [60, pytest.param(1_000, marks=pytest.mark.soak)])
def test_both_sides_end_the_same_whatever_is_done_on_each(
    crm: Crm, account: CalendarAccount, phone: Client, caldav: Radicale, steps: int
) -> None:
    both = Both(crm, account, phone, caldav, random.Random(steps))
    for _ in range(steps):
        both.step()
    both.compare()
    assert len(both.expected) > 5
