"""Filters, counts, order and search shared by both logs."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnetics.domain.folding import fold
from gnetics.pages.logs.log import NEWEST, LogFilters, LogIndex

TODAY, PARIS = date(2026, 11, 24), ZoneInfo("Europe/Paris")
FACETS, SORTS = ("statut", "regle", "lead"), ("at", "statut")


def rows(*lines: tuple[str, str, str, str]) -> pd.DataFrame:
    """(instant or "", statut, regle, words) per row; keys from 1."""
    frame = pd.DataFrame(lines, columns=["at", "statut", "regle", "search"], index=pd.RangeIndex(1, len(lines) + 1, name="key"))
    frame["at"] = pd.to_datetime(frame["at"].replace("", None), utc=True)
    frame["search"] = [fold(words) or "" for words in frame["search"]]
    frame["lead"], frame["lead_search"] = "", ""
    return frame


@pytest.fixture
def index() -> LogIndex:
    return LogIndex(
        rows(
            ("2026-11-24T08:00Z", "réussi", "Relance", "Zoé Élan"),
            ("2026-11-23T23:30Z", "échec", "Relance", "Léo Martin boîte pleine"),  # already the 24th in Paris
            ("2026-11-23T22:30Z", "réussi", "Score", "Zoé Élan"),
            ("", "envoyé", "Score", "Zoé Élan"),
        ),
        "statut",
        aside=["envoyé"],
    )


@pytest.fixture
def filters() -> LogFilters:
    return LogFilters(FACETS, SORTS)


def selected(index: LogIndex, filters: LogFilters) -> list[int]:
    return list(index.select(filters, TODAY, PARIS))


def test_newest_first_without_the_values_kept_aside(index: LogIndex, filters: LogFilters) -> None:
    assert selected(index, filters) == [1, 2, 3]
    assert index.total == 3


def test_a_value_kept_aside_is_shown_when_asked_for(index: LogIndex, filters: LogFilters) -> None:
    filters.choose("statut", "envoyé")
    assert selected(index, filters) == [4]


def test_search_ignores_accents_and_case_and_needs_every_word(index: LogIndex, filters: LogFilters) -> None:
    filters.text = "ELAN zoe"
    assert selected(index, filters) == [1, 3]
    filters.text = "zoe pleine"
    assert selected(index, filters) == []


def test_a_period_counts_calendar_days_of_the_zone(index: LogIndex, filters: LogFilters) -> None:
    filters.days = "1"
    assert selected(index, filters) == [1, 2]


def test_counts_ignore_their_own_facet_and_follow_the_others(index: LogIndex, filters: LogFilters) -> None:
    filters.choose("statut", "échec")
    filters.choose("regle", "Relance")
    assert index.counts("statut", filters, TODAY, PARIS) == {"réussi": 1, "échec": 1}
    assert index.counts("regle", filters, TODAY, PARIS) == {"Relance": 1}


@given(
    st.lists(st.tuples(st.sampled_from(["réussi", "échec", "ignoré"]), st.sampled_from(["A", "B"])), max_size=30),
    st.sampled_from(["", "A", "B"]),
)
def test_counters_always_add_up_to_the_rows_shown(lines: list[tuple[str, str]], rule: str) -> None:
    index = LogIndex(rows(*(("2026-11-24T08:00Z", status, name, "") for status, name in lines)), "statut")
    filters = LogFilters(FACETS, SORTS)
    filters.choose("regle", rule)
    assert sum(index.counts("statut", filters, TODAY, PARIS).values()) == len(selected(index, filters))


def test_a_title_sorts_then_turns_round_and_unknown_dates_come_last(index: LogIndex, filters: LogFilters) -> None:
    filters.order("statut")
    assert selected(index, filters) == [1, 3, 2]
    filters.order("statut")
    assert selected(index, filters) == [2, 1, 3]
    filters.order(NEWEST)
    assert not filters.ascending


def test_the_address_says_everything_and_comes_back_the_same(filters: LogFilters) -> None:
    filters.text, filters.days = "devis", "30"
    filters.choose("statut", "échec")
    filters.order("statut")
    filters.page = 3
    query = filters.to_query()
    assert query == {"statut": "échec", "q": "devis", "jours": "30", "tri": "statut", "p": "3"}
    again = LogFilters(FACETS, SORTS)
    again.from_query(query)
    assert again.to_query() == query


@pytest.mark.parametrize("query", [{"jours": "400"}, {"tri": "-nothing"}, {"p": "-2"}, {"p": "zéro"}, {"inconnu": "x"}, {"statut": ""}])
def test_an_address_that_makes_no_sense_changes_nothing(filters: LogFilters, query: dict[str, str]) -> None:
    filters.from_query(query)
    assert filters.to_query() == {}
    assert not filters.active
