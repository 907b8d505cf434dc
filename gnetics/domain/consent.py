"""Whether a person agreed to be written to, and on which ground of the GDPR (article 6) what is known of them is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any


class Consent(StrEnum):
    """None stands for nobody knows: such a person may be written to."""

    GIVEN = "donné"
    REFUSED = "refusé"
    WITHDRAWN = "retiré"


CONSENTS: tuple[str, ...] = tuple(each.value for each in Consent)  # the more restrictive comes later
BARRING: tuple[str, ...] = (Consent.REFUSED.value, Consent.WITHDRAWN.value)
REASONS: dict[str, str] = {
    Consent.REFUSED: "le contact a refusé son consentement",
    Consent.WITHDRAWN: "le contact a retiré son consentement",
}
LEGAL_BASES = (
    "consentement",
    "contrat",
    "obligation légale",
    "intérêts vitaux",
    "mission d’intérêt public",
    "intérêt légitime",
)
FOLLOWING_CONSENT = ("consent_on", "consent_source")  # they say of which moment, and of what, the consent beside them is
BY_HAND = "saisi à la main"


def strength(consent: Any) -> int:
    """The more restrictive is the higher; 0 when nothing is known."""
    return CONSENTS.index(consent) + 1 if consent in CONSENTS else 0


def prevails(new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Whether a consent that is told takes the place of the known one: the later where both have a day, else the more restrictive."""
    told, known = new.get("consent_on"), old.get("consent_on")
    if told and known and told != known:
        return bool(told > known)
    return strength(new["consent"]) >= strength(old["consent"])


def follow_consent(before: Mapping[str, Any] | None, changes: Mapping[str, Any], today: date) -> dict[str, Any]:
    """What a change of consent implies beside it, save what the same save sets: the day and the source of another one do not stay."""
    if "consent" not in changes or changes["consent"] == (before or {}).get("consent"):
        return {}
    implied = {"consent_on": today, "consent_source": BY_HAND} if changes["consent"] else dict.fromkeys(FOLLOWING_CONSENT)
    return {key: value for key, value in implied.items() if key not in changes}
