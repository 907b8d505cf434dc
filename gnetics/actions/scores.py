"""The automatic score, computed anew for all."""

from __future__ import annotations

from gnetics.domain.rights import Verb
from gnetics.store import scores
from gnetics.store.crm import Crm


def score_all(crm: Crm, user: str, progress: scores.Progress | None = None, trying: bool = False) -> tuple[int, int]:
    """(leads whose points changed, leads): sources are measured anew, all leads follow, in one transaction without history.

    `trying`: it is given up.
    """
    with crm.write(user, Verb.SCORE) as uow:
        counted = uow.settle_scores(progress)
        if not trying:
            uow.commit()
    return counted
