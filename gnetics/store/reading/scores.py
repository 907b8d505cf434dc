"""The automatic score of one lead, explained."""

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
