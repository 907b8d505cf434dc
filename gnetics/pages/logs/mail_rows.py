"""A mail as a row of the Inbox Log, and as its detail with its thread and its answer."""

from __future__ import annotations

import json
from datetime import date
from email.utils import parseaddr
from typing import Any

from gnetics.domain.regions import Region
from gnetics.pages.logs.log_rows import UNKNOWN_LOOK, Row, capital, cell, exact, known, lead_link, one_line, pair, short, size, stamp
from gnetics.pages.logs.mail_log import ATTACHED, IGNORED, LOOSE, NOT_EXPECTED, SENT, UNANSWERED

NO_SUBJECT = "(sans objet)"
NO_LEAD = {False: "Aucun contact", True: "Contact supprimé"}
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
    "référence": "il cite un message déjà connu",
    "réponse": "c’est la réponse à un message connu",
    "expéditeur": "l’adresse de l’expéditeur est celle du contact",
    "manuel": "quelqu’un l’a rattaché à la main",
}
COLUMNS: list[Row] = [
    {"key": "at", "label": "Date", "sort": True, "area": "b", "width": "150px"},
    {"key": "de", "label": "De", "sort": True, "area": "a", "width": "16%"},
    {"key": "objet", "label": "Message", "sort": True, "area": "c", "width": ""},
    {"key": "contact", "label": "Contact", "sort": True, "area": "d", "width": "22%"},
    {"key": "reponse", "label": "Réponse", "sort": True, "area": "e", "width": "26%"},
]


def person(sender: str | None) -> str:
    """The name of « Nom <adresse> », else the address."""
    name, address = parseaddr(sender or "")
    return (name or address if "@" in address else (sender or "").strip()) or "(expéditeur absent)"


def attachments(raw: str | None) -> list[Row]:
    """[[name, bytes], …] as names and sizes; a text of another form is shown as it is."""
    if not raw:
        return []
    try:
        found = json.loads(raw)
    except ValueError:
        return [{"name": raw, "size": ""}]
    return [_attachment(each) for each in found] if isinstance(found, list) else [{"name": raw, "size": ""}]


def _attachment(found: Any) -> Row:
    name, count = (*found, None, None)[:2] if isinstance(found, list) else (found, None)
    return {"name": str(name or "(sans nom)"), "size": size(count) if isinstance(count, int) else ""}


def _nature(mail: Row) -> str:
    """« rejet », « réponse automatique »…; "" for a message somebody wrote."""
    return "" if mail["kind"] == "message" else str(mail["kind"])


def answer(mail: Row) -> str:
    """The text that was sent, else the one proposed."""
    return mail["reply_final"] or mail["reply_text"] or ""


def row(mail: Row, sorted_out: Row, lead: str, today: date, region: Region) -> Row:
    """`sorted_out` is the mail's line of the log index (classement, motif, reponse, lead)."""
    state = sorted_out["reponse"]
    sent = sorted_out["classement"] == SENT
    subject = one_line(mail["subject"]) or NO_SUBJECT
    files = len(attachments(mail["attachments"]))
    return {
        "key": mail["key"],
        "label": f"{person(mail['sender'])}, {subject}",
        "cells": [
            cell(short(mail["at"], today, region), tip=exact(mail["at"], region)),
            cell(f"À {person(mail['recipients'])}" if sent else person(mail["sender"]), tip=mail["recipients" if sent else "sender"] or ""),
            cell(
                subject,
                " · ".join(part for part in (_nature(mail), one_line(mail["text"], 120)) if part),
                icon="mdi-paperclip" if files else "",
            ),
            _contact(sorted_out, lead),
            cell(capital(state), one_line(answer(mail), 120), **_look(state)) if state else cell(),
        ],
    }


def _contact(sorted_out: Row, lead: str) -> Row:
    """The lead a mail is attached to; else why there is none."""
    found, motive = sorted_out["classement"], sorted_out["motif"]
    if found in (LOOSE, IGNORED):
        return cell(SINGULAR[found], motive, pill=CLASS_LOOKS[found][0], icon=CLASS_LOOKS[found][1])
    return cell(lead, motive, link=lead_link(sorted_out["lead"]))


def detail(mail: Row, sorted_out: Row, lead: str, region: Region) -> Row:
    tint, icon = CLASS_LOOKS[sorted_out["classement"]]
    sent = sorted_out["classement"] == SENT
    return {
        "key": mail["key"],
        "title": one_line(mail["subject"]) or NO_SUBJECT,
        "status": {"text": SINGULAR[sorted_out["classement"]], "pill": tint, "icon": icon},
        "when": exact(mail["at"], region) or "Date inconnue",
        "why": _why(mail, sorted_out),
        "lead": {"text": lead or NO_LEAD[mail["lead_key"] is not None], "link": lead_link(sorted_out["lead"])},
        "headers": known(
            [
                pair("De", mail["sender"] or ""),
                pair("À", mail["recipients"] or ""),
                pair("Envoyé le" if sent else "Reçu le", stamp(mail["at"], region)),
                pair("Fuseau horaire", region.zone_name.replace("_", " ")),
                pair("Nature", capital(_nature(mail))),
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


def in_thread(mail: Row, current: bool, today: date, region: Region) -> Row:
    """One message of an exchange."""
    sent = mail["direction"] == "envoyé"
    return {
        "key": mail["key"],
        "on": current,
        "icon": "mdi-send-outline" if sent else "mdi-email-outline",
        "who": f"À {person(mail['recipients'])}" if sent else person(mail["sender"]),
        "title": one_line(mail["subject"], 100) or NO_SUBJECT,
        "when": short(mail["at"], today, region),
        "link": {"page": "inbox", "query": {"message": str(mail["key"])}},
    }


def _why(mail: Row, sorted_out: Row) -> str:
    found = sorted_out["classement"]
    if found == SENT:
        return ""
    motive = MATCHED.get(mail["matched_by"] or "", "on ne sait comment") if found == ATTACHED else sorted_out["motif"]
    return f"{SINGULAR[found]}\u00a0: {motive}."


def _look(state: str) -> Row:
    """An imported state may be a word we do not know: it is shown as it is."""
    tint, icon = REPLY_LOOKS.get(state, UNKNOWN_LOOK)
    return {"pill": tint, "icon": icon}


def _reply(mail: Row, state: str, region: Region) -> Row:
    return {
        "status": {"text": capital(state), **_look(state)},
        "proposed": mail["reply_text"] or "",
        "final": mail["reply_final"] or "",
        "facts": known(
            [
                pair("Origine", mail["reply_origin"] or ""),
                pair("Décidée par", mail["reply_by"] or ""),
                pair("Le", stamp(mail["reply_at"], region)),
                pair("Message-ID", mail["reply_message_id"] or "", code=True),
            ]
        ),
        "note": _note(state, mail),
    }


def _note(state: str, mail: Row) -> str:
    if state in ("proposée", "modifiée"):
        return "Rien n’est encore parti\u00a0: cette page montre la proposition sans permettre de l’approuver."
    if state == NOT_EXPECTED:
        return "Ce message n’appelle pas de réponse."
    if state == UNANSWERED:
        return "Aucune réponse n’a été proposée ni envoyée."
    if state == "expirée":
        return "La proposition n’est plus valable\u00a0: elle n’est pas partie."
    if state == "rejetée":
        return "La proposition a été refusée\u00a0: elle n’est pas partie."
    return "" if mail["reply_final"] or mail["reply_text"] else "La réponse est partie sans proposition\u00a0; elle figure dans le fil."
