"""The sheets that files in and out are made of, and the columns of each under their titles."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from gnetics.domain import messages
from gnetics.domain.events import KINDS
from gnetics.domain.fields import IDENTITY, LEAD_FIELDS, Kind
from gnetics.domain.folding import fold

CellKind = Kind | Literal["moment", "clock", "flag", "whole", "files"]
LONG = 1_000_000  # characters of a mail


@dataclass(frozen=True)
class Column:
    """A column of a sheet; `key` is the store's. A row whose `required` cell cannot be read is refused.

    `several`: all the columns of it that a sheet has are read, and the most restrictive of what they say is kept.
    """

    key: str
    label: str
    kind: CellKind
    headers: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    required: bool = False
    limit: int = 500
    several: bool = False

    @property
    def titles(self) -> tuple[str, ...]:
        """In the order in which they are preferred; the label comes first unless `headers` give it its place."""
        return self.headers if self.label in self.headers else (self.label, *self.headers)


@dataclass(frozen=True)
class Table:
    """A kind of sheet; recognised by one of its `names`, or by its headers: one of each group in `needs`."""

    kind: str
    label: str
    names: tuple[str, ...]
    columns: tuple[Column, ...]
    needs: tuple[tuple[str, ...], ...]
    by_header: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found: dict[str, Column] = {}
        for column in self.columns:
            for header in (*column.titles, column.key):
                found.setdefault(header_key(header), column)
        object.__setattr__(self, "by_header", found)


def header_key(text: str) -> str:
    """Case, accents, punctuation and what is in parentheses do not count."""
    folded = fold(re.sub(r"\([^)]*\)", " ", text)) or ""
    return " ".join(re.findall(r"[a-z0-9]+", folded))


_LEAD = Column("lead_id", "ID Lead", "text", ("lead", "lead id", "identifiant lead"), limit=64)
# what lead_rows.py makes part of the fields of a lead
FIRST_NAME = Column("first_name", "Prénom", "text", ("first name", "given name", "forename"))
FULL_NAME = Column(
    "full_name",
    "Nom complet",
    "text",
    (
        "nom et prénom", "nom prénom", "prénom et nom", "prénom nom", "full name", "contact name", "nom du contact", "contact person",
        "personne à contacter", "personne de contact", "contact", "interlocuteur", "lead name", "display name", "nom à afficher",
    ),
)  # fmt: skip
DEAL = Column(
    "deal",
    "Titre de l’affaire",
    "text",
    (
        "affaire", "nom de l’affaire", "opportunité", "nom de l’opportunité", "titre de l’opportunité", "nom de la transaction", "deal",
        "deal name", "deal title", "opportunity", "opportunity name",
    ),
)  # fmt: skip
CURRENCY = Column("currency", "Devise", "text", ("monnaie", "currency", "currency code", "code devise", "currency of value"))
FOREIGN = Column(  # what another program, or nobody knows who, calls the contact
    "foreign_key",
    "Identifiant d’un autre programme",
    "text",
    ("id", "identifiant", "référence", "reference", "ref", "record id", "id externe", "external id", "contact id", "id contact"),
)
# columns of yes and no by which other programs say whether a contact may be written to: see imports/consents.py
OPT_OUT = Column(
    "opt_out",
    "Désinscrit",
    "choice",
    (
        "désabonné", "désabonnement", "désinscription", "opt-out", "optout", "opposition", "ne pas contacter", "ne plus contacter",
        "ne pas démarcher", "ne plus démarcher", "ne pas solliciter", "ne plus solliciter", "blacklisté",
        "ne pas appeler", "ne pas envoyer d’email", "ne pas envoyer d’emails", "refuse les emails", "refuse les emailings",
        "refus emailing", "refus des emailings", "liste noire", "bloctel", "désinscrit des emails", "désabonné des emails",
        "do not call", "do not contact", "do not email", "do not mail", "do not allow emails", "do not allow bulk emails",
        "do not allow phone calls", "donotcall", "donotcontact", "donotemail", "donotbulkemail", "donotphone", "no email",
        "has opted out of email", "hasoptedoutofemail", "opted out", "opted out of email", "email opt out", "email opted out",
        "email address is opted out", "unsubscribe", "unsubscribed", "is unsubscribed", "unsubscribed from all email",
        "unsubscribed from emails", "blacklist", "blacklisted", "is blacklisted", "email blacklisted",
    ),
    ("Oui", "Non"),
    several=True,
)  # fmt: skip
OPT_IN = Column(
    "opt_in",
    "Accepte les emails",
    "choice",
    (
        "accepte d’être contacté", "accepte les emailings", "opt-in", "optin", "opt-in email", "accepts marketing",
        "accepts email marketing", "accepts emails", "email opt in", "email marketing consent", "marketing opt in", "opted in",
    ),
    ("Oui", "Non"),
    several=True,
)  # fmt: skip
SUBSCRIBED = Column(  # who is no subscriber of a newsletter has refused nothing
    "subscribed",
    "Abonné à la newsletter",
    "choice",
    ("newsletter", "abonné", "inscrit à la newsletter", "accepte la newsletter", "is subscribed", "has newsletter"),
    ("Oui", "Non"),
    several=True,
)
OPT_OUT_ON = Column(
    "opt_out_on",
    "Désinscrit le",
    "date",
    (
        "désabonné le", "date de désinscription", "date de désabonnement", "date d’opposition", "unsubscribed at", "unsubscribed on",
        "unsubscribe date", "unsub time", "opt out date", "opt-out time", "optout time", "opted out at",
    ),
)  # fmt: skip
# in our own exports: which row without ID Lead this is, and what other programs call the contact, « source: value » a line each
ORIGIN = Column("fingerprint", "Empreinte d’import", "text", limit=64)
FOREIGN_KEYS = Column("foreign_keys", "Identifiants ailleurs", "long_text", limit=5000)

LEADS = Table(
    "leads",
    "Leads",
    ("leads", "lead", "contacts", "prospects", "clients", "crm", "base leads", "base contacts"),
    (
        *(Column(each.key, each.label, each.kind, each.headers, each.choices, limit=each.limit) for each in LEAD_FIELDS),
        FIRST_NAME,
        FULL_NAME,
        DEAL,
        CURRENCY,
        FOREIGN,
        OPT_OUT,
        OPT_IN,
        SUBSCRIBED,
        OPT_OUT_ON,
        ORIGIN,
        FOREIGN_KEYS,
    ),
    ((*IDENTITY, FULL_NAME.key),),
)
LEAD_ID = LEADS.by_header["id lead"]
EVENTS = Table(
    "events",
    "Événements",
    ("événements", "calendrier", "rendez-vous", "agenda", "events", "calendar"),
    (
        Column("uid", "UID", "text", ("identifiant", "id événement")),
        Column(
            "title", "Titre", "text", ("événement", "intitulé", "objet", "sujet", "subject", "activity subject"), required=True, limit=200
        ),
        Column("day", "Date", "date", ("jour", "date de début", "start date", "activity due date")),
        Column("starts", "Début", "clock", ("start", "starts at")),
        Column("start_time", "Heure de début", "clock", ("heure", "horaire", "start time", "activity due time")),
        Column("end_day", "Date de fin", "date", ("end date",)),
        Column("ends", "Fin", "clock", ("end", "ends at")),
        Column("end_time", "Heure de fin", "clock", ("end time",)),
        Column("lasts", "Durée d’activité", "clock", ("activity duration",)),
        Column("all_day", "Journée entière", "flag", ("toute la journée", "all day", "all day event")),
        Column("kind", "Type", "choice", ("nature",), KINDS),
        Column("done", "Fait", "flag", ("terminé", "done")),
        Column("description", "Description", "long_text", ("notes", "détail", "activity note"), limit=5000),
        Column("place", "Lieu", "text", ("emplacement", "location")),
        Column("video_url", "Lien visio", "text", ("visio", "lien", "url", "video link", "lien de visioconférence")),
        _LEAD,
        Column("owner", "Responsable", "text", ("commercial", "owner", "activity assigned to user")),
        # what other programs call the event, its kind, its state, and the contact it is about
        Column("number", "Numéro d’activité", "text", ("activity id", "activity system id", "activity pipedrive system id"), limit=64),
        Column("activity", "Genre d’activité", "text", ("activity type",)),
        Column("state", "État d’activité", "text", ("activity done", "activity status")),
        Column("person_number", "Numéro du contact", "text", ("person id", "activity person id"), limit=64),
        Column("person_email", "Email du contact", "text", ("person email", "person email work"), limit=254),
        Column("person", "Contact", "text", ("person name", "activity contact person", "activity person", "contact person")),
    ),
    (("title",), ("day", "starts")),
)
RUNS = Table(
    "runs",
    "Automations Log",
    ("automations log", "automations", "automatisations", "journal des automatisations"),
    (
        Column("idempotency_key", "Clé", "text", ("identifiant", "key")),
        Column("rule", "Règle", "text", ("automatisation", "automation", "action", "rule"), required=True),
        Column("rule_version", "Version", "whole"),
        Column("trigger", "Déclencheur", "choice", ("trigger",), ("enregistrement", "changement de statut", "planification", "manuel")),
        Column("triggered_by", "Déclenché par", "text", ("par", "triggered by")),
        _LEAD,
        Column("lead_label", "Contact", "text", ("nom du lead", "nom", "name")),
        Column("subject", "Objet", "text", ("sujet", "subject")),
        Column(
            "status",
            "Statut",
            "choice",
            ("résultat", "état", "result"),
            ("à faire", "en cours", "réussi", "échec", "ignoré", "simulé", "annulé", "interrompu"),
            required=True,
        ),
        Column("reason", "Raison", "text", ("motif", "reason"), limit=2000),
        Column("queued_at", "Demandé le", "moment", ("date", "mis en file le", "créé le", "queued at")),
        Column("started_at", "Démarré le", "moment", ("started at", "début")),
        Column("ended_at", "Terminé le", "moment", ("ended at", "fin")),
        Column("attempt", "Essai", "whole", ("tentative", "attempt")),
        Column("max_attempts", "Essais au plus", "whole", ("tentatives max", "max attempts")),
        Column("next_attempt_at", "Prochain essai", "moment", ("prochaine tentative", "next attempt at")),
        Column("retry_of", "Reprise de", "text", ("retry of",)),
        Column("error", "Erreur", "text", ("error",), limit=5000),
        Column("detail", "Détail", "long_text", ("detail", "description"), limit=5000),
        Column("before", "Avant", "text", ("before",), limit=5000),
        Column("after", "Après", "text", ("after",), limit=5000),
        Column("message_id", "Message-ID", "text", ("id message",)),
    ),
    (("rule",), ("status",)),
)
MESSAGES = Table(
    "messages",
    "Inbox Log",
    ("inbox log", "inbox", "messages", "emails", "mails", "courriels", "boîte de réception"),
    (
        Column("message_id", "Message-ID", "text", ("id message", "identifiant")),
        Column("in_reply_to", "En réponse à", "text", ("in reply to",)),
        Column("thread", "Fil", "text", ("conversation", "thread")),
        Column("direction", "Sens", "choice", ("direction",), ("reçu", "envoyé"), required=True),
        Column("kind", "Type", "choice", ("nature",), tuple(messages.Kind)),
        Column("sender", "De", "text", ("expéditeur", "from")),
        Column("recipients", "À", "text", ("destinataires", "destinataire", "to"), limit=5000),
        Column("subject", "Objet", "text", ("sujet", "subject"), limit=1000),
        Column("at", "Date", "moment", ("reçu le", "envoyé le", "at")),
        Column("text", "Texte", "long_text", ("message", "corps", "contenu", "body"), limit=LONG),
        Column("attachments", "Pièces jointes", "files", ("attachments",), limit=5000),
        _LEAD,
        Column("matched_by", "Rattaché par", "choice", ("matched by",), ("référence", "réponse", "expéditeur", "manuel")),
        Column("drop_reason", "Motif d’écart", "text", ("écarté car", "drop reason")),
        Column("reply_text", "Réponse proposée", "long_text", ("proposition", "proposed reply"), limit=LONG),
        Column("reply_origin", "Origine de la réponse", "text", ("reply origin",)),
        Column(
            "reply_state",
            "État de la réponse",
            "choice",
            ("statut de la réponse", "reply state"),
            ("proposée", "modifiée", "approuvée", "envoyée", "rejetée", "expirée"),
        ),
        Column("reply_by", "Réponse par", "text", ("reply by",)),
        Column("reply_at", "Réponse le", "moment", ("reply at",)),
        Column("reply_final", "Réponse envoyée", "long_text", ("réponse", "sent reply"), limit=LONG),
        Column("reply_message_id", "Message-ID de la réponse", "text", ("reply message id",)),
    ),
    (("direction",), ("subject", "text", "sender")),
)
HISTORY = Table(
    "history",
    "Historique",
    ("historique", "history", "journal"),
    (
        _LEAD,
        Column("at", "Date", "moment", ("le", "at"), required=True),
        Column("field", "Champ", "text", ("field",), required=True),
        Column("before", "Avant", "text", ("ancienne valeur", "before"), limit=5000),
        Column("after", "Après", "text", ("nouvelle valeur", "after"), limit=5000),
        Column("who", "Auteur", "text", ("par", "qui", "who", "author")),
    ),
    (("lead_id",), ("at",), ("field",)),
)
TABLES: tuple[Table, ...] = (HISTORY, EVENTS, MESSAGES, RUNS, LEADS)  # the most particular first


def table_named(name: str) -> Table | None:
    wanted = header_key(name)
    return next((table for table in TABLES if wanted in {header_key(each) for each in table.names}), None)
