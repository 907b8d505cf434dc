"""A lead on its sheet: the head, the fields to read, the inputs of the form, the parts of its score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import quote

import pandas as pd

from gnetics.domain import dates, emails, leads, values
from gnetics.domain.fields import BY_KEY, LEAD_FIELDS, Field
from gnetics.domain.regions import Region
from gnetics.domain.score import Part
from gnetics.domain.sequences import State
from gnetics.domain.statuses import LOST, type_of
from gnetics.pages.contacts.widgets.lead_sheet import (
    Deal,
    FollowUps,
    FormField,
    FormSection,
    LeadHead,
    ReadField,
    ReadSection,
    ScorePart,
    ScoreParts,
)
from gnetics.store.reading.sequences import Standing
from gnetics.widgets import codec, lead_rows
from gnetics.widgets.lead_rows import Row

NEWS = timedelta(days=30)
_SELDOM = {"lost_reason": LOST, "deal_of": ""}  # fields read only where they say something, and the status that wants them all the same


def head(row: Row, follow_ups: FollowUps, today: date) -> LeadHead:
    """The top of the sheet: who, what to do next and why."""
    action, reason, by_hand = leads.next_action(row, today)
    job, company = values.text_of(row, "job_title"), values.text_of(row, "company")
    title = leads.title(row)
    where = f"{job} chez {company}" if job and company else job or leads.company_beside(row)
    blocked = row["status"] == "À corriger"
    return {
        "ref": lead_rows.reference(row),
        "title": title,
        "subtitle": " · ".join(part for part in (where, values.text_of(row, "lead_id")) if part and part != title),
        "initials": leads.initials(row),
        "action": action,
        "reason": reason if not by_hand else "choisie à la main",
        "late": leads.lateness(row, today) > 0,
        "closed": type_of(row["status"]) in ("gagné", "perdu"),
        "back_to": values.text_of(row, "previous_status") if blocked else "",
        "notes": values.text_of(row, "notes"),
        "call": link(BY_KEY["phone"], row),
        "write": link(BY_KEY["email"], row),
        "follow_ups": follow_ups,
        "erased": bool(row["erased_at"]),
    }


def other_deals(real: pd.DataFrame, row: Row, region: Region) -> list[Deal]:
    """Those of the same person, the latest first, with how they stand."""
    whose = leads.person(row)
    if not whose:
        return []
    mine = real[((real["deal_of"] == whose) | (real["lead_id"] == whose)) & (real.index != row["key"])]
    return [_deal(other, region) for other in reversed(codec.records(mine))]


def _deal(row: Row, region: Region) -> Deal:
    day = values.show("date", row["closed_at"], region)
    facts = (lead_rows.status_word(row) + (f" le {day}" if day else ""), values.show("money", row["amount"], region))
    return {"ref": lead_rows.reference(row), "text": ", ".join(filter(None, facts))}


def follow_ups(standing: Standing | None, now: datetime, region: Region) -> FollowUps:
    """« Relance 2 sur 3, lundi 30 novembre »; why they ended, for as long as that is news."""
    if standing is None:
        return {"text": "", "running": False}
    if standing.state is State.RUNNING and standing.next_on:
        day = dates.long(standing.next_on, region).removesuffix(f" {now.astimezone(region.zone).year}")
        return {"text": f"Relance {standing.step + 1} sur {standing.steps}, {day}", "running": True}
    if standing.ended_at is None or now - standing.ended_at > NEWS:
        return {"text": "", "running": False}
    how = "terminées" if standing.state is State.OVER else "arrêtées"
    return {"text": f"Relances {how}\u00a0: {standing.reason}", "running": False}


def link(field: Field, row: Row) -> str:
    """To write to an address, or call a number, that can be; "" otherwise."""
    if row.get("erased_at"):
        return ""
    if field.kind == "email" and row["email_check"] in ("valide", "en double"):
        return f"mailto:{quote(emails.bare(row['email']), safe='@')}"  # « a&b? » is an address, and would be a question
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


def score_parts(parts: Sequence[Part], by_hand: bool) -> ScoreParts:
    """The small table that explains the automatic score; `by_hand` offers the way back to it."""
    rows: list[ScorePart] = [
        {"label": part.label, "points": part.points, "most": part.most, "facts": part.facts, "says": part.sentence} for part in parts
    ]
    return {"rows": rows, "total": sum(part.points for part in parts), "by_hand": by_hand}


def sections(row: Row, today: date, region: Region, unread: dict[str, str]) -> list[ReadSection]:
    """All fields, grouped under small titles, notes apart."""
    grouped: dict[str, list[ReadField]] = {}
    shown = {
        "stage": leads.stage(row)[0],
        "next_action": leads.next_action(row, today)[0],
        "status": lead_rows.status_word(row),
        "score": values.show("score", row["any_score"], region),
    }
    for field in LEAD_FIELDS:
        if field.key == "notes" or (field.key in _SELDOM and not row[field.key] and row["status"] != _SELDOM[field.key]):
            continue
        note, bad = _note(field, row, today, unread)
        text = shown.get(field.key) or values.show(field.kind, row[field.key], region)
        grouped.setdefault(field.section, []).append(
            {"key": field.key, "label": field.label, "kind": field.kind, "text": text, "href": link(field, row), "note": note, "bad": bad}
        )
    return [{"title": title, "fields": fields} for title, fields in grouped.items()]


def automatic(row: Row, today: date) -> dict[str, str]:
    """What stands in a field of the form that is left to the product: « Automatique : Négociation »."""
    left = {**row, "stage": None, "next_action": None}
    found = {"stage": leads.stage(left)[0], "next_action": leads.next_action(left, today)[0], "score": row.get("auto_score")}
    return {key: f"Automatique\u00a0: {value}" for key, value in found.items() if value not in (None, "")}


def form_fields(editable: Iterable[Field], region: Region) -> list[FormSection]:
    """The inputs of the form, grouped under small titles."""
    suffix = {"score": "/ 100"}
    hint = {"date": region.date_hint, "tags": "séparées par des virgules", "money": f"0,00 {region.symbol}", "percent": "0 à 100 %"}
    grouped: dict[str, list[FormField]] = {}
    for field in editable:
        made: FormField = {
            "key": field.key,
            "label": field.label,
            "kind": field.kind,
            "suffix": suffix.get(field.kind),
            "hint": hint.get(field.kind),
        }
        grouped.setdefault(field.section, []).append(made)
    return [{"title": title, "fields": fields} for title, fields in grouped.items()]
