"""Search, filters, counts and order of Contacts."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from gnetics.domain.folding import fold
from gnetics.domain.statuses import LABELS, UNKNOWN
from gnetics.state.contacts import NO_OWNER, NO_SOURCE, ContactFilters, ContactIndex


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    blank = dict.fromkeys(("name", "status", "source", "owner", "name_fold", "search"))
    full = [
        blank
        | row
        | {"search": fold(" ".join(str(v) for v in row.values() if isinstance(v, str))) or "", "name_fold": fold(row.get("name"))}
        for row in rows
    ]
    made = pd.DataFrame(full, columns=list(blank), index=pd.RangeIndex(1, len(rows) + 1, name="key"))
    for column in ("name", "status", "source", "owner", "name_fold", "search"):
        made[column] = made[column].astype("str")
    made["amount"] = pd.array([row.get("amount") for row in rows], dtype="Int64")
    for column in ("next_follow_up", "last_contact", "created_at"):
        made[column] = pd.to_datetime([row.get(column) for row in rows])
    made["any_score"] = pd.array([row.get("score") for row in rows], dtype="Int64")
    return made


@pytest.fixture
def index() -> ContactIndex:
    return ContactIndex(
        frame(
            {"name": "Zoé Lefèvre", "status": "Clos", "source": "Salon", "owner": "Ana", "amount": 500, "next_follow_up": "2026-11-30"},
            {
                "name": "Alice Durand",
                "status": "Nouveau",
                "source": "salon ",
                "owner": "Sam",
                "amount": 900,
                "next_follow_up": "2026-11-01",
            },
            {"name": "Léo Martin", "status": "Inédit", "source": None, "owner": None},
        )
    )


def filters(**chosen: Any) -> ContactFilters:
    made = ContactFilters()
    for name, value in chosen.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize("text", ["zoe", "ZOÉ", "lefevre zoé", "Lefèvre"])
def test_search_ignores_accents_case_and_order(index: ContactIndex, text: str) -> None:
    assert list(index.select(filters(text=text))) == [1]


def test_a_regex_in_the_search_is_plain_text(index: ContactIndex) -> None:
    assert len(index.select(filters(text=".*"))) == 0


def test_spellings_of_a_source_are_one_value_with_its_count(index: ContactIndex) -> None:
    facet = {value.label.strip(): value.count for value in index.facet("source", filters())}
    assert facet == {"Salon": 2, NO_SOURCE: 1}


def test_statuses_are_all_listed_in_funnel_order_then_the_unknown(index: ContactIndex) -> None:
    assert [value.label for value in index.facet("statut", filters())] == [*LABELS, UNKNOWN]


def test_a_facet_counts_under_the_other_filters_only(index: ContactIndex) -> None:
    chosen = filters(chosen={"statut": ["Clos"]})
    assert {v.label: v.count for v in index.facet("statut", chosen)}["Nouveau"] == 1
    assert {v.label: v.count for v in index.facet("responsable", chosen)} == {"Ana": 1}


def test_counts_add_up_to_what_is_shown(index: ContactIndex) -> None:
    assert sum(v.count for v in index.facet("statut", filters())) == len(index.select(filters()))


def test_the_oldest_follow_up_comes_first_and_none_last(index: ContactIndex) -> None:
    assert list(index.select(filters())) == [2, 1, 3]
    assert list(index.select(filters(sort="montant"))) == [2, 1, 3]


def test_blank_owner_can_be_filtered(index: ContactIndex) -> None:
    assert list(index.select(filters(chosen={"responsable": [NO_OWNER]}))) == [3]


def test_the_address_keeps_the_filters() -> None:
    made = filters(text="zoé", chosen={"statut": ["Clos", "En suivi"]}, sort="nom", page=3)
    again = ContactFilters()
    again.from_query(made.to_query())
    assert again.to_query() == made.to_query() and again.active


@pytest.mark.parametrize("query", [{"p": "-1"}, {"p": "x"}, {"tri": "drop table"}, {"statut": ""}])
def test_a_wrong_address_falls_back_to_the_defaults(query: dict[str, str]) -> None:
    made = ContactFilters()
    made.from_query(query)
    assert made.to_query() == {} and not made.active


def test_an_empty_store_has_no_row_and_no_error() -> None:
    assert len(ContactIndex(frame()).select(filters(text="a"))) == 0
