"""Several leads of one person made one: whose value each field keeps, and the values that result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gnetics.domain import values
from gnetics.domain.consent import FOLLOWING_CONSENT, strength
from gnetics.domain.fields import EDITABLE

Lead = Mapping[str, Any]
BOTH = 0  # for these fields, the choice to keep what all of them say
JOINED = {"notes": "\n", "tags": ", "}
_WITH_STATUS = ("status_since", "previous_status", "closed_at")
CHOSEN = tuple(field.key for field in EDITABLE if field.key not in FOLLOWING_CONSENT)


def differing(leads: Sequence[Lead]) -> list[str]:
    """The fields to choose for: those that are not the same everywhere."""
    return [key for key in CHOSEN if len({_plain(lead, key) for lead in leads}) > 1]


def proposed(leads: Sequence[Lead]) -> dict[str, int]:
    """Per differing field, the key of the lead whose value is kept unless the person says otherwise; the first lead survives."""
    choice: dict[str, int] = {}
    for key in differing(leads):
        having = [lead for lead in leads if _plain(lead, key) is not None]
        if key in JOINED and len({_plain(lead, key) for lead in having}) > 1:
            choice[key] = BOTH
        elif key == "consent":
            choice[key] = _most_restrictive(having)["key"]
        elif key == "last_contact":
            choice[key] = max(having, key=lambda lead: lead["last_contact"])["key"]
        else:
            choice[key] = having[0]["key"]
    return choice


def merged(leads: Sequence[Lead], choice: Mapping[str, int]) -> dict[str, Any]:
    """The values of the survivor, first of `leads`; a field without a choice gets the one proposed.

    What goes with a status or a consent comes from the lead whose status or consent is kept; the creation is the earliest.
    """
    by_key = {lead["key"]: lead for lead in leads}
    kept = proposed(leads) | {key: whose for key, whose in choice.items() if whose in by_key or (whose == BOTH and key in JOINED)}
    result = {key: _joined(leads, key) if whose == BOTH else _plain(by_key[whose], key) for key, whose in kept.items() if key in CHOSEN}
    if "status" in kept:
        result |= {key: _plain(by_key[kept["status"]], key) for key in _WITH_STATUS}
    consenting = by_key[kept["consent"]] if "consent" in kept else _most_restrictive(leads)
    result |= {key: _plain(consenting, key) for key in FOLLOWING_CONSENT}
    known = [lead["created_at"] for lead in leads if _plain(lead, "created_at") is not None]
    return result | ({"created_at": min(known)} if known else {})


def _most_restrictive(leads: Sequence[Lead]) -> Lead:
    """The one whose consent stays, of equal ones the first that has a day."""
    return max(leads, key=lambda lead: (strength(lead["consent"]), _plain(lead, "consent_on") is not None))


def _joined(leads: Sequence[Lead], key: str) -> str:
    texts = dict.fromkeys(values.text_of(lead, key) for lead in leads if values.text_of(lead, key))
    joined = JOINED[key].join(texts)
    return values.tags(joined) if key == "tags" else joined


def _plain(lead: Lead, key: str) -> Any:
    return None if values.is_missing(lead[key]) else lead[key]
