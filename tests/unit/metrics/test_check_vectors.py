"""The worked examples of the definitions, to the cent."""

from __future__ import annotations

from datetime import date

import pytest

from gnetics.domain.wilson import wilson
from gnetics.metrics.forecast import forecast
from gnetics.metrics.headline import headline
from gnetics.metrics.sources import sources
from tests.unit.metrics.conftest import Maker

TWELVE = ["Clos"] * 3 + ["Perdu"] * 2 + ["À corriger"] + ["Nouveau", "À contacter", "Contacté", "Qualifié", "En suivi", "En suivi"]


def test_twelve_leads_of_one_source_give_the_stated_headline(make: Maker) -> None:
    figures = headline(make.population([{"status": status, "source": "Salon"} for status in TWELVE]))
    assert figures.conversion.value == 0.25
    assert (figures.conversion.numerator, figures.conversion.denominator) == (3, 12)
    assert figures.success.value == 0.6
    assert figures.pipeline.value == 7
    assert figures.blocked.value == 1


def test_twelve_leads_of_one_source_give_the_stated_source_row(make: Maker) -> None:
    (row,) = sources(make.population([{"status": status, "source": "Salon"} for status in TWELVE]))
    assert (row["source"], row["leads"].value, row["decided"].value, row["won"].value) == ("Salon", 12, 5, 3)
    assert (row["conversion"].value, row["success"].value, row["small"]) == (0.25, 0.6, False)
    assert (round(row["low"], 2), round(row["high"], 2)) == (0.09, 0.53)


def test_the_three_leads_of_the_forecast_add_up_to_the_cent(make: Maker) -> None:
    figures = forecast(
        make.population(
            [
                {"status": "En suivi", "amount": 1_000_000, "probability": 75, "expected_close": date(2026, 11, 30)},
                {"status": "Qualifié", "amount": 33_333, "probability": 50},
                {"status": "Perdu", "amount": 500_000, "probability": 60, "expected_close": date(2026, 11, 30)},
            ]
        )
    )
    assert figures.months[0].month == date(2026, 11, 1)
    assert figures.months[0].weighted.value == 750_000
    assert figures.undated.weighted.value == 16_667
    assert figures.total.value == 766_667


@pytest.mark.parametrize(("won", "leads", "low", "high"), [(1, 1, 0.21, 1.0), (3, 12, 0.09, 0.53)])
def test_wilson_interval_of_small_samples(won: int, leads: int, low: float, high: float) -> None:
    found = wilson(won, leads)
    assert found is not None
    assert (round(found[0], 2), round(found[1], 2)) == (low, high)


def test_wilson_interval_of_nothing_is_unknown() -> None:
    assert wilson(0, 0) is None
