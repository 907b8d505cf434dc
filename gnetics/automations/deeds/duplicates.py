"""Leads that resemble a lead are named; nothing is changed."""

from __future__ import annotations

from sqlalchemy import or_, select

from gnetics.automations.deeds.job import Job, Outcome, Row, ignored
from gnetics.domain.duplicates import SHARED, verdict
from gnetics.domain.folding import fold
from gnetics.domain.leads import title
from gnetics.domain.runs import Status
from gnetics.domain.typography import counted
from gnetics.store.schema import duplicate_pairs, leads

NAMED, LOOKED_AT = 3, 50


def flag(job: Job) -> Outcome:
    lead, connection = job.its_lead, job.uow.connection
    same = [leads.c[name] == lead[name] for name in ("email_fold", "phone_e164") if lead[name]]
    if lead["name_fold"]:  # the verdict looks at the company, or the mailbox, in whatever writing
        same.append(leads.c.name_fold == lead["name_fold"])
    lows = select(duplicate_pairs.c.low).where(duplicate_pairs.c.high == lead["key"])
    highs = select(duplicate_pairs.c.high).where(duplicate_pairs.c.low == lead["key"])
    alike = or_(*same, leads.c.key.in_(lows), leads.c.key.in_(highs))
    query = select(leads).where(alike, leads.c.key != lead["key"], leads.c.real, ~leads.c.deleted).order_by(leads.c.key)
    others = [dict(row) for row in connection.execute(query.limit(LOOKED_AT)).mappings()]
    judged = [(other, found) for other in others if (found := verdict(lead, other)) is not None and found.kind != SHARED]
    if not judged:
        return ignored("Il partage un téléphone ou une boîte commune avec d’autres, sous un autre nom.")
    said = [f"{_named(other, lead)} ({found.reason})" for other, found in judged[:NAMED]]
    more = f" et de {counted(len(judged) - NAMED, 'autre')}" if len(judged) > NAMED else ""
    return Outcome(Status.SUCCEEDED, f"Doublon possible avec {', '.join(said)}{more}")


def _named(other: Row, lead: Row) -> str:
    """Whoever sees only their own leads reads this too."""
    return title(other) if fold(other["owner"]) == fold(lead["owner"]) else "un contact d’un autre responsable"
