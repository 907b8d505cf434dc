"""Runs that set one another off: which run caused what happened, and whether a rule is about to answer itself."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from gnetics.store.happenings import Happening
from gnetics.store.schema import runs

LONGEST = 6  # runs that may follow from one another
WHO = "Règle «\u00a0{title}\u00a0»"  # who does what a rule does, in the history
_STARTS = WHO.partition("{")[0]


def causes(connection: Connection, happened: Sequence[Happening]) -> dict[tuple[int, int], int]:
    """The run that did each thing to each lead, by transaction and lead: it was settled by the same transaction."""
    revs = {each.rev for each in happened if each.who.startswith(_STARTS)}
    if not revs:
        return {}
    query = select(runs.c.rev, runs.c.lead_key, runs.c.key).where(runs.c.rev.in_(sorted(revs)), runs.c.automation.is_not(None))
    return {(rev, lead): key for rev, lead, key in connection.execute(query).all() if lead is not None}


def loop(connection: Connection, name: str, cause: int | None) -> str:
    """Why this rule is not to run, "" when it may: it is in the chain of its own causes, or the chain is too long."""
    titles: list[str] = []
    while cause is not None:
        run = connection.execute(select(runs.c.automation, runs.c.rule, runs.c.caused_by).where(runs.c.key == cause)).first()
        if run is None:
            break
        titles.insert(0, run.rule)
        if run.automation == name or len(titles) == LONGEST:
            return f"Les règles se déclenchent l’une l’autre\u00a0: {' → '.join(titles)} → de nouveau celle-ci."
        cause = run.caused_by
    return ""
