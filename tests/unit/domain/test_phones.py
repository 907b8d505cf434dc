"""Telephone numbers in both plans."""

from __future__ import annotations

from dataclasses import replace

import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gnetics.domain import phones
from gnetics.domain.phones import _OVERSEAS, _french_plan
from gnetics.domain.regions import REGIONS, Region
from gnetics.errors import Unreadable

FR, CA = REGIONS["FR"], REGIONS["CA-QC"]


@given(rest=st.integers(0, 9999))
def test_what_is_shown_is_read_back(rest: int) -> None:
    for region, text in ((FR, f"019900{rest:04d}"), (CA, f"418555{rest:04d}")):
        e164 = phones.parse(text, region)
        assert phones.parse(phones.show(e164, region), region) == e164
        assert phones.parse(phones.show(text, region), region) == e164


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("01 99 00 12 34", "+33199001234"),
        ("01.99.00.12.34", "+33199001234"),
        ("+33 (0)1 99 00 12 34", "+33199001234"),
        ("00 33 1 99 00 12 34", "+33199001234"),
        ("199001234", "+33199001234"),
        ("Tél : 01 99 00 12 34", "+33199001234"),
        ("01 99 00 12 34 poste 12", "+33199001234"),
        ("0262 90 12 34", "+262262901234"),
        ("+33 692 12 34 56", "+262692123456"),
        ("+33694401234", "+594694401234"),
        ("0033 696 20 12 34", "+596696201234"),
        ("0639 12 34 56", "+262639123456"),
        ("0508 41 12 34", "+508411234"),
        ("01_99_00_12_34", "+33199001234"),
        ("WhatsApp : 01 99 00 12 34", "+33199001234"),
        ("01 99 00 12 34 (bureau)", "+33199001234"),
        ("\u202a+33 1 99 00 12 34\u202c", "+33199001234"),
        ("\u200b0199001234\u200e", "+33199001234"),
        ("01\u201099\u201000\u201012\u201034", "+33199001234"),
        ("+1 418 555 0123", "+14185550123"),
    ],
)
def test_usual_french_writings(text: str, e164: str) -> None:
    assert phones.parse(text, FR) == e164


def test_the_french_plan_is_one_wherever_one_dials() -> None:
    for place in ("RE", "GP", "YT"):
        region = replace(FR, phone_region=place)
        for text, e164 in (("06 12 34 56 78", "+33612345678"), ("0692 12 34 56", "+262692123456"), ("0696 20 12 34", "+596696201234")):
            assert phones.parse(text, region) == e164


def test_six_digits_are_nobodys_but_at_saint_pierre() -> None:
    with pytest.raises(Unreadable, match="pas valide"):
        phones.parse("41 12 34", FR)
    assert phones.parse("41 12 34", replace(FR, phone_region="PM")) == "+508411234"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("01 99 00 12 34", ("01 99 00 12 34", "")),
        ("01 99 00 12 34 / 01 99 00 12 35", ("01 99 00 12 34", "01 99 00 12 35")),
        ("inconnu ; 01 99 00 12 34 ::: 01 99 00 12 35", ("01 99 00 12 34", "inconnu ; 01 99 00 12 35")),
        ("01 99 00 12 34 poste 12", ("01 99 00 12 34", "poste 12")),
        ("01 99 00 12 34 (bureau) 01 99 00 12 35", ("01 99 00 12 34", "01 99 00 12 34 (bureau) 01 99 00 12 35")),
        ("à voir ; plus tard", ("à voir ; plus tard", "")),
    ],
)
def test_the_first_number_of_a_cell_is_kept_and_nothing_lost(text: str, kept: tuple[str, str]) -> None:
    assert phones.several(text, FR) == kept


@pytest.mark.parametrize("space", "\u00a0\u2002\u2007\u2009\u202f\u3000")
def test_any_space_parts_the_digits(space: str) -> None:
    assert phones.parse("01 99 00 12 34".replace(" ", space), FR) == "+33199001234"
    assert phones.parse("418 555 0123".replace(" ", space), CA) == "+14185550123"


@pytest.mark.parametrize("between", [" / ", ";", ", ", " ou ", "\n", " (bureau) ", "\u00a0; "])
def test_two_numbers_in_one_cell_are_said_to_be_two(between: str) -> None:
    for region, one, other in ((FR, "01 99 00 12 34", "01 99 00 12 35"), (CA, "418 555-0123", "418 555-0124")):
        with pytest.raises(Unreadable, match="plusieurs numéros"):
            phones.parse(one + between + other, region)


@pytest.mark.parametrize("text", ["418 555-0123", "(418) 555-0123", "1-418-555-0123", "418.555.0123"])
def test_usual_quebec_writings(text: str) -> None:
    assert phones.parse(text, CA) == "+14185550123"
    assert phones.show(text, CA) == "(418) 555-0123"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("6,1E+08", "tableur"),
        ("abc 0199001234", "pas un numéro"),
        ("<script>0199001234", "pas un numéro"),
        ("=1+1", "pas un numéro"),
        ("-5", "pas valide|pas un numéro"),
        ("1e9", "tableur"),
        ("12", "pas valide"),
        ("😀", "pas un numéro"),
        ("1" * 5000, "pas un numéro"),
    ],
)
def test_a_wrong_number_says_why_and_is_shown_as_it_is(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why) as refusal:
        phones.parse(text, FR)
    assert len(str(refusal.value)) < 160
    assert phones.show(text, FR) == text


@pytest.mark.parametrize("region", [FR, CA], ids=["FR", "CA-QC"])
@given(text=st.text(max_size=80))
def test_any_text_is_a_number_or_a_refusal(region: Region, text: str) -> None:
    try:
        e164 = phones.parse(text, region)
    except Unreadable:
        return
    assert phones.parse(e164, region) == e164


@given(st.from_regex(r"(0|\+33 ?|0033)[1-79]( ?[0-9]{2}){4}", fullmatch=True))
def test_the_usual_french_writings_are_read_as_phonenumbers_reads_them(text: str) -> None:
    number = phonenumbers.parse(text, "FR")
    assume(str(number.national_number)[:3] not in _OVERSEAS)  # of which phonenumbers holds some for metropolitan
    if phonenumbers.is_valid_number(number) and number.country_code == 33:
        assert phones.parse(text, FR) == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        assert phones.show(text, FR) == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    else:
        assert not _french_plan().fullmatch(str(number.national_number))
