from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gnetics.metrics.figure import Figure
from gnetics.metrics.quality import quality
from gnetics.metrics.rules import BLOCKING, RULES
from tests.unit.metrics.conftest import Maker, Pairs, Rows

GOOD = {
    "email": "a@exemple.fr", "owner": "Ana", "amount": 100, "created_at": date(2026, 1, 1), "status_since": date(2026, 1, 1),
    "legal_basis": "consentement",
}  # fmt: skip


def found(make: Maker, rows: Rows, messages: Rows = (), pairs: Pairs = ()) -> dict[str, Figure]:
    result = quality(make.population(rows), make.messages(messages), make.pairs(pairs), make.zone)
    return {finding.rule.key: finding.figure for finding in result.findings}


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        ("email-invalide", {"email": "pas une adresse"}),
        ("telephone-invalide", {"phone": "12"}),
        ("injoignable", {"email": None}),
        ("injoignable", {"email": "pas une adresse", "phone": "12"}),
        ("clos-sans-montant", {"status": "Clos", "amount": None}),
        ("clos-sans-date", {"status": "Clos"}),
        ("perdu-sans-motif", {"status": "Perdu"}),
        ("perdu-sans-date", {"status": "Perdu"}),
        ("clos-avant-creation", {"status": "Clos", "closed_at": date(2025, 12, 31)}),
        ("contact-futur", {"last_contact": date(2026, 11, 25)}),
        ("date-future", {"created_at": date(2026, 11, 25)}),
        ("cloture-depassee", {"expected_close": date(2026, 10, 31)}),
        ("montant-negatif", {"amount": -1}),
        ("statut-illisible", {"status": "Prospect chaud"}),
        ("statut-illisible", {"status": None}),
        ("source-illisible", {"unread": '{"source": "?"}'}),
        ("date-illisible", {"unread": '{"closed_at": "31/02/2026"}'}),
        ("montant-illisible", {"unread": '{"score": "x", "amount": "beaucoup"}'}),
        ("nombre-illisible", {"unread": '{"probability": "beaucoup"}'}),
        ("sans-responsable", {"owner": None}),
        ("sans-nouvelles", {"last_contact": date(2023, 11, 23)}),
        ("sans-base-legale", {"legal_basis": None}),
        ("creation-inconnue", {"created_at": None}),
        ("date-statut-inconnue", {"status_since": None}),
        ("statut-precedent-inconnu", {"status": "À corriger"}),
        ("a-corriger-sans-anomalie", {"status": "À corriger"}),
        ("anomalie-non-signalee", {"email": "pas une adresse"}),
    ],
)
def test_rule_finds_its_anomaly_and_nothing_in_a_clean_lead(make: Maker, rule: str, bad: dict[str, Any]) -> None:
    figure = found(make, [GOOD, {**GOOD, "email": "b@exemple.fr", **bad}])[rule]
    assert figure.keys.tolist() == [2]
    assert figure.base is not None
    assert set(figure.keys) <= set(figure.base)


def test_a_clean_lead_breaks_no_rule(make: Maker) -> None:
    assert {key: figure.numerator for key, figure in found(make, [GOOD]).items() if figure.numerator} == {}


def test_boundaries_are_not_anomalies(make: Maker) -> None:
    clean = found(
        make,
        [
            {**GOOD, "last_contact": make.today, "expected_close": date(2026, 11, 1)},
            {**GOOD, "email": "b@exemple.fr", "last_contact": date(2023, 11, 24)},
        ],
    )
    assert clean["contact-futur"].numerator == clean["cloture-depassee"].numerator == clean["sans-nouvelles"].numerator == 0


def test_same_email_or_phone_is_a_certain_duplicate(make: Maker) -> None:
    rows: Rows = [
        {"email": "Durand@exemple.fr"},
        {"email": "durand@Exemple.fr"},
        {"phone": "06 12 34 56 78"},
        {"phone": "+33 6 12 34 56 78"},
        {"phone": "0612345679"},
        {"name": None, "phone": "0612345679"},  # not a contact réel
    ]
    assert found(make, rows)["doublon-certain"].keys.tolist() == [1, 2, 3, 4]


def test_same_folded_name_and_company_or_a_kept_pair_is_a_probable_duplicate(make: Maker) -> None:
    rows: Rows = [
        {"name": "Éric Noël", "company": "Lumen"},
        {"name": "eric  noel", "company": "LUMEN"},
        {"name": "Éric Noël", "company": "Autre"},
        {"name": "Éric Noël", "company": None},
        {"name": "Paul", "company": "A"},
        {"name": "Paull", "company": "A"},
    ]
    assert found(make, rows, pairs=[(5, 6), (1, 99)])["doublon-probable"].keys.tolist() == [1, 2, 5, 6]


def test_a_message_received_is_news(make: Maker) -> None:
    old = {**GOOD, "last_contact": date(2020, 1, 1)}
    news = [{"lead_key": 1, "direction": "reçu", "at": make.at(date(2026, 1, 1))}, {"lead_key": 2, "at": make.at(date(2026, 1, 1))}]
    assert found(make, [old, {**old, "email": "b@exemple.fr"}], news)["sans-nouvelles"].keys.tolist() == [2]


def test_a_word_inside_a_raw_text_is_not_a_field(make: Maker) -> None:
    assert found(make, [{**GOOD, "unread": '{"source": "\\"amount\\": 3"}'}])["montant-illisible"].numerator == 0


def test_blocking_share_counts_a_lead_once(make: Maker) -> None:
    result = quality(make.population([GOOD, {"email": "non", "status": "?"}]), make.messages(), make.pairs(), make.zone)
    assert result.blocking.value == 0.5
    assert result.blocking.keys.tolist() == [2]


def test_completeness_expects_a_field_only_where_it_means_something(make: Maker) -> None:
    result = quality(
        make.population([{"status": "Perdu"}, {"status": "Perdu", "lost_reason": "Prix"}, {}]), make.messages(), make.pairs(), make.zone
    )
    rows = {row["field"]: row for row in result.completeness}
    assert (rows["lost_reason"]["filled"].numerator, rows["lost_reason"]["filled"].denominator) == (1, 2)
    assert rows["lost_reason"]["empty"].keys.tolist() == [1]
    assert rows["closed_at"]["filled"].value == 0.0
    assert rows["previous_status"]["filled"].value is None


def test_rules_have_one_key_each_and_say_what_to_do() -> None:
    assert len({rule.key for rule in RULES}) == len(RULES)
    assert all(rule.todo and rule.title and rule.population for rule in RULES)
    assert any(rule.severity == BLOCKING for rule in RULES)
