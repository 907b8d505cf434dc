from __future__ import annotations

from datetime import date, timedelta

from gnetics.domain.journey import overdue_days as overdue_of_one
from gnetics.metrics.board import board
from gnetics.metrics.priority import overdue_days, priority
from gnetics.metrics.window import Window
from tests.unit.metrics.conftest import Maker


def test_follow_up_takes_overdue_and_silent_leads_but_not_those_contacted_seven_days_ago(make: Maker) -> None:
    today = make.today
    found = priority(
        make.population(
            [
                {"next_follow_up": today},
                {"next_follow_up": today - timedelta(days=30)},
                {"next_follow_up": today + timedelta(days=1), "last_contact": date(2026, 1, 1)},
                {"last_contact": today - timedelta(days=8)},
                {"last_contact": today - timedelta(days=7)},
                {"next_follow_up": today, "status": "Clos"},
                {"next_follow_up": today, "status": "À corriger"},
                {"next_follow_up": today, "status": "Prospect"},
            ]
        )
    )
    assert found.follow_up.keys.tolist() == [1, 2, 4]
    assert found.never_contacted.keys.tolist() == [1, 2]
    assert found.blocked.keys.tolist() == [7]
    assert found.total.value == 4


def test_list_is_ranked_by_lateness_then_by_weighted_amount(make: Maker) -> None:
    today = make.today
    found = priority(
        make.population(
            [
                {"next_follow_up": today, "amount": 100_000, "probability": 10},
                {"next_follow_up": today, "amount": 90_000, "probability": 50},
                {"next_follow_up": today - timedelta(days=2)},
                {"last_contact": today - timedelta(days=20)},  # a week is allowed: 13 days late
                {"status": "À corriger", "amount": 10**9},
            ]
        )
    )
    assert found.total.keys.tolist() == [4, 3, 2, 1, 5]
    assert found.late.keys.tolist() == [4]
    rows = found.rows()
    assert [row["overdue"] for row in rows] == [13, 2, 0, 0, 0]
    assert [row["pill"] for row in rows] == ["late", "late", "today", "today", "blocked"]
    assert [row["verb"] for row in rows[:4]] == ["Relancer"] * 4
    assert rows[1]["next_follow_up"] == today - timedelta(days=2)
    assert [row["key"] for row in found.rows(start=3, number=1)] == [1]


def test_lateness_is_that_of_the_lead_sheet(make: Maker) -> None:
    rows = [
        {"status": status, "next_follow_up": planned, "last_contact": last}
        for status in ("Nouveau", "En suivi", "Clos", "À corriger", None)
        for planned in (None, make.today, date(2026, 11, 1), date(2026, 12, 1))
        for last in (None, date(2026, 11, 1), make.today)
    ]
    assert overdue_days(make.population(rows)).tolist() == [overdue_of_one(row, make.today) for row in rows]


def test_rest_of_the_week_ends_on_sunday_or_saturday_by_region(make: Maker) -> None:
    tuesday = make.today
    population = make.population([{"next_follow_up": tuesday + timedelta(days=days)} for days in (0, 1, 4, 5, 6)])
    assert priority(population).planned_soon.keys.tolist() == [2, 3, 4]
    assert priority(population, first_weekday=6).planned_soon.keys.tolist() == [2, 3]
    frames = make.frames([{"next_follow_up": tuesday + timedelta(days=5)}])
    whole = board(frames, make.today, make.zone, Window.last(30, make.today), first_weekday=6)
    assert whole.priority.planned_soon.keys.tolist() == []


def test_contacted_yesterday_is_listed(make: Maker) -> None:
    population = make.population([{"last_contact": make.today - timedelta(days=days)} for days in (0, 1, 2)])
    assert priority(population).contacted_yesterday.keys.tolist() == [2]
