"""What is no contact is told and left aside; what several rows say of one contact is one contact."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from gnetics.imports.importer import import_workbook
from gnetics.imports.plan import Asked
from gnetics.store.crm import Crm
from gnetics.store.schema import leads
from tests.unit.imports.test_importer import workbook


def stored(crm: Crm) -> list[dict[str, Any]]:
    with crm.read() as connection:
        return [dict(row) for row in connection.execute(select(leads).order_by("key")).mappings()]


def test_a_sheet_left_aside_is_taken_once_it_is_confirmed(crm: Crm) -> None:
    sheets = {
        "Clients Lyon": [["Nom", "Email"], ["Jeanne", "jeanne@lyon.example"]],
        "Clients Paris": [["Nom", "Email"], ["Marc", "marc@paris.example"]],
        "Listes": [["Entreprise", "Statut"], ["SARL", "Nouveau"]],
    }
    first = import_workbook(crm, "Léa", workbook(**sheets), "essai.xlsx")
    assert ([bool(sheet.aside) for sheet in first.sheets], [sheet.taken for sheet in first.sheets]) == ([False, True, True], [1, 0, 0])
    assert {problem.sheet for problem in first.problems} == {"Clients Paris", "Listes"}
    second = import_workbook(crm, "Léa", workbook(**sheets), "essai.xlsx", asked=Asked(sheets=["Clients Paris"]))
    assert [(sheet.taken, bool(sheet.aside)) for sheet in second.sheets] == [(0, False), (1, False), (0, True)]


def test_invoices_alone_are_left_aside_and_once_confirmed_are_one_contact_a_person(crm: Crm) -> None:
    rows = [["N° facture", "Nom", "Email", "Montant"]]
    rows += [[f"F{number}", "Jeanne Astruc", "jeanne@astruc.example", f"{number},00"] for number in (1, 2, 3)]
    rows += [["F4", "Marc Vial", "marc@vial.example", "4,00"]]
    data = workbook(Feuil1=rows)
    assert (import_workbook(crm, "Léa", data, "f.xlsx").taken, stored(crm)) == (0, [])
    report = import_workbook(crm, "Léa", data, "f.xlsx", asked=Asked(sheets=["Feuil1"]))
    assert (report.taken, report.joined) == (2, 2)
    assert [(lead["name"], lead["amount"], lead["notes"]) for lead in stored(crm)] == [
        ("Jeanne Astruc", 100, "Montant estimé\u00a0: 2,00\u00a0€\nMontant estimé\u00a0: 3,00\u00a0€"),
        ("Marc Vial", 400, None),
    ]


def test_deals_of_any_program_are_one_contact_a_person(crm: Crm) -> None:
    data = "Affaire;Contact;Société;Montant\nSite;Jeanne Astruc;Astruc SA;12\nLogo;Jeanne Astruc;Astruc SA;8\nSite;Marc Vial;;3\n"
    report = import_workbook(crm, "Léa", data.encode(), "essai.csv")
    assert (report.taken, report.joined, [problem.line for problem in report.problems]) == (2, 1, [3])
    assert [(lead["name"], lead["amount"]) for lead in stored(crm)] == [("Jeanne Astruc", 1200), ("Marc Vial", 300)]


def test_every_line_that_is_no_contact_is_told_with_its_number(crm: Crm) -> None:
    data = "Export du mois\n\nNom;Entreprise;Montant\nJeanne;Astruc SA;12\nNom;Entreprise;Montant\nMarc;Vial;8\nMarc;Vial;8\nTOTAL;;28\n"
    report = import_workbook(crm, "Léa", data.encode(), "essai.csv")
    assert [problem.line for problem in report.problems] == [1, 5, 7, 8]
    assert (report.taken, report.apart, report.joined, report.refused) == (2, 2, 1, 0)
    assert [lead["name"] for lead in stored(crm)] == ["Jeanne", "Marc"]


def test_what_is_under_the_titles_of_another_table_is_refused_with_its_line(crm: Crm) -> None:
    data = "Nom;Email\nJeanne;jeanne@astruc.example\n\nSociété;Nom;Email\nAstruc SA;Marc;marc@vial.example\n"
    data += "NOM;E-mail\nZoé;zoe@vial.example\n"
    report = import_workbook(crm, "Léa", data.encode(), "essai.csv")
    assert [(problem.line, "ligne 4" in problem.reason) for problem in report.problems] == [(4, False), (5, True), (6, False)]
    assert (report.taken, report.refused, report.apart) == (2, 1, 2)
    assert [(lead["name"], lead["email"]) for lead in stored(crm)] == [("Jeanne", "jeanne@astruc.example"), ("Zoé", "zoe@vial.example")]


def test_a_line_with_a_name_alone_is_told_as_is_an_address_in_a_name(crm: Crm) -> None:
    data = "Nom;Email;Montant;Ville\nRégion Nord;;;\nJeanne;jeanne@astruc.example;1;\nRégion Sud;;;\nMarc - marc@vial.example;;2;\n"
    data += "Léo;;;Lyon\n"  # what the CRM does not keep says that it is somebody all the same
    report = import_workbook(crm, "Léa", data.encode(), "essai.csv")
    told = [(problem.line, problem.value, "2\u00a0lignes" in problem.reason) for problem in report.problems if problem.value]
    assert told == [(5, "Marc - marc@vial.example", False), (2, "Région Nord", True)]
    assert not import_workbook(crm, "Léa", b"Nom;Email;Montant\nZo;;\nMax;;\n", "noms.csv").problems  # of a list of names, nothing


def test_one_salesperson_is_written_in_one_way(crm: Crm) -> None:
    import_workbook(crm, "Léa", "Nom;Responsable\na;Léa Martin\nb;LEA MARTIN\n".encode(), "a.csv")
    import_workbook(crm, "Léa", b"Nom;Responsable\nc;lea  martin\n", "b.csv")
    assert {lead["owner"] for lead in stored(crm)} == {"Léa Martin"}


def test_an_id_lead_alone_is_a_contact_and_the_number_of_another_program_is_not(crm: Crm) -> None:
    assert import_workbook(crm, "Léa", b"ID Lead;Nom\n12;\n", "a.csv").taken == 1
    report = import_workbook(crm, "Léa", b"id;Nom\nRED-4;\nRED-5;Marc\n", "b.csv")
    assert (report.taken, report.apart, [problem.line for problem in report.problems]) == (1, 1, [2])
