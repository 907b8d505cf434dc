"""An automation run as a row of the Automations Log, and as its detail."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from gnetics.domain.fields import BY_KEY
from gnetics.domain.regions import Region
from gnetics.domain.runs import Status
from gnetics.pages.logs.log_rows import (
    UNKNOWN_LOOK,
    Row,
    capital,
    cell,
    duration,
    exact,
    known,
    lead_link,
    lead_title,
    pair,
    short,
    stamp,
)
from gnetics.pages.logs.widgets.details import Attempt, Change, RunEntry
from gnetics.pages.logs.widgets.log_table import LogCell, LogColumn, LogRow
from gnetics.widgets.given import Link

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
}
COLUMNS: list[LogColumn] = [
    {"key": "at", "label": "Date", "sort": True, "area": "b", "width": "150px"},
    {"key": "statut", "label": "Statut", "sort": True, "area": "e", "width": "124px"},
    {"key": "regle", "label": "Règle", "sort": True, "area": "a", "width": "20%"},
    {"key": "contact", "label": "Contact", "sort": True, "area": "d", "width": "18%"},
    {"key": "objet", "label": "Ce qui s’est passé", "sort": False, "area": "c", "width": ""},
    {"key": "duree", "label": "Durée", "sort": True, "area": "", "num": True, "width": "96px"},
    {"key": "essai", "label": "Essai", "sort": True, "area": "", "num": True, "width": "84px"},
]


def look(status: str) -> tuple[str, str]:
    return LOOKS.get(status, UNKNOWN_LOOK)


def why(run: Row) -> str:
    """The sentence that explains the status: the error of a failure, else the reason."""
    return str(run["error"] or run["reason"] or "")


def attempt(run: Row) -> str:
    """« 2 sur 3 »."""
    if run["attempt"] is None:
        return ""
    return f"{run['attempt']} sur {run['max_attempts']}" if run["max_attempts"] else str(run["attempt"])


def row(run: Row, lead: Row | None, today: date, region: Region) -> LogRow:
    tint, icon = look(run["status"])
    version = f"v{run['rule_version']}" if run["rule_version"] is not None else ""
    return {
        "key": run["key"],
        "label": f"{run['rule']}, {run['status']}, {run['lead_label'] or 'sans contact'}",
        "cells": [
            cell(short(run["logged_at"], today, region), tip=exact(run["logged_at"], region)),
            cell(capital(run["status"]), pill=tint, icon=icon, tip=why(run)),
            cell(run["rule"], version),
            cell(run["lead_label"] or "", link=lead_link(lead)),
            _what(run),
            cell(duration(_seconds(run))),
            cell(attempt(run)),
        ],
    }


def _seconds(run: Row) -> float | None:
    return None if run["lasted"] is None else run["lasted"] / 1000


def _what(run: Row) -> LogCell:
    """The subject and why, or what changed when there is nothing else to say."""
    words = [word for word in (run["subject"], why(run)) if word]
    if not words and (found := changes(run["before"], run["after"])):
        words = [f"{found[0]['label']} {found[0]['before'] or 'vide'} → {found[0]['after'] or 'vide'}"]
    return cell(words[0] if words else "", " · ".join(words[1:]))


def detail(run: Row, lead: Row | None, message: Link | None, region: Region) -> RunEntry:
    """Everything the store holds of a run; its lead may have another name today."""
    tint, icon = look(run["status"])
    lead_now = lead_title(lead)
    label = run["lead_label"] or lead_now
    return {
        "key": run["key"],
        "title": run["rule"],
        "status": {"text": capital(run["status"]), "pill": tint, "icon": icon},
        "when": exact(run["logged_at"], region) or "Date inconnue",
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


def link_in_chain(run: Row, current: bool, today: date, region: Region) -> Attempt:
    """One attempt of a chain."""
    tint, icon = look(run["status"])
    return {
        "key": run["key"],
        "on": current,
        "title": f"Essai {run['attempt']}" if run["attempt"] is not None else "Essai",
        "when": short(run["logged_at"], today, region),
        "status": {"text": capital(run["status"]), "pill": tint, "icon": icon},
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
