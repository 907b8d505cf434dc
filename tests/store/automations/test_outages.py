"""Whatever the moments at which a worker is there, clocks and schedules that change included, each due date is done once or said missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis.strategies import DrawFn, composite, integers, lists, sampled_from, tuples

from gnetics.automations.switching import disable
from tests.store.automations.conftest import Team

pytestmark = pytest.mark.costly

# a day before each change of clocks, and the last days of a year
BEGINNINGS = [datetime(2026, 10, 24, 4, tzinfo=UTC), datetime(2027, 3, 27, 4, tzinfo=UTC), datetime(2026, 12, 30, 4, tzinfo=UTC)]
LATE = 10  # days
HOURS = (time(2, 30), time(14), time(23, 59))
Look = tuple[int, time]  # after so many hours, by a schedule of that hour


@composite
def outages(draw: DrawFn) -> tuple[datetime, list[Look], list[int]]:
    """When it begins, when the worker looks (back in time too) and when the rule acts by then, in how many days each lead is due."""
    looks = draw(lists(tuples(integers(-30, 24 * 20), sampled_from(HOURS)), min_size=1, max_size=6))
    return draw(sampled_from(BEGINNINGS)), looks, draw(lists(integers(0, 25), min_size=1, max_size=4))


def acts_at(team: Team, hour: time) -> None:
    """From now on, for those that are due already too."""
    team.write(f'[rules.sans-nouvelles]\nlate_days = {LATE}\nat = "{hour:%H:%M}"\n')
    team.enable("sans-nouvelles", existing=True)


@settings(
    max_examples=settings().max_examples // 5,  # a few transactions each
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(outages())
@example((BEGINNINGS[1], [(21, HOURS[0]), (1, HOURS[0])], [1]))  # at 3:00, which is when 2:00 would be: 2:30 comes at 3:30
@example((BEGINNINGS[0], [(7, HOURS[1]), (1, HOURS[2]), (3, HOURS[0])], [0]))  # done at 14:00, then due at another hour of the day
def test_each_due_date_is_done_once_or_missed_and_none_is_forgotten(team: Team, drawn: tuple[datetime, list[Look], list[int]]) -> None:
    begin, looks, days = drawn
    team.go_to(begin)
    first, acting = team.today, None
    dues = {team.add(last_contact=first + timedelta(days=n - 14)): first + timedelta(days=n) for n in days}
    looked: list[tuple[datetime, time]] = []
    for hours, hour in looks:
        team.after(hours=hours)
        if hour != acting:
            acts_at(team, acting := hour)
        looked.append((team.now[0], hour))
        team.work()
    for key, due in dues.items():
        check(team, key, due, looked)
    disable(team.crm, "Chef", "sans-nouvelles")


def check(team: Team, key: int, due: date, looked: list[tuple[datetime, time]]) -> None:
    """What became of a lead follows from the first time that the worker saw it due; what is missed may be by each version of the rule."""
    zone = team.crm.region.zone
    moments = [(moment, datetime.combine(due, hour, zone).astimezone(UTC)) for moment, hour in looked]
    seen = next((moment for moment, at in moments if moment >= at), None)
    statuses = [run["status"] for run in team.runs(lead_key=key)]
    if seen is None:
        assert statuses == []
    else:
        late = (seen.astimezone(team.crm.region.zone).date() - due).days
        assert statuses[0] == ("manqué" if late > LATE else "réussi")
        assert set(statuses[:-1]) <= {"manqué"}, "once it is done nothing follows"
