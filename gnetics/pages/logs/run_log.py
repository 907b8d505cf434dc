"""The automation runs as a log: their status, when, how long, and the attempts that retry one another."""

from __future__ import annotations

import pandas as pd

from gnetics.domain.folding import fold
from gnetics.pages.logs.log import LogFilters, LogIndex, lead_search, references

STATUSES: tuple[str, ...] = ("réussi", "échec", "ignoré", "simulé", "annulé", "interrompu", "en cours", "à faire")
FAILED: tuple[str, ...] = ("échec", "interrompu")
FACETS: tuple[str, ...] = ("statut", "regle", "lead")
SORTS: tuple[str, ...] = ("at", "statut", "regle", "contact", "duree", "essai")


def filters() -> LogFilters:
    return LogFilters(FACETS, SORTS)


def index(runs: pd.DataFrame, leads: pd.DataFrame) -> LogIndex:
    rows = pd.DataFrame(
        {
            "at": moments(runs),
            "statut": runs["status"],
            "regle": runs["rule"],
            "lead": references(runs["lead_key"], leads),
            "contact": runs["lead_label"].map(fold, na_action="ignore"),
            "duree": seconds(runs),
            "essai": runs["attempt"],
            "search": runs["search"],
            "lead_search": lead_search(runs["lead_key"], leads),
        },
        index=runs.index,
    )
    return LogIndex(rows, "statut")


def moments(runs: pd.DataFrame) -> pd.Series:
    """When each run was asked for; else when it began, or ended."""
    return runs["queued_at"].fillna(runs["started_at"]).fillna(runs["ended_at"])


def seconds(runs: pd.DataFrame) -> pd.Series:
    """How long each run worked; missing when it has not ended."""
    return (runs["ended_at"] - runs["started_at"]).dt.total_seconds()


def attempts(runs: pd.DataFrame, key: int) -> list[int]:
    """The chain a run belongs to, first attempt first; the run alone when nothing retries it."""
    first, before = key, runs["retry_of"]
    seen = {key}
    while first in before.index and pd.notna(before[first]) and before[first] in before.index and before[first] not in seen:
        first = int(before[first])
        seen.add(first)
    chain, newest = [first], {first}
    while newest := set(before.index[before.isin(newest).fillna(False)]) - set(chain):
        chain += sorted(newest)
    return [int(each) for each in chain]
