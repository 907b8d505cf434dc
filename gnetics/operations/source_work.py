"""Files that are read again and again: what the worker does with them, and whether they can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gnetics.actions.planned_runs import is_late
from gnetics.operations.finding import Finding
from gnetics.store.crm import Crm


def read_sources(crm: Crm, stopping: Callable[[], bool]) -> int:
    if not crm.settings.sources:
        return 0
    from gnetics.imports.sources import read_due  # brings what reads spreadsheets, which the worker has no other need of

    return read_due(crm, stopping)


def source_findings(crm: Crm) -> Iterator[Finding]:
    """Each that was not read lately, or could not be the last time."""
    if not crm.settings.sources:
        return
    from gnetics.imports.sources import states

    for state in states(crm):
        source, known = state.entry, state.known
        if known is None:
            yield Finding("Source", True, f"{source.name}\u00a0: pas encore lue")
        elif known["said"]:
            yield Finding("Source", False, f"{source.name}\u00a0: {known['said']}")
        else:
            late = is_late(crm, source, known["tried_at"])
            when = known["tried_at"].astimezone(crm.region.zone)
            yield Finding(
                "Source", not late, f"{source.name}\u00a0: lue {'pour la dernière fois ' if late else ''}le {when:%d/%m/%Y à %H:%M}"
            )
