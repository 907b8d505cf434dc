"""The automatic score: explained for one lead, computed anew for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gnetics.domain import score
from gnetics.domain.score import Exchanges, Part
from gnetics.store import scores
from gnetics.store.crm import Crm


def explain(crm: Crm, lead: Mapping[str, Any]) -> tuple[Part, ...]:
    """The parts of the lead's automatic score, from its row in a frame and what the store knows of its exchanges and source."""
    with crm.read() as connection:
        exchanges = scores.exchanges_of(connection, [lead["key"]]).get(lead["key"], Exchanges())
        rate = scores.read_rates(connection).get(lead["source_fold"] or "")
    return score.parts(lead, exchanges, rate, crm.clock.today())


def score_all(crm: Crm, user: str, progress: scores.Progress | None = None) -> tuple[int, int]:
    """(leads whose points changed, leads): sources are measured anew, all leads follow, in one transaction without history."""
    with crm.write(user, "score") as uow:
        counted = uow.settle_scores(progress)
        uow.commit()
    return counted
