"""Calendars on other servers: what the worker does with them, and whether it can."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gnetics.actions.planned_runs import is_late
from gnetics.operations.finding import Finding
from gnetics.store.crm import Crm


def sync_calendars(crm: Crm, stopping: Callable[[], bool]) -> int:
    if not crm.settings.calendars:
        return 0
    from gnetics.calendars.planned import sync_due  # brings what speaks to servers, which the worker has no other need of

    return sync_due(crm, stopping)


def calendar_findings(crm: Crm) -> Iterator[Finding]:
    """Each that was not synchronised lately, or could not be the last time."""
    if not crm.settings.calendars:
        return
    from gnetics.calendars.planned import account_states

    for state in account_states(crm):
        account, known = state.entry, state.known
        if known is None or not (known["said"] or known["done_at"]):
            yield Finding("Agenda", True, f"{account.name}\u00a0: pas encore synchronisé")
        elif known["said"]:
            yield Finding("Agenda", False, f"{account.name}\u00a0: {known['said']}")
        else:
            late = is_late(crm, account, known["tried_at"])
            when = known["done_at"].astimezone(crm.region.zone)
            done = f"synchronisé {'pour la dernière fois ' if late else ''}le {when:%d/%m/%Y à %H:%M}"
            yield Finding("Agenda", not late, f"{account.name}\u00a0: {done}")
