"""A column is read in one way, which all its cells decide: never two orders, two shares, two units in silence."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from gnetics.domain.dates import Order
from gnetics.domain.leads import derive
from gnetics.domain.regions import REGIONS
from gnetics.domain.searching import wanted
from gnetics.errors import Unreadable
from gnetics.imports import cells, workbook
from gnetics.imports.column_readings import Decided, decide
from gnetics.imports.importer import import_workbook
from gnetics.imports.layouts import recognise
from gnetics.imports.plan import Asked
from gnetics.imports.report import Report
from gnetics.state.search import having
from gnetics.store import schema
from gnetics.store.crm import Crm

FR, CA = REGIONS["FR"], REGIONS["CA-QC"]
MONTHS = {
    "fr": ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
    "long": ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "long_en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
}
WRITINGS: dict[str, Callable[[date], str]] = {
    "iso": lambda day: day.isoformat(),
    "en bloc": lambda day: f"{day:%Y%m%d}",
    "moment": lambda day: f"{day.isoformat()}T10:30:00",
    "de midi, UTC": lambda day: f"{day.isoformat()} 12:00:00 +00",
    "de midi, anglais": lambda day: f"{MONTHS['en'][day.month - 1]} {day.day}, {day.year} 12:15 PM UTC",
    "mois court": lambda day: f"{day.day} {MONTHS['fr'][day.month - 1]} {day.year}",
    "tirets": lambda day: f"{day.day}-{MONTHS['fr'][day.month - 1]}-{day.year % 100:02d}",
    "tirets, sans point": lambda day: f"{day.day:02d}-{MONTHS['en'][day.month - 1]}-{day.year % 100:02d}",
    "en toutes lettres": lambda day: f"le {day.day} {MONTHS['long'][day.month - 1].upper()} {day.year}",
    "premier": lambda day: f"{day.day}{'er' if day.day == 1 else ''} {MONTHS['long'][day.month - 1]} {day.year}",
    "anglais": lambda day: f"{MONTHS['long_en'][day.month - 1]} {day.day}, {day.year}",
    "année d’abord": lambda day: f"{day.year} {MONTHS['en'][day.month - 1]} {day.day:02d}",
}
DAYS = st.dates(date(1970, 1, 1), date(2068, 12, 31))


def decided(title: str, values: Sequence[str], region: Any = FR, asked: dict[str, Order] | None = None, beside: str = "Nom") -> Decided:
    """The only column of a file but for who the rows are about."""
    text = f"{beside};{title}\n" + "".join(f"p{at};{value}\n" for at, value in enumerate(values))
    layout = recognise(workbook.read(text.encode(), "essai.csv").sheets[0])
    assert layout and len(layout.columns) == 2
    return decide(layout, region, asked or {})


def read(title: str, values: Sequence[str], region: Any = FR, asked: dict[str, Order] | None = None, beside: str = "Nom") -> list[Any]:
    """What each cell becomes, its refusal as a text."""
    found = decided(title, values, region, asked, beside).readings[1]
    column = recognise(workbook.read(f"{beside};{title}\np;x\n".encode(), "e.csv").sheets[0]).columns[1]  # type: ignore[union-attr]
    read_values = []
    for text in values:
        try:
            read_values.append(cells.value(column, text, region, found))
        except Unreadable as refusal:
            read_values.append(str(refusal))
    return read_values


def take(crm: Crm, text: str, **asked: Any) -> Report:
    return import_workbook(crm, "Léa", text.encode(), "essai.csv", asked=Asked(**asked))


def stored(crm: Crm, *names: str) -> list[tuple[Any, ...]]:
    with crm.read() as connection:
        return [tuple(row) for row in connection.execute(select(*(schema.leads.c[name] for name in names)).order_by("key"))]


@settings(max_examples=30)
@given(day=DAYS, way=st.sampled_from(sorted(WRITINGS)))
def test_a_date_written_in_any_accepted_way_is_the_same_day(day: date, way: str) -> None:
    for region in (FR, CA):
        assert read("Prochaine relance", [WRITINGS[way](day)], region) == [day], WRITINGS[way](day)


@settings(max_examples=20)
@given(days=st.lists(DAYS, min_size=1, max_size=6), american=st.booleans(), short=st.booleans(), data=st.data())
def test_one_column_has_one_order_whatever_the_order_of_its_rows(
    days: list[date], american: bool, short: bool, data: st.DataObject
) -> None:
    days = [*days, date(2025, 12, 25)]
    year = "%y" if short else "%Y"
    mixed = data.draw(st.permutations(days))
    assert read("Created", [f"{day:%m/%d/}{day:{year}}" if american else f"{day:%d/%m/}{day:{year}}" for day in mixed]) == mixed
    texts = [f"{day:%m/%d/%Y}" for day in days]
    assert decided("Created", texts) == decided("Created", data.draw(st.permutations(texts)))


def test_a_month_that_can_only_be_first_makes_its_column_american_and_is_said() -> None:
    found = decided("Créé le", ["3/5/2026", "4/14/2026"])
    assert [(line.column, line.value) for line in found.told] == [("Créé le", "4/14/2026")] and "mois/jour/année" in found.told[0].reason
    assert read("Créé le", ["3/5/2026", "4/14/2026"]) == [date(2026, 3, 5), date(2026, 4, 14)]
    assert not decided("Créé le", ["3/5/2026", "14/4/2026"]).told  # the order of the region goes without saying


def test_a_column_of_both_orders_reads_only_what_cannot_be_mistaken() -> None:
    both = ["12/25/2025", "25/12/2025", "02/03/2026"]
    *certain, refused = read("Créé le", both)
    assert certain == [date(2025, 12, 25)] * 2 and "deux façons" in refused
    assert len(decided("Créé le", both).told) == 1
    assert "deux façons" in read("Créé le", both, asked={"": "jma"})[2]  # said of the file, not of this column
    assert read("Créé le", ["02/03/2026"], asked={"Créé le": "mja"}) == [date(2026, 2, 3)]


def test_nothing_decides_the_region_does_and_english_titles_are_asked() -> None:
    french = decided("Créé le", ["02/03/2026"])
    assert not decided("Date d’opposition", ["02/03/2026"], beside="Email").doubts  # « date » is a word of both languages
    assert not french.doubts and not french.told and "2 mars 2026" in french.read_as[0].reason
    (doubt,) = decided("Created", ["02/03/2026", "2026-05-06"], beside="Full name").doubts
    assert (doubt.column, doubt.sentence, doubt.taken) == ("Created", "02/03/2026\u00a0: 2 mars ou 3 février\u00a0?", "jma")
    assert doubt.readings == (("jma", "2 mars 2026"), ("mja", "3 février 2026"))
    answered = decided("Created", ["02/03/2026"], asked={"": "mja"}, beside="Full name")
    assert not answered.doubts and answered.readings[1].order == "mja"
    for harmless in (["03/03/2026"], ["2026-03-02"], ["2 Mar 2026"], ["25/12/2025", "02/03/2026"]):
        assert not decided("Created", harmless, beside="Full name").doubts


def test_a_region_without_order_asks_and_leaves_unread() -> None:
    (doubt,) = decided("Créé le", ["02/03/2026"], CA).doubts
    assert doubt.taken == "" and "deux façons" in read("Créé le", ["02/03/2026"], CA)[0]
    assert read("Créé le", ["02/03/2026"], CA, {"": "jma"}) == [date(2026, 3, 2)]


@pytest.mark.parametrize(
    "texts", [["85-03-02", "99-12-31"], ["26-03-02", "85-11-14"], ["26/3/2", "00/11/14"], ["85-03-02 10:30", "26-03-02 08:00"]]
)
def test_a_column_that_can_only_begin_with_its_year_is_read_so_and_it_is_said(texts: list[str]) -> None:
    found = decided("Créé le", texts)
    assert found.readings[1].order == "amj" and not found.doubts
    assert "année/mois/jour" in found.told[0].reason and found.told[0].value in texts
    year, month, day = re.split("[-/ ]", texts[0])[:3]
    assert read("Créé le", texts)[0] == date(1900 + int(year) if int(year) > 69 else 2000 + int(year), int(month), int(day))


@pytest.mark.parametrize(
    "texts", [["26-03-02"], ["26-03-02", "25-11-14", "26-12-07"], ["26/03/02", "26/11/14"], ["2026-03-02", "26-03-02"]]
)
def test_a_year_that_may_be_first_is_asked_and_unread_until_somebody_says(texts: list[str]) -> None:
    found = decided("Créé le", texts)
    (doubt,) = found.doubts
    assert doubt.taken == "" and "deux façons" in read("Créé le", texts)[texts.index("26-03-02") if "26-03-02" in texts else 0]
    assert [answer for answer, _ in doubt.readings] == ["jma", "amj"]
    assert date(2026, 3, 2) in read("Créé le", texts, asked={"": "amj"})
    assert date(2002, 3, 26) in read("Créé le", texts, asked={"Créé le": "jma"})


@pytest.mark.parametrize(
    "texts",
    [
        ["02/03/26"], ["23/03/26"], ["01/09/24", "01/09/25"], ["30/06/26", "31/07/26", "02/08/26"], ["25-12-25"],
        ["26-03-02", "02/03/99"], ["85-03-02", "02/03/99"], ["26-03-02", "02/03/2026"],
    ],
)  # fmt: skip
def test_years_at_the_end_stay_there_without_a_question(texts: list[str]) -> None:
    found = decided("Créé le", texts)
    assert found.readings[1].order == "jma" and not found.doubts
    assert read("Créé le", ["85-03-02", "02/03/99"])[1] == date(1999, 3, 2)


def test_a_day_that_does_not_exist_makes_no_year_of_the_others_but_is_asked_about() -> None:
    texts = ["31/04/26", "02/03/26", "14/05/26"]
    found = decided("Créé le", texts)
    assert [doubt.taken for doubt in found.doubts] == ["jma"] and found.told
    assert read("Créé le", texts)[1:] == [date(2026, 3, 2), date(2026, 5, 14)] and "n’existe pas" in read("Créé le", texts)[0]


def test_a_column_of_years_first_and_last_reads_only_what_cannot_be_mistaken() -> None:
    texts = ["85-03-02", "26-03-02", "25-11-14", "02/03/99"]
    found = decided("Créé le", texts)
    assert not found.doubts and "l’année" in found.told[0].reason
    first, *others = read("Créé le", texts)
    assert first == date(1985, 3, 2) and all("deux façons" in each for each in others)


def test_a_region_that_writes_the_year_first_is_asked_of_every_short_year() -> None:
    (doubt,) = decided("Créé le", ["02/03/26"], CA).doubts
    assert [answer for answer, _ in doubt.readings] == ["jma", "mja", "amj"] and doubt.taken == ""
    assert read("Créé le", ["25-12-25"], CA) == [date(2025, 12, 25)]


def test_the_other_dates_of_the_file_decide_before_the_region(crm: Crm) -> None:
    report = take(crm, "Full name,Created,Close date\nAnne,12/25/2025,02/03/2026\n")
    assert stored(crm, "created_at", "expected_close") == [(date(2025, 12, 25), date(2026, 2, 3))]
    assert not report.doubts and len(report.problems) == 2


def test_an_answer_is_kept_for_the_next_file_and_makes_nobody_twice(crm: Crm) -> None:
    data = "Full name,Created\nAnne Petit,02/03/2026\n"
    assert take(crm, data).doubts and stored(crm, "created_at") == [(date(2026, 3, 2),)]
    assert take(crm, data, dates={"": "mja"}).updated == 1 and stored(crm, "created_at") == [(date(2026, 2, 3),)]
    again = take(crm, data.replace("Anne", "Zoé"))
    assert not again.doubts and stored(crm, "created_at")[1] == (date(2026, 2, 3),)


@pytest.mark.parametrize(
    ("text", "why"), [("2026-W49", "semaine"), ("S49 2026", "semaine"), ("décembre 2026", "mois"), ("12/2026", "mois"), ("demain", "date")]
)
def test_what_is_no_day_says_what_it_is(text: str, why: str) -> None:
    assert why in read("Prochaine relance", [text])[0]


def test_a_date_that_is_none_or_a_number_of_days_is_told(crm: Crm) -> None:
    report = take(crm, "Nom;Relance\na;0000-00-00\nb;00/00/0000\nc;46000\nd;NULL\n")
    assert stored(crm, "next_follow_up", "unread") == [(None, None), (None, None), (date(2025, 12, 9), None), (None, None)]
    assert [problem.column for problem in report.problems] == ["Prochaine relance"] * 2


def test_a_column_that_says_something_else_than_its_title_is_told_once(crm: Crm) -> None:
    report = take(crm, "Nom;Relancé;État;Titre\nAnne;Oui;1;Mme\nBob;Non;0;M.\nZoé;;1;Directrice\n")
    assert stored(crm, "next_follow_up", "status", "job_title", "unread") == [(None,) * 4, (None,) * 4, (None, None, "Directrice", None)]
    assert [problem.column for problem in report.problems] == ["Fonction", "Fonction", "Relancé", "État"]


def test_amounts_count_what_their_title_says() -> None:
    assert read("Montant (k€)", ["45", "1,5", "12 000 €", "3 M€"]) == [45_000_00, 1_500_00, 12_000_00, 3_000_000_00]
    assert read("Montant", ["1 500 € HT", "1200.-", "45 k€", "1'200.-", "1500€ TTC"]) == [150000, 120000, 4500000, 120000, 150000]
    assert "milliers" in decided("Montant (k€)", ["45"]).told[0].reason


@pytest.mark.parametrize(
    ("data", "amounts", "notes"),
    [
        ("Nom;Montant\nA;CHF 1200\nB;300 €\nC;12\n", [None, 30000, 1200], ["Montant\u00a0: CHF 1200", None, None]),
        ("Nom;Montant\nA;1 200 $\nB;300\n", [None, None], ["Montant\u00a0: 1 200 $", "Montant\u00a0: 300 USD"]),
        ("Nom;Montant;Devise\nA;1200;USD\nB;300;EUR\nC;5;\n", [None, 30000, 500], ["Montant\u00a0: 1200 USD", None, None]),
    ],
    ids=["deux devises", "les autres le disent", "à côté"],
)
def test_another_currency_is_kept_in_the_notes_and_never_taken_for_ours(crm: Crm, data: str, amounts: list[Any], notes: list[Any]) -> None:
    report = take(crm, data)
    assert stored(crm, "amount", "notes") == list(zip(amounts, notes, strict=True))
    assert any("pas en €" in problem.reason for problem in report.problems)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (["12.5", "100.0", "45,5 %"], [13, 100, 46]),
        (["0.6", "0.125", "1"], [60, 13, 100]),
        (["0.6", "75"], ["deux façons", 75]),
        (["0.6 %", "75"], [1, 75]),
        (["0.6", "75", "1"], ["deux façons", 75, "écrivez le nombre suivi de %"]),
    ],
)
def test_probabilities_follow_one_rule_by_column(typed: list[str], kept: list[Any]) -> None:
    found = read("Probabilité", typed)
    assert [value if isinstance(value, int) else next(each for each in kept if str(each) in value) for value in found] == kept


def test_a_rounded_or_shared_probability_is_told() -> None:
    assert "13\u00a0%" in decided("Probabilité", ["12.5"]).told[0].reason
    assert "parts de 1" in decided("Probabilité", ["0.6"]).told[0].reason


def test_several_values_of_a_cell_give_the_first_and_keep_the_others(crm: Crm) -> None:
    take(
        crm,
        "Nom,Email,Téléphone,Étiquettes\n"
        "Anne ::: Zoé,Anne <a@b.example> ::: mailto:c@d.example,06 12 34 56 78 / 04 72 00 11 22,* myContacts ::: Clients\n"
        'Bob,b@b.example,+1 514 555-0123 poste 22,"""Salon"",""VIP"""\n',
    )
    assert stored(crm, "name", "email", "phone", "tags", "notes") == [
        (
            "Anne ::: Zoé",
            "a@b.example",
            "06 12 34 56 78",
            "myContacts, Clients",
            "Email\u00a0: mailto:c@d.example\nTéléphone\u00a0: 04 72 00 11 22",
        ),
        ("Bob", "b@b.example", "+1 514 555-0123", "Salon, VIP", "Téléphone\u00a0: poste 22"),
    ]


def test_the_first_filled_column_of_a_field_is_taken_in_each_row_and_the_others_kept(crm: Crm) -> None:
    data = (
        "Nom,Mobile,Bureau,Mail\nAnne,06 12 34 56 78,04 72 00 11 22,a@b.example\nBob,,04 72 00 11 23,\nZoé,06 12 34 56 79,06 12 34 56 79,\n"
    )
    columns = {"Mobile": "phone", "Bureau": "phone"}
    report = take(crm, data, columns=columns)
    kept = [
        ("06 12 34 56 78", "Bureau\u00a0: 04 72 00 11 22"),
        ("04 72 00 11 23", None),
        ("06 12 34 56 79", None),
    ]
    assert stored(crm, "phone", "notes") == kept
    assert [(problem.column, problem.value) for problem in report.problems] == [("Bureau", "04 72 00 11 22")]
    assert (take(crm, data, columns=columns).unchanged, stored(crm, "phone", "notes")) == (3, kept)


def test_what_is_kept_aside_is_added_to_the_notes_that_are_there(crm: Crm) -> None:
    take(crm, "ID Lead;Nom;Notes\nA1;Anne;Préfère le matin\n")
    data = "ID Lead,Nom,Email\nA1,Anne,a@b.example ; c@d.example\n"
    take(crm, data)
    assert stored(crm, "notes") == [("Préfère le matin\nEmail\u00a0: c@d.example",)]
    assert take(crm, data).unchanged == 1


def test_html_is_read_as_what_it_shows_and_lines_stay_lines(crm: Crm) -> None:
    notes = "<div>Appel &eacute;mis</div><p>a < b, <3</p>AT&T<br/>R&D &lt;hier&gt; &amp;eacute;"
    take(crm, f'Nom,Entreprise,Notes\nMa&euml;l D&#039;Orval,L&#039;Atelier &amp; Fils,"{notes}"\n')
    assert stored(crm, "name", "company", "notes") == [
        ("Maël D'Orval", "L'Atelier & Fils", "Appel émis\na < b, <3\nAT&T\nR&D <hier> é"),
    ]


def test_what_odoo_leaves_false_is_nobody_and_nothing(crm: Crm) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet("Leads")
        for line, row in enumerate(
            [
                ["Nom", "Email", "Téléphone", "Clôture prévue", "Montant"],
                ["Anne", *[False] * 4],
                ["Null", "n@b.example", "", datetime(2026, 12, 20), 5],
            ]
        ):
            page.write_row(line, 0, row)
    import_workbook(crm, "Léa", buffer.getvalue(), "odoo.xlsx")
    assert stored(crm, "name", "email", "phone", "expected_close", "amount", "unread") == [
        ("Anne", None, None, None, None, None),
        (None, "n@b.example", None, date(2026, 12, 20), 500, None),
    ]


NUMBERS = {
    "+262692123456": ["0692 12 34 56", "+33 692 12 34 56", "0033692123456", "+262 692 12 34 56", "06_92_12_34_56"],
    "+33612345678": ["06 12 34 56 78", "+33 (0)6 12 34 56 78", "0033 6 12 34 56 78", "33612345678", "06.12.34.56.78"],
}


@pytest.mark.parametrize("place", ["FR", "RE"])
@pytest.mark.parametrize("e164", NUMBERS)
def test_a_number_is_found_however_it_is_stored_and_typed(place: str, e164: str) -> None:
    for kept in NUMBERS[e164]:
        row = derive({"name": "x", "phone": kept}, replace(FR, phone_region=place))
        assert row["phone_e164"] == e164
        for typed in NUMBERS[e164]:
            (word,) = wanted(typed)
            assert having(word, pd.Series([row["search"]]))[0], (kept, typed)
