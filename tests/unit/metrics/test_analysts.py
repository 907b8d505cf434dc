"""The figures that analysts alone ask for: quiet leads, cohorts, the forecast of a period and its interval."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnetics.metrics.cohorts import cohorts
from gnetics.metrics.forecast import planned, planned_interval
from gnetics.metrics.interval import STEPS, Interval, interval
from gnetics.metrics.quiet import quiet
from gnetics.metrics.window import Window
from tests.unit.metrics.conftest import Maker


def test_a_lead_is_quiet_from_the_day_after_so_many_days(make: Maker) -> None:
    ago = [make.today - timedelta(days=days) for days in (0, 30, 31, 400)]
    leads: list[dict[str, Any]] = [{"status": "Contacté", "last_contact": day} for day in ago]
    leads += [
        {"status": "Nouveau", "created_at": ago[2]},  # never contacted: since its creation
        {"status": "Nouveau", "created_at": ago[3], "last_contact": ago[0]},
        {"status": "Nouveau"},  # nobody knows
        {"status": "Clos", "last_contact": ago[3]},
    ]
    figure = quiet(make.population(leads), 30)
    assert figure.value == 3 and [(out.reason, len(out)) for out in figure.left_out] == [("sans date connue", 1)]


def test_a_cohort_ripens_month_by_month(make: Maker) -> None:
    born = date(2026, 9, 10)
    leads: list[dict[str, Any]] = [
        {"created_at": born, "status": "Clos", "closed_at": date(2026, 9, 30)},
        {"created_at": born, "status": "Clos", "closed_at": date(2026, 10, 1)},
        {"created_at": born, "status": "Clos", "closed_at": None},
        {"created_at": born, "status": "Perdu", "closed_at": date(2026, 10, 1)},
        {"created_at": None, "status": "Clos", "closed_at": born},
    ]
    found = cohorts(make.population(leads))
    assert {age: figure.value for (_, age), figure in found.items()} == {0: 0.25, 1: 0.5}
    assert {month for month, _ in found} == {date(2026, 9, 1)}
    assert [(out.reason, len(out)) for out in found[date(2026, 9, 1), 0].left_out] == [("sans date de clôture", 1)]


def test_a_period_is_worth_what_is_planned_in_it(make: Maker) -> None:
    leads: list[dict[str, Any]] = [
        {"status": "En suivi", "amount": 1_000_000, "expected_close": date(2027, 1, 1)},
        {"status": "Qualifié", "amount": 33_333, "expected_close": date(2027, 3, 31)},
        {"status": "Qualifié", "amount": None, "expected_close": date(2027, 2, 1)},
        {"status": "Qualifié", "amount": 500, "expected_close": date(2027, 4, 1)},
        {"status": "Perdu", "amount": 500, "expected_close": date(2027, 2, 1)},
    ]
    population = make.population(leads)
    figure = planned(population, Window(date(2027, 1, 1), date(2027, 3, 31)))
    assert figure.value == 750_000 + 16_667 and [len(out) for out in figure.left_out] == [1]
    assert planned_interval(population, figure, 0.9).high == 1_033_333


@pytest.mark.parametrize(
    ("deals", "share", "wanted"),
    [
        ([], 0.9, Interval(0, 0)),
        ([(1000, 75)], 0.9, Interval(0, 1000)),
        ([(1000, 100)], 0.9, Interval(1000, 1000)),
        ([(1000, 2)], 0.9, Interval(0, 0)),
        ([(1000, 50), (1000, 50)], 0.4, Interval(1000, 1000)),
        ([(1000, 50), (3000, 50)], 0.5, Interval(0, 3000)),
    ],
)
def test_an_interval_that_can_be_counted_by_hand(deals: list[tuple[int, int]], share: float, wanted: Interval) -> None:
    assert interval(deals, share) == wanted


@given(st.lists(st.tuples(st.integers(1, 100_000), st.integers(1, 99)), min_size=1, max_size=8), st.sampled_from([0.5, 0.8, 0.9]))
def test_it_is_that_of_all_outcomes(deals: list[tuple[int, int]], share: float) -> None:
    whole = sum(cents for cents, _ in deals)
    outcomes = []
    for won in product((False, True), repeat=len(deals)):
        chance, cents = 1.0, 0
        for (amount, percent), yes in zip(deals, won, strict=True):
            chance *= percent / 100 if yes else 1 - percent / 100
            cents += amount if yes else 0
        outcomes.append((cents, chance))
    found, room = interval(deals, share), whole * (len(deals) + 1) / STEPS
    tail = (1 - share) / 2
    assert sum(chance for cents, chance in outcomes if cents < found.low - room) <= tail + 1e-9
    assert sum(chance for cents, chance in outcomes if cents > found.high + room) <= tail + 1e-9
    assert sum(chance for cents, chance in outcomes if cents <= found.low + room) >= tail - 1e-9
    assert sum(chance for cents, chance in outcomes if cents >= found.high - room) >= tail - 1e-9


@pytest.mark.parametrize("share", [0, 1, -0.5, 90])
def test_a_share_is_between_nothing_and_all(share: float) -> None:
    with pytest.raises(ValueError, match="part"):
        interval([(1, 1)], share)
