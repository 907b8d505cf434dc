"""What the worker does at its own hours, in the Automations Log."""

from __future__ import annotations

from datetime import datetime

from gnetics.domain.runs import PLANNER, Status
from gnetics.store.unit_of_work import Row, UnitOfWork


def note(uow: UnitOfWork, what: str, rule: str, started: datetime, status: Status, **told: str | None) -> None:
    """A line, `what` and the transaction making it unique."""
    row: Row = {
        "idempotency_key": f"{what} {uow.rev}",
        "rule": rule,
        "trigger": "planification",
        "triggered_by": PLANNER,
        "status": status,
        "queued_at": started,
        "started_at": started,
        "ended_at": uow.now,
        "attempt": 1,
    }
    uow.insert("runs", row | told)
