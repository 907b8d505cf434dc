"""Amounts are exact to the cent, and whatever reads two ways is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnetics.domain import money
from gnetics.domain.regions import REGIONS, Region
from gnetics.errors import Unreadable

FR, CA = REGIONS["FR"], REGIONS["CA-QC"]
BOTH = pytest.mark.parametrize("region", [FR, CA], ids=["FR", "CA-QC"])
CENTS = st.integers(0, money.LARGEST)


@BOTH
@given(cents=CENTS)
def test_what_is_shown_is_read_back(region: Region, cents: int) -> None:
    assert money.parse(money.show(cents, region), region) == cents


@BOTH
@given(cents=CENTS)
def test_usual_writings_are_read_to_the_cent(region: Region, cents: int) -> None:
    whole, rest = divmod(cents, 100)
    for text in (f"{whole},{rest:02d}", f"{whole}.{rest:02d}", f"{whole:,}.{rest:02d}", f"{whole:,}".replace(",", ".") + f",{rest:02d}"):
        assert money.parse(text, region) == cents


@BOTH
@given(text=st.text(alphabet="0123456789,.  '€$kM-+()eE", max_size=20))
def test_any_text_is_an_amount_with_its_digits_or_a_refusal(region: Region, text: str) -> None:
    try:
        cents = money.parse(text, region)
    except Unreadable:
        return
    digits = "".join(filter(str.isdigit, text)).lstrip("0")
    assert str(cents).startswith(digits.rstrip("0"))


@BOTH
@pytest.mark.parametrize("space", " \u00a0\u2002\u2007\u2009\u202f\u3000'’")
def test_any_space_groups_the_thousands(region: Region, space: str) -> None:
    assert money.parse(f"1{space}234{space}567,89 {region.symbol}", region) == 123456789


def test_formats_of_the_two_regions() -> None:
    assert money.show(123456, FR) == "1\u202f234,56\u00a0€"
    assert money.show(123456, CA) == "1\u00a0234,56\u00a0$"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1.234", "deux façons"),
        ("1,234", "deux façons"),
        ("-5", "négatif"),
        ("1e9", "n’est pas un montant"),
        ("=1+1", "n’est pas un montant"),
        ("<script>", "n’est pas un montant"),
        ("(1 234)", "n’est pas un montant"),
        ("12 3456", "n’est pas un montant"),
        ("1,2,3", "n’est pas un montant"),
        ("5,", "n’est pas un montant"),
        ("٣", "n’est pas un montant"),
        ("😀", "n’est pas un montant"),
        ("9" * 5000, "n’est pas un montant"),
        ("1234,567", "décimales"),
        ("100 $", "pas en €"),
        ("99 999 999 999", "maximum"),
    ],
)
def test_a_wrong_amount_says_why_in_a_short_sentence(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why) as refusal:
        money.parse(text, FR)
    assert len(str(refusal.value)) < 140


def test_another_currency_is_never_taken_for_the_regions() -> None:
    assert money.parse("$1,234.56", CA) == 123456
    with pytest.raises(Unreadable, match=r"pas en \$"):
        money.parse("1 234,56 €", CA)


def test_thousands_and_millions() -> None:
    assert money.parse("12 k€", FR) == 1_200_000
    assert money.parse("1,2 M€", FR) == 120_000_000


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, "0 €"),
        (85_000, "850 €"),
        (123_456, "1,2 k€"),
        (99_960, "1 k€"),
        (1_234_567, "12 k€"),
        (123_456_789, "1,2 M€"),
        (-1_234_567, "-12 k€"),
    ],
)
def test_short_amounts(cents: int, text: str) -> None:
    assert money.short(cents, FR) == text.replace(" ", "\u00a0")


def test_a_spreadsheet_number_is_rounded_to_the_cent_half_up() -> None:
    assert money.from_number(1e9) == 10**11
    assert money.from_number(0.125) == 13
    assert money.from_number(1234.1) == 123410
    for wrong in (-5.0, float("nan"), float("inf"), 1e300):
        with pytest.raises(Unreadable):
            money.from_number(wrong)
