"""The one table of a lead's fields: it drives import, sheet, tables, export, history and conflicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "long_text", "email", "phone", "status", "score", "percent", "money", "date", "tags"]


@dataclass(frozen=True)
class Field:
    """A field of a lead.

    `key` is also its column in the store and in frames. `headers` are further workbook headers (compared folded,
    `label` and `key` being always accepted). `editable` is False for what the product keeps by itself.
    `limit` is the longest text accepted, in characters.
    """

    key: str
    label: str
    kind: Kind
    section: str
    headers: tuple[str, ...] = ()
    editable: bool = True
    limit: int = 200


LEAD_FIELDS: tuple[Field, ...] = (
    Field(
        "lead_id",
        "ID Lead",
        "text",
        "Identité",
        ("lead id", "identifiant lead", "n° lead", "numero lead"),
        editable=False,
        limit=64,
    ),
    Field(
        "name",
        "Nom",
        "text",
        "Identité",
        (
            "nom complet",
            "nom et prénom",
            "contact",
            "nom du contact",
            "full name",
            "contact name",
            "lead name",
            "nom de famille",
            "last name",
            "surname",
        ),
    ),
    Field(
        "company",
        "Entreprise",
        "text",
        "Identité",
        (
            "société",
            "organisation",
            "compte",
            "raison sociale",
            "account",
            "account name",
            "organization",
            "company name",
            "nom de l’entreprise",
            "société / entreprise",
            "employer",
        ),
    ),
    Field("job_title", "Fonction", "text", "Identité", ("poste", "titre", "rôle", "title", "role", "position")),
    Field(
        "email",
        "Email",
        "email",
        "Coordonnées",
        (
            "e-mail",
            "mail",
            "courriel",
            "adresse email",
            "adresse e-mail",
            "adresse mail",
            "email address",
            "adresse électronique",
            "email professionnel",
            "courriel professionnel",
            "email work",
        ),
        limit=254,
    ),
    Field(
        "phone",
        "Téléphone",
        "phone",
        "Coordonnées",
        (
            "tel",
            "tél",
            "telephone",
            "mobile",
            "portable",
            "numéro de téléphone",
            "phone number",
            "n° de téléphone",
            "téléphone portable",
            "téléphone mobile",
            "tél. portable",
            "phone work",
        ),
        limit=64,
    ),
    Field("status", "Statut", "status", "Suivi", ("état", "statut du lead", "lead status"), limit=64),
    Field("source", "Source", "text", "Suivi", ("origine", "provenance", "canal", "lead source", "channel")),
    Field(
        "owner",
        "Responsable",
        "text",
        "Suivi",
        ("commercial", "propriétaire", "assigné à", "attribué à", "assigned to", "lead owner", "sales rep"),
    ),
    Field(
        "next_follow_up",
        "Prochaine relance",
        "date",
        "Suivi",
        (
            "relance",
            "date de relance",
            "prochain contact",
            "à relancer le",
            "next contact",
            "follow up",
            "next follow-up",
            "next follow up",
        ),
    ),
    Field(
        "last_contact",
        "Dernier contact",
        "date",
        "Suivi",
        ("dernier échange", "date de dernier contact", "dernière activité", "last contacted", "last activity"),
    ),
    Field(
        "amount",
        "Montant estimé",
        "money",
        "Affaire",
        ("montant", "montant (€)", "montant estimé (€)", "valeur", "budget", "value", "deal value", "estimated amount"),
    ),
    Field("probability", "Probabilité", "percent", "Affaire", ("probabilité (%)", "proba", "chance", "win probability")),
    Field(
        "expected_close",
        "Clôture prévue",
        "date",
        "Affaire",
        ("date de clôture prévue", "date de clôture", "échéance", "close date", "expected close date"),
    ),
    Field("score", "Score", "score", "Affaire", ("note sur 100", "lead score", "scoring")),
    Field("lost_reason", "Motif de perte", "text", "Affaire", ("raison de perte", "cause de perte", "loss reason"), limit=500),
    Field("tags", "Étiquettes", "tags", "Contexte", ("tags", "mots-clés", "libellés", "labels"), limit=500),
    Field("notes", "Notes", "long_text", "Contexte", ("commentaire", "commentaires", "remarques", "comments", "description"), limit=5000),
    Field("stage", "Étape", "text", "Suivi", ("étape du parcours",), limit=64),
    Field("next_action", "Prochaine action", "text", "Suivi", ("action", "action suivante", "next step")),
    Field(
        "created_at",
        "Créé le",
        "date",
        "Historique",
        ("date de création", "création", "créé", "created", "created on", "creation date"),
        editable=False,
    ),
    Field("closed_at", "Clos le", "date", "Historique", ("date de clos", "fermé le", "gagné le", "closed", "closed on"), editable=False),
    Field("status_since", "Statut depuis", "date", "Historique", ("statut depuis le", "date du statut", "status since"), editable=False),
    Field("previous_status", "Statut précédent", "status", "Historique", ("ancien statut", "previous status"), editable=False, limit=64),
)

BY_KEY: dict[str, Field] = {field.key: field for field in LEAD_FIELDS}
EDITABLE: tuple[Field, ...] = tuple(field for field in LEAD_FIELDS if field.editable)
IDENTITY: tuple[str, ...] = ("name", "company", "email", "lead_id")  # one of them makes a contact réel
# a session holds all their history: the headline of an earlier day is brought back from it
IN_JOURNAL: tuple[str, ...] = ("status", "amount", "owner", "created_at", "status_since", "previous_status")
IDENTITY_TO_CREATE: tuple[str, ...] = ("name", "company", "email")
