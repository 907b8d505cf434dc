"""« Dernier contact » is set by what really happened, never moved back, never in the future."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from gnetics.domain.history import Action
from gnetics.store.unit_of_work import UnitOfWork


def touch(uow: UnitOfWork, days: Mapping[int, date]) -> None:
    """The day on which each of these leads, by key, was met, written to, or wrote."""
    today = uow.now.astimezone(uow.region.zone).date()
    later = [
        (lead, {"last_contact": days[key]})
        for key, lead in uow.rows("leads", days).items()
        if not lead["deleted"]
        and not lead["erased_at"]
        and days[key] <= today
        and (lead["last_contact"] is None or lead["last_contact"] < days[key])
    ]
    uow.update_many("leads", later, Action.CHANGED)
