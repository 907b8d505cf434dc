"""The same leads twice: as frames for the figures, as tables for plain SQL. Once 10,000 random leads, once the demo store."""

from __future__ import annotations

import random
import sqlite3
import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from gnetics import settings as settings_module
from gnetics.domain.folding import fold
from gnetics.domain.statuses import LABELS
from gnetics.metrics.frames import Frames, GivenFrames
from gnetics.metrics.population import Population
from gnetics.metrics.productivity import KINDS
from gnetics.metrics.window import month_start
from gnetics.store.crm import open_crm
from tests.unit.metrics.conftest import Maker

ZONE = ZoneInfo("Europe/Paris")
NUMBER = 10_000
AUTOMATIC = range(1, NUMBER, 7)  # the messages that a run names
# `leads` adds to the raw columns what the store computes at each write, from the raw texts and apart from it
_DERIVED = """CASE WHEN email LIKE '%_@_%._%' THEN lower(trim(email)) END AS email_fold,
    lower(trim(name)) AS name_fold, lower(trim(company)) AS company_fold,
    fold(source) AS source_fold, email IS NOT NULL AND email NOT LIKE '%_@_%._%' AS email_invalid,
    CASE WHEN length(replace(phone, ' ', '')) = 10 THEN '+33' || substr(replace(phone, ' ', ''), 2) END AS phone_e164"""
_REAL = "trim(coalesce(name, '') || coalesce(company, '') || coalesce(email, '') || coalesce(lead_id, '')) <> ''"


class _Median:
    def __init__(self) -> None:
        self.values: list[float] = []

    def step(self, value: float | None) -> None:
        if value is not None:
            self.values.append(value)

    def finalize(self) -> float | None:
        return statistics.median(self.values) if self.values else None


@dataclass(frozen=True)
class World:
    """In SQL `day(-30)` is thirty days ago, `start_of(-30)` its first instant, `month(1)` the first day of next month."""

    today: date
    frames: Frames
    connection: sqlite3.Connection

    @property
    def population(self) -> Population:
        return Population.of(self.frames.leads, self.today)

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()


def instant(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _prepare(connection: sqlite3.Connection, today: date) -> sqlite3.Connection:
    def day(shift: int) -> str:
        return (today + timedelta(days=shift)).isoformat()

    def start_of(shift: int) -> str:
        return instant(datetime.combine(today + timedelta(days=shift), time.min, ZONE))

    def month(shift: int) -> str:
        return month_start(today, shift).isoformat()

    def local_day(at: str | None) -> str | None:
        return None if at is None else datetime.fromisoformat(at).astimezone(ZONE).date().isoformat()

    for function in (day, start_of, month, local_day, fold):
        connection.create_function(function.__name__, 1, function, deterministic=True)
    connection.create_aggregate("median", 1, _Median)  # type: ignore[arg-type]  # its stub knows whole numbers only
    return connection


def demo_world(url: str) -> World:
    crm = open_crm(replace(settings_module.load({}), database_url=url))
    frames, today = crm.snapshot(), crm.clock.today()
    crm.close()
    connection = _prepare(sqlite3.connect(url.removeprefix("sqlite:///")), today)
    connection.execute(
        f"CREATE TEMP VIEW leads AS SELECT *, email_check = 'invalide' AS email_invalid FROM main.leads WHERE NOT deleted AND {_REAL}"
    )
    return World(today, frames, connection)


def random_world(make: Maker) -> World:
    today = make.today
    rows = {
        "leads": _leads(today),
        "events": _events(today),
        "messages": _messages(today),
        "runs": [{"message_id": f"m{n}"} for n in AUTOMATIC],
        "history": _history(today),
        "duplicate_pairs": [{"low": key, "high": key + 40} for key in range(1, NUMBER, 97)],
    }
    frames = GivenFrames(
        make.leads(rows["leads"]),
        make.events([{**row, "ends_at": row["starts_at"]} for row in rows["events"]]),
        make.messages(rows["messages"]),
        make.journal(rows["history"]),
        make.pairs([(row["low"], row["high"]) for row in rows["duplicate_pairs"]]),
        pd.Timestamp(min(row["at"] for row in rows["history"])),
    )
    connection = _prepare(sqlite3.connect(":memory:"), today)
    for table, lines in rows.items():
        names = list(lines[0])
        connection.execute(f"CREATE TABLE {'everything' if table == 'leads' else table} ({', '.join(names)})")
        stored = [[_stored(line[name]) for name in names] for line in lines]
        connection.executemany(f"INSERT INTO {'everything' if table == 'leads' else table} VALUES ({', '.join('?' * len(names))})", stored)
    connection.execute("CREATE INDEX of_lead ON history (entity_key)")
    connection.execute(f"CREATE VIEW leads AS SELECT *, {_DERIVED} FROM everything WHERE {_REAL}")
    return World(today, frames, connection)


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    return value.isoformat() if isinstance(value, date) else value


Day = Callable[[int, int, float], date | None]


def _dice(seed: int, today: date) -> tuple[random.Random, Day]:
    dice = random.Random(seed)

    def day(low: int, high: int, gap: float) -> date | None:
        return None if dice.random() < gap else today + timedelta(days=dice.randint(low, high))

    return dice, day


def _leads(today: date) -> list[dict[str, Any]]:
    dice, day = _dice(20261124, today)
    unread = ['{"amount": "beaucoup"}', '{"source": "?", "score": "haut"}', '{"created_at": "hier"}', *[None] * 60]
    return [
        {
            "key": key,
            "lead_id": None,
            "name": None if dice.random() < 0.02 else f"Contact {dice.randint(1, NUMBER)}",
            "company": None if dice.random() < 0.6 else f"Atelier {dice.randint(1, NUMBER // 10)}",
            "email": dice.choice([None, "pas une adresse", *[f"c{dice.randint(1, 3 * NUMBER)}@exemple.fr" for _ in range(5)]]),
            "phone": dice.choice([None, "12", f"06 12 {dice.randint(10, 99)} {dice.randint(10, 99)} {dice.randint(10, 99)}"]),
            "job_title": dice.choice(["Gérante", None]),
            "status": dice.choice([*LABELS, None, "Prospect"]),
            "previous_status": dice.choice([*LABELS, None]),
            "source": dice.choice(["Salon", "salon ", "LinkedIn", "Réseau", "reseau", None]),
            "owner": dice.choice(["Ana", "Sam", None]),
            "amount": None if dice.random() < 0.2 else dice.randint(-5, 10**7),
            "probability": None if dice.random() < 0.3 else dice.randint(0, 100),
            "score": None if dice.random() < 0.3 else dice.randint(0, 100),
            "score_fit": dice.choice([0, 8, 30, None]),
            "score_activity": dice.randint(0, 25),
            "score_source": 6,
            "lost_reason": dice.choice([None, "Prix"]),
            "unread": dice.choice(unread),
            "legal_basis": dice.choice([None, "consentement"]),
            "erased_at": dice.choice([datetime(2026, 6, 1, 9, tzinfo=UTC), *[None] * 9]),
            "created_at": day(-700, 2, 0.1),
            "closed_at": day(-300, 2, 0.4),
            "status_since": day(-40, 5, 0.2),
            "last_contact": day(-1500, 3, 0.3),
            "next_follow_up": day(-30, 30, 0.5),
            "expected_close": day(-90, 250, 0.3),
        }
        for key in range(1, NUMBER + 1)
    ]


def _moment(dice: random.Random, today: date, days: int) -> datetime:
    return datetime.combine(today, time(12), ZONE) - timedelta(minutes=dice.randint(-600, days * 1440))


def _events(today: date) -> list[dict[str, Any]]:
    dice, _ = _dice(2, today)
    return [
        {
            "key": key,
            "kind": dice.choice([*KINDS, None]),
            "done": dice.random() < 0.6,
            "starts_at": _moment(dice, today, 90),
            "lead_key": None if dice.random() < 0.1 else dice.randint(1, NUMBER),
            "owner": dice.choice(["Ana", "Sam", "Zoé", None]),
        }
        for key in range(1, NUMBER // 2)
    ]


def _messages(today: date) -> list[dict[str, Any]]:
    dice, _ = _dice(3, today)
    return [
        {
            "key": key,
            "message_id": f"m{key}",
            "automatic": key in AUTOMATIC,
            "direction": dice.choice(["envoyé", "reçu"]),
            "kind": dice.choice(["message", "message", "message", "rejet", "désinscription", "réponse automatique"]),
            "at": _moment(dice, today, 120),
            "lead_key": None if dice.random() < 0.1 else dice.randint(1, NUMBER),
        }
        for key in range(1, 2 * NUMBER)
    ]


def _history(today: date) -> list[dict[str, Any]]:
    dice, _ = _dice(4, today)
    return [
        {
            "entity_key": dice.randint(1, NUMBER),
            "entity": "lead",
            "at": _moment(dice, today, 90),
            "field": "status",
            "before": dice.choice(LABELS),
            "after": dice.choice(LABELS),
        }
        for _ in range(NUMBER)
    ]
