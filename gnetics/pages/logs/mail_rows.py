"""A mail as a row of the Inbox Log, and as its detail with its thread and its answer."""

from __future__ import annotations

from datetime import date, datetime
from email.utils import parseaddr

from gnetics.domain.folding import fold
from gnetics.domain.messages import WAITING, Answer, Direction, Filed, Kind
from gnetics.domain.regions import Region
from gnetics.domain.typography import capital
from gnetics.pages.logs.log_rows import (
    SILENT_AFTER,
    Row,
    cell,
    exact,
    known,
    lead_link,
    lead_title,
    one_line,
    pair,
    short,
    sortable,
    stamp,
)
from gnetics.pages.logs.widgets.details import MailEntry, Reply, ThreadMail
from gnetics.pages.logs.widgets.log_table import LogCell, LogRow
from gnetics.pages.logs.widgets.mailboxes import MailboxLine
from gnetics.pages.mail_words import NO_SUBJECT, attachments, look, person, why
from gnetics.store.reading.logs import MAIL
from gnetics.store.reading.mailboxes import State
from gnetics.widgets.given import Link
from gnetics.widgets.lead_rows import reference

NO_LEAD = {False: "Aucun contact", True: "Contact supprimé"}
CLASS_LOOKS: dict[str, tuple[str, str]] = {
    Filed.ATTACHED: ("done", "mdi-link-variant"),
    Filed.LOOSE: ("soon", "mdi-link-variant-off"),
    Filed.IGNORED: ("plain", "mdi-email-remove-outline"),
    Filed.SENT: ("info", "mdi-send-outline"),
}
SINGULAR: dict[str, str] = {
    Filed.ATTACHED: "Rattaché",
    Filed.LOOSE: "Non rattaché",
    Filed.IGNORED: "Ignoré",
    Filed.SENT: "Envoyé",
}
NOT_ASKED = "Elle n’est plus relevée\u00a0: prévenez votre administrateur (gnetics worker)."
FILES_LISTED = "Le journal garde le nom et la taille des pièces jointes, pas leur contenu."
FILES_KEPT = "Les pièces jointes qui sont gardées se téléchargent sur la fiche du contact, sous «\u00a0Échanges\u00a0»."
COLUMNS = sortable(
    MAIL,
    [
        {"key": "at", "label": "Date", "area": "b", "width": "150px"},
        {"key": "de", "label": "De", "area": "a", "width": "18%"},
        {"key": "objet", "label": "Message", "area": "c", "width": ""},
        {"key": "contact", "label": "Contact", "area": "d", "width": "20%"},
        {"key": "reponse", "label": "Réponse", "area": "e", "width": "24%"},
    ],
)


def _nature(mail: Row) -> str:
    """« rejet », « réponse automatique »…; "" for a message somebody wrote."""
    return "" if mail["kind"] == Kind.MESSAGE else str(mail["kind"])


def answer(mail: Row) -> str:
    """The text that was sent, else the one proposed."""
    return mail["reply_final"] or mail["reply_text"] or ""


def row(mail: Row, motive: str, lead: Row | None, today: date, region: Region) -> LogRow:
    """`motive`: why it is in its class (mail_log.py)."""
    state = mail["answer"]
    sent = mail["filed"] == Filed.SENT
    subject = one_line(mail["subject"]) or NO_SUBJECT
    files = len(attachments(mail["attachments"]))
    return {
        "key": mail["key"],
        "label": f"{person(mail['sender'])}, {subject}",
        "cells": [
            cell(short(mail["at"], today, region), tip=exact(mail["at"], region)),
            _who(mail["recipients" if sent else "sender"] or "", lead, "À " if sent else ""),
            cell(
                subject,
                " · ".join(part for part in (_nature(mail), one_line(mail["text"], 120)) if part),
                icon="mdi-paperclip" if files else "",
            ),
            _contact(mail, motive, lead),
            _answer(mail, state, lead) if state else cell(),
        ],
    }


def _who(written: str, lead: Row | None, to: str) -> LogCell:
    """A name: as it is written, else that of the contact whose address it is, else the address with its domain apart."""
    name, address = parseaddr(written)
    if not name and lead is not None and lead["email_fold"] and fold(address) == lead["email_fold"]:
        name = lead_title(lead)
    before, _, domain = address.partition("@")
    return (
        cell(f"{to}{name or before}", "" if name else f"@{domain}", tip=written) if domain else cell(f"{to}{person(written)}", tip=written)
    )


def _answer(mail: Row, state: str, lead: Row | None) -> LogCell:
    shown = look(state)
    return cell(shown["text"], one_line(answer(mail), 120), pill=shown["pill"], icon=shown["icon"], link=decide_link(mail, lead))


def _contact(mail: Row, motive: str, lead: Row | None) -> LogCell:
    """The lead a mail is attached to; else why there is none."""
    found = mail["filed"]
    if found in (Filed.LOOSE, Filed.IGNORED):
        return cell(SINGULAR[found], motive, pill=CLASS_LOOKS[found][0], icon=CLASS_LOOKS[found][1], link=attach_link(mail))
    return cell(lead_title(lead), motive, link=lead_link(lead))


def decide_link(mail: Row, lead: Row | None) -> Link | None:
    """To the sheet of its contact, at what is proposed; None when there is nothing to decide."""
    if lead is None or mail["reply_state"] not in WAITING:
        return None
    return {"page": "contacts", "query": {"lead": reference(lead), "message": str(mail["key"])}}


def attach_link(mail: Row) -> Link | None:
    """To where a mail that is nobody's is attached."""
    return {"page": "contacts", "query": {"message": str(mail["key"])}} if mail["filed"] == Filed.LOOSE else None


def detail(mail: Row, motive: str, lead: Row | None, kept: int, region: Region) -> MailEntry:
    """`kept`: how many of its attachments can be saved."""
    tint, icon = CLASS_LOOKS[mail["filed"]]
    sent = mail["filed"] == Filed.SENT
    return {
        "key": mail["key"],
        "title": one_line(mail["subject"]) or NO_SUBJECT,
        "status": {"text": SINGULAR[mail["filed"]], "pill": tint, "icon": icon},
        "when": exact(mail["at"], region) or "Date inconnue",
        "why": why(mail, motive),
        "lead": {"text": lead_title(lead) or NO_LEAD[mail["lead_key"] is not None], "link": lead_link(lead)},
        "headers": known(
            [
                pair("De", mail["sender"] or ""),
                pair("À", mail["recipients"] or ""),
                pair("Cc", mail["cc"] or ""),
                pair("Envoyé le" if sent else "Reçu le", stamp(mail["at"], region)),
                pair("Fuseau horaire", region.zone_name.replace("_", " ")),
                pair("Boîte", mail["box"] or ""),
                pair("Nature", capital(_nature(mail))),
            ]
        ),
        "text": mail["text"] or "",
        "quoted": mail["quoted"] or "",
        "decide": decide_link(mail, lead),
        "attach": attach_link(mail),
        "attachments": attachments(mail["attachments"]),
        "files_note": FILES_KEPT if kept else FILES_LISTED,
        "reply": None if sent else _reply(mail, mail["answer"], region),
        "ids": known(
            [
                pair("Message-ID", mail["message_id"], code=True),
                pair("En réponse à", mail["in_reply_to"] or "", code=True),
                pair("Fil", mail["thread"] or "", code=True),
            ]
        ),
    }


def mailbox(name: str, state: State, now: datetime, region: Region) -> MailboxLine:
    """As it was last asked, and when it will be; nobody asks any more where no worker is."""
    today = now.astimezone(region.zone).date()
    answered = f"relevée {short(state.answered_at, today, region)}" if state.answered_at else "jamais relevée"
    if now - state.asked_at > SILENT_AFTER:
        return {"name": name, "answered": answered, "error": NOT_ASKED}
    return {"name": name, "answered": f"{answered}, puis chaque minute" if state.answered_at else answered, "error": state.said}


def in_thread(mail: Row, current: bool, today: date, region: Region) -> ThreadMail:
    """One message of an exchange."""
    sent = mail["direction"] == Direction.SENT
    return {
        "key": mail["key"],
        "on": current,
        "icon": "mdi-send-outline" if sent else "mdi-email-outline",
        "who": f"À {person(mail['recipients'])}" if sent else person(mail["sender"]),
        "title": one_line(mail["subject"], 100) or NO_SUBJECT,
        "when": short(mail["at"], today, region),
        "link": {"page": "inbox", "query": {"message": str(mail["key"])}},
    }


def _reply(mail: Row, state: str, region: Region) -> Reply:
    return {
        "status": look(state),
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
    if state in WAITING:
        return "Rien n’est encore parti\u00a0: la réponse se décide sur la fiche du contact."
    if state == Answer.NOT_EXPECTED:
        return "Ce message n’appelle pas de réponse."
    if state == Answer.NONE:
        return "Aucune réponse n’a été proposée ni envoyée."
    if state == Answer.EXPIRED:
        return "La proposition n’est plus valable\u00a0: elle n’est pas partie."
    if state == Answer.REJECTED:
        return "La proposition a été refusée\u00a0: elle n’est pas partie."
    return "" if mail["reply_final"] or mail["reply_text"] else "La réponse est partie sans proposition\u00a0; elle figure dans le fil."
