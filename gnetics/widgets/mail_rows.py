"""A mail as a row of the Inbox Log, and as its detail with its thread and its answer."""

from __future__ import annotations

import json
from datetime import date
from email.utils import parseaddr
from typing import Any

from gnetics.domain.regions import Region
from gnetics.state.mail_log import ATTACHED, IGNORED, LOOSE, NOT_EXPECTED, SENT, UNANSWERED
from gnetics.widgets.log_rows import Link, Row, capital, cell, exact, known, lead_link, one_line, pair, short, size

NO_SUBJECT = "(sans objet)"
# tint and icon of each state of an answer, and of each class of mail; the word always comes with them
REPLY_LOOKS: dict[str, tuple[str, str]] = {
    "proposée": ("soon", "mdi-lightbulb-on-outline"),
    "modifiée": ("soon", "mdi-pencil-outline"),
    "approuvée": ("info", "mdi-check"),
    "envoyée": ("done", "mdi-send-check-outline"),
    "rejetée": ("plain", "mdi-close"),
    "expirée": ("plain", "mdi-timer-off-outline"),
    UNANSWERED: ("plain", "mdi-email-outline"),
    NOT_EXPECTED: ("plain", "mdi-minus"),
}
CLASS_LOOKS: dict[str, tuple[str, str]] = {
    ATTACHED: ("done", "mdi-link-variant"),
    LOOSE: ("soon", "mdi-link-variant-off"),
    IGNORED: ("plain", "mdi-email-remove-outline"),
    SENT: ("info", "mdi-send-outline"),
}
SINGULAR = {ATTACHED: "Rattaché", LOOSE: "Non rattaché", IGNORED: "Ignoré", SENT: "Envoyé"}
MATCHED = {
    "référence": "par la référence d’un message déjà connu",
    "réponse": "c’est la réponse à un message connu",
    "expéditeur": "par l’adresse de l’expéditeur",
    "manuel": "à la main",
}
COLUMNS: list[Row] = [
    {"key": "at", "label": "Date", "sort": True, "area": "b", "width": "150px"},
    {"key": "de", "label": "De", "sort": True, "area": "a", "width": "17%"},
    {"key": "objet", "label": "Message", "sort": True, "area": "c", "width": ""},
    {"key": "classement", "label": "Classement", "sort": True, "area": "", "width": "138px"},
    {"key": "contact", "label": "Contact", "sort": True, "area": "d", "width": "15%"},
    {"key": "reponse", "label": "Réponse", "sort": True, "area": "e", "width": "150px"},
    {"key": "texte", "label": "Texte de la réponse", "sort": False, "area": "", "width": "20%"},
]


def person(sender: str | None) -> str:
    """The name of « Nom <adresse> », else the address."""
    name, address = parseaddr(sender or "")
    return name or address or (sender or "").strip() or "(expéditeur absent)"


def attachments(raw: str | None) -> list[Row]:
    """[[name, bytes], …] as names and sizes; a text of another form is shown as it is."""
    if not raw:
        return []
    try:
        found = json.loads(raw)
    except ValueError:
        return [{"name": raw, "size": ""}]
    pairs = [each if isinstance(each, list) else [each, None] for each in found] if isinstance(found, list) else [[raw, None]]
    return [{"name": str(name), "size": size(count) if isinstance(count, int) else ""} for name, count, *_ in ([*each, None] for each in pairs)]


def answer(mail: Row) -> str:
    """The text that was sent, else the one proposed."""
    return mail["reply_final"] or mail["reply_text"] or ""


def row(mail: Row, sorted_out: Row, lead: str, today: date, region: Region) -> Row:
    """`sorted_out` is the mail's line of the log index (classement, motif, reponse, lead)."""
    tint, icon = CLASS_LOOKS[sorted_out["classement"]]
    state = sorted_out["reponse"]
    sent = sorted_out["classement"] == SENT
    subject = one_line(mail["subject"]) or NO_SUBJECT
    files = len(attachments(mail["attachments"]))
    return {
        "key": mail["key"],
        "label": f"{person(mail['sender'])}, {subject}",
        "cells": [
            cell(short(mail["at"], today, region), tip=exact(mail["at"], region)),
            cell(f"À : {person(mail['recipients'])}" if sent else person(mail["sender"]), tip=(mail["recipients"] if sent else mail["sender"]) or ""),
            cell(subject, one_line(mail["text"], 120), icon="mdi-paperclip" if files else ""),
            cell(SINGULAR[sorted_out["classement"]], pill=tint, icon=icon, tip=capital(sorted_out["motif"])),
            cell(lead, link=lead_link(sorted_out["lead"])),
            cell(capital(state), pill=REPLY_LOOKS[state][0], icon=REPLY_LOOKS[state][1]) if state else cell(),
            cell(one_line(answer(mail), 120)),
        ],
    }


def detail(mail: Row, sorted_out: Row, lead: str, region: Region) -> Row:
    tint, icon = CLASS_LOOKS[sorted_out["classement"]]
    sent = sorted_out["classement"] == SENT
    return {
        "key": mail["key"],
        "title": one_line(mail["subject"]) or NO_SUBJECT,
        "status": {"text": SINGULAR[sorted_out["classement"]], "pill": tint, "icon": icon},
        "when": exact(mail["at"], region) or "Date inconnue",
        "why": _why(mail, sorted_out),
        "lead": {"text": lead or ("Contact supprimé" if mail["lead_key"] is not None else "Aucun contact"), "link": lead_link(sorted_out["lead"])},
        "headers": known(
            [
                pair("De", mail["sender"] or ""),
                pair("À", mail["recipients"] or ""),
                pair("Envoyé le" if sent else "Reçu le", exact(mail["at"], region)),
                pair("Fuseau horaire", region.zone_name.replace("_", " ")),
                pair("Nature", capital(mail["kind"]) if mail["kind"] != "message" else ""),
            ]
        ),
        "text": mail["text"] or "",
        "attachments": attachments(mail["attachments"]),
        "reply": None if sent else _reply(mail, sorted_out["reponse"], region),
        "ids": known(
            [
                pair("Message-ID", mail["message_id"], code=True),
                pair("En réponse à", mail["in_reply_to"] or "", code=True),
                pair("Fil", mail["thread"] or "", code=True),
            ]
        ),
    }


def in_thread(mail: Row, current: int, link: Link, today: date, region: Region) -> Row:
    """One message of an exchange."""
    sent = mail["direction"] == "envoyé"
    return {
        "key": mail["key"],
        "on": mail["key"] == current,
        "icon": "mdi-send-outline" if sent else "mdi-email-outline",
        "who": f"À {person(mail['recipients'])}" if sent else person(mail["sender"]),
        "title": one_line(mail["subject"], 100) or NO_SUBJECT,
        "when": short(mail["at"], today, region),
        "link": link,
    }


def _why(mail: Row, sorted_out: Row) -> str:
    found = sorted_out["classement"]
    if found == ATTACHED:
        how = MATCHED.get(mail["matched_by"] or "", "")
        return f"Rattaché {how}." if how and mail["matched_by"] != "réponse" else f"Rattaché : {how}." if how else "Rattaché, sans que la base dise comment."
    if found == SENT:
        return "Message envoyé."
    return f"{SINGULAR[found]} : {sorted_out['motif']}."


def _reply(mail: Row, state: str, region: Region) -> Row:
    tint, icon = REPLY_LOOKS[state]
    return {
        "status": {"text": capital(state), "pill": tint, "icon": icon},
        "proposed": mail["reply_text"] or "",
        "final": mail["reply_final"] or "",
        "facts": known(
            [
                pair("Origine", mail["reply_origin"] or ""),
                pair("Décidée par", mail["reply_by"] or ""),
                pair("Le", exact(mail["reply_at"], region)),
                pair("Message-ID", mail["reply_message_id"] or "", code=True),
            ]
        ),
        "note": _note(state, mail),
    }


def _note(state: str, mail: Row) -> str:
    if state in ("proposée", "modifiée"):
        return "Rien n’est encore parti : cette page montre la proposition sans permettre de l’approuver."
    if state == NOT_EXPECTED:
        return "Ce message n’appelle pas de réponse."
    if state == UNANSWERED:
        return "Aucune réponse n’a été proposée ni envoyée."
    if state == "expirée":
        return "La proposition n’est plus valable : elle n’est pas partie."
    if state == "rejetée":
        return "La proposition a été refusée : elle n’est pas partie."
    return "" if mail["reply_final"] or mail["reply_text"] else "La réponse est partie sans proposition ; elle figure dans le fil."
