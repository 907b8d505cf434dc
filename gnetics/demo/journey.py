"""How a fictional lead went from one status to the next, and what its history says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from gnetics.domain.statuses import OPEN, default_probability

REFERENCE = date(2026, 11, 23)  # a Monday: whatever the day the demo is shown, the past is past
YEAR = timedelta(days=365)
# days spent in an open status: (shortest, usual, longest)
_STAYS = {"Nouveau": (0, 3, 9), "À contacter": (1, 5, 14), "Contacté": (3, 9, 30), "Qualifié": (3, 9, 28), "En suivi": (4, 12, 40)}
# the same for the status a lead is in now: within what is expected, but for a few
_STAYS_NOW = {"Nouveau": (0, 4, 16), "À contacter": (1, 6, 19), "Contacté": (1, 7, 24), "Qualifié": (1, 6, 19), "En suivi": (2, 6, 24)}
# closings follow the trade's year: slow in August and around Christmas, strong in spring and autumn
_SEASON = {1: 8, 2: 9, 3: 12, 4: 10, 5: 7, 6: 12, 7: 7, 8: 3, 9: 10, 10: 13, 11: 12, 12: 9}


@dataclass
class Journey:
    """`steps` are (day, status) from the creation on; the last one is now."""

    steps: list[tuple[date, str]]

    @property
    def created(self) -> date:
        return self.steps[0][0]

    @property
    def since(self) -> date:
        return self.steps[-1][0]

    @property
    def status(self) -> str:
        return self.steps[-1][1]

    @property
    def previous(self) -> str | None:
        return self.steps[-2][1] if len(self.steps) > 1 else None

    def entered(self, status: str) -> date | None:
        return next((day for day, each in self.steps if each == status), None)


@dataclass
class Line:
    """A line of the sheet Historique, still without its ID Lead."""

    at: datetime
    field: str
    before: Any
    after: Any


def worked(day: date) -> date:
    """The working day on or before."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def hour(day: date, rng: Random) -> datetime:
    return datetime.combine(worked(day), time(rng.randint(8, 17), rng.choice(range(60))))


def _stay(rng: Random, table: dict[str, tuple[int, int, int]], status: str, pace: float = 1) -> timedelta:
    low, usual, high = table[status]
    return timedelta(days=round(rng.triangular(low, high, usual) * pace))


def _path(status: str, rng: Random) -> list[str]:
    """Statuses passed through; « À contacter » is often skipped by who writes first."""
    if status in OPEN:
        before = list(OPEN[: OPEN.index(status)])
    elif status == "Clos":
        before = list(OPEN)
    else:
        last = rng.choices(OPEN, (4, 14, 30, 28, 24) if status == "Perdu" else (20, 25, 30, 20, 5))[0]
        before = list(OPEN[: OPEN.index(last) + 1])
    if "À contacter" in before[:-1] and rng.random() < 0.4:
        before.remove("À contacter")
    return [*before, status]


def closing_day(rng: Random) -> date:
    while True:
        day = REFERENCE - timedelta(days=rng.randint(3, 362))
        if rng.random() * 13 < _SEASON[day.month]:
            return worked(day)


def draw(status: str, rng: Random) -> Journey:
    """From the end backwards, so that the present looks as wanted."""
    path = _path(status, rng)
    if status in OPEN:
        day = worked(REFERENCE - timedelta(days=1) - _stay(rng, _STAYS_NOW, status))
    elif status == "À corriger":
        day = worked(REFERENCE - timedelta(days=rng.randint(2, 40)))
    else:
        day = closing_day(rng)
    pace = min(2.6, rng.lognormvariate(-0.1, 0.55))  # some decide in two weeks, some in five months
    steps = [(day, status)]
    for each in reversed(path[:-1]):
        day = worked(day - _stay(rng, _STAYS, each, pace))
        steps.append((day, each))
    return Journey(steps[::-1])


def history(journey: Journey, values: dict[str, Any], rng: Random) -> list[Line]:
    """Changes of the last twelve months, ending at the lead's present values."""
    lines: list[Line] = []
    moment = datetime.combine(journey.created, time(8))
    for (_, before), (day, after) in pairwise(journey.steps):
        moment = max(hour(day, rng), moment + timedelta(minutes=7))  # two steps may fall on one day
        lines.append(Line(moment, "Statut", before, after))
        lines.append(Line(moment, "Probabilité", default_probability(before), default_probability(after)))
    usual = default_probability(journey.status)
    if values.get("probability") is not None and values["probability"] != usual:
        lines.append(Line(moment + timedelta(minutes=4), "Probabilité", usual, values["probability"]))
    lines += _amounts(journey, values.get("amount"), rng)
    qualified = journey.entered("Qualifié")
    if values.get("expected_close") and qualified:
        lines.append(Line(hour(qualified, rng), "Clôture prévue", None, values["expected_close"]))
    since = datetime.combine(REFERENCE - YEAR, time())
    return sorted((line for line in lines if line.at >= since), key=lambda line: line.at)


def _amounts(journey: Journey, amount: int | None, rng: Random) -> list[Line]:
    """A first estimate when the need is known, often revised when the quote leaves."""
    estimated, quoted = journey.entered("Qualifié"), journey.entered("En suivi")
    if amount is None or estimated is None:
        return []
    if quoted is None or quoted <= estimated or rng.random() < 0.4:
        return [Line(hour(estimated, rng), "Montant estimé", None, amount)]
    first = round(amount * rng.choice((0.7, 0.8, 0.85, 1.1, 1.2, 1.3)), -2)
    return [Line(hour(estimated, rng), "Montant estimé", None, first), Line(hour(quoted, rng), "Montant estimé", first, amount)]
