"""A store in which one person stands in every column that can hold one: their own rows, and what others wrote of them."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, insert

from gnetics.store import log_counts, scores
from gnetics.store.person.columns import REGISTER, Way
from gnetics.store.schema import Held, IsoDate, metadata

TOKEN = "zebulon7q3"
ADDRESS = f"{TOKEN}@exemple.fr"
LEAD, OTHER, MAIL, EVENT = 71, 72, 171, 271
WHEN = datetime(2026, 11, 20, 9, tzinfo=UTC)
_OWN: dict[str, dict[str, Any]] = {  # what makes a row the person's own, and the words that the store knows
    "leads": {"key": LEAD, "lead_id": "L-000071", "email": ADDRESS, "email_fold": ADDRESS, "email_check": "valide", "real": True,
              "status": "Contacté", "name": f"Zoé {TOKEN}", "unread": json.dumps({"amount": TOKEN}), "phone_e164": None, "owner": "Ana",
              "amount": 120_000, "legal_basis": "consentement",
              "created_at": date(2026, 3, 2), "last_contact": date(2026, 11, 20), "erased_at": None},
    "events": {"key": EVENT, "lead_key": LEAD, "kind": "Rendez-vous", "done": True,
               "participants": json.dumps([[ADDRESS, f"Zoé {TOKEN}", ""]])},
    "messages": {"key": MAIL, "lead_key": LEAD, "direction": "reçu", "kind": "message", "sender": f"Zoé <{ADDRESS}>",
                 "attachments": json.dumps([[f"{TOKEN}.pdf", 3]]), "sender_address": ADDRESS, "erased": False},
    "runs": {"lead_key": LEAD, "status": "réussi", "rule": "Relance", "erased": False},
    "sequences": {"lead_key": LEAD},
    "attachments": {"message_key": MAIL},
    "foreign_keys": {"lead_key": LEAD},
    "history": {"entity": "lead", "entity_key": LEAD, "field": "notes", "action": "modification"},
    "outbox": {"lead_key": LEAD, "state": "envoyé", "recipients": json.dumps([ADDRESS])},
    "drafts": {"lead_key": LEAD, "answers": 0},
    "suppressions": {"address": ADDRESS},
    "collection_objects": {"event_key": EVENT},
    "invitations": {"event_key": EVENT, "people": json.dumps([ADDRESS])},
}  # fmt: skip
_OF_OTHERS: dict[str, dict[str, Any]] = {
    "leads": {"key": OTHER, "lead_id": "L-000072", "email_fold": None, "email_check": "invalide", "real": True, "status": "Clos",
              "unread": json.dumps({"phone": ADDRESS}), "phone_e164": None, "owner": "Ana", "amount": 5_000, "erased_at": None},
    "events": {"participants": json.dumps([["ana@x.fr", "Ana", ""], [ADDRESS, f"Zoé {TOKEN}", ""]])},
    "messages": {"lead_key": OTHER, "direction": "reçu", "kind": "message", "sender": "Léo <leo@y.fr>", "sender_address": "leo@y.fr",
                 "recipients": f"Ana <ana@x.fr>, Zoé {TOKEN} <{ADDRESS}>", "attachments": json.dumps([[ADDRESS, 3]]), "erased": False,
                 "concerns": None},
    "runs": {"lead_key": OTHER, "status": "réussi", "rule": "Relance", "erased": False},
    "sequences": {"lead_key": OTHER},
    "attachments": {"message_key": 9_999},
    "foreign_keys": {"lead_key": OTHER},
    "history": {"entity": "lead", "entity_key": OTHER, "action": "modification"},
    "outbox": {"lead_key": OTHER, "state": "envoyé", "recipients": json.dumps(["leo@y.fr", ADDRESS])},
    "drafts": {"lead_key": OTHER, "answers": 0},
    "suppressions": {"address": "leo@y.fr"},
    "invitations": {"people": json.dumps(["leo@y.fr", ADDRESS])},
    "views": {"query": json.dumps({"recherche": ADDRESS})},
}  # fmt: skip
_FOLLOWING = {"search", "sender_fold", "subject_fold", "label_fold", "name_fold", "company_fold", "email_domain"}  # kept at write, texts


def plant(connection: Connection) -> None:
    """The caller commits."""
    for number, (name, held) in enumerate(REGISTER.items()):
        personal = any(way not in (Way.NOBODY, Way.TEAM, Way.DERIVED, Way.PLACE) for way in held.ways.values())
        if personal and name in _OWN:
            connection.execute(insert(metadata.tables[name]).values(_row(name, _OWN[name], TOKEN, number * 10)))
        if personal:
            connection.execute(
                insert(metadata.tables[name]).values(_row(name, _OF_OTHERS.get(name, {}), f"voir {ADDRESS}", number * 10 + 1))
            )
    scores.settle_all(connection)
    for log in log_counts.LOGS:
        log_counts.settle_all(connection, log)


def planted(table: str) -> list[str]:
    """The columns in which the person stands."""
    return [name for name, way in REGISTER[table].ways.items() if way not in (Way.NOBODY, Way.TEAM, Way.DERIVED, Way.PLACE)]


def _row(table: str, known: dict[str, Any], text: str, number: int) -> dict[str, Any]:
    return {column.name: known.get(column.name, _value(table, column, text, number)) for column in metadata.tables[table].c}


def _value(table: str, column: Column[Any], text: str, number: int) -> Any:
    way, own = REGISTER[table].ways[column.name], text == TOKEN
    if way is Way.PACKED:
        changed = {str(LEAD): {"notes": [None, TOKEN]}, str(OTHER): {"notes": [None, text]}}
        return zlib.compress(json.dumps({"leads": {"new": [LEAD], "changed": changed}}).encode())
    if way is Way.OPAQUE:
        said = text if own else "rien"
        return said.encode() if isinstance(column.type, LargeBinary) else said
    if way is Way.IDENTITY:
        followed = column.name == "in_reply_to" and not own
        return f"<{TOKEN}-messages-message_id>" if followed else f"<{text if own else 'leo'}-{table}-{column.name}>"
    if way in (Way.WORD, Way.BLANK, Way.HEADER, Way.PEOPLE) or (own and column.name in _FOLLOWING):
        return f"{text} {column.name}"
    if column.nullable:
        return None
    if isinstance(column.type, Held):
        return WHEN.date() if isinstance(column.type, IsoDate) else WHEN
    return {str: f"{column.name}{number}", int: 1_000 + number, bool: False}[column.type.python_type]
