"""Where a lead is in its journey and what to do next: automatic unless set by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from gnetics.domain import dates
from gnetics.domain.statuses import BLOCKED, LOST, UNKNOWN, WON, type_of
from gnetics.domain.values import is_missing, text_of

Lead = Mapping[str, Any]

QUIET_DAYS = 7  # without news for longer, an open lead is to follow up

_STAGES = {
    "Nouveau": "Découverte",
    "À contacter": "Premier contact",
    "Contacté": "Échange engagé",
    "Qualifié": "Besoin qualifié",
    "En suivi": "Négociation",
    WON: "Gagné",
    LOST: "Perdu",
}
_NEXT_STEP = {
    "Nouveau": ("Qualifier", "un premier échange a eu lieu"),
    "À contacter": ("Qualifier", "un premier échange a eu lieu"),
    "Contacté": ("Qualifier", "le besoin reste à préciser"),
    "Qualifié": ("Envoyer une proposition", "le besoin est qualifié"),
    "En suivi": ("Conclure", "la négociation est en cours"),
}
_EMAIL_FIX = {
    "invalide": ("Corriger l’email", "l’adresse est invalide"),
    "manquant": ("Compléter l’email", "l’adresse manque"),
    "en double": ("Traiter le doublon", "un autre contact a la même adresse"),
}


def _day(lead: Lead, key: str) -> date | None:
    value = lead.get(key)
    if is_missing(value) or value is None:
        return None
    return date(value.year, value.month, value.day)


def stage(lead: Lead) -> tuple[str, bool]:
    """(Étape, set by hand)."""
    if manual := text_of(lead, "stage"):
        return manual, True
    status = text_of(lead, "status")
    if status == BLOCKED:
        earlier = _STAGES.get(text_of(lead, "previous_status"))
        return (f"Bloqué ({earlier.lower()})" if earlier else "Bloqué"), False
    if status in ("Nouveau", "À contacter") and _day(lead, "last_contact"):
        return "Échange engagé", False
    return _STAGES.get(status, UNKNOWN), False


def overdue_days(lead: Lead, today: date) -> int:
    """Days an open lead is late on its follow-up, or beyond a week without news when none is planned; 0 otherwise."""
    if type_of(text_of(lead, "status")) != "ouvert":
        return 0
    if planned := _day(lead, "next_follow_up"):
        return max(0, (today - planned).days)
    if last := _day(lead, "last_contact"):
        return max(0, (today - last).days - QUIET_DAYS)
    return 0


def lateness(lead: Lead, today: date) -> int:
    """The days overdue that a person is told: none of who was erased, whom figures count all the same."""
    return overdue_days(lead, today) if is_missing(lead.get("erased_at")) else 0


def next_action(lead: Lead, today: date) -> tuple[str, str, bool]:
    """(verb, reason, set by hand); the verb is "" when nothing is left to do."""
    if not is_missing(lead.get("erased_at")):
        return "", "la personne a été effacée", False
    if manual := text_of(lead, "next_action"):
        return manual, "choisie à la main", True
    verb, reason = _automatic(lead, today)
    return verb, reason, False


def _automatic(lead: Lead, today: date) -> tuple[str, str]:
    status = text_of(lead, "status")
    if status == BLOCKED:
        return _EMAIL_FIX.get(text_of(lead, "email_check"), ("Corriger la fiche", "le contact est bloqué"))
    if status == WON:
        return (
            ("Indiquer le montant", "l’affaire est gagnée sans montant") if is_missing(lead.get("amount")) else ("", "l’affaire est gagnée")
        )
    if status == LOST:
        return ("", "l’affaire est perdue") if text_of(lead, "lost_reason") else ("Indiquer le motif de perte", "il manque")
    if type_of(status) != "ouvert":
        return "Choisir un statut", "le statut est inconnu" if status else "le statut manque"
    return _open(lead, status, today)


def _open(lead: Lead, status: str, today: date) -> tuple[str, str]:
    planned, last = _day(lead, "next_follow_up"), _day(lead, "last_contact")
    if planned and planned <= today:
        return "Relancer", f"relance prévue {dates.relative(planned, today)}"
    if not last:
        return _first_contact(lead)
    if not planned and (today - last).days > QUIET_DAYS:
        return "Relancer", f"dernier contact {dates.relative(last, today)}"
    verb, reason = _NEXT_STEP[status]
    return verb, f"prochaine relance {dates.relative(planned, today)}" if planned else reason


def _first_contact(lead: Lead) -> tuple[str, str]:
    if text_of(lead, "phone"):
        return "Appeler", "jamais contacté"
    if text_of(lead, "email") and text_of(lead, "email_check") != "invalide":
        return "Écrire", "jamais contacté"
    return "Compléter les coordonnées", "ni téléphone ni email utilisable"


def missing(lead: Lead) -> list[str]:
    """What to fill in, as actions, most useful first; nothing of who was erased."""
    if not is_missing(lead.get("erased_at")):
        return []
    wanted: list[tuple[str, str]] = [
        ("name", "Compléter le nom"),
        ("company", "Compléter l’entreprise"),
        ("email", "Compléter l’email"),
        ("phone", "Compléter le téléphone"),
        ("status", "Choisir un statut"),
        ("owner", "Attribuer un responsable"),
    ]
    status = text_of(lead, "status")
    if type_of(status) in ("ouvert", "gagné"):
        wanted.append(("amount", "Estimer le montant" if status != WON else "Indiquer le montant"))
    if type_of(status) == "ouvert":
        wanted.append(("next_follow_up", "Planifier une relance"))
    if status == LOST:
        wanted.append(("lost_reason", "Indiquer le motif de perte"))
    return [action for key, action in wanted if not text_of(lead, key)]
