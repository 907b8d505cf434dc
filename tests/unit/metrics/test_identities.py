"""What must hold whatever the leads are, good or bad; every figure is recomputed from its own leads."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any, cast

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnetics.domain.statuses import LABELS, default_probability, type_of
from gnetics.metrics.board import Board, board
from gnetics.metrics.cohorts import cohorts
from gnetics.metrics.definitions import DEFINITIONS
from gnetics.metrics.figure import Figure
from gnetics.metrics.forecast import forecast, planned
from gnetics.metrics.frames import Frames
from gnetics.metrics.funnel import entered, funnel, moves_of
from gnetics.metrics.kpis import kpis
from gnetics.metrics.pipeline import pipeline
from gnetics.metrics.priority import priority
from gnetics.metrics.quiet import quiet
from gnetics.metrics.window import EVERYTHING, Window
from tests.unit.metrics.conftest import Maker, Rows, known

Lead = dict[str, Any]
TODAY = date(2026, 11, 24)
MOVED = date(2026, 11, 20)
MOVE = [{"entity_key": 1, "field": "status", "before": "Nouveau", "after": "Clos", "at": datetime(2026, 11, 20, 12, tzinfo=UTC)}]
AMOUNTS = st.one_of(st.none(), st.sampled_from([0, -1, -500_000, 1, 10**14]), st.integers(0, 10**8))
DAYS = st.one_of(st.none(), st.integers(-800, 400).map(lambda shift: TODAY + timedelta(days=shift)))
LEAD = st.fixed_dictionaries(
    {
        "name": st.sampled_from([None, "Éric Noël", "eric noel", "Ana"]),
        "email": st.sampled_from([None, "a@exemple.fr", "A@Exemple.fr", "pas une adresse"]),
        "phone": st.sampled_from([None, "06 12 34 56 78", "12"]),
        "status": st.sampled_from([*LABELS, *LABELS, None, "Prospect chaud"]),
        "source": st.sampled_from([None, "Salon", "salon", "Réseau"]),
        "owner": st.sampled_from([None, "Ana", "Sam"]),
        "amount": AMOUNTS,
        "probability": st.one_of(st.none(), st.integers(0, 100)),
        "score": st.one_of(st.none(), st.integers(0, 100)),
        **dict.fromkeys(("created_at", "closed_at", "status_since", "last_contact", "next_follow_up", "expected_close"), DAYS),
    }
)
LEADS = st.lists(LEAD, max_size=25)
MESSAGE = st.fixed_dictionaries(
    {
        "lead_key": st.one_of(st.none(), st.integers(1, 30)),
        "direction": st.sampled_from(["envoyé", "reçu"]),
        "kind": st.sampled_from(["message", "rejet", "désinscription", "réponse automatique"]),
        "day": st.integers(-90, 5),
    }
)
WINDOWS = st.sampled_from([EVERYTHING, Window.last(30, TODAY), Window.last(365, TODAY), Window(None, TODAY)])


def frames(make: Maker, leads: Rows, messages: Rows = ()) -> Frames:
    sent = [{**message, "at": make.at(TODAY + timedelta(days=message["day"]))} for message in messages]
    events = [{"lead_key": 1, "kind": "Appel", "owner": "Sam", "starts_at": make.at(TODAY), "ends_at": make.at(TODAY)}]
    return make.frames(leads, events, sent, MOVE, [(1, 2), (3, 99)])


def of(make: Maker, leads: Rows, window: Window = EVERYTHING, messages: Rows = ()) -> Board:
    return board(frames(make, leads, messages), TODAY, make.zone, window)


def figures(thing: Any) -> Iterator[Figure]:
    if isinstance(thing, Figure):
        yield thing
    elif is_dataclass(thing):
        for each in fields(thing):
            if not each.name.startswith("_") and each.name not in ("population", "previous"):
                yield from figures(getattr(thing, each.name))
    elif isinstance(thing, dict):
        yield from figures(list(thing.values()))
    elif isinstance(thing, list | tuple):
        for each in thing:
            yield from figures(each)


def test_a_block_computed_beside_the_others_has_the_same_figures(make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    leads: Rows = [{"name": "Ana", "email": "a@exemple.fr"}, {"name": "ana", "email": "A@exemple.fr", "phone": "12", "status": "Clos"}]
    in_line = [(each.definition, each.value, each.keys.tolist()) for each in figures(of(make, leads))]
    monkeypatch.setattr("gnetics.metrics.board.MANY", 0)
    assert [(each.definition, each.value, each.keys.tolist()) for each in figures(of(make, leads))] == in_line
    assert len(in_line) > 100


def cents(value: Decimal) -> int:
    return math.floor(value + Decimal("0.5"))


def weight(lead: Lead) -> int:
    """amount × probability, computed lead by lead in decimal."""
    status = lead["status"] if isinstance(lead["status"], str) else None
    own = type_of(status) == "ouvert" and not pd.isna(lead["probability"])
    return cents(Decimal(lead["amount"]) * Decimal(lead["probability"] if own else default_probability(status) or 0) / 100)


WEIGHTED = {"stage_weighted", "forecast_month", "forecast_overdue", "forecast_undated", "forecast_beyond", "forecast_total"}
CYCLES = {"cycle", "source_cycle", "owner_cycle"}


class Recomputed:
    """What the values may be, from nothing but the figures' own rows, without pandas."""

    def __init__(self, found: Frames) -> None:
        self.leads = cast(dict[int, Lead], found.leads.to_dict("index"))
        sent = found.messages.query("direction == 'envoyé' and kind == 'message' and lead_key.notna()")
        contacts = [*zip(found.events["lead_key"], found.events["starts_at"], strict=True), *zip(sent["lead_key"], sent["at"], strict=True)]
        self.contacts = [(key, at.date()) for key, at in contacts]  # at noon, the same day everywhere

    def of(self, figure: Figure) -> tuple[int | float | None, ...]:
        if figure.unit == "count":
            return (len(figure.keys),)
        if figure.unit == "ratio":
            assert figure.base is not None
            return (len(figure.keys) / len(figure.base) if len(figure.base) else None,)
        rows = [self.leads[key] for key in figure.keys]
        if figure.definition in WEIGHTED:
            return (sum(map(weight, rows)),)
        if figure.unit == "score":
            scores = [int(lead["any_score"]) for lead in rows]
            return min(scores), statistics.median(scores), sum(scores) / len(scores), max(scores)
        if figure.unit == "days":
            lasted = sorted(self.days(figure, key) for key in figure.keys)
            ninth = [lasted[math.ceil(0.9 * len(lasted)) - 1]] if figure.definition == "owner_first_contact" else []
            return statistics.median(lasted), *ninth
        amounts = [int(lead["amount"]) for lead in rows]
        if figure.definition == "basket_mean":
            return (int((Decimal(sum(amounts)) / len(amounts)).quantize(Decimal(1), ROUND_HALF_UP)),)
        if figure.definition == "basket_median":
            return (cents(Decimal(statistics.median(map(Decimal, amounts)))),)
        return (sum(amounts),)

    def days(self, figure: Figure, key: int) -> int:
        """How long it took that lead; the journal tells of lead 1 only."""
        lead = self.leads[key]
        since = MOVED if key == 1 and pd.isna(lead["status_since"]) else lead["status_since"]
        if figure.definition == "stage_days":
            begun, ended = since, TODAY
        elif figure.definition == "funnel_days":
            assert key == 1
            begun, ended = lead["created_at"], MOVED
        elif figure.definition == "owner_first_contact":
            begun, ended = lead["created_at"], min(day for contacted, day in self.contacts if contacted == key)
            ended = max(pd.Timestamp(ended), begun)
        else:
            assert figure.definition in CYCLES, "another figure in days: recompute it here"
            begun, ended = lead["created_at"], lead["closed_at"]
        return (pd.Timestamp(ended) - pd.Timestamp(begun)).days


@given(leads=LEADS, messages=st.lists(MESSAGE, max_size=15), window=WINDOWS)
def test_every_figure_is_recomputed_from_its_own_rows_and_rates_stay_between_none_and_all(
    make: Maker, leads: list[Lead], messages: Rows, window: Window
) -> None:
    found = of(make, leads, window, messages)
    again = Recomputed(found.frames)
    for figure in figures(found):
        assert figure.definition in DEFINITIONS
        assert figure.value is None or math.isfinite(figure.value)
        assert len(set(figure.keys)) == len(figure.keys) == figure.numerator
        assert figure.base is None or set(figure.keys) <= set(figure.base)
        assert figure.denominator == (None if figure.base is None else len(figure.base))
        for out in figure.left_out:
            assert len(out) > 0
        if figure.value is not None:
            assert figure.unit != "ratio" or 0 <= figure.value <= 1
            assert figure.value in again.of(figure), figure.definition


@settings(max_examples=settings().max_examples // 2)  # 0.06 s each: a whole board
@given(leads=LEADS, window=WINDOWS)
def test_statuses_sum_to_the_population_everywhere(make: Maker, leads: list[Lead], window: Window) -> None:
    found = of(make, leads, window)
    size = found.population.size
    assert sum(row["share"].numerator for row in found.split.statuses) == size
    assert sum(row["share"].numerator for row in found.split.groups) == size
    assert sum(row["leads"].value for row in found.pipeline) == size
    assert sum(row["leads"].value for row in found.owners) == size
    assert sum(row["scored"].value + row["missing"].value for row in found.scores.rows) == size
    parts = found.kpis
    assert sum(map(known, (parts.open, parts.blocked, parts.won, parts.lost, parts.unknown))) == parts.contacts.value == size
    assert sum(row["leads"].value for row in found.sources) == (size if window == EVERYTHING else parts.created.value)


@given(leads=LEADS)
def test_forecast_adds_up(make: Maker, leads: list[Lead]) -> None:
    found = forecast(make.population(leads))
    parts = [*found.months, found.overdue, found.undated]
    assert (found.total.value or 0) == sum(bucket.weighted.value or 0 for bucket in parts)
    assert (found.gross.value or 0) == sum(bucket.gross.value or 0 for bucket in parts)
    counted = [key for bucket in parts for key in bucket.weighted.keys]
    assert sorted(counted) == sorted(found.total.keys)


@given(leads=LEADS, lost=LEAD)
def test_a_lost_lead_more_leaves_the_forecast_alone(make: Maker, leads: list[Lead], lost: Lead) -> None:
    before, after = (forecast(make.population(each)) for each in (leads, [*leads, {**lost, "status": "Perdu"}]))
    assert (before.total.value, before.blocked.value) == (after.total.value, after.blocked.value)
    assert [bucket.weighted.value for bucket in before.months] == [bucket.weighted.value for bucket in after.months]


@given(leads=LEADS, window=WINDOWS)
def test_layers_of_age_add_up_and_a_funnel_only_narrows(make: Maker, leads: list[Lead], window: Window) -> None:
    population = make.population(leads)
    moves = moves_of(population, make.journal(MOVE), make.zone)
    for row in pipeline(population, entered(population, moves)):
        layers = [row[name] for name in ("on_time", "amber", "red") if row[name]]
        assert not layers or sorted(key for layer in layers for key in layer.keys) == sorted(row["leads"].keys)
    reached = [set(row["reached"].keys) for row in funnel(population, moves, window)]
    assert all(later <= earlier for earlier, later in pairwise(reached))
    assert len(reached[0]) == kpis(population, window).created.value


@given(leads=LEADS)
def test_priority_is_the_union_of_its_counters_each_lead_once(make: Maker, leads: list[Lead]) -> None:
    found = priority(make.population(leads))
    union = set(found.follow_up.keys) | set(found.never_contacted.keys) | set(found.blocked.keys)
    assert set(found.total.keys) == union
    assert found.total.value == len(union)
    assert [row["key"] for row in found.rows(0, 100)] == found.total.keys.tolist()


LOST, PLAIN = {"status": "Perdu"}, {"status": "En suivi"}
BAD: dict[str, list[dict[str, Any]]] = {
    "no leads": [],
    "one lead": [PLAIN],
    "only écartés": [{"name": None}],
    "all lost": [LOST] * 3,
    "all without amount": [PLAIN, {"status": "Clos"}, {"status": "À corriger"}],
    "unknown statuses": [{"status": "Prospect"}, {"status": None}, {"status": ""}],
    "dates reversed": [{"status": "Clos", "amount": 1, "created_at": TODAY, "closed_at": date(2020, 1, 1)}],
    "dates in the future": [
        {"status": "Clos", **dict.fromkeys(("created_at", "closed_at", "status_since", "last_contact"), date(2030, 1, 1))}
    ],
    "amounts of every size": [{"status": status, "amount": amount} for status in LABELS for amount in (0, -5, 10**14, None)],
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("window", [EVERYTHING, Window.last(30, TODAY)])
def test_bad_input_gives_unknown_values_and_never_an_invented_one(make: Maker, name: str, window: Window) -> None:
    found = of(make, BAD[name], window)
    found.priority.rows()
    for figure in figures(found):
        assert figure.value is None or math.isfinite(figure.value)
        if figure.unit == "ratio":
            assert (figure.value is None) == (figure.denominator == 0)
        elif figure.unit in ("days", "score"):
            assert (figure.value is None) == (figure.numerator == 0)
        elif figure.unit == "money" and any("sans montant" in out.reason for out in figure.left_out) and not figure.numerator:
            assert figure.value is None


def test_every_definition_is_used_by_a_figure(make: Maker) -> None:
    leads = [
        {"status": status, "amount": 5, "score": 90 - 10 * rank, "closed_at": TODAY, "created_at": TODAY}
        for rank, status in enumerate(LABELS)
    ]
    population = make.population(leads)
    cohort = cohorts(make.population([{"created_at": date(2026, 1, 5)}]))
    of_analysts = (quiet(population, 30), planned(population, EVERYTHING), *cohort.values())
    used = {figure.definition for figure in (*figures(of(make, leads)), *of_analysts)}
    assert used == DEFINITIONS.keys()


def test_definitions_are_typeset_in_french() -> None:
    for definition in DEFINITIONS.values():
        for sentence in (definition.title, definition.formula, definition.population, *definition.traps):
            assert "'" not in sentence
            assert " :" not in sentence
            assert " ;" not in sentence
            assert "« " not in sentence
        assert definition.formula.endswith(".")
