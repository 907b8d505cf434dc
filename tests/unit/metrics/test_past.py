"""A board of an earlier day, from what the history tells; and the funnel, from the same history."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gnetics.domain.fields import IN_JOURNAL
from gnetics.metrics.board import board
from gnetics.metrics.earlier import frames_on
from gnetics.metrics.frames import EarlierFrames
from gnetics.metrics.funnel import entered, funnel, moves_of
from gnetics.metrics.pipeline import pipeline
from gnetics.metrics.window import EVERYTHING, Window
from tests.unit.metrics.conftest import Maker, Rows

DAY = date(2026, 10, 31)


def change(make: Maker, key: int, field: str, before: str | None, after: str | None, day: date, hour: int = 12) -> dict[str, Any]:
    return {"entity_key": key, "field": field, "before": before, "after": after, "at": make.at(day, hour)}


def then(make: Maker, leads: Rows, changes: Rows, day: date = DAY, messages: Rows = (), events: Rows = ()) -> EarlierFrames:
    """The frames of that day, as a page asks for them."""
    frames = make.frames(leads, events, messages, [line for line in changes if line["field"] in IN_JOURNAL])
    later = make.journal([line for line in changes if line["at"].date() > day])
    return frames_on(frames, later, day, make.today, make.zone)


def told(frame: pd.DataFrame, key: int, *names: str) -> list[Any]:
    values: list[Any] = [frame.at[key, name] for name in names]
    return [None if pd.isna(value) else value.date() if isinstance(value, pd.Timestamp) else value for value in values]


def test_every_recorded_field_is_what_it_was(make: Maker) -> None:
    later = date(2026, 11, 5)
    lead = {
        "status": "Clos", "owner": "Sam", "source": "Salon", "amount": 900, "score": 80, "probability": 100, "closed_at": later,
        "expected_close": date(2027, 1, 1), "next_follow_up": None, "last_contact": later, "status_since": later,
        "previous_status": "En suivi",
    }  # fmt: skip
    before = {
        "status": "En suivi", "owner": "Ana", "source": "Réseau", "amount": None, "score": "40", "probability": "60", "closed_at": None,
        "expected_close": "2026-12-01", "next_follow_up": "2026-11-02", "last_contact": "2026-10-20", "status_since": "2026-10-15",
        "previous_status": "Qualifié",
    }  # fmt: skip
    was = then(make, [lead], [change(make, 1, name, value, "?", later) for name, value in before.items()]).leads
    assert told(was, 1, "status", "owner", "source", "source_fold", "amount", "score", "probability") == [
        "En suivi", "Ana", "Réseau", "reseau", None, 40, 60,
    ]  # fmt: skip
    assert told(was, 1, "expected_close", "next_follow_up", "last_contact", "status_since", "closed_at", "previous_status") == [
        date(2026, 12, 1), date(2026, 11, 2), date(2026, 10, 20), date(2026, 10, 15), None, "Qualifié",
    ]  # fmt: skip
    assert "notes" not in was


def test_a_status_told_alone_takes_its_dates_with_it(make: Maker) -> None:
    """An imported history has the statuses, but not the dates that went with them."""
    lead = {
        "status": "Perdu",
        "probability": 0,
        "status_since": date(2026, 11, 9),
        "closed_at": date(2026, 11, 9),
        "previous_status": "Clos",
    }
    steps = [
        change(make, 1, "status", "En suivi", "Clos", date(2026, 10, 12)),
        change(make, 1, "status", "Clos", "Perdu", date(2026, 11, 9)),
    ]
    fields = ("status", "status_since", "closed_at", "previous_status", "probability")
    assert told(then(make, [lead], steps).leads, 1, *fields) == ["Clos", date(2026, 10, 12), date(2026, 10, 12), "En suivi", None]
    assert told(then(make, [lead], steps, date(2026, 10, 1)).leads, 1, *fields) == ["En suivi", None, None, None, None]


def test_a_status_entered_later_without_a_line_was_the_previous_one(make: Maker) -> None:
    known = {"status": "Qualifié", "status_since": date(2026, 11, 9), "previous_status": "Contacté"}
    unknown = {"status": "Clos", "status_since": date(2026, 11, 9), "closed_at": date(2026, 11, 9)}
    wrong = {"status": "Qualifié", "status_since": date(2027, 3, 1)}  # after today: a date to mend, not a move
    was = then(make, [known, unknown, wrong], []).leads
    assert told(was, 1, "status", "status_since") == ["Contacté", None]
    assert told(was, 2, "status", "closed_at") == [None, None]
    assert told(was, 3, "status") == ["Qualifié"]


def test_the_base_of_the_headline_is_the_board_of_that_day_without_history_lines_too(make: Maker) -> None:
    """A status entered later without a line, an owner and dates corrected since: the boards of two days give one number."""
    later, leads = date(2026, 11, 9), [
        {"status": "Perdu", "status_since": date(2026, 11, 9), "previous_status": "Contacté", "amount": 100},
        {"status": "Clos", "status_since": date(2026, 11, 9), "previous_status": "Contacté", "amount": 200},  # the date was corrected
        {"status": "Contacté", "owner": "Sam", "amount": 400},  # Ana's then
        {"status": "Contacté", "created_at": date(2026, 10, 1), "amount": 800},  # was said to be of tomorrow
        *[{"status": "Contacté", "owner": "Ana", "amount": 1600}] * 10,
    ]  # fmt: skip
    lines = [
        change(make, 2, "status_since", "2026-10-01", "2026-11-09", later),
        change(make, 3, "owner", "Ana", "Sam", later),
        change(make, 4, "created_at", "2026-11-25", "2026-10-01", later),
    ]
    base = date(2026, 10, 25)
    of = {day: then(make, leads, lines, day) for day in (DAY, base)}
    for owner, number, amount in ((None, 12, 16_500), ("Ana", 11, 16_400), ("Sam", 0, 0)):
        shown = board(of[base], base, make.zone, Window.last(30, base), owner).headline
        assert (shown.pipeline.value, shown.amount.value) == (number, amount)
        asked = ((of[base].now, make.today, 30), (of[DAY], DAY, 6))  # from today, and from a day between
        for frames, day, days in asked:
            moved = board(frames, day, make.zone, Window.last(days, day), owner).variation
            bases = [each.previous.value for each in (moved.pipeline, moved.amount, moved.conversion) if each.previous]
            assert bases == [number, amount, shown.conversion.value]


def test_what_came_later_is_not_there_yet(make: Maker) -> None:
    leads: Rows = [{"created_at": date(2026, 11, 1)}, {"created_at": DAY, "last_contact": date(2026, 11, 20)}, {"created_at": None}]
    messages = [{"lead_key": 2, "at": make.at(DAY, 22)}, {"lead_key": 2, "at": make.at(DAY, 23)}]  # 23 h UTC is the next day in Paris
    events = [{"lead_key": 2, "starts_at": make.at(day), "ends_at": make.at(day)} for day in (DAY, date(2026, 11, 2))]
    was = then(make, leads, [], messages=messages, events=events)
    assert was.leads.index.tolist() == [2, 3]
    assert told(was.leads, 2, "last_contact") == [None]
    assert (was.messages.index.tolist(), was.events.index.tolist()) == ([1], [1])


def test_a_board_of_an_earlier_day_compares_with_one_period_before_it(make: Maker) -> None:
    steps = [
        change(make, 1, "status", "Contacté", "Qualifié", date(2026, 10, 20)),
        change(make, 1, "status", "Qualifié", "Clos", date(2026, 11, 9)),
    ]
    was = then(make, [{"status": "Clos", "amount": 500}, *[{"created_at": date(2026, 1, 1)}] * 9], steps)
    made = board(was, DAY, make.zone, Window.last(30, DAY))
    assert (made.headline.pipeline.value, made.variation.pipeline.word) == (10, "stable")
    assert made.headline.conversion.value == 0
    assert next(row for row in made.pipeline if row["status"] == "Qualifié")["days"].value == 11


def test_the_history_dates_a_status_that_has_no_date(make: Maker) -> None:
    leads: Rows = [{"status": "Contacté"}, {"status": "Contacté", "status_since": date(2026, 11, 1)}, {"status": "Nouveau"}]
    journal = make.journal([change(make, key, "status", "Nouveau", "Contacté", date(2026, 11, 14)) for key in (1, 2, 3)])
    population = make.population(leads)
    days = entered(population, moves_of(population, journal, make.zone))
    assert days[:2].tolist() == [date(2026, 11, 14), date(2026, 11, 1)]
    assert np.isnat(days[2])  # it is no longer where the history left it
    row = next(row for row in pipeline(population, days) if row["status"] == "Contacté")
    assert (row["days"].value, row["unknown_days"].value) == (16.5, 0)


def test_layers_of_the_ageing_picture_add_up_to_the_status(make: Maker) -> None:
    ages = [date(2026, 11, 20), date(2026, 11, 8), date(2026, 10, 1), None, date(2026, 12, 1)]
    row = pipeline(make.population([{"status_since": day} for day in ages]))[0]
    assert [row[name].keys.tolist() for name in ("on_time", "amber", "red")] == [[1, 4, 5], [2], [3]]
    assert row["leads"].value == 5


def test_funnel_counts_how_far_each_lead_went_and_how_long_it_stayed(make: Maker) -> None:
    created = date(2026, 11, 1)
    leads = [
        {"status": "Perdu", "created_at": created},  # went to Qualifié, says the history
        {"status": "À corriger", "previous_status": "En suivi", "created_at": created},
        {"status": "Perdu", "created_at": created},  # nobody knows
        {"status": "Clos", "created_at": date(2025, 1, 1)},  # not of the period
    ]
    steps = [
        change(make, 1, "status", "Nouveau", "Contacté", date(2026, 11, 4)),
        change(make, 1, "status", "Contacté", "Nouveau", date(2026, 11, 6)),
        change(make, 1, "status", "Nouveau", "Qualifié", date(2026, 11, 7)),
        change(make, 1, "status", "Qualifié", "Perdu", date(2026, 11, 17)),
    ]
    population = make.population(leads)
    rows = {
        row["status"]: row for row in funnel(population, moves_of(population, make.journal(steps), make.zone), Window.last(30, make.today))
    }
    assert {status: row["reached"].keys.tolist() for status, row in rows.items()} == {
        "Nouveau": [1, 2, 3], "À contacter": [1, 2], "Contacté": [1, 2], "Qualifié": [1, 2], "En suivi": [2], "Clos": [],
    }  # fmt: skip
    assert rows["Nouveau"]["passed"] is None
    assert (rows["En suivi"]["passed"].value, rows["En suivi"]["reached"].value) == (1 / 2, 1 / 3)
    assert [(out.reason, out.keys.tolist()) for out in rows["Qualifié"]["reached"].left_out] == [
        ("sans parcours connu, comptés à l’entrée", [3])
    ]
    assert {status: row["days"].value for status, row in rows.items()} == {
        "Nouveau": 4, "À contacter": None, "Contacté": 2, "Qualifié": 10, "En suivi": None, "Clos": None,
    }  # fmt: skip
    assert rows["Nouveau"]["days"].left_out[0].keys.tolist() == [2]


def test_funnel_of_nobody_is_unknown(make: Maker) -> None:
    population = make.population([])
    for row in funnel(population, moves_of(population, make.journal(), make.zone), EVERYTHING):
        assert (row["reached"].value, row["days"].value) == (None, None)


@pytest.mark.parametrize("since", [None, "2026-11-01"])
def test_a_first_status_other_than_nouveau_has_no_known_beginning(make: Maker, since: str | None) -> None:
    leads: Rows = [{"status": "Perdu", "created_at": date(2026, 10, 1), "status_since": since}]
    journal = make.journal([change(make, 1, "status", "Qualifié", "Perdu", date(2026, 11, 4))])
    population = make.population(leads)
    rows = {row["status"]: row for row in funnel(population, moves_of(population, journal, make.zone), EVERYTHING)}
    assert (rows["Qualifié"]["reached"].value, rows["Qualifié"]["days"].value) == (1, None)
