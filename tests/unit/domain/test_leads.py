"""A lead's derived columns, title, next action, checks of a save and effects of a change of status."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gnetics.domain import leads
from gnetics.domain.regions import REGIONS

FR = REGIONS["FR"]
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("key", ["name", "company", "email", "lead_id"])
def test_one_identity_field_makes_a_contact_real(key: str) -> None:
    assert leads.is_real({key: "x"})
    assert not leads.is_real({key: "  ", "notes": "sans identité"})


def test_the_title_is_the_first_present_of_name_company_email_and_id() -> None:
    lead = {"name": " ", "company": None, "email": "a@b.fr", "lead_id": "L-000001"}
    assert leads.title(lead) == "a@b.fr"
    assert leads.title({"lead_id": "L-000001"}) == "L-000001"
    assert leads.initials({"name": "Élodie de la Tour"}) == "ÉT"
    assert leads.initials({"name": "😀"}) == "?"


def test_search_finds_a_name_without_accents_and_a_phone_however_typed() -> None:
    search = leads.derive({"name": "Élodie Lefèvre", "phone": "+33 1 99 00 12 34"}, FR)["search"]
    assert "elodie lefevre" in search
    assert "0199001234" in search
    assert "+33199001234" in search


def test_derived_columns_tell_a_wrong_email_from_a_missing_one() -> None:
    assert leads.derive({"email": "anne@atelier.fr"}, FR)["email_check"] == "valide"
    assert leads.derive({"email": "anne@"}, FR)["email_check"] == "invalide"
    assert leads.derive({"name": "Anne"}, FR)["email_check"] == "manquant"
    assert leads.derive({"phone": "12"}, FR)["phone_e164"] is None


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "anne@", "domaine"),
        ("phone", "12", "pas valide"),
        ("amount", -500, "positif"),
        ("amount", 10**18, "maximum"),
        ("probability", 101, "0 à 100"),
        ("score", -1, "0 à 100"),
        ("name", "x" * 5000, "maximum est 200"),
        ("last_contact", date(2026, 11, 25), "futur"),
    ],
)
def test_a_wrong_value_gets_its_sentence(field: str, value: Any, words: str) -> None:
    sentences = leads.check({"company": "Atelier", field: value}, FR, today=TODAY)
    assert list(sentences) == [field]
    assert words in sentences[field]


def test_an_old_wrong_email_does_not_block_another_change() -> None:
    assert leads.check({"name": "Anne", "email": "anne@", "score": 5}, FR, changed=["score"]) == {}


def test_a_lead_needs_an_identity() -> None:
    assert list(leads.check({"notes": "x"}, FR)) == [""]
    assert leads.check({"lead_id": "L-000001"}, FR) == {}


def test_probability_follows_the_status_unless_the_same_save_sets_it() -> None:
    before = {"status": "Contacté", "probability": 40}
    assert leads.follow_status(before, {"status": "En suivi"}, TODAY)["probability"] == 75
    assert "probability" not in leads.follow_status(before, {"status": "En suivi", "probability": 60}, TODAY)
    assert leads.follow_status(before, {"status": "Contacté"}, TODAY) == {}
    assert leads.follow_status(before, {"name": "Anne"}, TODAY) == {}


def test_closing_sets_the_day_and_reopening_clears_it() -> None:
    closed = leads.follow_status({"status": "En suivi"}, {"status": "Clos"}, TODAY)
    assert (closed["closed_at"], closed["status_since"], closed["previous_status"]) == (TODAY, TODAY, "En suivi")
    assert leads.follow_status({"status": "Perdu", "closed_at": date(2026, 1, 1)}, {"status": "Contacté"}, TODAY)["closed_at"] is None


def test_a_problem_flag_does_not_move_the_closing_day() -> None:
    day = date(2026, 1, 1)
    assert leads.follow_status({"status": "Clos", "closed_at": day}, {"status": "À corriger"}, TODAY)["closed_at"] == day
    flagged = {"status": "À corriger", "previous_status": "Clos", "closed_at": day}
    assert leads.follow_status(flagged, {"status": "Clos"}, TODAY)["closed_at"] == day
    assert leads.follow_status(flagged, {"status": "Perdu"}, TODAY)["closed_at"] == TODAY


@pytest.mark.parametrize(
    ("lead", "verb"),
    [
        ({"status": "Nouveau", "phone": "01 99 00 12 34"}, "Appeler"),
        ({"status": "Nouveau", "email": "a@b.fr", "email_check": "valide"}, "Écrire"),
        ({"status": "Nouveau", "email": "a@", "email_check": "invalide"}, "Compléter les coordonnées"),
        ({"status": "Contacté", "next_follow_up": date(2026, 11, 24)}, "Relancer"),
        ({"status": "Contacté", "last_contact": date(2026, 11, 16)}, "Relancer"),
        ({"status": "Contacté", "last_contact": date(2026, 11, 17)}, "Qualifier"),
        ({"status": "Qualifié", "last_contact": date(2026, 11, 20)}, "Envoyer une proposition"),
        ({"status": "En suivi", "last_contact": date(2026, 11, 20), "next_follow_up": date(2026, 12, 1)}, "Conclure"),
        ({"status": "À corriger", "email_check": "invalide"}, "Corriger l’email"),
        ({"status": "À corriger", "email_check": "en double"}, "Traiter le doublon"),
        ({"status": "Clos"}, "Indiquer le montant"),
        ({"status": "Clos", "amount": 100}, ""),
        ({"status": "Perdu"}, "Indiquer le motif de perte"),
        ({"status": "En pause"}, "Choisir un statut"),
        ({}, "Choisir un statut"),
    ],
)
def test_the_next_action_follows_from_the_lead(lead: dict[str, Any], verb: str) -> None:
    assert leads.next_action(lead, TODAY)[0] == verb
    assert leads.next_action(lead | {"next_action": "Inviter"}, TODAY) == ("Inviter", "choisie à la main", True)


def test_the_stage_is_derived_unless_set_by_hand() -> None:
    assert leads.stage({"status": "En suivi"}) == ("Négociation", False)
    assert leads.stage({"status": "À corriger", "previous_status": "Qualifié"}) == ("Bloqué (besoin qualifié)", False)
    assert leads.stage({"status": "En suivi", "stage": "Juridique"}) == ("Juridique", True)
    assert leads.stage({"status": "Inventé"}) == ("Statut inconnu", False)


@pytest.mark.parametrize(
    ("lead", "days"),
    [
        ({"status": "Contacté", "next_follow_up": date(2026, 11, 20)}, 4),
        ({"status": "Contacté", "next_follow_up": TODAY}, 0),
        ({"status": "Contacté", "last_contact": date(2026, 11, 14)}, 3),
        ({"status": "Clos", "next_follow_up": date(2026, 1, 1)}, 0),
    ],
)
def test_only_an_open_lead_is_late(lead: dict[str, Any], days: int) -> None:
    assert leads.overdue_days(lead, TODAY) == days


def test_what_is_missing_reads_as_an_action() -> None:
    assert leads.missing({"name": "Anne", "company": "Atelier", "phone": "1", "status": "Perdu", "owner": "Léa"}) == [
        "Compléter l’email",
        "Indiquer le motif de perte",
    ]
