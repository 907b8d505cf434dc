"""The sheets that files in and out are made of, and the columns of each under their titles."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from gnetics.domain import messages
from gnetics.domain.events import KINDS
from gnetics.domain.fields import IDENTITY, LEAD_FIELDS, Kind
from gnetics.domain.folding import fold

CellKind = Kind | Literal["moment", "clock", "flag", "whole", "choice", "files"]
LONG = 1_000_000  # characters of a mail


@dataclass(frozen=True)
class Column:
    """A column of a sheet; `key` is the store's. A row whose `required` cell cannot be read is refused."""

    key: str
    label: str
    kind: CellKind
    headers: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    required: bool = False
    limit: int = 500


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
            for header in (column.label, column.key, *column.headers):
                found.setdefault(header_key(header), column)
        object.__setattr__(self, "by_header", found)


def header_key(text: str) -> str:
    """Case, accents, punctuation and what is in parentheses do not count."""
    folded = fold(re.sub(r"\([^)]*\)", " ", text)) or ""
    return " ".join(re.findall(r"[a-z0-9]+", folded))


_LEAD = Column("lead_id", "ID Lead", "text", ("lead", "lead id", "identifiant lead"), limit=64)
FIRST_NAME = Column("first_name", "Prénom", "text", ("first name", "given name"))  # joined before the name
FOREIGN = Column(  # what another program, or nobody knows who, calls the contact
    "foreign_key",
    "Identifiant d’un autre programme",
    "text",
    ("id", "identifiant", "référence", "reference", "ref", "record id", "id externe", "external id", "contact id", "id contact"),
)
# in our own exports: which row without ID Lead this is, and what other programs call the contact, « source: value » a line each
ORIGIN = Column("fingerprint", "Empreinte d’import", "text", limit=64)
FOREIGN_KEYS = Column("foreign_keys", "Identifiants ailleurs", "long_text", limit=5000)
_OWNER = Column("owner", "Responsable", "text", ("commercial", "owner"))

LEADS = Table(
    "leads",
    "Leads",
    ("leads", "lead", "contacts", "prospects", "clients", "crm", "base leads", "base contacts"),
    (
        *(Column(each.key, each.label, each.kind, each.headers, limit=each.limit) for each in LEAD_FIELDS),
        FIRST_NAME,
        FOREIGN,
        ORIGIN,
        FOREIGN_KEYS,
    ),
    (IDENTITY,),
)
LEAD_ID = LEADS.by_header["id lead"]
EVENTS = Table(
    "events",
    "Événements",
    ("événements", "calendrier", "rendez-vous", "agenda", "events", "calendar"),
    (
        Column("uid", "UID", "text", ("identifiant", "id événement")),
        Column("title", "Titre", "text", ("événement", "intitulé", "objet", "sujet", "subject"), required=True, limit=200),
        Column("day", "Date", "date", ("jour", "date de début")),
        Column("starts", "Début", "clock", ("start", "starts at", "heure de début", "start time")),
        Column("end_day", "Date de fin", "date", ("end date",)),
        Column("ends", "Fin", "clock", ("end", "ends at", "heure de fin", "end time")),
        Column("all_day", "Journée entière", "flag", ("toute la journée", "all day")),
        Column("kind", "Type", "choice", ("nature",), KINDS),
        Column("done", "Fait", "flag", ("terminé", "done")),
        Column("description", "Description", "long_text", ("notes", "détail"), limit=5000),
        Column("video_url", "Lien visio", "text", ("visio", "lien", "url", "video link", "lien de visioconférence")),
        _LEAD,
        _OWNER,
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
