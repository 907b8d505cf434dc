"""What is true of one lead, from its own values: derived columns, title, checks of a save, effects of a status change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from gnetics.domain import emails, money, phones
from gnetics.domain.absence import identifies_nobody
from gnetics.domain.fields import BY_KEY, IDENTITY, IDENTITY_TO_CREATE
from gnetics.domain.folding import fold
from gnetics.domain.journey import missing, next_action, overdue_days, stage
from gnetics.domain.regions import Region
from gnetics.domain.statuses import BLOCKED, default_probability, type_of
from gnetics.domain.values import is_missing, text_of
from gnetics.errors import Unreadable

__all__ = [
    "FOLLOWING_STATUS", "check", "company_beside", "derive", "follow_status", "initials", "is_real",
    "missing", "next_action", "overdue_days", "stage", "title",
]  # fmt: skip

Lead = Mapping[str, Any]
_SEARCHED = ("name", "company", "email", "phone", "lead_id", "notes")
READ = frozenset({*_SEARCHED, "source"})  # what `derive` looks at
FOLLOWING_STATUS = ("probability", "closed_at", "status_since", "previous_status")


def is_real(lead: Lead) -> bool:
    """A contact réel: one of name, company, email, ID Lead is there."""
    return any(text_of(lead, key) for key in IDENTITY)


def _phone(text: str, region: Region) -> tuple[str | None, str]:
    """(E.164 or None, the digits as people write them)."""
    if not text:
        return None, ""
    try:
        e164, written = phones.forms(text, region)
    except Unreadable:
        return None, "".join(filter(str.isdigit, text))
    return e164, "".join(filter(str.isdigit, written))


def _email(text: str) -> tuple[str, str | None]:
    """(check, folded key of one that can be read); « en double » needs the other leads, so the store says it."""
    if not text:
        return "manquant", None
    try:
        return "valide", fold(emails.parse(text))
    except Unreadable:
        return "invalide", None


@lru_cache(maxsize=16_384)  # the same companies over and over
def _name(text: str) -> str | None:
    """The folded key of a person or a company, by which they are compared; None when it is nobody's."""
    return None if identifies_nobody(text) else fold(text)


def derive(values: Lead, region: Region) -> dict[str, Any]:
    """The columns kept at write time, from all the values of a lead.

    `search` holds the folded words a person may type, with the phone's digits in one piece: national and international, or as they are.
    """
    texts = {key: text_of(values, key) for key in READ}
    check, email_fold = _email(texts["email"])
    e164, digits = _phone(texts["phone"], region)
    return {
        "real": is_real(texts),
        "name_fold": _name(texts["name"]),
        "company_fold": _name(texts["company"]),
        "email_fold": email_fold,
        "source_fold": fold(texts["source"]),
        "phone_e164": e164,
        "email_check": check,
        "search": fold(" ".join([*(texts[key] for key in _SEARCHED), digits, e164 or ""])) or "",
    }


def title(lead: Lead) -> str:
    """The first present of name, company, email, ID Lead."""
    for key in IDENTITY:
        if text := text_of(lead, key):
            return text
    return "Contact sans identité"


def company_beside(lead: Lead) -> str:
    """The company, for beside the title; "" when it is the title."""
    company = text_of(lead, "company")
    return company if company != title(lead) else ""


def initials(lead: Lead) -> str:
    """Two letters at most for the avatar; « ? » when the title has none."""
    words = [word for word in title(lead).replace("-", " ").replace("@", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def _length_sentence(key: str, value: Any) -> str | None:
    limit = BY_KEY[key].limit
    if isinstance(value, str) and len(value) > limit:
        return f"{BY_KEY[key].label}\u00a0: {len(value)} caractères, le maximum est {limit}\u00a0; raccourcissez le texte."
    return None


def _value_sentence(key: str, value: Any, region: Region) -> str | None:
    """What is wrong with one present value."""
    kind = BY_KEY[key].kind
    try:
        if kind == "email":
            emails.parse(value)
        elif kind == "phone":
            phones.parse(value, region)
        elif kind == "money":
            if value < 0:
                return f"{BY_KEY[key].label}\u00a0: indiquez un montant positif ou nul."
            money.checked(value, money.show(value, region))
        elif kind in ("percent", "score") and not 0 <= value <= 100:
            return f"{BY_KEY[key].label}\u00a0: indiquez un nombre entier de 0 à 100."
    except Unreadable as refusal:
        return str(refusal)
    return None


def check(values: Lead, region: Region, *, changed: Iterable[str] | None = None, today: date | None = None) -> dict[str, str]:
    """Sentences of a save, by field ("" for the whole form); empty when nothing stands in the way.

    Only the fields in `changed` are looked at (all when None), so an old invalid email never blocks another change.
    """
    sentences: dict[str, str] = {}
    for key in BY_KEY.keys() & set(values if changed is None else changed):
        value = values.get(key)
        if is_missing(value) or value == "":
            continue
        if sentence := _length_sentence(key, value) or _value_sentence(key, value, region):
            sentences[key] = sentence
    last_contact = values.get("last_contact")
    if (
        today
        and (changed is None or "last_contact" in changed)
        and last_contact is not None
        and not is_missing(last_contact)
        and last_contact > today
    ):
        sentences["last_contact"] = "Le dernier contact est dans le futur\u00a0: indiquez une date passée ou celle du jour."
    needed = IDENTITY if text_of(values, "lead_id") else IDENTITY_TO_CREATE
    if not any(text_of(values, key) for key in needed):
        sentences[""] = "Indiquez au moins un nom, une entreprise ou un email."
    return sentences


def _closing(before: Lead, new: str | None, today: date) -> date | None:
    """Closing date after the change; a problem flag put on and taken off a closed lead does not move it."""
    kept = None if is_missing(before.get("closed_at")) else before.get("closed_at")
    if type_of(new) in ("gagné", "perdu"):
        back = before.get("status") == BLOCKED and before.get("previous_status") == new
        return kept if back and kept else today
    return kept if new == BLOCKED else None


def follow_status(before: Lead | None, changes: Lead, today: date) -> dict[str, Any]:
    """What a change of status implies for other fields, save those the same save sets; empty when the status stays."""
    before = before or {}
    if "status" not in changes or changes["status"] == before.get("status"):
        return {}
    new = changes["status"]
    implied = {
        "probability": default_probability(new),
        "status_since": today,
        "previous_status": before.get("status"),
        "closed_at": _closing(before, new, today),
    }
    return {key: value for key, value in implied.items() if key not in changes}
