"""The fictional leads of the demo, most of them in good order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from gnetics.demo import words
from gnetics.demo.journey import REFERENCE, Journey, Line, draw, history, worked
from gnetics.demo.people import Crowd, Person, email, phone
from gnetics.domain.statuses import default_probability

COUNTS = {"Clos": 84, "Perdu": 90, "À corriger": 12, "Nouveau": 26, "À contacter": 34, "Contacté": 50, "Qualifié": 44, "En suivi": 38}
_SOURCES = {  # weights: what people recommend to each other signs, what we knock at does not
    "Clos": {"Recommandation": 26, "Salon": 22, "Site web": 22, "Partenaire": 14, "LinkedIn": 10, "Prospection": 6},
    "Perdu": {"Prospection": 27, "LinkedIn": 22, "Site web": 21, "Salon": 17, "Recommandation": 7, "Partenaire": 6},
    "": {"Site web": 26, "LinkedIn": 21, "Salon": 17, "Prospection": 16, "Recommandation": 11, "Partenaire": 9},
}
_OWNERS = {"Clos": (27, 20, 25, 17, 11), "Perdu": (18, 20, 17, 27, 18), "": (20, 19, 20, 19, 22)}
_SCORES = {"Nouveau": 34, "À contacter": 41, "Contacté": 50, "Qualifié": 64, "En suivi": 74, "Clos": 81, "Perdu": 39, "À corriger": 45}
_WITHOUT_AMOUNT = {"Nouveau": 0.7, "À contacter": 0.55, "Contacté": 0.3, "Perdu": 0.25, "À corriger": 0.5}
_NEVER_CONTACTED = {"Nouveau": 0.6, "À contacter": 0.42}
# working days from the reference on which open leads are to be followed up: a few late, some each day of the week
_FOLLOW_UPS = [*(-1, -1, -2, -3, -3, -4, -6, -7, -9, -11, -14, -18, -24, -31), *(0,) * 8, *(1,) * 8, *(2,) * 7, *(3,) * 7, *(4,) * 6]


@dataclass
class DemoLead:
    """`values` by field key, ready for their cells; `person` is who mails and events speak of."""

    person: Person
    journey: Journey
    values: dict[str, Any]
    lines: list[Line] = field(default_factory=list)

    @property
    def lead_id(self) -> str | None:
        return self.values.get("lead_id")


def amount(rng: Random) -> int:
    """Euros: mostly around nine thousand, from one to sixty."""
    euros = min(60_000, max(1_000, rng.lognormvariate(9.1, 0.75)))
    return round(euros / 50) * 50 if euros < 10_000 else round(euros / 500) * 500


def note(status: str, sector: str, rng: Random) -> str | None:
    if rng.random() < 0.12:
        return None
    slots = {
        "k": rng.choice((4, 5, 6, 8, 9, 12, 14, 15, 18, 22, 25, 30, 40)),
        "many": rng.choice((150, 200, 350, 400, 600, 800, 1200)),
        "what": words.SECTORS[sector][1],
        "tool": rng.choice(words.TOOLS),
        "who": rng.choice(words.DECIDERS),
        "month": rng.choice(words.MONTHS),
    }
    parts = [rng.choice(words.CONTEXT)] if rng.random() < 0.75 else []
    parts.append(rng.choice(words.STORY[status]))
    if rng.random() < 0.15:
        parts.reverse()
    return " ".join(parts).format(**slots).replace(" de le ", " du ")


def _weighted(table: dict[str, Any], status: str) -> Any:
    return table.get(status, table[""])


def _last_contact(journey: Journey, rng: Random) -> date | None:
    if rng.random() < _NEVER_CONTACTED.get(journey.status, 0):
        return None
    if journey.status in ("Clos", "Perdu"):
        return journey.since
    since = max(journey.since, REFERENCE - timedelta(days=26))
    return worked(since + timedelta(days=rng.randint(0, max(0, (REFERENCE - since).days - 1))))


def _expected_close(status: str, rng: Random) -> date | None:
    """Now and the six months after, a few already past."""
    share = {"Contacté": 0.45, "Qualifié": 0.9, "En suivi": 0.97, "À contacter": 0.12}.get(status, 0)
    if rng.random() >= share:
        return None
    low, high, usual = {"En suivi": (-40, 100, 30), "Qualifié": (-25, 150, 60)}.get(status, (20, 185, 110))
    return worked(REFERENCE + timedelta(days=round(rng.triangular(low, high, usual))))


def _values(person: Person, journey: Journey, rng: Random) -> dict[str, Any]:
    status = journey.status
    closed = status in ("Clos", "Perdu")
    sources = _weighted(_SOURCES, status)
    source = rng.choices(list(sources), list(sources.values()))[0]
    owner = rng.choices(words.OWNERS, _weighted(_OWNERS, status))[0]
    probability = default_probability(status)
    if status in ("Qualifié", "En suivi") and rng.random() < 0.2:
        probability = rng.choice((40, 60) if status == "Qualifié" else (60, 80, 90))
    return {
        "name": person.name,
        "company": person.company.name,
        "job_title": person.job if rng.random() < 0.88 else None,
        "email": email(person, rng) if rng.random() < 0.96 else None,
        "phone": phone(rng) if rng.random() < 0.92 else None,
        "status": status,
        "source": rng.choice(words.SOURCES[source]) if rng.random() < 0.97 else None,
        "owner": owner if rng.random() < 0.975 else None,
        "last_contact": _last_contact(journey, rng),
        "amount": None if rng.random() < _WITHOUT_AMOUNT.get(status, 0.03 if not closed else 0) else amount(rng),
        "probability": probability,
        "expected_close": _expected_close(status, rng),
        "score": None if rng.random() < 0.12 else min(100, max(0, round(rng.gauss(_SCORES[status], 12)))),
        "lost_reason": rng.choice(words.LOST_REASONS) if status == "Perdu" and rng.random() < 0.93 else None,
        "tags": ", ".join(rng.sample(words.TAGS, rng.randint(1, 2))) if rng.random() < 0.35 else None,
        "notes": note(status, person.company.sector, rng),
        "created_at": journey.created,
        "closed_at": journey.since if closed else None,
        "status_since": journey.since if rng.random() < 0.96 else None,
        "previous_status": journey.previous,
    }


def _plan_follow_ups(leads: list[DemoLead], rng: Random) -> None:
    """Late, today, this week, later; the never contacted mostly have none yet."""
    waiting = [
        lead for lead in leads if lead.journey.status in ("À contacter", "Contacté", "Qualifié", "En suivi") and lead.values["last_contact"]
    ]
    rng.shuffle(waiting)
    for days in _FOLLOW_UPS:
        day = worked(REFERENCE + timedelta(days=days))
        lead = next(each for each in waiting if each.journey.created < min(day, REFERENCE) - timedelta(days=4))
        waiting.remove(lead)
        before = worked(min(day, REFERENCE) - timedelta(days=rng.randint(3, 12)))
        lead.values |= {"next_follow_up": day, "last_contact": max(lead.journey.created, min(lead.values["last_contact"], before))}
    for lead in waiting:
        if rng.random() < 0.93:
            lead.values["next_follow_up"] = worked(REFERENCE + timedelta(days=7 + round(rng.triangular(0, 40, 7))))


def make(rng: Random) -> list[DemoLead]:
    """In order of creation; numbered, but for the few a person added to the workbook by hand."""
    crowd = Crowd(rng)
    leads: list[DemoLead] = []
    for status, count in COUNTS.items():
        for _ in range(count):
            # now and then two people of the same company
            mate = rng.choice(leads).person.company if leads and rng.random() < 0.06 else None
            person, journey = crowd.person(mate), draw(status, rng)
            leads.append(DemoLead(person, journey, _values(person, journey, rng)))
    leads.sort(key=lambda lead: (lead.journey.created, lead.person.name))
    _plan_follow_ups(leads, rng)
    for number, lead in enumerate(leads, 1):
        lead.values["lead_id"] = f"L-{number:06d}"
        lead.lines = history(lead.journey, lead.values, rng)
    return leads
