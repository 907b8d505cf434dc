"""A period as analysts write it."""

from __future__ import annotations

from datetime import date

import pytest

from gnetics.analysis.periods import window
from gnetics.metrics.window import Window

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("30d", date(2026, 11, 2), TODAY),
        ("1d", TODAY, TODAY),
        ("12m", date(2026, 1, 1), TODAY),
        ("1m", date(2026, 12, 1), TODAY),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_a_period_has_both_its_ends(period: str, start: date, end: date) -> None:
    assert window(period, TODAY) == Window(start, end)


@pytest.mark.parametrize("period", ["", "12", "0d", "0m", "12 m", "2026Q5", "2026-13", "0000", "hier", "-3m"])
def test_anything_else_is_no_period(period: str) -> None:
    with pytest.raises(ValueError, match="période"):
        window(period, TODAY)
