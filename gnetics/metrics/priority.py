"""Priorité du jour: three counters over one ranked list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from gnetics.domain.journey import QUIET_DAYS, next_action
from gnetics.metrics.figure import Figure, Row
from gnetics.metrics.measures import count
from gnetics.metrics.population import Ints, Mask, Population

_SHOWN = ("lead_id", "name", "company", "email", "phone", "status", "owner", "source", "amount", "probability")
_DATES = ("next_follow_up", "last_contact")
_JUDGED = (*_SHOWN, *_DATES, "email_check", "next_action", "lost_reason", "erased_at")


@dataclass(frozen=True, eq=False)
class Priority:
    """`total` is the union, its keys in the order of the list."""

    follow_up: Figure
    never_contacted: Figure
    blocked: Figure
    total: Figure
    late: Figure  # by more than a week
    planned_soon: Figure
    contacted_yesterday: Figure
    _population: Population
    _ranked: Ints
    _overdue: Ints

    def rows(self, start: int = 0, number: int = 20) -> list[Row]:
        """A slice of the list: the lead's facts, `overdue` days, `verb`, `reason` and `pill` (late, today, blocked, first)."""
        population, chosen = self._population, self._ranked[start : start + number]
        found = population.leads[list(_JUDGED)].iloc[population.rows[chosen]]
        rows: list[Row] = []
        for key, place, values in zip(population.keys[chosen], chosen, found.to_dict("records"), strict=True):
            lead: Row = {str(name): None if pd.isna(value) else value for name, value in values.items()}
            verb, reason, by_hand = next_action(lead, population.today)
            row: Row = {"key": int(key), **{name: lead[name] for name in _SHOWN}}
            row |= {name: None if lead[name] is None else lead[name].date() for name in _DATES}
            row |= {"overdue": int(self._overdue[place]), "verb": verb, "reason": reason, "by_hand": by_hand}
            rows.append(row | {"pill": self._pill(int(place))})
        return rows

    def _pill(self, place: int) -> str:
        population = self._population
        if population.blocked[place]:
            return "blocked"
        if self._overdue[place]:
            return "late"
        return "today" if population.days("next_follow_up")[place] == population.day else "first"


def overdue_days(population: Population) -> Ints:
    """Days late on the planned follow-up, or beyond a week without news when none is planned; open leads only."""
    planned, last = population.days("next_follow_up"), population.days("last_contact")
    late = np.where(np.isnat(planned), population.elapsed("last_contact") - QUIET_DAYS, population.elapsed("next_follow_up"))
    counted = population.open & ~(np.isnat(planned) & np.isnat(last))
    return np.where(counted, np.maximum(late, 0), 0)


def _to_follow_up(population: Population) -> Mask:
    planned, quiet = population.days("next_follow_up"), np.timedelta64(QUIET_DAYS, "D")
    silent = np.isnat(planned) & (population.day - population.days("last_contact") > quiet)
    return population.open & ((planned <= population.day) | silent)


def _ranked(population: Population, chosen: Ints, overdue: Ints) -> Ints:
    """Overdue days first, then what the lead is worth; the oldest key decides between equals, so the order is stable."""
    return chosen[np.lexsort((population.keys[chosen], -population.weighted[chosen], -overdue[chosen]))]


def priority(population: Population, first_weekday: int = 0) -> Priority:
    """`first_weekday` counts from Monday = 0: it tells where this week ends."""
    follow_up = _to_follow_up(population)
    never = population.open & population.missing("last_contact")
    overdue = overdue_days(population)
    ranked = _ranked(population, np.flatnonzero(follow_up | never | population.blocked), overdue)
    planned = population.days("next_follow_up")
    week_end = np.datetime64(population.today + timedelta(days=6 - (population.today.weekday() - first_weekday) % 7), "D")
    return Priority(
        follow_up=count(population, "follow_up", follow_up),
        never_contacted=count(population, "never_contacted", never),
        blocked=count(population, "blocked", population.blocked),
        total=count(population, "priority", ranked),
        late=count(population, "priority_late", ranked[overdue[ranked] > 7]),
        planned_soon=count(population, "planned_soon", population.open & (planned > population.day) & (planned <= week_end)),
        contacted_yesterday=count(
            population, "contacted_yesterday", population.days("last_contact") == population.day - np.timedelta64(1, "D")
        ),
        _population=population,
        _ranked=ranked,
        _overdue=overdue,
    )
