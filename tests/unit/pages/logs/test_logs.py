"""Filters and order shared by both logs, as the address says them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from gnetics.pages.logs.log import NEWEST, LogFilters
from gnetics.pages.logs.log_page import asked
from gnetics.store import full_text
from gnetics.store.reading.logs import RUNS, Asked

FACETS = ("statut", "regle", "lead")
TODAY, PARIS = date(2026, 11, 24), ZoneInfo("Europe/Paris")
LEADS = pd.DataFrame({"search": ["zoe elan", "leo"], "lead_id": ["L-000004", None]}, index=pd.Index([4, 7], name="key"), dtype="str")


@pytest.fixture
def filters() -> LogFilters:
    return LogFilters(FACETS, RUNS.sorts)


def question(filters: LogFilters) -> Asked:
    return asked(filters, RUNS, LEADS, TODAY, PARIS)


def test_a_period_begins_at_midnight_of_the_zone(filters: LogFilters) -> None:
    filters.days = "7"
    assert question(filters).since == datetime(2026, 11, 18, tzinfo=PARIS)


def test_a_word_brings_the_contacts_that_have_it_unless_it_names_none(filters: LogFilters, monkeypatch: pytest.MonkeyPatch) -> None:
    filters.text = "ÉLAN e 06 12"
    assert question(filters).words == [(("elan",), [4]), (("e",), [4, 7]), (("06 12", "0612"), [])]
    monkeypatch.setattr(full_text, "MOST_LEADS", 1)
    assert [having for _, having in question(filters).words] == [[4], [], []]


def test_a_lead_is_named_by_its_number_else_its_key_and_one_that_does_not_exist_keeps_no_row(filters: LogFilters) -> None:
    assert question(filters).lead is None
    for name, key in {"L-000004": 4, "~7": 7, "L-000404": -1, "~9": -1, "~x": -1}.items():
        filters.choose("lead", name)
        assert question(filters).lead == key


def test_a_title_sorts_then_turns_round_and_the_date_begins_with_the_latest(filters: LogFilters) -> None:
    filters.order("statut")
    assert (filters.sort, filters.ascending) == ("statut", True)
    filters.order("statut")
    assert (filters.sort, filters.ascending) == ("statut", False)
    filters.order(NEWEST)
    assert not filters.ascending


def test_the_address_says_everything_and_comes_back_the_same(filters: LogFilters) -> None:
    filters.text, filters.days = "devis", "30"
    filters.choose("statut", "échec")
    filters.order("statut")
    filters.page = 3
    query = filters.to_query()
    assert query == {"statut": "échec", "q": "devis", "jours": "30", "tri": "statut", "p": "3"}
    again = LogFilters(FACETS, RUNS.sorts)
    again.from_query(query)
    assert again.to_query() == query


@pytest.mark.parametrize("query", [{"jours": "400"}, {"tri": "-nothing"}, {"p": "-2"}, {"p": "zéro"}, {"inconnu": "x"}, {"statut": ""}])
def test_an_address_that_makes_no_sense_changes_nothing(filters: LogFilters, query: dict[str, str]) -> None:
    filters.from_query(query)
    assert filters.to_query() == {}
    assert not filters.active
