"""The fictional journal of the automations over the last eight weeks."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import cycle
from random import Random
from typing import Any

from gnetics.demo.journey import REFERENCE, hour, worked
from gnetics.demo.leads import DemoLead
from gnetics.domain.runs import PLANNER

Run = dict[str, Any]
TOTAL = 300

# (rule, version, trigger, detail when it succeeds, weight)
_RULES = (
    ("Relance à sept jours", 3, "planification", "Mail de relance envoyé à {email}.", 24),
    ("Relance de devis", 2, "planification", "Deuxième relance du devis envoyée à {email}.", 12),
    ("Accusé de réception", 1, "enregistrement", "Accusé de réception envoyé à {email}.", 12),
    ("Bienvenue au nouveau client", 2, "changement de statut", "Mail de bienvenue envoyé, dossier de formation ouvert.", 5),
    ("Contrôle des emails", 4, "enregistrement", "Adresse {email} vérifiée : valide.", 14),
    ("Recherche de doublons", 2, "planification", "Aucun doublon trouvé pour {title}.", 12),
    ("Calcul du score", 5, "changement de statut", "Score recalculé d’après l’activité des trente derniers jours.", 13),
    ("Rappel de rendez-vous", 1, "planification", "Rappel envoyé la veille à {owner}.", 8),
)
_SKIPPED = {  # why a run decided to do nothing
    "Relance à sept jours": (
        "Le contact a répondu entre-temps",
        "Désinscrit des envois",
        "Relance déjà faite à la main",
        "Pas d’email sur la fiche",
    ),
    "Relance de devis": ("Le contact a répondu entre-temps", "Affaire close avant la relance"),
    "Accusé de réception": ("Réponse automatique reçue : jamais de réponse à un automate",),
    "Bienvenue au nouveau client": ("Mail déjà envoyé par {owner}",),
    "Contrôle des emails": ("Adresse inchangée depuis le dernier contrôle",),
    "Recherche de doublons": ("Fiche inchangée depuis la dernière recherche",),
    "Calcul du score": ("Score saisi à la main : il prime",),
    "Rappel de rendez-vous": ("Rendez-vous annulé",),
}
_ERRORS = (
    "Le serveur de messagerie ne répond pas (délai de 30 s dépassé).",
    "Adresse refusée par le destinataire : 550 5.1.1 utilisateur inconnu.",
    "Boîte du destinataire pleine : 552 5.2.2 quota dépassé.",
    "Modèle de mail incomplet : le champ « prénom » est vide.",
)


class _Journal:
    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.runs: list[Run] = []

    def add(self, rule: str, lead: DemoLead | None, queued: datetime, status: str, **more: Any) -> Run:
        started = queued + timedelta(seconds=self.rng.randint(1, 40)) if status not in ("à faire", "annulé") else None
        ended = started + timedelta(seconds=self.rng.randint(1, 12)) if started and status != "interrompu" else None
        run = {
            "idempotency_key": f"demo-{len(self.runs) + 1:04d}",
            "rule": rule,
            "lead_id": lead.lead_id if lead else None,
            "status": status,
            "queued_at": queued,
            "started_at": started,
            "ended_at": ended,
            "attempt": 1 if started else None,
            "max_attempts": 2,
            **more,
        }
        self.runs.append(run)
        return run


def make(leads: list[DemoLead], messages: list[dict[str, Any]], rng: Random) -> list[Run]:
    journal = _Journal(rng)
    _imports(journal)
    _planned_next(journal, leads)
    _doubles(journal, leads)
    sent = {message["lead_id"]: message for message in messages if message["direction"] == "envoyé"}
    # only those a rule may have met: still followed, or closed in these weeks
    met = [
        lead
        for lead in leads
        if lead.lead_id and (lead.journey.status not in ("Clos", "Perdu") or lead.journey.since > REFERENCE - timedelta(days=56))
    ]
    while len(journal.runs) < TOTAL:
        _ordinary(journal, rng.choice(met), sent)
    return sorted(journal.runs, key=lambda run: (run["queued_at"], run["idempotency_key"]))


def _moment(rng: Random) -> datetime:
    return min(hour(worked(REFERENCE - timedelta(days=rng.randint(1, 56))), rng), datetime.combine(REFERENCE, time(8, 30)))


def _ordinary(journal: _Journal, lead: DemoLead, sent: dict[str | None, dict[str, Any]]) -> None:
    rng = journal.rng
    rule, version, trigger, detail, _ = rng.choices(_RULES, [each[-1] for each in _RULES])[0]
    if rule == "Bienvenue au nouveau client" and lead.journey.status != "Clos":
        return
    if "{email}" in detail and "@" not in str(lead.values["email"] or ""):
        return
    owner = lead.values["owner"] or "Camille Roussel"
    slots = {"email": lead.values["email"], "title": lead.values["name"] or lead.values["company"] or lead.lead_id, "owner": owner}
    common: dict[str, Any] = {
        "rule_version": version,
        "trigger": trigger,
        "triggered_by": PLANNER if trigger == "planification" else owner,
        "subject": "Votre projet de planning" if "Relance" in rule else None,
    }
    moment = _moment(rng)
    luck = rng.random()
    if luck < 0.13:
        journal.add(rule, lead, moment, "ignoré", reason=rng.choice(_SKIPPED[rule]).format(**slots), **common)
    elif luck < 0.20 and "envoyé" in detail:
        _failed(journal, rule, lead, moment, detail.format(**slots), common)
    elif luck < 0.22:
        journal.add(rule, lead, moment, "simulé", reason="Règle en essai : rien n’a été envoyé", **common)
    elif luck < 0.235:
        journal.add(rule, lead, moment, "annulé", reason=f"Annulé par {owner}", **common)
    else:
        done = journal.add(rule, lead, moment, "réussi", detail=detail.format(**slots), **common)
        if rule == "Calcul du score" and lead.values["score"] is not None:
            done |= {"before": str(max(0, lead.values["score"] - rng.randint(3, 15))), "after": str(lead.values["score"])}
        if "Relance" in rule and lead.lead_id in sent:
            done["message_id"] = sent[lead.lead_id]["message_id"]


def _failed(journal: _Journal, rule: str, lead: DemoLead, moment: datetime, detail: str, common: dict[str, Any]) -> None:
    """A failure, then the second try, which usually passes."""
    error = journal.rng.choice(_ERRORS)
    again = moment + timedelta(minutes=15)
    first = journal.add(rule, lead, moment, "échec", error=error, reason="Nouvel essai dans 15 minutes", next_attempt_at=again, **common)
    last = journal.rng.random() < 0.25
    second = {"attempt": 2, "retry_of": first["idempotency_key"], **common}
    if last:
        journal.add(rule, lead, again, "échec", error=error, reason="Deux essais sans succès : à reprendre à la main", **second)
    else:
        journal.add(rule, lead, again, "réussi", detail=detail, **second)


def _imports(journal: _Journal) -> None:
    """A workbook every Monday morning."""
    for week, (taken, refused) in zip(range(8, -1, -1), cycle(((14, 0), (9, 1), (22, 2), (6, 0), (11, 0))), strict=False):
        moment = datetime.combine(REFERENCE - timedelta(weeks=week), time(7, 30))
        reason = f"{refused} ligne(s) refusée(s) : ID Lead déjà donné" if refused else None
        journal.add(
            "Import du classeur",
            None,
            moment,
            "réussi",
            rule_version=1,
            trigger="manuel",
            triggered_by="Sophie Marchand",
            subject="leads-de-la-semaine.xlsx",
            detail=f"{taken} leads ajoutés ou mis à jour.",
            reason=reason,
        )
    moment = datetime.combine(REFERENCE - timedelta(days=19), time(12, 2))
    journal.add(
        "Recherche de doublons",
        None,
        moment,
        "interrompu",
        trigger="planification",
        triggered_by=PLANNER,
        reason="Arrêt du serveur pendant l’exécution",
    )


def _planned_next(journal: _Journal, leads: list[DemoLead]) -> None:
    """What the coming days hold: follow-ups already queued."""
    coming = [
        lead
        for lead in leads
        if lead.lead_id and lead.values.get("email") and isinstance(lead.values.get("next_follow_up"), type(REFERENCE))
    ]
    for lead in [each for each in coming if each.values["next_follow_up"] > REFERENCE][:6]:
        moment = datetime.combine(lead.values["next_follow_up"], time(9, 0))
        journal.add(
            "Relance à sept jours",
            lead,
            datetime.combine(REFERENCE, time(8, 0)),
            "à faire",
            rule_version=3,
            trigger="planification",
            triggered_by=PLANNER,
            next_attempt_at=moment,
            reason="Prévue à la date de relance",
        )


def _doubles(journal: _Journal, leads: list[DemoLead]) -> None:
    for number, lead in enumerate([each for each in leads if each.journey.status == "À corriger" and each.lead_id][:6]):
        journal.add(
            "Traitement des doublons" if number % 2 else "Contrôle des emails",
            lead,
            _moment(journal.rng),
            "réussi",
            rule_version=2,
            trigger="enregistrement",
            triggered_by=lead.values["owner"] or "Camille Roussel",
            detail="Fiche signalée : un autre contact a la même adresse."
            if number % 2
            else "Adresse invalide : statut passé à « À corriger ».",
            before=lead.journey.previous,
            after="À corriger",
        )
