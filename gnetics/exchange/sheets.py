"""The sheets a workbook may have, the columns of each, and how their headers are recognised."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

from gnetics.domain import lead_ids
from gnetics.domain.events import KINDS
from gnetics.domain.fields import IDENTITY, LEAD_FIELDS, Kind
from gnetics.domain.folding import fold
from gnetics.domain.regions import Region
from gnetics.exchange.cell_errors import is_error
from gnetics.exchange.status_words import StatusWords
from gnetics.exchange.workbook import Cell, Line, Sheet

CellKind = Kind | Literal["moment", "clock", "flag", "whole", "choice", "files"]
LONG = 1_000_000  # characters of a mail
UNKNOWN = "Colonne non reconnue\u00a0: elle n’est pas importée."
UNWANTED = "Colonne laissée de côté."
REFUSAL = "Raison du refus"  # the column added to refused rows, which says nothing of a contact
HEADER_ROWS = 20  # a title or a logo may stand above the headers
OTHER_CURRENCIES = {"$": "CAD", "usd": "USD", "cad": "CAD", "€": "EUR", "eur": "EUR", "£": "GBP", "chf": "CHF"}


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
_LEAD_ID = LEADS.by_header["id lead"]
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
        Column("kind", "Type", "choice", ("nature",), ("message", "réponse automatique", "rejet", "désinscription", "liste")),
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
_EXPORTED = {each.key for each in LEAD_FIELDS}
TABLES: tuple[Table, ...] = (HISTORY, EVENTS, MESSAGES, RUNS, LEADS)  # the most particular first


@dataclass(frozen=True)
class Layout:
    """Where a sheet's columns are; `ignored` says of each other titled column why it is not read.

    Of several columns of one field, the first filled is read. `program` is the one the file comes from, when it is recognised;
    `statuses` reads those of the file.
    """

    table: Table
    sheet: Sheet
    header_at: int  # index in sheet.head
    columns: dict[int, Column]
    ignored: dict[int, tuple[str, str]]
    program: str = ""
    statuses: StatusWords = field(default_factory=StatusWords)

    @property
    def header_line(self) -> int:
        return self.sheet.head[self.header_at][0]

    @property
    def names(self) -> dict[int, str]:
        return column_names(self.sheet.head[self.header_at][1])

    @property
    def numbered_by(self) -> str:
        """Whose the foreign keys of the sheet are: the program's, else those that such a title gives."""
        title = next((self.names[place] for place, column in self.columns.items() if column is FOREIGN), "")
        return self.program or header_key(title)

    @property
    def exported(self) -> bool:
        """Whether the sheet has all the columns of our own exports, whose cells say what was stored."""
        return {column.key for column in self.columns.values()} >= _EXPORTED

    def body(self) -> Iterator[Line]:
        """The lines below the headers."""
        return islice(self.sheet.rows(), self.header_at + 1, None)

    @property
    def width(self) -> int:
        return max([*self.columns, *self.ignored]) + 1


def _foreign_money(column: Column, header: str, region: Region) -> bool:
    marks = {code for mark, code in OTHER_CURRENCIES.items() if re.search(rf"(?<![a-z]){re.escape(mark)}(?![a-z])", header.lower())}
    return column.kind == "money" and bool(marks) and region.currency not in marks and region.symbol not in header


def _columns(table: Table, cells: list[Cell], region: Region) -> tuple[dict[int, Column], dict[int, tuple[str, str]]]:
    columns: dict[int, Column] = {}
    ignored: dict[int, tuple[str, str]] = {}
    for place, cell in enumerate(cells):
        if cell is None:
            continue
        header = str(cell).strip()
        if header_key(header) == header_key(REFUSAL):
            continue
        column = None if is_error(header) else table.by_header.get(header_key(header))
        if column is None:
            ignored[place] = (header, UNKNOWN)
        elif column in columns.values():
            ignored[place] = (header, f"Colonne «\u00a0{column.label}\u00a0» déjà lue plus à gauche\u00a0: celle-ci n’est pas importée.")
        elif _foreign_money(column, header, region):
            ignored[place] = (header, f"Les montants doivent être en {region.symbol}\u00a0: convertissez cette colonne.")
        else:
            columns[place] = column
    return columns, ignored


def column_names(cells: list[Cell]) -> dict[int, str]:
    """The title of each column by place; one that came before is numbered, so that every name is one column."""
    seen: Counter[str] = Counter()
    names = {}
    for place, cell in enumerate(cells):
        header = "" if cell is None else str(cell).strip()
        if header and header_key(header) != header_key(REFUSAL):
            seen[header] += 1
            names[place] = header if seen[header] == 1 else f"{header} [{seen[header]}]"
    return names


def choose(sheet: Sheet, found: Layout | None, choices: Mapping[str, str], program: str, statuses: StatusWords) -> Layout:
    """The sheet read as leads, its columns as `choices` {name: field key, "" for none} say; the others as found."""
    layout = found or Layout(LEADS, sheet, likely_header(sheet), {}, {})
    fields = {column.key: column for column in LEADS.columns}
    columns, ignored = dict(layout.columns), dict(layout.ignored)
    asked = {place: choices[name] for place, name in layout.names.items() if name in choices}
    for place, key in asked.items():
        columns.pop(place, None)
        ignored.pop(place, None)
        if key in fields:
            columns[place] = fields[key]
        else:
            ignored[place] = (layout.names[place], UNWANTED)
    taken = {column.key for place, column in columns.items() if place in asked}
    for place in [place for place, column in columns.items() if place not in asked and column.key in taken]:
        ignored[place] = (layout.names[place], f"Le champ «\u00a0{columns.pop(place).label}\u00a0» est lu dans une autre colonne.")
    if not found:
        for place, name in layout.names.items():
            if place not in columns and place not in ignored:
                ignored[place] = (name, UNKNOWN)
    return replace(layout, columns=dict(sorted(columns.items())), ignored=ignored, program=program, statuses=statuses)


def likely_header(sheet: Sheet) -> int:
    """The first line with two texts, else the first with anything."""
    texts = [sum(isinstance(cell, str) for cell in cells) for _, cells in sheet.head[:HEADER_ROWS]]
    return next((at for least in (2, 1) for at, count in enumerate(texts) if count >= least), 0)


def has_identity(layout: Layout) -> bool:
    """Whether the columns say whom the rows are about; the number of a known program does, for contacts it brought before."""
    return _fits(layout.table, layout.columns) or bool(layout.program and FOREIGN in layout.columns.values())


def with_our_numbers(layout: Layout) -> Layout:
    """A column titled « ID » or « Référence » holds ID Leads when its first values all have their form, and no column is titled so."""
    if layout.table is not LEADS or _LEAD_ID in layout.columns.values() or FOREIGN not in layout.columns.values():
        return layout
    place = next(place for place, column in layout.columns.items() if column is FOREIGN)
    first = [row[place] for _, row in layout.sheet.head[layout.header_at + 1 :] if place < len(row) and row[place] is not None]
    if not first or not all(lead_ids.number_of(str(cell).strip()) for cell in first):
        return layout
    return replace(layout, columns=layout.columns | {place: _LEAD_ID})


def _fits(table: Table, columns: dict[int, Column]) -> bool:
    keys = {column.key for column in columns.values()}
    return all(keys.intersection(group) for group in table.needs)


def _layout(table: Table, sheet: Sheet, region: Region) -> Layout | None:
    """The row of the first ones that has most of the table's headers."""
    best: Layout | None = None
    for index, (_, cells) in enumerate(sheet.head[:HEADER_ROWS]):
        columns, ignored = _columns(table, cells, region)
        if _fits(table, columns) and (best is None or len(columns) > len(best.columns)):
            best = Layout(table, sheet, index, columns, ignored)
    return best


def table_named(name: str) -> Table | None:
    wanted = header_key(name)
    return next((table for table in TABLES if wanted in {header_key(each) for each in table.names}), None)


def recognise(sheet: Sheet, region: Region) -> Layout | None:
    """By the sheet's name, else by its headers; None when neither says what it is."""
    named = table_named(sheet.name)
    if named and (layout := _layout(named, sheet, region)):
        return layout
    found = [layout for table in TABLES if (layout := _layout(table, sheet, region))]
    return max(found, key=lambda layout: len(layout.columns), default=None)
