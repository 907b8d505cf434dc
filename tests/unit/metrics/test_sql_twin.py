"""A second implementation, in plain SQL, written from the definitions alone; both must agree on 10,000 random leads."""

from __future__ import annotations

import random
import sqlite3
from datetime import date, timedelta

import pytest

from gnetics.domain.statuses import LABELS
from gnetics.metrics.forecast import forecast
from gnetics.metrics.headline import headline
from gnetics.metrics.kpis import kpis
from gnetics.metrics.pipeline import pipeline
from gnetics.metrics.priority import priority
from gnetics.metrics.scores import scores
from gnetics.metrics.sources import sources
from gnetics.metrics.split import split
from gnetics.metrics.window import Window

COLUMNS = [
    "key", "lead_id", "name", "status", "source", "owner", "amount", "probability", "score", "score_fit", "score_activity", "score_source",
    "created_at", "closed_at", "status_since", "last_contact", "next_follow_up", "expected_close",
]  # fmt: skip
OPEN = "status IN ('Nouveau', 'À contacter', 'Contacté', 'Qualifié', 'En suivi')"
REAL = "(name IS NOT NULL OR lead_id IS NOT NULL)"
CHANCE = """CASE WHEN probability IS NOT NULL THEN probability
    ELSE CASE status WHEN 'Nouveau' THEN 5 WHEN 'À contacter' THEN 10 WHEN 'Contacté' THEN 25 WHEN 'Qualifié' THEN 50 ELSE 75 END END"""
WEIGHT = f"(amount * {CHANCE} + 50) / 100"  # whole cents: SQLite divides integers, and amounts here are not negative


def random_leads(number: int, today: date) -> list[dict]:
    dice = random.Random(20261124)

    def day(low: int, high: int, gap: float) -> date | None:
        return None if dice.random() < gap else today + timedelta(days=dice.randint(low, high))

    return [
        {
            "key": key,
            "lead_id": None,
            "name": None if dice.random() < 0.02 else f"Contact {dice.randint(1, number)}",
            "status": dice.choice([*LABELS, None, "Prospect"]),
            "source": dice.choice(["Salon", "salon ", "LinkedIn", "Site web", None]),
            "owner": dice.choice(["Ana", "Sam", None]),
            "amount": None if dice.random() < 0.2 else dice.randint(0, 10**7),
            "probability": None if dice.random() < 0.3 else dice.randint(0, 100),
            "score": None if dice.random() < 0.3 else dice.randint(0, 100),
            "score_fit": dice.choice([0, 8, 30, None]),
            "score_activity": dice.randint(0, 25),
            "score_source": 6,
            "created_at": day(-700, 0, 0.1),
            "closed_at": day(-300, 0, 0.4),
            "status_since": day(-40, 5, 0.2),
            "last_contact": day(-40, 0, 0.3),
            "next_follow_up": day(-30, 30, 0.5),
            "expected_close": day(-90, 250, 0.3),
        }
        for key in range(1, number + 1)
    ]


@pytest.fixture(scope="module")
def rows(make):
    return random_leads(10_000, make.today)


@pytest.fixture(scope="module")
def population(make, rows):
    return make.population(rows)


@pytest.fixture(scope="module")
def sql(rows):
    with sqlite3.connect(":memory:") as connection:
        connection.execute(f"CREATE TABLE everything ({', '.join(COLUMNS)})")
        stored = [[value.isoformat() if isinstance(value, date) else value for value in (row[name] for name in COLUMNS)] for row in rows]
        connection.executemany(f"INSERT INTO everything VALUES ({', '.join('?' * len(COLUMNS))})", stored)
        connection.execute(f"CREATE VIEW leads AS SELECT * FROM everything WHERE {REAL}")
        yield lambda query: connection.execute(query).fetchall()
    connection.close()


def test_headline_agrees(population, sql):
    found = headline(population)
    ((pipeline_count, blocked, amount, unpriced, conversion, success),) = sql(f"""
        SELECT sum({OPEN} OR status = 'À corriger'), sum(status = 'À corriger'),
            sum(amount) FILTER (WHERE {OPEN} OR status = 'À corriger'),
            count(*) FILTER (WHERE ({OPEN} OR status = 'À corriger') AND amount IS NULL),
            1.0 * sum(status = 'Clos') / count(*),
            1.0 * sum(status = 'Clos') / sum(status IN ('Clos', 'Perdu'))
        FROM leads""")
    assert (found.pipeline.value, found.blocked.value, found.amount.value) == (pipeline_count, blocked, amount)
    assert len(found.amount.left_out[0]) == unpriced
    assert (found.conversion.value, found.success.value) == (conversion, success)


def test_split_agrees(population, sql):
    listed = ", ".join(f"'{label}'" for label in LABELS)
    expected = dict(sql(f"SELECT CASE WHEN status IN ({listed}) THEN status ELSE 'Statut inconnu' END, count(*) FROM leads GROUP BY 1"))
    assert {row["label"]: row["share"].numerator for row in split(population).statuses} == expected


def test_forecast_agrees(population, sql):
    found = forecast(population)
    expected = dict(
        sql(f"""
        SELECT CASE WHEN expected_close IS NULL THEN 'undated' WHEN expected_close < '2026-11-01' THEN 'overdue'
            WHEN expected_close >= '2027-05-01' THEN 'beyond' ELSE strftime('%Y-%m', expected_close) END, sum({WEIGHT})
        FROM leads WHERE {OPEN} GROUP BY 1""")
    )
    assert {bucket.month.strftime("%Y-%m"): bucket.weighted.value for bucket in found.months} == {
        month: total for month, total in expected.items() if month.startswith("20")
    }
    assert [found.overdue.weighted.value, found.undated.weighted.value, found.beyond.weighted.value] == [
        expected[name] for name in ("overdue", "undated", "beyond")
    ]
    assert found.total.value == sum(expected.values()) - expected["beyond"]
    assert found.blocked.value == sql("SELECT sum(amount) FROM leads WHERE status = 'À corriger'")[0][0]
    won = dict(
        sql("SELECT strftime('%Y-%m', closed_at), sum(amount) FROM leads WHERE status = 'Clos' AND closed_at >= '2026-06-01' GROUP BY 1")
    )
    assert {row["month"].strftime("%Y-%m"): row["amount"].value for row in found.won} == won


def test_priority_agrees(population, sql):
    found = priority(population)
    due = f"""{OPEN} AND (next_follow_up <= '2026-11-24' OR (next_follow_up IS NULL AND last_contact < '2026-11-17'))"""
    never = f"{OPEN} AND last_contact IS NULL"
    late = f"""CASE WHEN NOT ({OPEN}) THEN 0
        WHEN next_follow_up IS NOT NULL THEN max(0, julianday('2026-11-24') - julianday(next_follow_up))
        WHEN last_contact IS NOT NULL THEN max(0, julianday('2026-11-24') - julianday(last_contact) - 7) ELSE 0 END"""
    worth = f"CASE WHEN {OPEN} THEN coalesce({WEIGHT}, 0) ELSE 0 END"
    ranked = sql(f"SELECT key FROM leads WHERE ({due}) OR ({never}) OR status = 'À corriger' ORDER BY {late} DESC, {worth} DESC, key")
    assert found.follow_up.value == sql(f"SELECT count(*) FROM leads WHERE {due}")[0][0]
    assert found.never_contacted.value == sql(f"SELECT count(*) FROM leads WHERE {never}")[0][0]
    assert found.total.keys.tolist() == [key for (key,) in ranked]


def test_kpis_agree(population, sql, make):
    found = kpis(population, Window.last(90, make.today))
    ((created, amount, mean, cycles),) = sql("""
        SELECT count(*) FILTER (WHERE created_at BETWEEN '2026-08-27' AND '2026-11-24'),
            sum(amount) FILTER (WHERE status = 'Clos' AND closed_at BETWEEN '2026-08-27' AND '2026-11-24'),
            avg(amount) FILTER (WHERE status = 'Clos' AND amount > 0 AND closed_at BETWEEN '2026-08-27' AND '2026-11-24'),
            count(*) FILTER (WHERE status = 'Clos' AND closed_at BETWEEN '2026-08-27' AND '2026-11-24' AND closed_at >= created_at)
        FROM leads""")
    assert (found.created.value, found.won_amount.value, found.cycle.numerator) == (created, amount, cycles)
    assert abs(found.basket_mean.value - mean) <= 0.5
    ((cycle,),) = sql("""
        WITH ranked AS (SELECT days, row_number() OVER (ORDER BY days) AS n, count(*) OVER () AS total
            FROM (SELECT *, julianday(closed_at) - julianday(created_at) AS days FROM leads)
            WHERE status = 'Clos' AND closed_at BETWEEN '2026-08-27' AND '2026-11-24' AND days >= 0)
        SELECT avg(days) FROM ranked WHERE n IN ((total + 1) / 2, (total + 2) / 2)""")
    assert found.cycle.value == cycle


def test_sources_agree(population, sql, make):
    expected = sql("""
        SELECT coalesce(lower(trim(source)), 'non renseignée'), count(*), sum(status IN ('Clos', 'Perdu')), sum(status = 'Clos'),
            sum(amount) FILTER (WHERE status = 'Clos')
        FROM leads WHERE created_at BETWEEN '2025-11-25' AND '2026-11-24' GROUP BY 1 ORDER BY 5 DESC""")
    found = sources(population, Window.last(365, make.today))
    assert [
        (row["source"].casefold().strip(), row["leads"].value, row["decided"].value, row["won"].value, row["amount"].value) for row in found
    ] == expected
    assert all(row["conversion"].value == won / leads for row, (_, leads, _, won, _) in zip(found, expected, strict=True))


def test_pipeline_agrees(population, sql):
    expected = {
        status: rest
        for status, *rest in sql(f"""
        SELECT status, count(*), sum(amount), sum(amount IS NULL), sum(status_since IS NULL OR status_since > '2026-11-24'),
            CASE WHEN {OPEN} THEN sum({WEIGHT}) END FROM leads GROUP BY 1""")
    }
    for row in pipeline(population):
        if row["status"] in LABELS:
            count, amount, unpriced, undated, weighted = expected[row["status"]]
            assert [row[name].value for name in ("leads", "amount", "no_amount", "unknown_days")] == [count, amount, unpriced, undated]
            assert weighted is None or row["weighted"].value == weighted
    late = dict(
        sql(f"""
        SELECT status, sum(julianday('2026-11-24') - julianday(status_since) >=
            CASE WHEN status IN ('Qualifié', 'En suivi') THEN 15 ELSE 21 END)
        FROM leads WHERE {OPEN} GROUP BY 1""")
    )
    assert {row["status"]: row["red"].value for row in pipeline(population) if row["red"]} == late


def test_scores_agree(population, sql):
    quiet = "julianday('2026-11-24') - julianday(last_contact)"
    recency = f"CASE WHEN {quiet} <= 7 THEN 25 WHEN {quiet} <= 14 THEN 20 WHEN {quiet} <= 30 THEN 15 WHEN {quiet} <= 60 THEN 10 ELSE 0 END"
    chosen = f"coalesce(score, score_fit + score_activity + score_source + {recency})"
    columns = f"status, count({chosen}), min({chosen}), max({chosen}), avg({chosen}), sum(score IS NULL AND {chosen} IS NOT NULL)"
    expected = {status: rest for status, *rest in sql(f"SELECT {columns} FROM leads GROUP BY 1")}
    for row in scores(population).rows:
        if row["status"] in LABELS:
            scored, low, high, mean, automatic = expected[row["status"]]
            assert (row["scored"].value, row["min"].value, row["max"].value) == (scored, low, high)
            assert row["automatic"].value == automatic
            assert row["mean"].value == pytest.approx(mean)
