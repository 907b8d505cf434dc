"""An automation run as a row of the Automations Log, and as its detail."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from gnetics.domain.fields import BY_KEY
from gnetics.domain.regions import Region
from gnetics.domain.runs import Status
from gnetics.domain.typography import capital, counted
from gnetics.pages.logs.log_rows import (
    SILENT_AFTER,
    UNKNOWN_LOOK,
    Row,
    cell,
    duration,
    exact,
    known,
    lead_link,
    lead_title,
    pair,
    short,
    sortable,
    stamp,
)
from gnetics.pages.logs.widgets.details import Attempt, Change, RunEntry
from gnetics.pages.logs.widgets.log_table import LogCell, LogRow
from gnetics.store.reading.logs import RUNS
from gnetics.widgets.given import Link, Look

# tint and icon of each status; the word always comes with them
LOOKS: dict[str, tuple[str, str]] = {
    Status.SUCCEEDED: ("done", "mdi-check"),
    Status.FAILED: ("late", "mdi-alert-circle-outline"),
    Status.IGNORED: ("plain", "mdi-debug-step-over"),
    Status.SIMULATED: ("plain", "mdi-flask-outline"),
    Status.CANCELLED: ("plain", "mdi-cancel"),
    Status.INTERRUPTED: ("late", "mdi-power-plug-off-outline"),
    Status.RUNNING: ("info", "mdi-progress-clock"),
    Status.TO_DO: ("soon", "mdi-clock-outline"),
    Status.MISSED: ("late", "mdi-calendar-remove-outline"),
    Status.LOOP: ("late", "mdi-sync-alert"),
}
OVERDUE = ("late", "mdi-alert-outline")
COLUMNS = sortable(
    RUNS,
    [
        {"key": "at", "label": "Date", "area": "b", "width": "150px"},
        {"key": "statut", "label": "Statut", "area": "e", "width": "124px"},
        {"key": "regle", "label": "Règle", "area": "a", "width": "20%"},
        {"key": "contact", "label": "Contact", "area": "d", "width": "18%"},
        {"key": "objet", "label": "Ce qui s’est passé", "area": "c", "width": ""},
        {"key": "duree", "label": "Durée", "area": "", "num": True, "width": "96px"},
        {"key": "essai", "label": "Essai", "area": "", "num": True, "width": "84px"},
    ],
)


def look(run: Row, now: datetime) -> Look:
    """The status in a word; what is still to do though its hour is over is late."""
    tint, icon = OVERDUE if _late(run, now) else LOOKS.get(run["status"], UNKNOWN_LOOK)
    return {"text": capital(run["status"]), "pill": tint, "icon": icon}


def _late(run: Row, now: datetime) -> bool:
    due = _due(run)
    return run["status"] == Status.TO_DO and due is not None and due < now - SILENT_AFTER


def _due(run: Row) -> datetime | None:
    """When it was to be done: what an import brought may say only when it was asked."""
    due: datetime | None = run["due_at"] or run["logged_at"]
    return due


def why(run: Row) -> str:
    """The sentence that explains the status: the error of a failure, else the reason."""
    return str(run["error"] or run["reason"] or "")


def attempt(run: Row) -> str:
    """« 2 sur 3 »."""
    if run["attempt"] is None:
        return ""
    return f"{run['attempt']} sur {run['max_attempts']}" if run["max_attempts"] else str(run["attempt"])


def row(run: Row, lead: Row | None, now: datetime, region: Region) -> LogRow:
    shown, today = look(run, now), now.astimezone(region.zone).date()
    version = f"v{run['rule_version']}" if run["rule_version"] is not None else ""
    return {
        "key": run["key"],
        "label": f"{run['rule']}, {run['status']}, {run['lead_label'] or 'sans contact'}",
        "cells": [
            cell(short(run["logged_at"], today, region), tip=exact(run["logged_at"], region)),
            cell(shown["text"], pill=shown["pill"], icon=shown["icon"], tip=why(run)),
            cell(run["rule"], version),
            cell(run["lead_label"] or "", link=lead_link(lead)),
            _what(run, now, region),
            cell(duration(_seconds(run))),
            cell(attempt(run)),
        ],
    }


def _seconds(run: Row) -> float | None:
    return None if run["lasted"] is None else run["lasted"] / 1000


def planned(run: Row, now: datetime, region: Region) -> str:
    """Of what is still to do, that it is late, and for when it was."""
    due, today = _due(run), now.astimezone(region.zone).date()
    if run["status"] != Status.TO_DO or due is None:
        return ""
    days = (today - due.astimezone(region.zone).date()).days
    delay = f"en retard de {counted(days, 'jour')}, " if days > 0 else "en retard, " if _late(run, now) else ""
    return capital(f"{delay}prévue {short(due, today, region)}")


def _what(run: Row, now: datetime, region: Region) -> LogCell:
    """Its delay, the subject and why, or what changed when there is nothing else to say."""
    words = [word for word in (planned(run, now, region), run["subject"], why(run)) if word]
    if not words and (found := changes(run["before"], run["after"])):
        words = [f"{found[0]['label']} {found[0]['before'] or 'vide'} → {found[0]['after'] or 'vide'}"]
    return cell(words[0] if words else "", " · ".join(words[1:]))


def detail(run: Row, lead: Row | None, message: Link | None, now: datetime, region: Region) -> RunEntry:
    """Everything the store holds of a run; its lead may have another name today."""
    lead_now = lead_title(lead)
    label = run["lead_label"] or lead_now
    return {
        "key": run["key"],
        "title": run["rule"],
        "status": look(run, now),
        "when": planned(run, now, region) or exact(run["logged_at"], region) or "Date inconnue",
        "subject": run["subject"] or "",
        "lead": {
            "text": label or "Aucun contact concerné",
            "link": lead_link(lead),
            "now": lead_now if lead_now != label else "",
        },
        "reason": run["reason"] or "",
        "error": run["error"] or "",
        "technical": run["detail"] or "",
        "changes": changes(run["before"], run["after"]),
        "times": known(
            [
                pair("Échéance", stamp(run["due_at"], region)),
                pair("Demandée", stamp(run["queued_at"], region)),
                pair("Démarrée", stamp(run["started_at"], region)),
                pair("Terminée", stamp(run["ended_at"], region)),
                pair("Durée", duration(_seconds(run))),
                pair("Essai", attempt(run)),
                pair("Prochain essai", stamp(run["next_attempt_at"], region)),
                pair("Fuseau horaire", region.zone_name.replace("_", " ")),
            ]
        ),
        "origin": known(
            [
                pair("Règle", run["rule"]),
                pair("Version", "" if run["rule_version"] is None else str(run["rule_version"])),
                pair("Déclencheur", capital(run["trigger"] or "")),
                pair("Déclenchée par", run["triggered_by"] or ""),
                pair("Message envoyé", "Voir le message" if message else run["message_id"] or "", link=message, code=not message),
                pair("Clé d’unicité", run["idempotency_key"], code=True),
            ]
        ),
    }


def link_in_chain(run: Row, current: bool, now: datetime, region: Region) -> Attempt:
    """One attempt of a chain."""
    return {
        "key": run["key"],
        "on": current,
        "title": f"Essai {run['attempt']}" if run["attempt"] is not None else "Essai",
        "when": short(run["logged_at"], now.astimezone(region.zone).date(), region),
        "status": look(run, now),
    }


def changes(before: str | None, after: str | None) -> list[Change]:
    """What a run changed: field by field when the store holds it so, else the two texts face to face."""
    old, new = _fields(before), _fields(after)
    if old is None or new is None:
        return [{"label": "", "before": before or "", "after": after or ""}] if before or after else []
    return [{"label": _label(name), "before": _text(old.get(name)), "after": _text(new.get(name))} for name in {**old, **new}]


def _fields(text: str | None) -> dict[str, Any] | None:
    """A JSON object; {} when there is nothing, None when it is some other text."""
    if not text:
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _label(name: str) -> str:
    return BY_KEY[name].label if name in BY_KEY else name


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
