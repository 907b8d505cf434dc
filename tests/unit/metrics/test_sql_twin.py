"""A second implementation of every block, in plain SQL, written from the definitions alone.

Both must agree on 10,000 random leads, and on the demo store, where SQL reads the store itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from gnetics.domain.folding import fold
from gnetics.domain.statuses import LABELS, WON
from gnetics.domain.statuses import OPEN as OPEN_STATUSES
from gnetics.metrics.forecast import forecast
from gnetics.metrics.funnel import funnel, moves_of
from gnetics.metrics.headline import headline
from gnetics.metrics.kpis import by_month, kpis
from gnetics.metrics.outreach import outreach
from gnetics.metrics.past import leads_on
from gnetics.metrics.pipeline import pipeline
from gnetics.metrics.population import Population
from gnetics.metrics.priority import priority
from gnetics.metrics.productivity import ACTIVITIES, productivity
from gnetics.metrics.quality import quality
from gnetics.metrics.scores import scores
from gnetics.metrics.sources import sources
from gnetics.metrics.split import split
from gnetics.metrics.window import Window
from tests.unit.metrics.conftest import Maker, known
from tests.unit.metrics.twin import ZONE, World, demo_world, random_world

Sql = Callable[[str], list[tuple[Any, ...]]]
OPEN = "status IN ('Nouveau', 'À contacter', 'Contacté', 'Qualifié', 'En suivi')"
CHANCE = """CASE WHEN probability IS NOT NULL THEN probability
    ELSE CASE status WHEN 'Nouveau' THEN 5 WHEN 'À contacter' THEN 10 WHEN 'Contacté' THEN 25 WHEN 'Qualifié' THEN 50 ELSE 75 END END"""
# whole cents, half up: SQLite cuts towards 0, so a negative amount is first lifted over it
WEIGHT = f"((amount + 1000) * ({CHANCE}) + 50) / 100 - 10 * ({CHANCE})"


@pytest.fixture(scope="module", params=["random", "demo"])
def world(request: pytest.FixtureRequest, make: Maker) -> Iterator[World]:
    made = random_world(make) if request.param == "random" else demo_world(request.getfixturevalue("copy_of_demo")())
    yield made
    made.connection.close()


@pytest.fixture(scope="module")
def population(world: World) -> Population:
    return world.population


@pytest.fixture(scope="module")
def sql(world: World) -> Sql:
    return world.sql


def test_headline_agrees(population: Population, sql: Sql) -> None:
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


def test_split_agrees(population: Population, sql: Sql) -> None:
    listed = ", ".join(f"'{label}'" for label in LABELS)
    expected: dict[str, int] = dict(
        sql(f"SELECT CASE WHEN status IN ({listed}) THEN status ELSE 'Statut inconnu' END, count(*) FROM leads GROUP BY 1")
    )
    assert {row["label"]: row["share"].numerator for row in split(population).statuses} == expected


def test_forecast_agrees(population: Population, sql: Sql) -> None:
    found = forecast(population)
    expected: dict[str, Any] = dict(
        sql(f"""
        SELECT CASE WHEN expected_close IS NULL THEN 'undated' WHEN expected_close < day(0) THEN 'overdue'
            WHEN expected_close >= month(6) THEN 'beyond' ELSE strftime('%Y-%m', expected_close) END, sum({WEIGHT})
        FROM leads WHERE {OPEN} GROUP BY 1""")
    )
    for bucket in found.months:
        assert bucket.weighted.value == expected.pop(f"{bucket.month:%Y-%m}", 0)
    outside = [expected.get(name, 0) for name in ("overdue", "undated", "beyond")]
    assert [found.overdue.weighted.value, found.undated.weighted.value, found.beyond.weighted.value] == outside
    assert found.total.value == sum(known(bucket.weighted) for bucket in found.months) + outside[0] + outside[1]
    assert found.blocked.value == sql("SELECT sum(amount) FROM leads WHERE status = 'À corriger'")[0][0]
    won: dict[str, int] = dict(
        sql(
            """SELECT strftime('%Y-%m', closed_at), sum(amount) FROM leads
            WHERE status = 'Clos' AND closed_at >= month(-5) AND closed_at < month(1) GROUP BY 1"""
        )
    )
    months = {row["month"].strftime("%Y-%m"): row["amount"].value for row in found.won}
    assert months == dict.fromkeys(months, 0) | won


def test_priority_agrees(population: Population, sql: Sql) -> None:
    found = priority(population)
    due = f"""{OPEN} AND (next_follow_up <= day(0) OR (next_follow_up IS NULL AND last_contact < day(-7)))"""
    never = f"{OPEN} AND last_contact IS NULL"
    late = f"""CASE WHEN NOT ({OPEN}) THEN 0
        WHEN next_follow_up IS NOT NULL THEN max(0, julianday(day(0)) - julianday(next_follow_up))
        WHEN last_contact IS NOT NULL THEN max(0, julianday(day(0)) - julianday(last_contact) - 7) ELSE 0 END"""
    worth = f"CASE WHEN {OPEN} THEN coalesce({WEIGHT}, 0) ELSE 0 END"
    ranked = sql(f"SELECT key FROM leads WHERE ({due}) OR ({never}) OR status = 'À corriger' ORDER BY {late} DESC, {worth} DESC, key")
    assert found.follow_up.value == sql(f"SELECT count(*) FROM leads WHERE {due}")[0][0]
    assert found.never_contacted.value == sql(f"SELECT count(*) FROM leads WHERE {never}")[0][0]
    assert found.total.keys.tolist() == [key for (key,) in ranked]


def test_kpis_agree(population: Population, sql: Sql, world: World) -> None:
    found = kpis(population, Window.last(90, world.today))
    ((created, amount, mean, cycles),) = sql("""
        SELECT count(*) FILTER (WHERE created_at BETWEEN day(-89) AND day(0)),
            sum(amount) FILTER (WHERE status = 'Clos' AND closed_at BETWEEN day(-89) AND day(0)),
            avg(amount) FILTER (WHERE status = 'Clos' AND amount > 0 AND closed_at BETWEEN day(-89) AND day(0)),
            count(*) FILTER (WHERE status = 'Clos' AND closed_at BETWEEN day(-89) AND day(0) AND closed_at >= created_at)
        FROM leads""")
    assert (found.created.value, found.won_amount.value, found.cycle.numerator) == (created, amount, cycles)
    assert abs(found.basket_mean.value - mean) <= 0.5
    ((cycle,),) = sql("""
        WITH ranked AS (SELECT days, row_number() OVER (ORDER BY days) AS n, count(*) OVER () AS total
            FROM (SELECT *, julianday(closed_at) - julianday(created_at) AS days FROM leads)
            WHERE status = 'Clos' AND closed_at BETWEEN day(-89) AND day(0) AND days >= 0)
        SELECT avg(days) FROM ranked WHERE n IN ((total + 1) / 2, (total + 2) / 2)""")
    assert found.cycle.value == cycle


def test_sources_agree(population: Population, sql: Sql, world: World) -> None:
    expected = sql("""
        SELECT coalesce(source_fold, 'non renseignee'), count(*), sum(status IN ('Clos', 'Perdu')), sum(status = 'Clos'),
            sum(amount) FILTER (WHERE status = 'Clos')
        FROM leads WHERE created_at BETWEEN day(-364) AND day(0) GROUP BY 1
        ORDER BY count(*) < 10, 1.0 * sum(status = 'Clos') / count(*) DESC, 2 DESC""")
    found = sources(population, Window.last(365, world.today))
    assert [
        (fold(row["source"]), row["leads"].value, row["decided"].value, row["won"].value, row["amount"].value) for row in found
    ] == expected
    assert all(row["conversion"].value == won / leads for row, (_, leads, _, won, _) in zip(found, expected, strict=True))


def test_pipeline_agrees(population: Population, sql: Sql) -> None:
    expected = {
        status: rest
        for status, *rest in sql(f"""
        SELECT status, count(*), sum(amount), sum(amount IS NULL), sum(status_since IS NULL OR status_since > day(0)),
            CASE WHEN {OPEN} THEN sum({WEIGHT}) END FROM leads GROUP BY 1""")
    }
    for row in pipeline(population):
        if row["status"] in LABELS:
            count, amount, unpriced, undated, weighted = expected[row["status"]]
            assert [row[name].value for name in ("leads", "amount", "no_amount", "unknown_days")] == [count, amount, unpriced, undated]
            assert weighted is None or row["weighted"].value == weighted
    late: dict[str, int] = dict(
        sql(f"""
        SELECT status, sum(julianday(day(0)) - julianday(status_since) >=
            CASE WHEN status IN ('Qualifié', 'En suivi') THEN 15 ELSE 21 END)
        FROM leads WHERE {OPEN} GROUP BY 1""")
    )
    assert {row["status"]: row["red"].value for row in pipeline(population) if row["red"]} == late


def test_scores_agree(population: Population, sql: Sql) -> None:
    quiet = "julianday(day(0)) - julianday(last_contact)"
    steps = " ".join(f"WHEN {quiet} <= {days} THEN {points}" for days, points in ((7, 25), (14, 20), (30, 15), (60, 10), (90, 5)))
    recency = f"CASE WHEN {quiet} < 0 THEN 0 {steps} ELSE 0 END"
    chosen = f"coalesce(score, score_fit + score_activity + score_source + {recency})"
    columns = f"status, count({chosen}), min({chosen}), max({chosen}), avg({chosen}), sum(score IS NULL AND {chosen} IS NOT NULL)"
    expected = {status: rest for status, *rest in sql(f"SELECT {columns} FROM leads GROUP BY 1")}
    for row in scores(population).rows:
        if row["status"] in LABELS:
            scored, low, high, mean, automatic = expected[row["status"]]
            assert (row["scored"].value, row["min"].value, row["max"].value) == (scored, low, high)
            assert row["automatic"].value == automatic
            assert row["mean"].value == pytest.approx(mean)


def test_outreach_agrees(population: Population, sql: Sql, world: World) -> None:
    found = outreach(world.frames.messages, population, Window.last(30, world.today), ZONE)
    concerned = "messages WHERE (lead_key IS NULL OR lead_key IN (SELECT key FROM leads))"
    inside = "at >= start_of(-29) AND at < start_of(1)"
    for figure, kind in (
        (found.sent, "direction = 'envoyé' AND kind = 'message'"),
        (found.bounces, "kind = 'rejet'"),
        (found.opt_outs, "kind = 'désinscription'"),
    ):
        assert figure.value == sql(f"SELECT count(*) FROM {concerned} AND {kind} AND {inside}")[0][0]
    asked = f"""SELECT lead_key, min(at) AS first FROM {concerned}
        AND lead_key IS NOT NULL AND direction = 'envoyé' AND kind = 'message' AND {inside} GROUP BY 1"""
    ((contacted,),) = sql(f"SELECT count(*) FROM ({asked})")
    ((answered,),) = sql(f"""SELECT count(*) FROM ({asked}) AS asked WHERE EXISTS (
        SELECT 1 FROM messages AS m
        WHERE m.lead_key = asked.lead_key AND m.direction = 'reçu' AND m.kind = 'message' AND m.at > asked.first)""")
    assert (found.contacted.value, found.answered.value) == (contacted, answered)
    assert found.answer_rate.value == answered / contacted


FIRST_CONTACT = """SELECT lead_key, local_day(min(at)) AS first FROM (
        SELECT lead_key, starts_at AS at FROM events WHERE done
        UNION ALL SELECT lead_key, at FROM messages WHERE direction = 'envoyé' AND kind = 'message'
            AND message_id NOT IN (SELECT message_id FROM runs WHERE message_id IS NOT NULL))
    WHERE lead_key IS NOT NULL GROUP BY 1"""


def test_owners_agree(population: Population, sql: Sql, world: World) -> None:
    window = "BETWEEN day(-89) AND day(0)"
    expected = {
        owner: rest
        for owner, *rest in sql(f"""
        WITH first AS ({FIRST_CONTACT}),
            known AS (SELECT leads.*, first, created_at {window} AS new, max(0, julianday(first) - julianday(created_at)) AS delay,
                julianday(closed_at) - julianday(created_at) AS length FROM leads LEFT JOIN first ON lead_key = key)
        SELECT coalesce(owner, 'Non attribué'), count(*), coalesce(sum(new), 0), median(CASE WHEN new THEN delay END),
            coalesce(sum(new AND first IS NULL AND last_contact IS NULL), 0),
            coalesce(sum(status = 'Clos' AND closed_at {window}), 0),
            sum(amount) FILTER (WHERE status = 'Clos' AND closed_at {window}),
            1.0 * sum(status = 'Clos' AND closed_at {window}) / sum(status IN ('Clos', 'Perdu') AND closed_at {window}),
            median(CASE WHEN status = 'Clos' AND closed_at {window} AND length >= 0 THEN length END)
        FROM known GROUP BY 1""")
    }
    done = {
        (owner, kind): number
        for owner, kind, number in sql("""
        SELECT coalesce(owner, 'Non attribué'), coalesce(kind, 'Autre'), count(*) FROM events
        WHERE done AND starts_at >= start_of(-89) AND starts_at < start_of(1) GROUP BY 1, 2
        UNION ALL SELECT coalesce(owner, 'Non attribué'), 'E-mail', count(*) FROM messages JOIN leads ON leads.key = lead_key
        WHERE direction = 'envoyé' AND kind = 'message' AND at >= start_of(-89) AND at < start_of(1)
            AND message_id NOT IN (SELECT message_id FROM runs WHERE message_id IS NOT NULL) GROUP BY 1""")
    }
    frames = world.frames
    found = productivity(population, frames.events, frames.messages, Window.last(90, world.today), ZONE)
    names = ("leads", "created", "first_median", "uncontacted", "won", "won_amount", "success", "cycle")
    for row in found:
        nothing = [0, 0, None, 0, 0, 0, None, None]
        wanted = expected.pop(row["owner"], nothing)
        wanted[5] = wanted[5] if wanted[5] is not None or wanted[4] else 0  # nothing won is 0 €, won without any amount is unknown
        assert [row[name].value for name in names] == wanted
        assert {kind: row[kind].value for kind in ACTIVITIES} == {kind: done.pop((row["owner"], kind), 0) for kind in ACTIVITIES}
    assert not expected
    assert not done


def repeated(columns: str, known: str) -> str:
    several = f"SELECT {columns} FROM leads WHERE {known} GROUP BY {columns} HAVING count(*) > 1"
    return f"key IN (SELECT key FROM leads JOIN ({several}) USING ({columns}))"


def future(*fields: str) -> str:
    return " OR ".join(f"{field} > day(0)" for field in fields)


def unread(*fields: str) -> str:
    return " OR ".join(f"json_extract(unread, '$.{field}') IS NOT NULL" for field in fields)


DATES = ("created_at", "closed_at", "status_since", "last_contact", "next_follow_up", "expected_close")
NEWS = """max(coalesce(last_contact, ''), coalesce((SELECT max(local_day(at)) FROM messages
    WHERE lead_key = leads.key AND direction = 'reçu' AND kind = 'message'), ''))"""
ALL, IS_OPEN, IS_WON, IS_LOST, IS_BLOCKED = "1", OPEN, "status = 'Clos'", "status = 'Perdu'", "status = 'À corriger'"
KNOWN = "status IN (" + ", ".join(f"'{label}'" for label in LABELS) + ")"
RULES = {  # key: whom it concerns, what it finds
    "email-invalide": ("email IS NOT NULL", "email_invalid"),
    "telephone-invalide": ("phone IS NOT NULL", "phone_e164 IS NULL"),
    "injoignable": (ALL, "(email IS NULL OR email_invalid) AND phone_e164 IS NULL"),
    "doublon-certain": (
        ALL,
        f"({repeated('email_fold', 'email_fold IS NOT NULL')}) OR ({repeated('phone_e164', 'phone_e164 IS NOT NULL')})",
    ),
    "doublon-probable": (
        ALL,
        f"""({repeated("name_fold, company_fold", "name_fold IS NOT NULL AND company_fold IS NOT NULL")}) OR key IN (
        SELECT low FROM duplicate_pairs WHERE high IN (SELECT key FROM leads)
        UNION SELECT high FROM duplicate_pairs WHERE low IN (SELECT key FROM leads))""",
    ),
    "clos-sans-montant": (IS_WON, "amount IS NULL"),
    "clos-sans-date": (IS_WON, "closed_at IS NULL"),
    "perdu-sans-motif": (IS_LOST, "lost_reason IS NULL"),
    "clos-avant-creation": ("created_at IS NOT NULL AND closed_at IS NOT NULL", "closed_at < created_at"),
    "contact-futur": ("last_contact IS NOT NULL", future("last_contact")),
    "date-future": (ALL, future("created_at", "closed_at", "status_since")),
    "cloture-depassee": (IS_OPEN, "expected_close < month(0)"),
    "montant-negatif": ("amount IS NOT NULL", "amount < 0"),
    "statut-illisible": (ALL, f"status IS NULL OR NOT ({KNOWN})"),
    "source-illisible": (ALL, unread("source")),
    "date-illisible": (ALL, unread(*DATES)),
    "montant-illisible": (ALL, unread("amount")),
    "nombre-illisible": (ALL, unread("score", "probability")),
    "sans-responsable": (ALL, "owner IS NULL"),
    "sans-nouvelles": ("coalesce(status, '') <> 'Clos'", f"coalesce(nullif({NEWS}, ''), created_at) < date(day(0), '-3 years')"),
    "sans-base-legale": (ALL, "erased_at IS NULL AND legal_basis IS NULL"),
    "creation-inconnue": (ALL, "created_at IS NULL"),
    "date-statut-inconnue": (ALL, "status_since IS NULL"),
    "perdu-sans-date": (IS_LOST, "closed_at IS NULL"),
    "statut-precedent-inconnu": (IS_BLOCKED, "previous_status IS NULL"),
}
BLOCKING = (
    "email-invalide", "injoignable", "doublon-certain", "clos-sans-montant", "clos-sans-date", "clos-avant-creation", "contact-futur",
    "montant-negatif", "statut-illisible",
)  # fmt: skip
DUTIES = (
    "sans-responsable", "sans-nouvelles", "sans-base-legale", "creation-inconnue", "date-statut-inconnue", "perdu-sans-date",
    "statut-precedent-inconnu",
)  # fmt: skip


def test_quality_rules_agree(population: Population, sql: Sql, world: World) -> None:
    found = quality(population, world.frames.messages, world.frames.pairs, ZONE)
    figures = {each.rule.key: each.figure for each in found.findings}
    keys = {}
    for rule, (concerned, wrong) in RULES.items():
        keys[rule] = {key for (key,) in sql(f"SELECT key FROM leads WHERE ({concerned}) AND ({wrong})")}
        ((among,),) = sql(f"SELECT count(*) FROM leads WHERE {concerned}")
        assert (rule, set(figures[rule].keys.tolist()), figures[rule].denominator) == (rule, keys[rule], among)
    blocking = set().union(*(keys[rule] for rule in BLOCKING))
    anomalous = set().union(*(keys[rule] for rule in keys if rule not in DUTIES)) | {
        key for (key,) in sql("SELECT key FROM leads WHERE email IS NULL")
    }
    blocked, running = ({key for (key,) in sql(f"SELECT key FROM leads WHERE {which}")} for which in (IS_BLOCKED, IS_OPEN))
    assert set(figures.pop("a-corriger-sans-anomalie").keys.tolist()) == blocked - anomalous
    assert set(figures.pop("anomalie-non-signalee").keys.tolist()) == running & blocking
    assert set(found.blocking.keys.tolist()) == blocking
    assert figures.keys() == RULES.keys()


def test_completeness_agrees(population: Population, sql: Sql, world: World) -> None:
    concerned = {
        "amount": f"{OPEN} OR {IS_BLOCKED} OR {IS_WON}", **dict.fromkeys(("probability", "expected_close", "next_follow_up"), IS_OPEN),
        "closed_at": f"{IS_WON} OR {IS_LOST}", "lost_reason": IS_LOST, "previous_status": IS_BLOCKED,
    }  # fmt: skip
    for row in quality(population, world.frames.messages, world.frames.pairs, ZONE).completeness:
        field = row["field"]
        ((filled, among),) = sql(f"SELECT count({field}), count(*) FROM leads WHERE {concerned.get(field, ALL)}")
        assert (field, row["filled"].numerator, row["filled"].denominator, row["empty"].value) == (field, filled, among, among - filled)


def test_months_agree(population: Population, sql: Sql) -> None:
    for shift, row in enumerate(by_month(population), -11):
        ((created, won, amount),) = sql(f"""
            SELECT coalesce(sum(created_at >= month({shift}) AND created_at < month({shift + 1})), 0), count(*) FILTER (WHERE {IS_WON}
                AND closed_at >= month({shift}) AND closed_at < month({shift + 1})), sum(amount) FILTER (WHERE {IS_WON}
                AND closed_at >= month({shift}) AND closed_at < month({shift + 1})) FROM leads""")
        assert (row["created"].value, row["won"].value, row["won_amount"].value or None) == (created, won, amount)


def test_statuses_of_an_earlier_day_agree(world: World, sql: Sql) -> None:
    was = leads_on(world.frames, world.frames.journal, world.today - timedelta(days=24), world.today, ZONE)
    expected: dict[str, Any] = dict(
        sql("""
        WITH later AS (SELECT * FROM history WHERE entity = 'lead' AND at >= start_of(-23))
        SELECT coalesce(status_then, ''), count(*) FROM (SELECT created_at, CASE
            WHEN EXISTS (SELECT 1 FROM later WHERE entity_key = leads.key AND field = 'status')
            THEN (SELECT before FROM later WHERE entity_key = leads.key AND field = 'status' ORDER BY at LIMIT 1)
            WHEN status_since > day(-24) AND status_since <= day(0)
                AND NOT EXISTS (SELECT 1 FROM later WHERE entity_key = leads.key AND field = 'status_since')
            THEN previous_status ELSE status END AS status_then FROM leads)
        WHERE created_at IS NULL OR created_at <= day(-24) GROUP BY 1""")
    )
    assert was[was["real"]]["status"].fillna("").value_counts().to_dict() == expected


def test_funnel_agrees(population: Population, sql: Sql, world: World) -> None:
    rows = funnel(population, moves_of(population, world.frames.journal, ZONE), Window.last(365, world.today))
    for rank, row in enumerate(rows):
        further = ", ".join(f"'{label}'" for label in (*OPEN_STATUSES, WON)[rank:])
        ((reached, cohort),) = sql(f"""
            WITH told AS (SELECT entity_key FROM history WHERE entity = 'lead' AND field = 'status'
                AND (before IN ({further}) OR after IN ({further})))
            SELECT coalesce(sum({rank == 0:d} OR coalesce(status IN ({further}), 0) OR coalesce(previous_status IN ({further}), 0)
                OR key IN (SELECT entity_key FROM told)), 0), count(*)
            FROM leads WHERE created_at BETWEEN day(-364) AND day(0)""")
        assert (row["reached"].numerator, row["reached"].denominator) == (reached, cohort)
