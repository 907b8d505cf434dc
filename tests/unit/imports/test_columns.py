"""Which row holds the titles, which sheet and which line are people, and which column is which field."""

from __future__ import annotations

from typing import Any

import pytest

from gnetics.domain.regions import REGIONS
from gnetics.domain.sheets import LEADS
from gnetics.imports.column_values import settled
from gnetics.imports.header_row import header_row
from gnetics.imports.layouts import Layout, recognise
from gnetics.imports.not_people import things_in
from gnetics.imports.not_rows import ALONE, FOOTER, OTHER_TITLES, TITLES_AGAIN, TOTAL, NotRows
from gnetics.imports.people import first_of, without_address
from gnetics.imports.programs import SHAPES, shape_of
from gnetics.imports.titles import found
from gnetics.imports.workbook import Sheet

FRANCE = REGIONS["FR"]
Row = list[Any]


def sheet(*rows: Row, name: str = "Feuil1") -> Sheet:
    lines = [(line, [None if cell == "" else cell for cell in row]) for line, row in enumerate(rows, 1)]
    return Sheet(name, len(lines), lambda: iter(lines))


def read(*rows: Row, name: str = "Feuil1") -> Layout:
    layout = recognise(sheet(*rows, name=name))
    assert layout
    return settled(layout, FRANCE)


def fields(layout: Layout) -> dict[str, str]:
    return {layout.names[place]: column.key for place, column in layout.columns.items()}


PERSON = ["Jeanne Astruc", "jeanne@astruc.example", "06 12 34 56 78"]
TITLES = ["Nom", "Email", "Mobile"]


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ([TITLES, PERSON], 0),
        ([["Nos clients", "", ""], ["", "", ""], TITLES, PERSON], 2),
        ([["Société", "Astruc SA"], ["Le", "12/03/2026"], ["", ""], [*TITLES, "Ville"], [*PERSON, "Lyon"]], 3),
        ([["Liste", "Agence", "Lyon", ""], [*TITLES, "Ville"], [*PERSON, "Lyon"]], 1),  # wider, and its titles are known
        ([["Code", "Piste", "Nature", "Par"], ["A1", "L1", "Appel", "Karim"], ["A2", "L2", "Email", "Relance"]], 0),  # values are no titles
        ([["Nom", "Email", "2025", "2026"], [*PERSON, "1"]], 0),  # years are
        ([["Nom", "Email", "01/2026", "02/2026"], [*PERSON, "1"]], 0),  # and months, beside titles that are known
        ([["Nom"], ["Jeanne"]], 0),
        ([TITLES, PERSON, [*PERSON, *PERSON, *PERSON], PERSON], 0),  # a row with separators too many
        ([TITLES, PERSON, [*TITLES, "Ville"], [*PERSON, "Lyon"]], 0),  # another table below
        ([PERSON, PERSON], None),
    ],
)
def test_the_first_row_that_can_be_is_the_titles_and_never_one_of_values(rows: list[Row], at: int | None) -> None:
    assert header_row(sheet(*rows), LEADS) == at


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("CompanyName", "company"), ("ContactName", "full_name"), ("LeadSource", "source"), ("assignedto", "owner"),
        ("JOB_TITLE", "job_title"),
        ("Budget HT", "amount"), ("Montant (k€)", "amount"), ("Montant TTC en €", "amount"), ("Téléphone (bureau)", "phone"),
        ("Personne - Téléphone - Mobile", "phone"), ("Primary email", "email"), ("Contact - Fonction", "job_title"),
        ("Statut du prospect", "status"), ("Propriétaire du contact", "owner"), ("Nom de la société", "company"),
        ("Deal - Organization", "company"), ("Deal - Contact person", "full_name"), ("Affaire - Valeur", "amount"),
        ("Affaire - Titre", "deal"), ("Deal Name", "deal"), ("Nom de l’opportunité", "deal"),  # never a person's name
        ("Deal - Email", None), ("Company phone", None), ("Email du responsable", None), ("Télécopie (bureau)", None), ("x" * 5000, None),
    ],
)  # fmt: skip
def test_a_title_is_read_however_it_is_written(title: str, key: str | None) -> None:
    known = found("leads", title)
    assert (known and known.column.key) == key


@pytest.mark.parametrize(
    ("titles", "first"),
    [
        (["Téléphone (bureau)", "Tél. mobile"], "Tél. mobile"),
        (["Phone", "Mobile"], "Mobile"),
        (["Lifecycle Stage", "Lead Status"], "Lead Status"),
        (["Titre", "Fonction"], "Fonction"),
        (["Email personnel", "Email professionnel"], "Email professionnel"),
    ],
)
def test_of_several_columns_of_a_field_the_preferred_comes_first_wherever_it_stands(titles: list[str], first: str) -> None:
    for order in (titles, titles[::-1]):
        assert next(name for name in fields(read(["Nom", *order], ["Jeanne", "x", "y"])) if name != "Nom") == first


@pytest.mark.parametrize(
    ("titles", "row", "key"),
    [
        (["Name", "First Name", "Last Name"], ["Jeanne Astruc", "Jeanne", "Astruc"], "full_name"),
        (["Name", "First Name", "Last Name"], ["Astruc SA", "Jeanne", "Vial"], "company"),
        (["Nom", "Nom du contact"], ["Astruc SA", "Jeanne Vial"], "company"),
        (["Nom", "Prénom"], ["Astruc", "Jeanne"], "name"),
        (["Nom du contact", "Prénom du contact"], ["Astruc", "Jeanne"], "name"),
        (["Nom du contact", "Prénom du contact"], ["Jeanne Astruc", "Jeanne"], "full_name"),
    ],
)
def test_name_beside_the_names_of_a_person_is_what_its_values_say(titles: list[str], row: Row, key: str) -> None:
    assert fields(read(titles, row))[titles[0]] == key


def test_of_two_columns_of_one_title_the_first_is_not_taken_for_a_company() -> None:
    layout = read(["Nom", "Prénom", "Nom"], ["Astruc", "Jeanne", "Astruc SA"])
    assert fields(layout) == {"Nom": "name", "Prénom": "first_name", "Nom [2]": "name"}


def test_a_name_that_agrees_with_some_rows_only_is_left_aside() -> None:
    layout = read(["Name", "First Name", "Last Name"], ["Jeanne Astruc", "Jeanne", "Astruc"], ["Vial SARL", "Marc", "Petit"])
    assert "Name" not in fields(layout) and "ni le nom complet" in layout.ignored[0][1]


@pytest.mark.parametrize(
    ("title", "values", "key"),
    [
        ("Où écrire", ["a@astruc.example", "b@astruc.example"], "email"),
        ("Où appeler", ["06 12 34 56 78", "+33 1 99 00 12 34"], "phone"),
        ("Où écrire", ["a@astruc.example", "non"], None),
        ("Email du responsable", ["a@astruc.example"], None),  # somebody else's
        ("Fax", ["01 99 00 12 34"], None),
        ("Numéro", ["123456789"], None),
    ],
)
def test_a_column_of_an_unknown_title_is_what_all_its_values_are(title: str, values: list[str], key: str | None) -> None:
    layout = read(["Nom", title], *(["Jeanne", value] for value in values))
    assert fields(layout).get(title) == key
    assert layout.guessed == ({1} if key else set())


@pytest.mark.parametrize(
    ("name", "titles", "row", "things"),
    [
        ("Listes", ["Statut", "Responsable", "Entreprise"], ["Nouveau", "Karim", "SARL"], "une liste de valeurs"),
        ("Dictionnaire", ["Entreprise", "Signification"], ["Pays", "Pays de la société"], "un mode d’emploi"),
        ("Feuil1", ["N° facture", "Client", "Email", "Entreprise"], ["F1", "Jeanne", "j@a.example", "A"], "des factures ou des devis"),
        ("Feuil1", ["Compte", "Libellé", "Débit", "Crédit"], ["411", "x", "1", "2"], "des écritures comptables"),
        ("Feuil1", ["Note ID", "Contact", "Note"], ["1", "Jeanne", "Appelée"], "des notes ou des activités"),
        ("Feuil1", ["Activity type", "Email", "Notes"], ["Call", "j@a.example", "Appelée"], "des notes ou des activités"),
        ("Feuil1", ["Task name", "Contact", "Status"], ["Appeler", "Jeanne", "open"], "des tâches ou des tickets"),
        ("Feuil1", ["Name", "Body", "ParentId"], ["a.jpg", "a.jpg", "1"], "des fichiers joints"),
        ("Feuil1", ["Nom", "Jeanne Astruc", "Marc Vial"], ["Email", "j@a.example", "m@v.example"], ""),  # one row says little
        ("Liste clients", ["Entreprise", "Statut"], ["Astruc SA", "Nouveau"], ""),
        ("liste", ["Nom", "Email"], ["Jeanne", "j@a.example"], ""),  # people, whatever the sheet is called
    ],
)
def test_a_sheet_of_something_else_says_what_it_holds(name: str, titles: list[str], row: Row, things: str) -> None:
    assert things_in(read(titles, row, name=name)) == things


def test_a_sheet_that_lies_on_its_side_is_told() -> None:
    rows = [["Email", "jeanne@astruc.example", "marc@vial.example"], ["Mobile", "06 12 34 56 78", ""]]
    assert "à transposer" in things_in(read(["Nom", "Jeanne Astruc", "Marc Vial"], *rows))
    assert not things_in(read(["Nom", "Source"], ["Mobile", "Salon"], ["Martin", "Web"]))


def test_rows_that_speak_of_few_people_are_not_people() -> None:
    rows = [[f"p{number % 4}@astruc.example", f"{number} €"] for number in range(12)]
    assert things_in(read(["Email", "Montant"], *rows))
    assert not things_in(read(["ID Lead", "Email"], *([str(number), row[0]] for number, row in enumerate(rows))))  # a number each


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["TOTAL", "", "20 000 €"], TOTAL),
        (["Sous-total", "", 20000.0], TOTAL),
        (["Total", "2 contacts", "20 000 €"], TOTAL),
        (["Total", "Jeanne Astruc", ""], ""),  # the company
        (["Total Énergie", "", "20 000 €"], ""),
        (["Copyright (c) 2000-2026 salesforce.com, inc.", "", ""], FOOTER),
        (["Généré par : Karim", "", ""], FOOTER),
        (["Page 2 sur 3", "", ""], FOOTER),
        (["Total : 12 contacts", "", "20 000 €"], FOOTER),
        (["3 lignes", "", ""], FOOTER),
        (["3 Clients Fidèles", "", ""], ""),
        (["Confidential Information - Do Not Distribute"], FOOTER),
        (["Entreprise", "Nom", "Montant"], TITLES_AGAIN),
        (["ENTREPRISE", "Nom ", "montant estimé"], TITLES_AGAIN),
        (["Société", "Nom", ""], TITLES_AGAIN),
        (["Nom", "Email", "Mobile"], OTHER_TITLES),
        (["Entreprise", "Jeanne", "12"], ""),
        (["Entreprise", "", ""], ""),
        (["Astruc SA"], ""),
        (["Astruc SA", "Jeanne Astruc", "12"], ""),
    ],
)
def test_a_line_that_is_no_row_is_told_from_a_contact(row: Row, why: str) -> None:
    not_rows = NotRows.of(read(["Entreprise", "Nom", "Montant"], ["Vial", "Marc", "1"]))
    assert not_rows.why([None if cell == "" else cell for cell in row], from_text=True) == why


def test_a_lone_cell_under_a_column_that_names_nobody_is_no_contact() -> None:
    not_rows = NotRows.of(read(["Montant", "Nom", "Email"], ["1", "Marc", "m@v.example"]))
    assert not_rows.why(["Leads Q1"], from_text=True) == ALONE
    assert not_rows.why(["12", None, None], from_text=True) == ""


def test_a_total_of_a_line_that_names_nobody_may_say_of_what() -> None:
    not_rows = NotRows.of(read(["Commercial", "Nom", "Montant"], ["Karim", "Marc", "1"]))
    assert not_rows.why(["Sous-total Karim", None, "20 000 €"], from_text=True) == TOTAL
    assert not_rows.why(["Total Karim", "Jeanne", "20 000 €"], from_text=True) == ""


def test_each_shape_is_told_by_its_own_signs_and_names_known_fields() -> None:
    keys = {column.key for column in LEADS.columns} | {""}
    for each in SHAPES:
        assert shape_of(each.signs) is each, each.label
        assert keys.issuperset(each.columns.values()), each.label


def test_people_written_with_their_address_are_their_names() -> None:
    person = first_of("Kim Mora (kim@mora.example);Lou Nys (lou@nys.example)")
    assert person == ("Kim Mora", "kim@mora.example", "Lou Nys (lou@nys.example)")
    assert first_of("kim@mora.example") is None
    assert [without_address(text) for text in ("Zoé Vidal (zoe@a.example)", "Zoé <zoe@a.example>", "zoe@a.example", "Zoé (Lyon)")] == [
        "Zoé Vidal", "Zoé", "zoe@a.example", "Zoé (Lyon)",
    ]  # fmt: skip
