"""The quality rules: one table, with their words, what they find and whom they concern."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from gnetics.metrics.population import Mask
from gnetics.metrics.quality_masks import QualityMasks

Severity = Literal["bloquante", "avertissement"]
BLOCKING: Severity = "bloquante"
WARNING: Severity = "avertissement"

Find = Callable[[QualityMasks], Mask]


@dataclass(frozen=True)
class Rule:
    """`title`, `population` and `todo` are read on screen; `find` is always a part of `concerns`."""

    key: str
    title: str
    severity: Severity
    population: str
    todo: str
    concerns: Find
    find: Find


_EVERYONE = "contacts réels"


def _all(of: QualityMasks) -> Mask:
    return of.everyone


def _won(of: QualityMasks) -> Mask:
    return of.population.won


def _lost(of: QualityMasks) -> Mask:
    return of.population.lost


def _open(of: QualityMasks) -> Mask:
    return of.population.open


def _blocked(of: QualityMasks) -> Mask:
    return of.population.blocked


def _has(field: str, of: QualityMasks) -> Mask:
    return of.has(field)


def _without(field: str, concerns: Find, of: QualityMasks) -> Mask:
    return concerns(of) & of.population.missing(field)


_DATES = ("created_at", "closed_at", "status_since", "last_contact", "next_follow_up", "expected_close")

_DATA_RULES: tuple[Rule, ...] = (
    Rule(
        "email-invalide",
        "Email invalide",
        BLOCKING,
        "contacts avec un email",
        "Corriger l’adresse, ou la retirer.",
        partial(_has, "email"),
        lambda of: of.invalid_email,
    ),
    Rule(
        "telephone-invalide",
        "Téléphone invalide",
        WARNING,
        "contacts avec un téléphone",
        "Corriger le numéro, indicatif compris pour l’étranger.",
        partial(_has, "phone"),
        lambda of: of.invalid_phone,
    ),
    Rule(
        "injoignable",
        "Injoignable (ni email ni téléphone valides)",
        BLOCKING,
        _EVERYONE,
        "Trouver un email ou un téléphone.",
        _all,
        lambda of: of.unreachable,
    ),
    Rule(
        "doublon-certain",
        "Doublon certain (même email ou même téléphone)",
        BLOCKING,
        _EVERYONE,
        "Garder une fiche, y reporter ce que l’autre sait.",
        _all,
        lambda of: of.same_identity,
    ),
    Rule(
        "doublon-probable",
        "Doublon probable (même nom et entreprise, ou presque)",
        WARNING,
        _EVERYONE,
        "Comparer les deux fiches.",
        _all,
        lambda of: of.near_identity,
    ),
    Rule(
        "clos-sans-montant",
        "Clos sans montant",
        BLOCKING,
        "contacts Clos",
        "Indiquer le montant gagné.",
        _won,
        partial(_without, "amount", _won),
    ),
    Rule(
        "clos-sans-date",
        "Clos sans date de clôture",
        BLOCKING,
        "contacts Clos",
        "Importer ou corriger « Clos le » : sans elle le montant n’est d’aucun mois.",
        _won,
        partial(_without, "closed_at", _won),
    ),
    Rule(
        "perdu-sans-motif",
        "Perdu sans motif",
        WARNING,
        "contacts Perdus",
        "Indiquer le motif de perte.",
        _lost,
        partial(_without, "lost_reason", _lost),
    ),
    Rule(
        "clos-avant-creation",
        "Clos avant d’être créé",
        BLOCKING,
        "contacts avec les deux dates",
        "Corriger « Créé le » ou « Clos le ».",
        lambda of: of.both_dates,
        lambda of: of.closed_before_created,
    ),
    Rule(
        "contact-futur",
        "Dernier contact dans le futur",
        BLOCKING,
        "contacts avec un dernier contact",
        "Corriger « Dernier contact ».",
        partial(_has, "last_contact"),
        lambda of: of.future("last_contact"),
    ),
    Rule(
        "date-future",
        "Création, clôture ou statut daté du futur",
        WARNING,
        _EVERYONE,
        "Corriger la date.",
        _all,
        lambda of: of.future_dates,
    ),
    Rule(
        "cloture-depassee",
        "Mois de clôture prévu passé, encore ouvert",
        WARNING,
        "contacts ouverts",
        "Repousser la clôture prévue, ou conclure.",
        _open,
        lambda of: of.overdue_close,
    ),
    Rule(
        "montant-negatif",
        "Montant négatif",
        BLOCKING,
        "contacts avec un montant",
        "Corriger le montant.",
        partial(_has, "amount"),
        lambda of: of.negative_amount,
    ),
    Rule(
        "statut-illisible",
        "Statut inconnu ou absent",
        BLOCKING,
        _EVERYONE,
        "Choisir un des huit statuts : sans lui le contact ne pèse rien.",
        _all,
        lambda of: of.population.unknown,
    ),
    Rule(
        "source-illisible",
        "Source illisible à l’import",
        WARNING,
        _EVERYONE,
        "Relire le texte d’origine et corriger.",
        _all,
        lambda of: of.unread("source"),
    ),
    Rule(
        "date-illisible",
        "Date illisible à l’import",
        WARNING,
        _EVERYONE,
        "Relire le texte d’origine et saisir la date.",
        _all,
        lambda of: of.unread(*_DATES),
    ),
    Rule(
        "montant-illisible",
        "Montant illisible à l’import",
        WARNING,
        _EVERYONE,
        "Relire le texte d’origine et saisir le montant.",
        _all,
        lambda of: of.unread("amount"),
    ),
    Rule(
        "nombre-illisible",
        "Score ou probabilité illisible à l’import",
        WARNING,
        _EVERYONE,
        "Relire le texte d’origine et saisir le nombre.",
        _all,
        lambda of: of.unread("score", "probability"),
    ),
)

_DUTY_RULES: tuple[Rule, ...] = (
    Rule("sans-responsable", "Sans responsable", WARNING, _EVERYONE, "Attribuer un responsable.", _all, partial(_without, "owner", _all)),
    Rule(
        "sans-nouvelles",
        "Sans nouvelles du prospect depuis 3 ans",
        WARNING,
        "contacts non gagnés",
        "Reprendre contact, ou supprimer les données.",
        lambda of: ~of.population.won,
        lambda of: of.silent & ~of.population.won,
    ),
    Rule(
        "sans-base-legale",
        "Sans base légale",
        WARNING,
        _EVERYONE,
        "Dire sur quelle base ses données sont gardées.",
        _all,
        partial(_without, "legal_basis", lambda of: of.known),
    ),
    Rule(
        "creation-inconnue",
        "Date de création inconnue",
        WARNING,
        _EVERYONE,
        "La compléter par un import, si elle se retrouve.",
        _all,
        partial(_without, "created_at", _all),
    ),
    Rule(
        "date-statut-inconnue",
        "Date d’entrée dans le statut inconnue",
        WARNING,
        _EVERYONE,
        "Se corrige seule au prochain changement de statut.",
        _all,
        partial(_without, "status_since", _all),
    ),
    Rule(
        "perdu-sans-date",
        "Perdu sans date de clôture",
        WARNING,
        "contacts Perdus",
        "La compléter par un import, si elle se retrouve.",
        _lost,
        partial(_without, "closed_at", _lost),
    ),
    Rule(
        "statut-precedent-inconnu",
        "À corriger sans statut précédent",
        WARNING,
        "contacts À corriger",
        "Choisir le statut où revenir une fois corrigé.",
        _blocked,
        partial(_without, "previous_status", _blocked),
    ),
)


def _anomalous(of: QualityMasks) -> Mask:
    """A problem that « À corriger » is for: any data rule, or no email at all."""
    found = of.population.missing("email")
    for rule in _DATA_RULES:
        found = found | rule.find(of)
    return found


def _blocking(of: QualityMasks) -> Mask:
    found = of.population.missing("name") & False
    for rule in _DATA_RULES:
        if rule.severity == BLOCKING:
            found = found | rule.find(of)
    return found


_FLAG_RULES: tuple[Rule, ...] = (
    Rule(
        "a-corriger-sans-anomalie",
        "À corriger sans anomalie trouvée",
        WARNING,
        "contacts À corriger",
        "Remettre le statut précédent, ou noter le problème.",
        _blocked,
        lambda of: of.population.blocked & ~_anomalous(of),
    ),
    Rule(
        "anomalie-non-signalee",
        "Anomalie bloquante, sans être À corriger",
        WARNING,
        "contacts ouverts",
        "Corriger la fiche, ou la passer À corriger.",
        _open,
        lambda of: of.population.open & _blocking(of),
    ),
)

RULES: tuple[Rule, ...] = (*_DATA_RULES, *_DUTY_RULES, *_FLAG_RULES)
