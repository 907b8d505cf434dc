"""Where the follow-ups of a lead stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from gnetics.domain.sequences import State
from gnetics.store.crm import Crm
from gnetics.store.schema import sequences


@dataclass(frozen=True)
class Standing:
    """`next_on`: the day of the next one; None when none is to come."""

    automation: str
    state: State
    step: int
    steps: int
    next_on: date | None
    reason: str
    ended_at: datetime | None


def standing(crm: Crm, lead_key: int) -> Standing | None:
    """Of the last sequence of a lead."""
    columns = ("automation", "state", "step", "steps", "next_on", "reason", "ended_at")
    with crm.read() as connection:
        row = connection.execute(select(*(sequences.c[name] for name in columns)).where(sequences.c.lead_key == lead_key)).first()
    return Standing(row.automation, State(row.state), row.step, row.steps, row.next_on, row.reason, row.ended_at) if row else None
