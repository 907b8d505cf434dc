"""The one table of a lead's fields: it drives import, sheet, tables, export, history and conflicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gnetics.domain.consent import CONSENTS, LEGAL_BASES

Kind = Literal["text", "long_text", "email", "phone", "status", "score", "percent", "money", "date", "tags", "choice"]


@dataclass(frozen=True)
class Field:
    """A field of a lead.

    `key` is also its column in the store and in frames. `headers` are further workbook headers (compared folded,
    `label` and `key` being always accepted). `editable` is False for what the product keeps by itself.
    `limit` is the longest text accepted, in characters; of a choice, `choices` are all it may be.
    """

    key: str
    label: str
    kind: Kind
    section: str
    headers: tuple[str, ...] = ()
    editable: bool = True
    limit: int = 200
    choices: tuple[str, ...] = ()


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
            "nom de famille", "last name", "family name", "surname",
        ),
    ),
    Field(
        "company",
        "Entreprise",
        "text",
        "Identité",
        (
            "société", "organisation", "compte", "raison sociale", "account", "account name", "organization",
            "organization name", "organisation name", "company name", "nom de l’entreprise", "nom de la société",
            "nom du compte", "nom de l’organisation", "nom du tiers", "tiers", "partner name", "company / account",
            "société / entreprise", "employer", "employeur", "org", "org name", "associated company",
        ),
    ),
    Field("job_title", "Fonction", "text", "Identité", (
            "job title", "intitulé du poste", "poste / fonction", "poste", "job position", "rôle", "role", "position",
            "designation", "titre", "title", "profession",
        )),
    Field(
        "email",
        "Email",
        "email",
        "Coordonnées",
        (
            "e-mail", "mail", "courriel", "adresse email", "adresse e-mail", "adresse mail", "email address", "e-mail address",
            "adresse électronique", "adresse de messagerie", "adresse courriel", "email professionnel", "e-mail professionnel",
            "courriel professionnel", "email pro", "email work", "work email", "business email", "email from", "email 1",
            "e-mail 1", "email perso", "email personnel", "personal email", "email home", "email 2", "e-mail 2",
            "mail pro", "courriel pro",
        ),
        limit=254,
    ),
    Field(
        "phone",
        "Téléphone",
        "phone",
        "Coordonnées",
        (
            "mobile", "portable", "téléphone portable", "téléphone mobile", "tél. portable", "tél. mobile", "mobile phone",
            "phone mobile", "mobile phone number", "mobile number", "mobile no", "cell phone", "gsm", "Téléphone", "phone",
            "tel", "tél", "telephone", "numéro de téléphone", "phone number", "n° de téléphone", "phone no", "téléphone 1",
            "phone 1", "ligne directe", "téléphone direct", "direct phone", "téléphone professionnel", "tél. professionnel",
            "téléphone pro", "tél. pro", "téléphone bureau", "tél. bureau", "work phone", "phone work", "business phone",
            "office phone", "téléphone fixe", "tél. fixe", "fixe", "standard", "téléphone société", "corporate phone",
            "téléphone domicile", "tél. domicile", "tél. personnel", "home phone", "phone home", "téléphone 2", "phone 2",
            "other phone", "phone other", "portable pro", "numéro de tel", "n° tél", "n° tel",
        ),
        limit=64,
    ),
    Field("status", "Statut", "status", "Suivi", (
            "état", "statut du lead", "lead status", "lifecycle stage", "phase du cycle de vie", "statut commercial",
        ), limit=64),
    Field("source", "Source", "text", "Suivi", (
            "origine", "provenance", "canal", "lead source", "source du lead", "channel",
        )),
    Field(
        "owner",
        "Responsable",
        "text",
        "Suivi",
        (
            "commercial", "propriétaire", "assigné à", "attribué à", "affecté à", "assigned to", "assigned user",
            "utilisateur assigné", "owner", "vendeur", "salesperson", "sales rep", "lead owner",
            "commercial en charge", "chargé d’affaires",
        ),
    ),
    Field(
        "next_follow_up",
        "Prochaine relance",
        "date",
        "Suivi",
        (
            "relance", "date de relance", "prochain contact", "à relancer le", "next contact", "follow up", "next follow-up",
            "next activity date", "date de la prochaine activité", "date prochaine relance", "relance prévue le",
        ),
    ),
    Field(
        "last_contact",
        "Dernier contact",
        "date",
        "Suivi",
        (
            "dernier échange", "date de dernier contact", "dernière activité", "date de dernière activité",
            "date de la dernière activité", "last contacted", "last contact", "last activity", "last activity date",
            "dernier rdv", "dernier rendez-vous",
        ),
    ),
    Field(
        "amount",
        "Montant estimé",
        "money",
        "Affaire",
        (
            "montant", "valeur", "revenu espéré", "expected revenue", "budget", "value", "deal value", "estimated amount",
            "ca estimé", "montant du devis", "montant devis", "montant de l’offre",
        ),
    ),
    Field("probability", "Probabilité", "percent", "Affaire", (
            "proba", "chance", "win probability",
        )),
    Field(
        "expected_close",
        "Clôture prévue",
        "date",
        "Affaire",
        (
            "date de clôture prévue", "date de clôture", "échéance", "close date", "closing date", "expected close",
            "expected close date", "expected closing",
        ),
    ),
    Field("score", "Score", "score", "Affaire", ("note sur 100", "lead score", "scoring")),
    Field("lost_reason", "Motif de perte", "text", "Affaire", (
            "raison de perte", "raison de la perte", "cause de perte", "loss reason", "lost reason",
        ), limit=500),
    Field("deal_of", "Nouvelle affaire de", "text", "Affaire", ("affaire suivante de",), editable=False, limit=64),
    Field("tags", "Étiquettes", "tags", "Contexte", (
            "étiquette", "tags", "tag", "mots-clés", "libellés", "labels",
        ), limit=500),
    Field("notes", "Notes", "long_text", "Contexte", (
            "note", "commentaire", "commentaires", "remarque", "remarques", "observations", "note publique", "comments",
            "comment", "description",
        ), limit=5000),
    Field("stage", "Étape", "text", "Suivi", ("étape du parcours",), limit=64),
    Field("next_action", "Prochaine action", "text", "Suivi", (
            "action", "action suivante", "next step",
        )),
    Field(
        "legal_basis",
        "Base légale",
        "choice",
        "Consentement",
        ("base juridique", "fondement juridique", "base légale du traitement", "legal basis", "lawful basis", "gdpr basis"),
        choices=LEGAL_BASES,
    ),
    Field(
        "consent",
        "Consentement",
        "choice",
        "Consentement",
        ("consentement rgpd", "statut du consentement", "consent", "consent status", "gdpr consent"),
        choices=CONSENTS,
    ),
    Field(
        "consent_on",
        "Consentement le",
        "date",
        "Consentement",
        ("date du consentement", "date de consentement", "consent date", "consent given on"),
    ),
    Field(
        "consent_source",
        "Source du consentement",
        "text",
        "Consentement",
        ("origine du consentement", "preuve du consentement", "consent source"),
    ),
    Field(
        "created_at",
        "Créé le",
        "date",
        "Historique",
        (
            "date de création", "date création", "création", "créé", "created", "created on", "created at", "created date",
            "created time", "create date", "creation date", "date created", "date d’ajout",
        ),
        editable=False,
    ),
    Field("closed_at", "Clos le", "date", "Historique", ("date de clos", "fermé le", "gagné le", "closed", "closed on"), editable=False),
    Field("status_since", "Statut depuis", "date", "Historique", ("statut depuis le", "date du statut", "status since"), editable=False),
    Field("previous_status", "Statut précédent", "status", "Historique", ("ancien statut", "previous status"), editable=False, limit=64),
)  # fmt: skip

BY_KEY: dict[str, Field] = {field.key: field for field in LEAD_FIELDS}
EDITABLE: tuple[Field, ...] = tuple(field for field in LEAD_FIELDS if field.editable)
CHOICES: dict[str, tuple[str, ...]] = {field.key: field.choices for field in LEAD_FIELDS if field.choices}
IDENTITY: tuple[str, ...] = ("name", "company", "email", "lead_id")  # one of them makes a contact réel
# a session holds all their history: the headline of an earlier day is brought back from it
IN_JOURNAL: tuple[str, ...] = ("status", "amount", "owner", "created_at", "status_since", "previous_status")
IDENTITY_TO_CREATE: tuple[str, ...] = ("name", "company", "email")
