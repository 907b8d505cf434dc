"""What is true of one lead, from its own values: derived columns, title, checks of a save, effects of a status change."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from gnetics.domain import emails, money, phones
from gnetics.domain.absence import identifies_nobody
from gnetics.domain.consent import FOLLOWING_CONSENT, follow_consent
from gnetics.domain.fields import BY_KEY, IDENTITY, IDENTITY_TO_CREATE
from gnetics.domain.folding import fold
from gnetics.domain.journey import lateness, missing, next_action, overdue_days, stage
from gnetics.domain.regions import Region
from gnetics.domain.statuses import BLOCKED, default_probability, type_of
from gnetics.domain.values import choice, is_missing, text_of
from gnetics.errors import Unreadable

__all__ = [
    "FOLLOWING", "FOLLOWING_STATUS", "check", "company_beside", "derive", "follow", "follow_status", "identified", "initials", "is_real",
    "lateness", "missing", "next_action", "overdue_days", "person", "same_person", "stage", "title",
]  # fmt: skip

Lead = Mapping[str, Any]
_SEARCHED = ("name", "company", "email", "phone", "lead_id", "notes")
READ = frozenset({*_SEARCHED, "source"})  # what `derive` looks at
FOLLOWING_STATUS = ("probability", "closed_at", "status_since", "previous_status")
FOLLOWING = {"status": FOLLOWING_STATUS, "consent": FOLLOWING_CONSENT}  # what goes with a field, and says nothing without it


def is_real(lead: Lead) -> bool:
    """A contact réel: one of name, company, email, ID Lead is there."""
    return any(text_of(lead, key) for key in IDENTITY)


def _e164(text: str, region: Region) -> str | None:
    try:
        return phones.parse(text, region) if text else None
    except Unreadable:
        return None


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


def identified(values: Lead, region: Region) -> dict[str, Any]:
    """The columns kept at write time by which a lead is recognised, from all its values."""
    name, company = text_of(values, "name"), text_of(values, "company")
    check, email_fold = _email(text_of(values, "email"))
    return {
        "real": bool(name or company) or is_real(values),
        "name_fold": _name(name),
        "company_fold": _name(company),
        "email_fold": email_fold,
        "phone_e164": _e164(text_of(values, "phone"), region),
        "email_check": check,
    }


def derive(values: Lead, region: Region, known: Lead | None = None) -> dict[str, Any]:
    """All the columns kept at write time; `known` are those that `identified` made, when it was asked before.

    `search` holds the folded words a person may type, with the phone's digits in one piece: as typed here, at home and from abroad.
    """
    kept = identified(values, region) if known is None else known
    typed = fold(" ".join(text_of(values, key) for key in _SEARCHED))  # at once: a third of the time of each
    digits = phones.searched(text_of(values, "phone"), kept["phone_e164"], region)
    return {**kept, "source_fold": fold(text_of(values, "source")), "search": " ".join(filter(None, [typed, digits]))}


def person(lead: Lead) -> str:
    """Whose deal it is: the ID Lead of the first deal of that person; "" of a lead that nobody can name yet."""
    return text_of(lead, "deal_of") or text_of(lead, "lead_id")


def same_person(one: Lead, other: Lead) -> bool:
    """Whether they were said to be two deals of one person."""
    return bool(person(one)) and person(one) == person(other)


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
        elif kind == "choice":
            choice(value, BY_KEY[key].choices)
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


def still_unread(row: Lead, wanted: Lead) -> dict[str, Any]:
    """A field that a person sets is no longer one the import could not read."""
    raw = json.loads(row["unread"]) if row.get("unread") else {}
    left = {name: text for name, text in raw.items() if name not in wanted}
    return {"unread": json.dumps(left, ensure_ascii=False) if left else None} if left != raw else {}


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


def follow(before: Lead | None, changes: Lead, today: date) -> dict[str, Any]:
    """All that a change implies for other fields, save those the same save sets."""
    return follow_status(before, changes, today) | follow_consent(before, changes, today)
