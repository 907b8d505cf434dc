"""The calendar's period follows the view, the region's week and the address."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnetics.domain.regions import REGIONS
from gnetics.pages.calendrier.shown_days import VIEWS, CalendarView

TODAY = date(2026, 11, 24)
FR, QC = REGIONS["FR"], REGIONS["CA-QC"]


def looking(view: str, day: date = TODAY, region: str = "FR") -> CalendarView:
    made = CalendarView(REGIONS[region], TODAY)
    made.view, made.day = view, day
    return made


def test_weeks_begin_on_monday_in_france_and_on_sunday_in_quebec() -> None:
    assert looking("semaine").shown() == (date(2026, 11, 23), date(2026, 11, 29))
    assert looking("semaine", region="CA-QC").shown() == (date(2026, 11, 22), date(2026, 11, 28))
    assert looking("mois").shown() == (date(2026, 10, 26), date(2026, 12, 6))
    assert looking("mois", region="CA-QC").shown() == (date(2026, 11, 1), date(2026, 12, 5))


@pytest.mark.parametrize(
    ("view", "day", "title"),
    [
        ("mois", TODAY, "novembre 2026"),
        ("semaine", TODAY, "23 – 29 novembre 2026"),
        ("semaine", date(2026, 12, 1), "30 nov. – 6 déc. 2026"),
        ("semaine", date(2027, 1, 1), "28 déc. 2026 – 3 janv. 2027"),
        ("semaine", date(2026, 6, 3), "1er – 7 juin 2026"),
        ("jour", TODAY, "mardi 24 novembre 2026"),
        ("jour", date(2026, 12, 1), "mardi 1er décembre 2026"),
        ("agenda", TODAY, "24 nov. – 23 déc. 2026"),
    ],
)
def test_titles_name_the_period_in_french(view: str, day: date, title: str) -> None:
    assert looking(view, day).title() == title


def test_stepping_by_months_never_skips_a_short_one() -> None:
    view = looking("mois", date(2027, 1, 31))
    seen = []
    for _ in range(3):
        view.step(1, TODAY)
        seen.append(view.title())
    assert seen == ["février 2027", "mars 2027", "avril 2027"]


def test_coming_back_to_this_month_looks_at_today() -> None:
    view = looking("mois", date(2026, 10, 3))
    view.step(1, TODAY)
    assert view.day == TODAY


@given(
    st.sampled_from(list(VIEWS)),
    st.dates(date(1900, 2, 1), date(2199, 11, 30)),
    st.booleans(),
    st.sampled_from(list(REGIONS)),
    st.sampled_from(["", "Ana Lopès"]),
)
def test_an_address_leads_back_to_the_same_view(view: str, day: date, follow_ups: bool, region: str, who: str) -> None:
    before = looking(view, day, region)
    before.follow_ups, before.owner, before.category = follow_ups, who, who[:3]
    after = CalendarView(REGIONS[region], TODAY)
    after.from_query(before.to_query(TODAY), TODAY)
    assert (after.view, after.day, after.follow_ups, after.owner, after.category) == (view, day, follow_ups, who, who[:3])
    first, last = after.shown()
    assert first <= day <= last


@pytest.mark.parametrize(
    "query", [{"vue": "année"}, {"jour": "31/02/2026"}, {"jour": "2026-02-31"}, {"jour": "20261124"}, {"vue": "", "jour": "x" * 5000}]
)
def test_an_address_nobody_wrote_shows_this_month(query: dict[str, str]) -> None:
    view = looking("agenda", date(2030, 1, 1))
    view.from_query(query, TODAY)
    assert (view.view, view.day) == ("mois", TODAY)


@pytest.mark.parametrize("view", list(VIEWS))
def test_the_ends_of_time_are_stayed_at(view: str) -> None:
    looked = looking(view, date(2199, 11, 30))
    for _ in range(3):
        looked.step(1, TODAY)
    assert looked.shown()[1] < date(2200, 1, 1)
    looked.show(date(1, 1, 1))
    looked.step(-1, TODAY)
    assert looked.shown()[0] >= date(1900, 1, 1)
