"""What each block says of leads whose answer is plain to see."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from gnetics import texts
from gnetics.domain.statuses import LABELS, UNKNOWN
from gnetics.metrics.definitions import NO_CLOSING, NO_CREATION, NO_DATE, REVERSED_DATES, UNREAL
from gnetics.metrics.figure import Figure, Row
from gnetics.metrics.forecast import forecast
from gnetics.metrics.headline import headline
from gnetics.metrics.kpis import by_month, kpis
from gnetics.metrics.measures import percentile_90
from gnetics.metrics.outreach import outreach
from gnetics.metrics.pipeline import pipeline
from gnetics.metrics.population import UNASSIGNED
from gnetics.metrics.productivity import productivity
from gnetics.metrics.scores import scores
from gnetics.metrics.sources import sources
from gnetics.metrics.split import split
from gnetics.metrics.window import EVERYTHING, Window
from tests.unit.metrics.conftest import Maker, Rows


def left(figure: Figure) -> dict[str, list[int]]:
    return {out.reason: out.keys.tolist() for out in figure.left_out}


def plain(row: Row) -> Row:
    return {name: cell.value if isinstance(cell, Figure) else cell for name, cell in row.items()}


def test_what_has_no_lead_is_not_of_the_first_one_that_lives_in_its_session_only(make: Maker) -> None:
    population = make.population([{"key": -1}, {"key": 3}])
    messages = make.messages([{"lead_key": key, "at": make.at(make.today)} for key in (None, 3, -1, 0, 1, 9, -9)])
    assert population.locate(messages["lead_key"]).tolist() == [-1, 1, 0, -1, -1, -1, -1]
    assert outreach(messages[:1], population, EVERYTHING, make.zone).contacted.keys.tolist() == []


def test_amount_leaves_out_and_names_the_leads_without_one(make: Maker) -> None:
    figures = headline(
        make.population([{"amount": 10}, {"amount": None}, {"status": "À corriger", "amount": 5}, {"status": "Clos", "amount": 99}])
    )
    assert figures.amount.value == 15
    assert figures.amount.keys.tolist() == [1, 3]
    assert left(figures.amount) == {texts.NO_AMOUNT: [2]}


def test_rows_without_identity_are_counted_nowhere_and_said_so(make: Maker) -> None:
    figures = headline(make.population([{}, {"name": None, "amount": 1000, "status": "Clos"}]))
    assert figures.pipeline.value == 1
    assert figures.conversion.denominator == 1
    assert left(figures.conversion) == {UNREAL: [2]}


def test_owner_filter_keeps_one_owner_or_nobody(make: Maker) -> None:
    rows: Rows = [{"owner": "Ana"}, {"owner": None}, {"owner": "Sam"}]
    assert make.population(rows, owner="Ana").keys.tolist() == [1]
    assert make.population(rows, owner=UNASSIGNED).keys.tolist() == [2]


def test_split_keeps_empty_statuses_in_funnel_order_and_unknown_texts(make: Maker) -> None:
    found = split(make.population([{"status": "En suivi"}, {"status": "Prospect chaud"}, {"status": None}, {"status": "Clos"}]))
    assert [row["label"] for row in found.statuses] == [*LABELS, UNKNOWN]
    counts = {row["label"]: row["share"].numerator for row in found.statuses}
    assert counts["En suivi"] == 1
    assert counts["Perdu"] == 0
    assert counts[UNKNOWN] == 2
    assert [row["share"].numerator for row in found.groups] == [1, 1, 0, 0, 2]
    assert found.statuses[0]["share"].value == 0.0


def test_kpis_count_by_closing_and_creation_dates_of_the_period(make: Maker) -> None:
    population = make.population(
        [
            {"status": "Clos", "amount": 300, "closed_at": date(2026, 11, 1), "created_at": date(2026, 10, 1)},
            {"status": "Clos", "amount": 100, "closed_at": date(2026, 11, 2), "created_at": date(2026, 11, 1)},
            {"status": "Clos", "amount": 0, "closed_at": date(2026, 11, 2), "created_at": date(2026, 11, 22)},
            {"status": "Clos", "amount": 5000, "closed_at": date(2026, 1, 1)},
            {"status": "Clos", "amount": 7000},
            {"created_at": date(2026, 11, 24)},
        ]
    )
    found = kpis(population, Window.last(30, make.today))
    assert found.created.keys.tolist() == [2, 3, 6]
    assert left(found.created) == {NO_CREATION: [4, 5]}
    assert found.won_amount.value == 400
    assert left(found.won_amount) == {NO_CLOSING: [5]}
    assert (found.basket_mean.value, found.basket_median.value) == (200, 200)
    assert left(found.basket_mean)[texts.NO_AMOUNT] == [3]
    assert found.cycle.value == 16.0
    assert left(found.cycle) == {REVERSED_DATES: [3]}
    assert list(map(str, found.cycle.left_out)) == ["1 clos avant sa création"]
    assert kpis(population, EVERYTHING).won_amount.value == 12_400


def test_mean_and_median_baskets_are_rounded_half_up_to_the_cent(make: Maker) -> None:
    found = kpis(make.population([{"status": "Clos", "amount": amount} for amount in (1, 2)]), EVERYTHING)
    assert (found.basket_mean.value, found.basket_median.value) == (2, 2)


def test_months_end_with_the_current_one(make: Maker) -> None:
    rows = by_month(make.population([{"created_at": make.today}, {"status": "Clos", "closed_at": date(2026, 10, 31), "amount": 5}]))
    assert (len(rows), rows[-1]["month"], rows[0]["month"]) == (12, date(2026, 11, 1), date(2025, 12, 1))
    assert plain(rows[-1]) == {"month": date(2026, 11, 1), "created": 1, "won": 0, "won_amount": 0}
    assert rows[-2]["won_amount"].value == 5


def test_sources_fold_spellings_and_keep_the_blank_one(make: Maker) -> None:
    rows = sources(
        make.population(
            [
                {"source": "Réseau"},
                {"source": "RESEAU "},
                {"source": "Réseau"},
                {"source": None, "status": "Clos", "amount": 100},
                {"source": "Salon"},
            ]
        )
    )
    assert [(row["source"], row["leads"].value) for row in rows] == [("Non renseignée", 1), ("Réseau", 3), ("Salon", 1)]
    assert rows[0]["small"]
    assert (rows[0]["conversion"].numerator, rows[0]["conversion"].denominator) == (1, 1)
    assert rows[1]["success"].value is None


def test_sources_are_sorted_by_the_conversion_they_show_small_samples_last(make: Maker) -> None:
    def of(source: str, leads: int, won: int) -> list[dict[str, Any]]:
        return [{"source": source, "status": "Clos" if place < won else "Perdu"} for place in range(leads)]

    rows = sources(make.population([*of("Petite", 3, 3), *of("Salon", 10, 4), *of("Web", 20, 10), *of("Tiers", 30, 12)]))
    assert [row["source"] for row in rows] == ["Web", "Tiers", "Salon", "Petite"]


def test_an_owner_is_one_whatever_case_accents_and_spaces(make: Maker) -> None:
    spellings = ("Léa Martin", "léa  martin", "LEA MARTIN", "Lea Martin")
    leads: list[dict[str, Any]] = [*({"owner": name} for name in spellings), {"owner": "Zoé"}, {}]
    population = make.population(leads)
    events = make.events([{"kind": "Appel", "starts_at": make.at(make.today), "owner": name} for name in (*spellings, "IVAN", "Ivan")])
    rows = productivity(population, events, make.messages(), Window.last(30, make.today), make.zone)
    assert [(row["owner"], row["leads"].value, row["Appel"].value) for row in rows] == [
        ("Léa Martin", 4, 4),
        ("Zoé", 1, 0),
        ("Ivan", 0, 2),
        ("Non attribué", 1, 0),
    ]
    assert [make.population(leads, owner).size for owner in ("lea martin", "ZOE", "", "Personne")] == [4, 1, 1, 0]


def test_a_source_younger_than_the_median_cycle_is_maturing(make: Maker) -> None:
    closed = {"status": "Clos", "created_at": date(2026, 1, 1), "closed_at": date(2026, 4, 11), "source": "Ancienne"}
    rows = sources(make.population([closed, closed, {"source": "Neuve", "created_at": make.today}, {"source": "Sans date"}]))
    assert {row["source"]: row["maturing"] for row in rows} == {"Ancienne": False, "Neuve": True, "Sans date": None}


def test_sources_follow_the_creation_cohort(make: Maker) -> None:
    rows = sources(
        make.population(
            [
                {"source": "Salon", "status": "Clos", "created_at": date(2025, 1, 1), "closed_at": make.today},
                {"source": "Web", "created_at": make.today},
            ]
        ),
        Window.last(30, make.today),
    )
    assert [row["source"] for row in rows] == ["Web"]


def test_the_automatic_score_stands_in_for_one_not_set_by_hand(make: Maker) -> None:
    points = {"score_fit": 20, "score_activity": 10, "score_source": 6}
    found = scores(make.population([{"status": "Clos", **points, "last_contact": make.today}, {"status": "Clos", "score": 0, **points}]))
    row = plain(next(row for row in found.rows if row["status"] == "Clos"))
    assert (row["scored"], row["automatic"], row["min"], row["max"]) == (2, 1, 0, 61)  # 20 + 10 + 6 + 25, contacted today


def test_missing_scores_are_not_zero_and_a_falling_median_is_flagged(make: Maker) -> None:
    found = scores(
        make.population(
            [
                {"status": "Nouveau", "score": 50},
                {"status": "Nouveau", "score": None},
                {"status": "Contacté", "score": 40},
                {"status": "Qualifié", "score": 80, "last_contact": date(2026, 1, 1)},
                {"status": "Perdu", "score": 0, "last_contact": date(2026, 1, 1)},
                {"status": "Nouveau", "score": 70},
            ]
        )
    )
    by_status = {row["status"]: plain(row) for row in found.rows}
    assert by_status["Nouveau"] == {
        "status": "Nouveau",
        "scored": 2,
        "automatic": 0,
        "missing": 1,
        "min": 50,
        "median": 60.0,
        "mean": 60.0,
        "max": 70,
        "falls": False,
    }
    assert by_status["Contacté"]["falls"]
    assert not by_status["Qualifié"]["falls"]
    assert not by_status["Perdu"]["falls"]
    assert by_status["Clos"]["median"] is None
    assert found.falls.keys.tolist() == [3]
    assert found.hot.keys.tolist() == [6]


def test_an_equal_median_is_not_a_fall(make: Maker) -> None:
    found = scores(make.population([{"status": "Nouveau", "score": 50}, {"status": "Contacté", "score": 50}]))
    assert found.falls.value == 0


def test_ninetieth_percentile_is_a_value_of_the_list() -> None:
    assert percentile_90(np.arange(1, 11)) == 9
    assert percentile_90(np.array([5])) == 5
    assert percentile_90(np.array([], dtype=np.int64)) is None


def test_pipeline_ages_turn_amber_then_red_and_unknown_is_not_zero(make: Maker) -> None:
    rows = pipeline(
        make.population(
            [{"status": "Qualifié", "status_since": make.today - timedelta(days=days)} for days in (9, 10, 14, 15)]
            + [{"status": "Qualifié"}, {"status": "Qualifié", "status_since": date(2027, 1, 1)}]
        )
    )
    row = next(row for row in rows if row["status"] == "Qualifié")
    assert row["amber"].keys.tolist() == [2, 3]
    assert row["red"].keys.tolist() == [4]
    assert row["days"].value == 12.0
    assert left(row["days"]) == {NO_DATE: [5, 6]}
    won = next(row for row in rows if row["status"] == "Clos")
    assert won["amber"] is None
    assert won["days"].value is None


def test_productivity_counts_first_human_contact_and_leaves_automations_out(make: Maker) -> None:
    population = make.population(
        [
            {"owner": "Ana", "created_at": date(2026, 11, 2), "last_contact": date(2026, 11, 4)},
            {"owner": "Ana", "created_at": date(2026, 11, 2)},
            {"owner": "Ana", "created_at": date(2026, 11, 2), "last_contact": date(2026, 11, 3)},
            {"owner": None, "created_at": date(2026, 1, 1)},
        ]
    )
    messages = make.messages(
        [
            {"lead_key": 1, "at": make.at(date(2026, 11, 4))},
            {"lead_key": 1, "at": make.at(date(2026, 11, 9))},
            {"lead_key": 2, "at": make.at(date(2026, 11, 3)), "automatic": True},
        ]
    )
    events = make.events(
        [
            {
                "lead_key": 4,
                "kind": "Appel",
                "owner": "Zoé",
                "starts_at": make.at(date(2026, 11, 5)),
                "ends_at": make.at(date(2026, 11, 5)),
            },
            {
                "kind": "Appel",
                "owner": "Ana",
                "done": False,
                "starts_at": make.at(date(2026, 11, 5)),
                "ends_at": make.at(date(2026, 11, 5)),
            },
            {
                "kind": "Appel",
                "owner": "Ana",
                "cancelled": True,
                "starts_at": make.at(date(2026, 11, 5)),
                "ends_at": make.at(date(2026, 11, 5)),
            },
        ]
    )
    rows = productivity(population, events, messages, Window.last(30, make.today), make.zone)
    assert [row["owner"] for row in rows] == ["Ana", "Zoé", texts.NO_OWNER]
    ana, zoe, nobody = rows
    assert (ana["leads"].value, ana["created"].value, ana["first_median"].value, ana["first_p90"].value) == (3, 3, 2.0, 2)
    assert ana["uncontacted"].keys.tolist() == [2]
    assert {out.reason: out.keys.tolist() for out in ana["first_median"].left_out} == {
        "encore jamais contactés": [2],
        "contactés à une date inconnue": [3],
    }
    assert (ana["E-mail"].value, ana["Appel"].value) == (2, 0)
    assert zoe["Appel"].keys.tolist() == [1]
    assert zoe["Appel"].table == "events"
    assert nobody["leads"].value == 1


def test_forecast_sets_aside_blocked_unknown_and_later_leads(make: Maker) -> None:
    found = forecast(
        make.population(
            [
                {"status": "En suivi", "amount": 100, "probability": 100, "expected_close": date(2026, 10, 31)},
                {"status": "En suivi", "amount": 200, "probability": 100, "expected_close": date(2027, 4, 30)},
                {"status": "En suivi", "amount": 400, "probability": 100, "expected_close": date(2027, 5, 1)},
                {"status": "À corriger", "amount": 800, "probability": 100},
                {"status": "Prospect", "amount": 1600, "probability": 100},
                {"status": "Clos", "amount": 3200, "closed_at": date(2026, 11, 3)},
                {"status": "Contacté", "amount": 400},
            ]
        )
    )
    assert found.overdue.weighted.value == 100
    assert [bucket.weighted.value for bucket in found.months] == [0, 0, 0, 0, 0, 200]
    assert found.beyond.weighted.value == 400
    assert found.undated.weighted.value == 100  # the status's own 25 %
    assert found.total.value == 400
    assert found.blocked.value == 800
    assert found.won[-1]["amount"].value == 3200
    assert {out.reason: out.keys.tolist() for out in found.total.left_out} == {
        "clôture prévue au-delà des six mois": [3],
        "statut inconnu, ne pèse rien": [5],
    }


def test_a_closing_that_passed_this_month_is_late(make: Maker) -> None:
    days = [make.today + timedelta(days=shift) for shift in (-1, 0, 1)]
    found = forecast(make.population([{"status": "En suivi", "amount": 100, "probability": 100, "expected_close": day} for day in days]))
    assert (found.overdue.leads.keys.tolist(), found.months[0].leads.keys.tolist()) == ([1], [2, 3])


def test_weighted_amounts_round_half_up_and_never_overflow(make: Maker) -> None:
    found = forecast(make.population([{"amount": 1, "probability": 50}, {"amount": 10**17, "probability": 75}]))
    assert found.total.value == 75 * 10**15 + 1


def test_an_answer_counts_only_after_a_message_was_sent(make: Maker) -> None:
    day = date(2026, 11, 10)
    population = make.population([{}, {}, {}])
    messages = make.messages(
        [
            {"lead_key": 1, "at": make.at(day)},
            {"lead_key": 1, "at": make.at(day, 14), "direction": "reçu"},
            {"lead_key": 2, "at": make.at(day), "direction": "reçu"},
            {"lead_key": 2, "at": make.at(day, 14)},
            {"lead_key": 3, "at": make.at(day)},
            {"lead_key": 3, "at": make.at(day, 14), "direction": "reçu", "kind": "réponse automatique"},
            {"lead_key": 3, "at": make.at(day, 15), "direction": "reçu", "kind": "rejet"},
            {"lead_key": 3, "at": make.at(day, 15), "direction": "reçu", "kind": "désinscription"},
            {"lead_key": None, "at": make.at(day)},
            {"lead_key": 1, "at": make.at(date(2026, 1, 1))},
        ]
    )
    found = outreach(messages, population, Window.last(30, make.today), make.zone)
    assert (found.sent.value, found.sent.table, found.sent.keys.tolist()) == (4, "messages", [1, 4, 5, 9])
    assert (found.contacted.value, found.answered.keys.tolist()) == (3, [1])
    assert found.answer_rate.value == 1 / 3
    assert left(found.answer_rate) == {"messages sans contact rattaché": [9]}
    assert (found.bounces.value, found.opt_outs.value) == (1, 1)
