from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from gnetics.metrics.figure import Figure
from gnetics.metrics.frames import Frames
from gnetics.metrics.headline import headline
from gnetics.metrics.past import leads_on
from gnetics.metrics.population import Population
from gnetics.metrics.variation import HeadlineVariation, Word, headline_variation, variation
from gnetics.metrics.window import Window
from tests.unit.metrics.conftest import Maker, Rows

DAY = date(2026, 10, 25)


def change(make: Maker, key: int, field: str, before: str | None, day: date, hour: int = 12) -> dict[str, Any]:
    return {"entity_key": key, "field": field, "before": before, "after": "x", "at": make.at(day, hour)}


def compared(make: Maker, frames: Frames) -> HeadlineVariation:
    return headline_variation(headline(Population.of(frames.leads, make.today)), frames, DAY, make.today, make.zone)


def test_state_of_a_day_is_the_one_before_the_first_later_change(make: Maker) -> None:
    leads: Rows = [{"status": "Clos", "amount": 900, "probability": 100}, {"status": "Perdu"}, {"created_at": date(2026, 10, 26)}]
    frames = make.frames(
        leads,
        journal=[
            change(make, 1, "status", "En suivi", date(2026, 11, 10)),
            change(make, 1, "status", "Contacté", date(2026, 11, 3)),
            change(make, 1, "amount", None, date(2026, 11, 3)),
            change(make, 1, "probability", "25", date(2026, 11, 3)),
            change(make, 2, "status", "Nouveau", date(2026, 10, 1)),
            change(make, 99, "status", "Nouveau", date(2026, 11, 1)),
        ],
    )
    was = leads_on(frames, frames.journal, DAY, make.today, make.zone)
    assert was["status"].tolist() == ["Contacté", "Perdu"]
    assert was["amount"].isna().tolist() == [True, True]
    assert was["probability"].iloc[0] == 25
    assert frames.leads["status"].tolist() == ["Clos", "Perdu", "Nouveau"]


def test_the_day_ends_at_midnight_of_the_region(make: Maker) -> None:
    frames = make.frames(
        [{"status": "Clos"}], journal=[change(make, 1, "status", "Nouveau", DAY, hour=23)]
    )  # 0 h 30 in Paris already: the next day
    was = leads_on(frames, frames.journal, DAY, make.today, make.zone)
    assert was["status"].tolist() == ["Nouveau"]
    frames = make.frames([{"status": "Clos"}], journal=[change(make, 1, "status", "Nouveau", DAY, hour=22)])
    was = leads_on(frames, frames.journal, DAY, make.today, make.zone)
    assert was["status"].tolist() == ["Clos"]


@pytest.mark.parametrize("since", [None, pd.Timestamp("2026-11-01T00:00:00Z")])
def test_before_history_begins_nothing_is_known(make: Maker, since: pd.Timestamp | None) -> None:
    frames = replace(make.frames([{"status": "Clos"}]), history_since=since)
    found = compared(make, frames)
    assert (found.pipeline.word, found.pipeline.change, found.pipeline.difference) == ("n/d", None, None)


def test_history_begins_on_a_day_of_the_region(make: Maker) -> None:
    midnight = pd.Timestamp(make.at(DAY, 23))  # in Paris
    for since, known in ((midnight - pd.Timedelta(minutes=1), True), (midnight, False)):
        frames = replace(make.frames([{"status": "Clos"}]), history_since=since)
        assert (compared(make, frames).pipeline.previous is not None) is known, since


def test_headline_is_compared_with_one_period_ago(make: Maker) -> None:
    leads: Rows = [{"status": "Clos", "amount": 100}, {"amount": 100}, {"amount": 300}, *[{"amount": 0}] * 9]
    lines = [change(make, 1, "status", "Qualifié", date(2026, 11, 3)), change(make, 3, "amount", "100", date(2026, 11, 3))]
    found = compared(make, make.frames(leads, journal=lines))
    assert found.pipeline.previous and found.amount.previous
    assert (found.pipeline.previous.value, found.pipeline.word, found.pipeline.change) == (12, "baisse", -1 / 12)
    assert (found.amount.previous.value, found.amount.difference) == (300, 100)
    assert found.conversion.word == "nouveau"


@pytest.mark.parametrize(
    ("before", "now", "word", "ratio"),
    [
        (40, 50, "hausse", 0.25),
        (50, 40, "baisse", -0.2),
        (10, 10, "stable", 0.0),
        (10, 100, "hausse", 9.0),
        (0, 30, "sans base", None),
        (0, 0, "sans base", None),
        (9, 9, "sans base", None),
        (10, 101, "sans base", None),
    ],
)
def test_a_figure_is_compared_with_a_base_that_says_something(make: Maker, before: int, now: int, word: Word, ratio: float | None) -> None:
    def pipeline(leads: int) -> Figure:
        return headline(make.population([{}] * leads)).pipeline

    found = variation(pipeline(now), pipeline(before))
    assert (found.word, found.change) == (word, ratio)


def test_previous_window_has_the_same_length_and_touches() -> None:
    window = Window.last(30, date(2026, 11, 24))
    assert (window.start, window.days) == (date(2026, 10, 26), 30)
    assert window.previous == Window(date(2026, 9, 26), date(2026, 10, 25))
    assert Window().previous is None
