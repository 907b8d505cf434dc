"""Every kind of field: what is shown is read back, and history text gives the same value again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnetics.domain import money, values
from gnetics.domain.fields import LEAD_FIELDS, Kind
from gnetics.domain.folding import visible
from gnetics.domain.regions import REGIONS, Region
from gnetics.domain.statuses import LABELS
from gnetics.errors import Unreadable

BOTH = pytest.mark.parametrize("region", list(REGIONS.values()), ids=list(REGIONS))
OF_KIND: dict[Kind, st.SearchStrategy[Any]] = {
    "text": st.text(max_size=50).map(values.clean).filter(lambda text: visible(text).strip()),
    "long_text": st.text(max_size=50).map(lambda text: values.clean(text, lines=True)).filter(lambda text: visible(text).strip()),
    "status": st.sampled_from(LABELS),
    "score": st.integers(0, 100),
    "percent": st.integers(0, 100),
    "money": st.integers(0, money.LARGEST),
    "date": st.dates(date(1900, 1, 1), date(2199, 12, 31)),
}
PAIRS = st.sampled_from(list(OF_KIND)).flatmap(lambda kind: st.tuples(st.just(kind), OF_KIND[kind]))


@BOTH
@given(pair=PAIRS)
def test_what_is_shown_is_read_back(region: Region, pair: tuple[Kind, Any]) -> None:
    kind, value = pair
    assert values.parse(kind, values.show(kind, value, region), region) == value


@given(pair=PAIRS)
def test_history_text_gives_the_value_again(pair: tuple[Kind, Any]) -> None:
    kind, value = pair
    assert values.decode(kind, values.encode(kind, value)) == value


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT])
def test_a_missing_value_shows_nothing_and_is_kept_missing(missing: Any) -> None:
    for field in LEAD_FIELDS:
        assert values.show(field.kind, missing, REGIONS["FR"]) == ""
        assert values.encode(field.kind, missing) is None


def test_blank_text_is_no_value() -> None:
    for field in LEAD_FIELDS:
        assert values.parse(field.kind, " \u00a0\t\x00\u200b\u200e", REGIONS["FR"]) is None


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("email", "zoe@atelier.fr"), ("phone", "06 12"), ("money", "1 234,56 €"), ("date", "05/03/2026"), ("percent", "75 %")],
)
def test_what_a_paste_brings_unseen_is_not_part_of_a_value(kind: Kind, typed: str) -> None:
    assert values.parse(kind, f"\u202a{typed}\u202c\u200e", REGIONS["FR"]) == values.parse(kind, typed, REGIONS["FR"])
    assert values.parse(kind, "\u200b \u200e", REGIONS["FR"]) is None


def test_words_keep_the_marks_their_script_may_need() -> None:
    assert values.parse("text", "می\u200cخواهم", REGIONS["FR"]) == "می\u200cخواهم"


def test_a_status_takes_the_spelling_of_the_table_and_an_unknown_one_stays() -> None:
    assert values.parse("status", "a CORRIGER", REGIONS["FR"]) == "À corriger"
    assert values.parse("status", "En pause", REGIONS["FR"]) == "En pause"


@pytest.mark.parametrize("text", ["-5", "101", "1e9", "75,5", "abc", "٣"])
@pytest.mark.parametrize("kind", ["score", "percent"])
def test_a_share_out_of_range_is_refused(kind: Kind, text: str) -> None:
    with pytest.raises(Unreadable):
        values.parse(kind, text, REGIONS["FR"])


def test_tags_are_separated_and_kept_once() -> None:
    assert values.parse("tags", "VIP ; salon,vip,  Salon  Lyon", REGIONS["FR"]) == "VIP, salon, Salon Lyon"


def test_text_keeps_everything_people_type_but_what_a_store_refuses() -> None:
    assert values.parse("text", "<script>alert(1)</script>", REGIONS["FR"]) == "<script>alert(1)</script>"
    assert values.parse("text", "=1+1", REGIONS["FR"]) == "=1+1"
    assert values.parse("text", "Zoé 😀\x00\ud800", REGIONS["FR"]) == "Zoé 😀"
    assert values.parse("long_text", "une\r\ndeux", REGIONS["FR"]) == "une\ndeux"
