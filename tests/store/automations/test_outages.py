"""Whatever the moments at which a worker is there, clocks that change or jump included, each due date is done once or said missed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis.strategies import DrawFn, composite, integers, lists, sampled_from

from gnetics.automations.switching import disable
from tests.store.automations.conftest import Team

pytestmark = pytest.mark.costly

# a day before each change of clocks, and the last days of a year
BEGINNINGS = [datetime(2026, 10, 24, 4, tzinfo=UTC), datetime(2027, 3, 27, 4, tzinfo=UTC), datetime(2026, 12, 30, 4, tzinfo=UTC)]
LATE = 10  # days


@composite
def outages(draw: DrawFn) -> tuple[datetime, list[int], list[int]]:
    """When it begins, after how many hours the worker looks each time (back in time too), and in how many days each lead is due."""
    moments = draw(lists(integers(-30, 24 * 20), min_size=1, max_size=6))
    return draw(sampled_from(BEGINNINGS)), moments, draw(lists(integers(0, 25), min_size=1, max_size=4))


@pytest.fixture
def ruled(team: Team) -> Team:
    team.write(f'[rules.sans-nouvelles]\nlate_days = {LATE}\nat = "02:30"\n')
    return team


@settings(
    max_examples=settings().max_examples // 5,  # a few transactions each
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(outages())
@example((BEGINNINGS[1], [21, 1], [1]))  # at 3:00, which is when 2:00 would be: 2:30 comes at 3:30
def test_each_due_date_is_done_once_or_missed_and_none_is_forgotten(ruled: Team, drawn: tuple[datetime, list[int], list[int]]) -> None:
    begin, hours, days = drawn
    ruled.go_to(begin)
    first = ruled.today
    dues = {ruled.add(last_contact=first + timedelta(days=n - 14)): first + timedelta(days=n) for n in days}
    ruled.enable("sans-nouvelles")
    looked: list[datetime] = []
    for hour in hours:
        ruled.after(hours=hour)
        looked.append(ruled.now[0])
        ruled.work()
    for key, due in dues.items():
        check(ruled, key, due, looked)
    assert max(Counter(run["lead_key"] for run in ruled.runs() if run["lead_key"] in dues).values(), default=0) <= 1
    disable(ruled.crm, "Chef", "sans-nouvelles")


def check(team: Team, key: int, due: date, looked: list[datetime]) -> None:
    """What became of a lead follows from the first time that the worker saw it due."""
    moment = datetime(due.year, due.month, due.day, 2, 30, tzinfo=team.crm.region.zone).astimezone(UTC)
    seen = next((each for each in looked if each >= moment), None)
    statuses = [run["status"] for run in team.runs(lead_key=key)]
    if seen is None:
        assert statuses == []
    else:
        late = (seen.astimezone(team.crm.region.zone).date() - due).days
        assert statuses == (["manqué"] if late > LATE else ["réussi"])
