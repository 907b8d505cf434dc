"""The automatic score of a lead, 0 to 100: four named parts that add up; what each thing is worth is said here only."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import compress
from typing import Any

from gnetics.domain import dates
from gnetics.domain.values import is_missing, text_of
from gnetics.domain.wilson import wilson

Lead = Mapping[str, Any]

# the table of weights: 30 + 25 + 25 + 20
FIT = {"email professionnel": 8, "email personnel": 4, "téléphone": 6, "entreprise": 4, "fonction": 4, "montant estimé": 8}
FIT_MOST = 30
MEETING, RECEIVED, SENT = 6, 4, 1  # points of a meeting or call that took place, of a mail received, of a mail sent
ACTIVITY_MOST = 25
RECENCY = ((7, 25), (14, 20), (30, 15), (60, 10), (90, 5))  # (at most so many days since the last contact, points); then 0
RECENCY_MOST = 25
SOURCE_MOST = 20
SOURCE_NEUTRAL = 6  # a source that has not decided enough leads yet, or none
ENOUGH_DECIDED = 10

_DAYS = [days for days, _ in RECENCY]
_POINTS = [*(points for _, points in RECENCY), 0]


@dataclass(frozen=True)
class Exchanges:
    """What really happened with a lead, over its whole life."""

    meetings: int = 0
    received: int = 0
    sent: int = 0


@dataclass(frozen=True)
class Rate:
    """The decided leads of a source."""

    won: int
    decided: int


@dataclass(frozen=True)
class Part:
    """One part of the score and the facts behind it."""

    label: str
    points: int
    most: int
    facts: str

    @property
    def sentence(self) -> str:
        """« Source : Salon, 12 sur 20 »."""
        return f"{self.label}\u00a0: {self.facts}, {self.points} sur {self.most}"


def total(parts: tuple[Part, ...]) -> int:
    return sum(part.points for part in parts)


def parts(lead: Lead, exchanges: Exchanges, rate: Rate | None, today: date) -> tuple[Part, ...]:
    """The four parts, from a whole stored row (derived columns included), its exchanges, and what its source has given."""
    quiet = _quiet_days(lead, today)
    return (
        Part("Profil", fit(lead), FIT_MOST, ", ".join(compress(FIT, _has(lead))) or "rien de renseigné"),
        Part("Activité", activity(exchanges), ACTIVITY_MOST, _exchanged(exchanges)),
        Part("Récence", recency(quiet), RECENCY_MOST, _contacted(lead, quiet, today)),
        Part("Source", source(rate), SOURCE_MOST, _brought(lead, rate)),
    )


FIT_READ = frozenset({"email_check", "email_domain", "phone_e164", "company", "job_title", "amount"})  # what `fit` looks at


def fit(lead: Lead) -> int:
    return sum(compress(FIT.values(), _has(lead)))


def activity(exchanges: Exchanges) -> int:
    points = MEETING * exchanges.meetings + RECEIVED * exchanges.received + SENT * exchanges.sent
    return min(ACTIVITY_MOST, points)


def recency(days: int | None) -> int:
    """Points for so many days without contact; None (never, or a date in the future) gives none."""
    return 0 if days is None else _POINTS[bisect_left(_DAYS, days)]


def source(rate: Rate | None) -> int:
    """A share of the success that the source has proved: the low end of its 95 % interval."""
    interval = wilson(rate.won, rate.decided) if rate and rate.decided >= ENOUGH_DECIDED else None
    return SOURCE_NEUTRAL if interval is None else round(SOURCE_MOST * interval[0])


def _has(lead: Lead) -> tuple[bool, ...]:
    """Whether this lead has each of what FIT counts, in its order."""
    readable = text_of(lead, "email_check") in ("valide", "en double")
    amount, own = lead.get("amount"), text_of(lead, "email_domain") != ""
    return (
        readable and own,
        readable and not own,
        text_of(lead, "phone_e164") != "",
        text_of(lead, "company") != "",
        text_of(lead, "job_title") != "",
        amount is not None and not is_missing(amount) and amount > 0,
    )


def _quiet_days(lead: Lead, today: date) -> int | None:
    last = lead.get("last_contact")
    if is_missing(last) or last is None:
        return None
    days = (today - date(last.year, last.month, last.day)).days
    return days if days >= 0 else None


def _exchanged(exchanges: Exchanges) -> str:
    counts = (
        (exchanges.meetings, "rendez-vous ou appel", "rendez-vous ou appels"),
        (exchanges.received, "email reçu", "emails reçus"),
        (exchanges.sent, "email envoyé", "emails envoyés"),
    )
    return ", ".join(f"{count} {many if count > 1 else one}" for count, one, many in counts if count) or "aucun échange"


def _contacted(lead: Lead, quiet: int | None, today: date) -> str:
    if quiet is not None:
        return f"dernier contact {dates.relative(lead['last_contact'], today)}"
    return "jamais contacté" if is_missing(lead.get("last_contact")) else "dernier contact dans le futur"


def _brought(lead: Lead, rate: Rate | None) -> str:
    name = text_of(lead, "source") or "non renseignée"
    if rate is None or rate.decided < ENOUGH_DECIDED:
        return f"{name} (valeur neutre, moins de {ENOUGH_DECIDED} affaires décidées)"
    return f"{name} ({rate.won} gagnées sur {rate.decided} décidées)"
