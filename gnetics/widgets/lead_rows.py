"""A lead as the screen shows it: its card, its table row, its sheet and its timeline."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import pandas as pd

from gnetics.domain import dates, leads, values, verbs
from gnetics.domain.fields import BY_KEY, LEAD_FIELDS, Field
from gnetics.domain.regions import Region
from gnetics.domain.score import Part
from gnetics.domain.statuses import BLOCKED, UNKNOWN
from gnetics.state.address import number

Row = dict[str, Any]
NUMERIC = {"money", "percent", "score"}
HISTORY_ICONS = {
    verbs.CREATED: "mdi-account-plus-outline",
    verbs.IMPORTED: "mdi-tray-arrow-up",
    verbs.RESTORED: "mdi-restore",
    verbs.MERGED: "mdi-call-merge",
    verbs.SEPARATED: "mdi-call-split",
}


def reference(row: Row) -> str:
    """How an address names a lead: its ID Lead, or ~key for a lead that has none yet."""
    return str(row["lead_id"] or f"~{row['key']}")


def key_of(leads: pd.DataFrame, ref: str) -> int | None:
    """The key of the lead that an address names; None when there is none (any more)."""
    if ref.startswith("~"):
        key = number(ref[1:])
        return key if key in leads.index else None
    found = leads.index[leads["lead_id"] == ref]
    return int(found[0]) if ref and len(found) else None


def status_word(row: Row) -> str:
    """The status as kept; « Statut inconnu » when there is none."""
    return values.text_of(row, "status") or UNKNOWN


def card(row: Row, today: date, region: Region) -> Row:
    """What a card shows; a missing field reads as an action."""
    title = leads.title(row)
    company = values.text_of(row, "company")
    action, reason, _ = leads.next_action(row, today)
    wanted = leads.missing(row)
    return {
        "ref": reference(row),
        "title": title,
        "subtitle": company if company != title else values.text_of(row, "job_title"),
        "initials": leads.initials(row),
        "email": "" if values.text_of(row, "email") == title else values.text_of(row, "email"),
        "missing": wanted[0] if wanted else "",
        "status": status_word(row),
        "source": values.text_of(row, "source"),
        "owner": values.text_of(row, "owner") or "Non attribué",
        "amount": values.show("money", row["amount"], region),
        "late": leads.overdue_days(row, today),
        "action": action,
        "reason": reason,
    }


def columns() -> list[Row]:
    return [{"key": field.key, "label": field.label, "num": field.kind in NUMERIC} for field in LEAD_FIELDS]


def cells(row: Row, today: date, region: Region) -> list[str]:
    """Every field as text, in the order of `columns`; the derived ones when nothing was set by hand."""
    derived = {
        "stage": leads.stage(row)[0],
        "next_action": leads.next_action(row, today)[0],
        "score": values.show("score", row["any_score"], region),
    }
    return [(derived.get(field.key) or values.show(field.kind, row[field.key], region))[:200].replace("\n", " ") for field in LEAD_FIELDS]


def head(row: Row, today: date) -> Row:
    """The top of the sheet: who, what to do next and why."""
    action, reason, by_hand = leads.next_action(row, today)
    job, company = values.text_of(row, "job_title"), values.text_of(row, "company")
    title = leads.title(row)
    where = f"{job} chez {company}" if job and company else job or leads.company_beside(row)
    blocked = row["status"] == BLOCKED
    return {
        "ref": reference(row),
        "title": title,
        "subtitle": " · ".join(part for part in (where, values.text_of(row, "lead_id")) if part and part != title),
        "initials": leads.initials(row),
        "action": action,
        "reason": reason if not by_hand else "choisie à la main",
        "late": leads.overdue_days(row, today) > 0,
        "back_to": values.text_of(row, "previous_status") if blocked else "",
        "notes": values.text_of(row, "notes"),
    }


def _link(field: Field, row: Row) -> str:
    if field.kind == "email" and row["email_check"] in ("valide", "en double"):
        return f"mailto:{row['email']}"
    return f"tel:{row['phone_e164']}" if field.kind == "phone" and row["phone_e164"] else ""


def _note(field: Field, row: Row, today: date, unread: dict[str, str]) -> tuple[str, bool]:
    """(remark beside a value, is it a problem)."""
    if field.key in unread:
        return f"illisible à l’import : « {unread[field.key]} »", True
    if field.key == "email" and row["email"]:
        return row["email_check"], row["email_check"] != "valide"
    if field.kind == "phone" and row["phone"] and not row["phone_e164"]:
        return "invalide", True
    if field.key == "stage":
        return ("manuelle" if leads.stage(row)[1] else "automatique"), False
    if field.key == "next_action":
        return ("manuelle" if leads.next_action(row, today)[2] else "automatique"), False
    if field.key == "score":
        return _score_note(row), False
    return "", False


def _score_note(row: Row) -> str:
    if row["score"] is None:
        return "non noté" if row["auto_score"] is None else "automatique"
    return "saisi à la main" + (f" (automatique : {row['auto_score']})" if row["auto_score"] is not None else "")


def score_parts(parts: Sequence[Part], by_hand: bool) -> Row:
    """The small table that explains the automatic score; `by_hand` offers the way back to it."""
    rows = [{"label": part.label, "points": part.points, "most": part.most, "facts": part.facts, "says": part.sentence} for part in parts]
    return {"rows": rows, "total": sum(part.points for part in parts), "by_hand": by_hand}


def sections(row: Row, today: date, region: Region, unread: dict[str, str]) -> list[Row]:
    """All fields, grouped under small titles, notes apart."""
    grouped: dict[str, list[Row]] = {}
    shown = {
        "stage": leads.stage(row)[0],
        "next_action": leads.next_action(row, today)[0],
        "status": status_word(row),
        "score": values.show("score", row["any_score"], region),
    }
    for field in LEAD_FIELDS:
        if field.key == "notes":
            continue
        note, bad = _note(field, row, today, unread)
        text = shown.get(field.key) or values.show(field.kind, row[field.key], region)
        grouped.setdefault(field.section, []).append(
            {"key": field.key, "label": field.label, "kind": field.kind, "text": text, "href": _link(field, row), "note": note, "bad": bad}
        )
    return [{"title": title, "fields": fields} for title, fields in grouped.items()]


def form_fields(editable: Iterable[Field], region: Region) -> list[Row]:
    """The inputs of the form, grouped under small titles."""
    suffix = {"score": "/ 100"}
    hint = {"date": region.date_hint, "tags": "séparées par des virgules", "money": f"0,00 {region.symbol}", "percent": "0 à 100 %"}
    grouped: dict[str, list[Row]] = {}
    for field in editable:
        made = {"key": field.key, "label": field.label, "kind": field.kind, "suffix": suffix.get(field.kind), "hint": hint.get(field.kind)}
        grouped.setdefault(field.section, []).append(made)
    return [{"title": title, "fields": fields} for title, fields in grouped.items()]


def when(moment: datetime | None, region: Region) -> str:
    """« 24/11/2026 à 14:32 » in the region's zone."""
    if moment is None:
        return "date inconnue"
    local = moment.astimezone(region.zone)
    return f"{dates.show(local.date(), region)} à {local:%H:%M}"


def history_entries(lines: list[Row], key: int, undoable: Collection[int], region: Region) -> list[Row]:
    """The history of lead `key`, newest first, with that of the leads merged into it.

    Each moment but the last offers, once, to go back to the lead as it then was; merges of the transactions `undoable` to be undone.
    """
    own = [line for line in lines if line["entity_key"] == key]
    versions = {older["key"] for newer, older in pairwise(own) if older["at"] != newer["at"]}
    entries = []
    for line in lines:
        entry = history_entry(line, region)
        if line["entity_key"] != key:
            entry |= {"restore": 0, "who": f"{line['who']} (fiche fusionnée)"}
        elif line["action"] == verbs.MERGED and not line["field"]:
            entry |= {"unmerge": line["rev"] if line["rev"] in undoable else 0}
        entries.append(entry | ({"version": line["key"]} if line["key"] in versions else {}))
    return entries


def history_entry(line: Row, region: Region) -> Row:
    """One line of the history: « Statut : Contacté → Qualifié », with the offer to put the earlier value back."""
    field = BY_KEY.get(line["field"])
    base = {
        "id": f"h{line['key']}",
        "at": line["at"],
        "when": when(line["at"], region),
        "who": line["who"],
        "detail": "",
        "restore": 0,
        "before": "",
        "link": None,
    }
    if field is None:
        title = {
            verbs.CREATED: "Contact créé",
            verbs.IMPORTED: "Contact importé",
            verbs.DELETED: "Contact supprimé",
            verbs.RESTORED: "Contact restauré",
            verbs.MERGED: f"Fusionné avec « {line['after']} »",
            verbs.SEPARATED: "Fusion annulée",
        }.get(line["action"], line["action"].capitalize())
        return base | {"icon": HISTORY_ICONS.get(line["action"], "mdi-pencil-outline"), "title": title}
    if field.key == "notes" and line["after"] and line["after"].startswith(line["before"] or "") and line["action"] == verbs.CHANGED:
        return base | {
            "icon": "mdi-note-plus-outline",
            "title": "Note ajoutée",
            "detail": line["after"][len(line["before"] or "") :].strip(),
        }
    before, after = (shorten(values.show(field.kind, values.decode(field.kind, line[side]), region)) for side in ("before", "after"))
    return base | {
        "icon": HISTORY_ICONS.get(line["action"], "mdi-pencil-outline"),
        "title": f"{field.label} : {before or 'vide'} → {after or 'vide'}",
        "restore": line["key"] if field.editable and line["action"] != verbs.CREATED else 0,
        "before": shorten(before, 40) or "vide",
    }


def message_entry(row: Row, region: Region) -> Row:
    """A mail of the timeline, leading to the Inbox Log."""
    received = row["direction"] == "reçu"
    detail = shorten(re.sub(r"\s+", " ", row["text"] or ""), 140)
    return {
        "id": f"m{row['key']}",
        "at": row["at"],
        "when": when(row["at"], region),
        "who": row["sender"] or "",
        "icon": "mdi-email-outline" if received else "mdi-send-outline",
        "title": f"{'Reçu' if received else 'Envoyé'} : {row['subject'] or '(sans objet)'}",
        "detail": detail,
        "restore": 0,
        "before": "",
        "link": {"page": "inbox", "query": {"message": str(row["key"])}},
    }


def event_entry(row: Row, region: Region) -> Row:
    """A calendar event of the timeline, leading to the calendar."""
    return {
        "id": f"e{row['key']}",
        "at": row["starts_at"],
        "when": when(row["starts_at"], region),
        "who": row["owner"] or "",
        "icon": "mdi-calendar-check-outline" if row["done"] else "mdi-calendar-outline",
        "title": row["title"],
        "detail": "Fait" if row["done"] else "",
        "restore": 0,
        "before": "",
        "link": {"page": "calendrier", "query": {"event": str(row["key"])}},
    }


def run_entry(row: Row, region: Region) -> Row:
    """An automation run of the timeline, kept in the Automations Log."""
    at = row["ended_at"] or row["started_at"] or row["queued_at"]
    return {
        "id": f"r{row['key']}",
        "at": at,
        "when": when(at, region),
        "who": row["triggered_by"] or "",
        "icon": "mdi-robot-outline",
        "title": f"{row['rule']} : {row['status']}",
        "detail": shorten(row["error"] or row["reason"] or row["detail"] or row["subject"] or "", 140),
        "restore": 0,
        "before": "",
    }


def shorten(text: str, longest: int = 80) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
