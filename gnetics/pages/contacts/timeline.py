"""What happened to a lead, an entry of its timeline each: changes, mails, events, automation runs."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from itertools import pairwise

from gnetics.domain import values
from gnetics.domain.fields import BY_KEY
from gnetics.domain.history import Action
from gnetics.domain.regions import Region
from gnetics.pages.contacts.widgets.lead_sheet import TimelineEntry
from gnetics.widgets import lead_rows
from gnetics.widgets.lead_rows import Row

HISTORY_ICONS = {
    Action.CREATED: "mdi-account-plus-outline",
    Action.IMPORTED: "mdi-tray-arrow-up",
    Action.RESTORED: "mdi-restore",
    Action.MERGED: "mdi-call-merge",
    Action.SEPARATED: "mdi-call-split",
}


class DatedEntry(TimelineEntry):
    """With the instant that sorts it, which the browser is not told."""

    at: datetime | None


def history_entries(lines: list[Row], key: int, undoable: Collection[int], region: Region) -> list[DatedEntry]:
    """The history of lead `key`, newest first, with that of the leads merged into it.

    Each moment but the last offers, once, to go back to the lead as it then was; merges of the transactions `undoable` to be undone.
    """
    own = [line for line in lines if line["entity_key"] == key]
    versions = {older["key"] for newer, older in pairwise(own) if older["at"] != newer["at"]}
    entries = []
    for line in lines:
        entry = history_entry(line, region)
        if line["entity_key"] != key:
            entry["restore"], entry["who"] = 0, f"{line['who']} (fiche fusionnée)"
        elif line["action"] == Action.MERGED and not line["field"]:
            entry["unmerge"] = line["rev"] if line["rev"] in undoable else 0
        if line["key"] in versions:
            entry["version"] = line["key"]
        entries.append(entry)
    return entries


def history_entry(line: Row, region: Region) -> DatedEntry:
    """One line of the history: « Statut : Contacté → Qualifié », with the offer to put the earlier value back."""
    field = BY_KEY.get(line["field"])
    entry: DatedEntry = {
        "id": f"h{line['key']}",
        "at": line["at"],
        "when": lead_rows.when(line["at"], region),
        "who": line["who"],
        "icon": HISTORY_ICONS.get(line["action"], "mdi-pencil-outline"),
        "title": "",
        "detail": "",
        "restore": 0,
        "before": "",
    }
    if field is None:
        entry["title"] = {
            Action.CREATED: "Contact créé",
            Action.IMPORTED: "Contact importé",
            Action.DELETED: "Contact supprimé",
            Action.RESTORED: "Contact restauré",
            Action.MERGED: f"Fusionné avec « {line['after']} »",
            Action.SEPARATED: "Fusion annulée",
        }.get(line["action"], line["action"].capitalize())
        return entry
    if field.key == "notes" and line["after"] and line["after"].startswith(line["before"] or "") and line["action"] == Action.CHANGED:
        entry["icon"], entry["title"] = "mdi-note-plus-outline", "Note ajoutée"
        entry["detail"] = line["after"][len(line["before"] or "") :].strip()
        return entry
    before, after = (shorten(values.show(field.kind, values.decode(field.kind, line[side]), region)) for side in ("before", "after"))
    entry["title"] = f"{field.label} : {before or 'vide'} → {after or 'vide'}"
    entry["restore"] = line["key"] if field.editable and line["action"] != Action.CREATED else 0
    entry["before"] = shorten(before, 40) or "vide"
    return entry


def message_entry(row: Row, region: Region) -> DatedEntry:
    """A mail of the timeline, leading to the Inbox Log."""
    received = row["direction"] == "reçu"
    detail = shorten(re.sub(r"\s+", " ", row["text"] or ""), 140)
    return {
        "id": f"m{row['key']}",
        "at": row["at"],
        "when": lead_rows.when(row["at"], region),
        "who": row["sender"] or "",
        "icon": "mdi-email-outline" if received else "mdi-send-outline",
        "title": f"{'Reçu' if received else 'Envoyé'} : {row['subject'] or '(sans objet)'}",
        "detail": detail,
        "restore": 0,
        "before": "",
        "link": {"page": "inbox", "query": {"message": str(row["key"])}},
    }


def event_entry(row: Row, region: Region) -> DatedEntry:
    """A calendar event of the timeline, leading to the calendar."""
    return {
        "id": f"e{row['key']}",
        "at": row["starts_at"],
        "when": lead_rows.when(row["starts_at"], region),
        "who": row["owner"] or "",
        "icon": "mdi-calendar-check-outline" if row["done"] else "mdi-calendar-outline",
        "title": row["title"],
        "detail": "Fait" if row["done"] else "",
        "restore": 0,
        "before": "",
        "link": {"page": "calendrier", "query": {"event": str(row["key"])}},
    }


def run_entry(row: Row, region: Region) -> DatedEntry:
    """An automation run of the timeline, kept in the Automations Log."""
    at = row["ended_at"] or row["started_at"] or row["queued_at"]
    return {
        "id": f"r{row['key']}",
        "at": at,
        "when": lead_rows.when(at, region),
        "who": row["triggered_by"] or "",
        "icon": "mdi-robot-outline",
        "title": f"{row['rule']} : {row['status']}",
        "detail": shorten(row["error"] or row["reason"] or row["detail"] or row["subject"] or "", 140),
        "restore": 0,
        "before": "",
    }


def shorten(text: str, longest: int = 80) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
