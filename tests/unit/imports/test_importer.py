"""Import of a workbook into a real store: every row is taken, counted or reported, and twice is once."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import select

from gnetics.actions.merging import merge_leads
from gnetics.domain.rights import Verb
from gnetics.errors import UnreadableFile
from gnetics.exports.csv_file import csv_file
from gnetics.exports.lead_table import lead_table
from gnetics.imports.importer import import_workbook
from gnetics.imports.problems_file import problems_csv
from gnetics.imports.report import Report
from gnetics.settings import Settings
from gnetics.state.search import holding
from gnetics.store import schema
from gnetics.store.crm import Crm, create_crm


def workbook(**sheets: list[list[Any]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "default_date_format": "dd/mm/yyyy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name.replace("_", " "))
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row)
    return buffer.getvalue()


def take(crm: Crm, data: str | bytes, **options: Any) -> Report:
    return import_workbook(crm, "Léa", data.encode() if isinstance(data, str) else data, "essai.csv", **options)


def stored(crm: Crm, table: str = "leads") -> list[dict[str, Any]]:
    with crm.read() as connection:
        return [dict(row) for row in connection.execute(select(schema.VERSIONED[table]).order_by("key")).mappings()]


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.taken, report.updated, report.unchanged, report.blank, report.refused


def test_french_headers_in_any_order_case_and_accents(crm: Crm) -> None:
    report = take(crm, "COURRIEL;montant (€);telephone;NOM;Société;id\nanne@atelier.fr;1 234,50 €;01 99 00 12 34;Anne;Atelier;L-7\n")
    assert report.problems == []
    (lead,) = stored(crm)
    assert (lead["email"], lead["amount"], lead["name"], lead["company"], lead["lead_id"]) == (
        "anne@atelier.fr",
        123450,
        "Anne",
        "Atelier",
        "L-7",
    )


def test_english_headers(crm: Crm) -> None:
    take(crm, "First Name,Last Name,Company,Close Date,Owner\nAnne,Petit,Atelier,2026-12-01,Léa\n")
    (lead,) = stored(crm)
    assert (lead["name"], lead["company"], lead["expected_close"], lead["owner"]) == ("Anne Petit", "Atelier", date(2026, 12, 1), "Léa")


def test_every_row_is_taken_or_reported_with_its_line_and_reason(crm: Crm) -> None:
    report = take(
        crm,
        "ID Lead;Nom;Statut;Montant;Relance;Téléphone;Email\n"
        "A1;Anne;Contacté;12 k€;24/11/2026;;\n"  # 2: taken
        ";;;;;;\n"  # 3: blank
        "A2;Bob;En pause;1.234;31/02/2026;12;bob@\n"  # 4: taken, five things to tell
        "A1;Anne bis;;;;;\n"  # 5: same ID
        ";;Nouveau;;;;\n"  # 6: set aside
        "A3;Chloé;;;;;;trop\n",  # 7: one separator too many
    )
    assert counts(report) == (3, 0, 0, 1, 2)
    assert report.set_aside == 1
    assert sum(sheet.rows for sheet in report.sheets) == 6
    assert [(problem.line, problem.column) for problem in report.problems] == [
        (4, "Montant estimé"),
        (4, "Prochaine relance"),
        (4, "Statut"),
        (4, "Email"),
        (4, "Téléphone"),
        (5, "ID Lead"),
        (7, ""),
    ]
    assert report.problems[1].reason == "Le 31/02/2026 n’existe pas\u00a0: vérifiez la date."
    assert "ligne 2" in report.problems[5].reason


def test_an_unreadable_cell_keeps_its_raw_text_and_the_row(crm: Crm) -> None:
    take(crm, "Nom;Montant;Relance\nAnne;1.234;31/02/2026\n")
    (lead,) = stored(crm)
    assert (lead["amount"], lead["next_follow_up"]) == (None, None)
    assert json.loads(lead["unread"]) == {"amount": "1.234", "next_follow_up": "31/02/2026"}


def test_a_value_mended_in_the_file_is_no_longer_unread(crm: Crm) -> None:
    take(crm, "ID Lead;Montant;Relance\nA1;1.234;31/02/2026\n")
    take(crm, "ID Lead;Montant\nA1;1234\n")
    (lead,) = stored(crm)
    assert lead["amount"] == 123400
    assert json.loads(lead["unread"]) == {"next_follow_up": "31/02/2026"}
    take(crm, "ID Lead;Relance\nA1;28/02/2026\n")
    assert stored(crm)[0]["unread"] is None


def test_unknown_and_missing_statuses_are_kept_and_never_moved(crm: Crm) -> None:
    take(crm, "Nom;Statut\nAnne;En pause\nBob;\nChloé;a corriger\n")
    assert [lead["status"] for lead in stored(crm)] == ["En pause", None, "À corriger"]


def test_absent_dates_are_unknown(crm: Crm) -> None:
    take(crm, "Nom;Statut\nAnne;Clos\n")
    (lead,) = stored(crm)
    assert [lead[key] for key in ("created_at", "closed_at", "status_since", "previous_status", "last_contact")] == [None] * 5


def test_an_import_never_invents_an_id(crm: Crm) -> None:
    take(crm, "Nom;Notes\nAnne;\n;sans identité\n")
    leads = stored(crm)
    assert [lead["lead_id"] for lead in leads] == [None, None]
    assert [lead["real"] for lead in leads] == [True, False]


def test_importing_the_same_file_twice_changes_nothing(crm: Crm) -> None:
    data = "ID Lead;Nom;Notes;Montant\nA1;Anne;;12\n;Bob;;1.234\n;Bob;;1.234\n;;sans identité;\n"
    take(crm, data)
    before, rev = stored(crm), crm.latest_rev()
    assert counts(take(crm, data)) == (0, 0, 3, 0, 0)
    assert stored(crm) == before
    assert crm.latest_rev() == rev


def test_the_fingerprint_of_a_row_without_id_stays_as_stores_have_it(crm: Crm) -> None:
    take(crm, "Nom;Montant\nZoé;1\n")
    assert [lead["origin"] for lead in stored(crm)] == ["4fe4a1a597b9bbe390ef376ea33535b8d24e0659224ff5f49d971fd0cee5e85b"]


def test_importing_again_does_not_undo_what_people_changed_in_a_row_without_id(crm: Crm) -> None:
    data = "Nom;Montant\nAnne;12\n"
    take(crm, data)
    with crm.write("Léa", Verb.SAVE_LEAD) as uow:
        uow.update("leads", stored(crm)[0]["key"], {"amount": 99_00})
        uow.commit()
    take(crm, data)
    assert stored(crm)[0]["amount"] == 99_00


def test_a_known_id_updates_what_the_file_says_and_leaves_the_rest(crm: Crm) -> None:
    take(crm, "ID Lead;Nom;Entreprise;Montant\nA1;Anne;Atelier;12\n")
    report = take(crm, "ID Lead;Nom;Entreprise;Montant\nA1;Anne Petit;;\n")
    assert counts(report) == (0, 1, 0, 0, 0)
    (lead,) = stored(crm)
    assert (lead["name"], lead["company"], lead["amount"]) == ("Anne Petit", "Atelier", 1200)


def test_a_dry_run_reports_the_same_and_writes_nothing(crm: Crm) -> None:
    data = "ID Lead;Nom;Montant\nA1;Anne;1.234\n"
    rehearsed = take(crm, data, dry_run=True)
    assert stored(crm) == []
    real = take(crm, data)
    assert counts(rehearsed) == counts(real)
    assert rehearsed.problems == real.problems


def test_numbers_and_dates_of_a_spreadsheet(crm: Crm) -> None:
    day = datetime(2026, 11, 24)
    report = take(
        crm,
        workbook(
            Leads=[
                ["ID Lead", "Nom", "Téléphone", "Montant", "Probabilité", "Score", "Relance", "Créé le"],
                [1001, "Anne", 6.1e8, 1234.5, 0.75, 80, day, 46350],
                [1002, "Bob", 199001234, 1e6, 0.5, 0, "25/11/2026", day],
            ]
        ),
    )
    assert report.problems == []
    anne, bob = stored(crm)
    assert (anne["lead_id"], anne["phone_e164"], anne["amount"], anne["probability"], anne["score"]) == (
        "1001",
        "+33610000000",
        123450,
        75,
        80,
    )
    assert (anne["next_follow_up"], anne["created_at"]) == (date(2026, 11, 24), date(2026, 11, 24))
    assert (bob["phone_e164"], bob["amount"], bob["probability"], bob["score"]) == ("+33199001234", 10**8, 50, 0)


def test_a_year_alone_is_no_day_of_1905(crm: Crm) -> None:
    report = take(crm, workbook(Leads=[["Nom", "Relance", "Créé le"], ["Anne", 2026, 46350.5], ["Bob", 46350, 46350]]))
    assert [(problem.line, problem.value) for problem in report.problems] == [(2, "2026")]
    assert [lead["next_follow_up"] for lead in stored(crm)] == [None, date(2026, 11, 24)]


def test_a_percent_that_may_be_a_fraction_or_not_is_reported(crm: Crm) -> None:
    report = take(crm, workbook(Leads=[["Nom", "Probabilité"], ["Anne", 1], ["Bob", 0]]))
    assert [problem.line for problem in report.problems] == [2]
    assert "1 peut se lire 1\u00a0% ou 100\u00a0%" in report.problems[0].reason


def test_a_column_in_another_currency_is_not_taken_for_ours(crm: Crm) -> None:
    report = take(crm, "Nom;Montant ($)\nAnne;100\n")
    assert stored(crm)[0]["amount"] is None
    assert "en €" in report.problems[0].reason


def test_unknown_columns_and_sheets_are_told(crm: Crm) -> None:
    report = take(crm, workbook(Leads=[["Nom", "Signe astral"], ["Anne", "Lion"]], Recettes=[["Plat"], ["Soupe"]]))
    assert [(problem.sheet, problem.column) for problem in report.problems] == [("Recettes", ""), ("Leads", "Signe astral")]


def test_columns_without_a_title_are_told_in_every_kind_of_file(crm: Crm) -> None:
    rows = [["Nom", None, "Email", "", None, "Astre"], ["Anne", "x", "a@b.fr", None, None, "Lion"], ["Bob", "y", "b@b.fr", "z", None, None]]
    text = "\n".join(";".join(cell or "" for cell in row) for row in rows)
    for data in (text, workbook(Leads=rows)):
        report = take(crm, data, dry_run=True)
        assert [(problem.line, problem.column) for problem in report.problems] == [(1, "Astre"), (1, "")]
        assert "n°\u00a02, 4" in report.problems[1].reason
        assert (report.taken, report.refused) == (2, 0)


def test_the_name_of_a_file_does_not_hide_the_leads_in_it(crm: Crm) -> None:
    report = import_workbook(crm, "Léa", b"Nom;Entreprise\nAnne;Atelier\n", "Historique.csv")
    assert [(sheet.kind, sheet.taken) for sheet in report.sheets] == [("leads", 1)]


def test_an_identity_given_twice_is_reported_under_its_own_title(crm: Crm) -> None:
    report = take(crm, workbook(Événements=[["UID", "Titre", "Date"], ["u1", "Salon", "24/11/2026"], ["u1", "Foire", "25/11/2026"]]))
    assert [(problem.line, problem.column) for problem in report.problems] == [(3, "UID")]


def test_a_title_may_stand_above_the_headers(crm: Crm) -> None:
    report = take(crm, "Export du mois;\n;\nNom;Entreprise\nAnne;Atelier\n")
    assert counts(report) == (1, 0, 0, 0, 0)


@pytest.mark.parametrize("data", ["#NAME?;#N/A\nSoupe;4\n", "Plat;Prix\nSoupe;4\n", "Notes;Statut\nx;Nouveau\n", "1;2;3\n"])
def test_a_file_without_an_identity_column_is_refused(crm: Crm, data: str) -> None:
    with pytest.raises(UnreadableFile, match="Titres lus"):
        take(crm, data)


def test_hostile_text_is_stored_as_text(crm: Crm) -> None:
    report = take(crm, "ID Lead;Nom;Entreprise;Score\nA1;=1+1;<script>alert(1)</script>;-5\nA2;😀;" + "x" * 5000 + ";1e9\n")
    first, second = stored(crm)
    assert (first["name"], first["company"], first["score"]) == ("=1+1", "<script>alert(1)</script>", None)
    assert (second["name"], second["company"]) == ("😀", None)
    assert json.loads(second["unread"])["company"] == "x" * 5000
    assert [problem.line for problem in report.problems] == [2, 3, 3]


def test_all_the_sheets_and_their_links(crm: Crm) -> None:
    data = workbook(
        Historique=[
            ["ID Lead", "Date", "Champ", "Avant", "Après", "Auteur"],
            ["A1", "01/06/2026 10:00", "Montant estimé", "12", "1 500 €", "Léa"],
        ],
        Leads=[["ID Lead", "Nom"], ["A1", "Anne"]],
        Événements=[
            ["Titre", "Date", "Début", "Fin", "Lien visio", "ID Lead"],
            ["Démo", "24/11/2026", "14:30", "15h30", "https://visio.exemple.fr/a", "A1"],
            ["Salon", "24/11/2026", None, None, "javascript:alert(1)", "A9"],
            ["À l’envers", "24/11/2026", "15:00", "14:00", None, None],
        ],
        Automations_Log=[
            ["Clé", "Règle", "Statut", "ID Lead", "Date", "Reprise de"],
            ["k2", "Relance", "réussi", "A1", "24/11/2026 09:05", "k1"],
            ["k1", "Relance", "ECHEC", "A1", "24/11/2026 09:00", None],
            ["k3", "Relance", "bof", "A1", None, None],
        ],
        Inbox_Log=[
            ["Message-ID", "Sens", "De", "Objet", "Date", "ID Lead", "Pièces jointes"],
            ["<m1>", "Reçu", "a@b.fr", "Bonjour", "24/11/2026 08:00", "A1", "devis.pdf (12 Ko)"],
        ],
    )
    report = take(crm, data)
    kinds = {sheet.kind: (sheet.taken, sheet.refused) for sheet in report.sheets}
    assert kinds == {"leads": (1, 0), "events": (2, 1), "runs": (2, 1), "messages": (1, 0), "history": (1, 0)}
    key = stored(crm)[0]["key"]
    demo, salon = stored(crm, "events")
    assert (demo["starts_at"], demo["lead_key"]) == (datetime(2026, 11, 24, 13, 30, tzinfo=UTC), key)
    assert (salon["all_day"], salon["video_url"], salon["lead_key"]) == (True, None, None)
    runs = {run["idempotency_key"]: run for run in stored(crm, "runs")}
    assert runs["k2"]["retry_of"] == runs["k1"]["key"]
    assert (runs["k1"]["status"], runs["k1"]["lead_label"]) == ("échec", "Anne")
    (message,) = stored(crm, "messages")
    assert (message["direction"], json.loads(message["attachments"])) == ("reçu", [["devis.pdf", 12000]])
    with crm.read() as connection:
        line = (
            connection.execute(select(schema.history).where(schema.history.c.field == "amount", schema.history.c.who == "Léa"))
            .mappings()
            .one()
        )
    assert (line["before"], line["after"], line["at"]) == ("1200", "150000", datetime(2026, 6, 1, 8, tzinfo=UTC))
    again = take(crm, data)
    assert (again.taken, again.updated) == (0, 0)


def test_a_shift_moves_every_day_and_keeps_the_hours(crm: Crm) -> None:
    data = workbook(
        Leads=[["ID Lead", "Nom", "Relance"], ["A1", "Anne", "24/03/2026"]],
        Événements=[["Titre", "Date", "Début", "Fin"], ["Démo", "24/03/2026", "14:30", "15:30"]],
    )
    take(crm, data, shift_days=7)
    assert stored(crm)[0]["next_follow_up"] == date(2026, 3, 31)
    # summer time began on 29 March: 14:30 stays 14:30 in Paris
    assert stored(crm, "events")[0]["starts_at"] == datetime(2026, 3, 31, 12, 30, tzinfo=UTC)


def test_progress_goes_forward_to_its_end(crm: Crm) -> None:
    told: list[tuple[int, int]] = []
    take(crm, "Nom\n" + "".join(f"N{n}\n" for n in range(1200)), progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (2400, 2400)
    assert len(told) > 3


def test_a_failure_in_the_middle_leaves_the_store_as_it_was(crm: Crm) -> None:
    def fail(done: int, total: int) -> None:
        if done > 1300:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(crm, "Nom\n" + "".join(f"N{n}\n" for n in range(1200)), progress=fail)
    assert stored(crm) == []


def test_a_deleted_lead_is_not_linked(crm: Crm) -> None:
    take(crm, "ID Lead;Nom\nA1;Anne\n")
    with crm.write("Léa", Verb.SAVE_LEAD) as uow:
        uow.delete("leads", stored(crm)[0]["key"])
        uow.commit()
    report = take(crm, workbook(Événements=[["Titre", "Date", "ID Lead"], ["Salon", "24/11/2026", "A1"]]))
    assert [problem.column for problem in report.problems] == ["ID Lead"]


def test_what_names_a_merged_lead_goes_to_the_one_that_took_over(crm: Crm) -> None:
    take(crm, "ID Lead;Nom\nA1;Anne\nA2;Annie\n")
    snapshot = crm.snapshot()
    merge_leads(crm, "Léa", (1, 2), {}, {key: snapshot.lead(key) for key in (1, 2)}, snapshot)
    sheets = {
        "Événements": [["Titre", "Date", "ID Lead"], ["Salon", "24/11/2026", "A2"]],
        "Automations_Log": [["Règle", "Statut", "ID Lead"], ["Relance", "réussi", "A2"]],
    }
    report = take(crm, workbook(**sheets))
    assert not report.problems
    assert [row["lead_key"] for table in ("events", "runs") for row in stored(crm, table)] == [1, 1]
    assert stored(crm, "runs")[0]["lead_label"] == "Anne"
    leads = stored(crm)
    again = take(crm, "ID Lead;Nom;Source\nA2;Annie;Web\n")
    assert counts(again) == (0, 0, 1, 0, 0)
    assert [(problem.line, problem.column, problem.value) for problem in again.problems] == [(2, "ID Lead", "A2")]
    assert "fusionné avec un autre (A1)" in again.problems[0].reason
    assert stored(crm) == leads and leads[1]["merged_into"] == 1


def test_quebec_reads_its_own_formats(tmp_path: Path) -> None:
    crm = create_crm(Settings(data_dir=tmp_path, region="CA-QC"), "real")
    report = take(crm, "Nom;Montant;Relance;Téléphone\nAnne;1 234,50 $;2026-11-24;418 555-0123\nBob;5 €;05/03/2026;\n")
    anne = stored(crm)[0]
    crm.close()
    assert (anne["amount"], anne["next_follow_up"], anne["phone_e164"]) == (123450, date(2026, 11, 24), "+14185550123")
    assert [problem.column for problem in report.problems] == ["Montant estimé", "Prochaine relance"]


BAD: dict[str, tuple[bytes, str]] = {
    "deux emails": (b"Nom;Email\nAnne;a@b.fr, c@d.fr\n", "plusieurs"),
    "téléphone en puissance": ("Nom;Téléphone\nAnne;6,12E+08\n".encode(), "tableur"),
    "colonnes à l'infini": (";".join(f"c{n}" for n in range(16_384)).encode(), "16384 colonnes"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_said(crm: Crm, case: str) -> None:
    data, why = BAD[case]
    try:
        said = [problem.reason for problem in take(crm, data.decode()).problems]
    except UnreadableFile as refusal:
        said = [str(refusal)]
    assert why in said[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("before", [0, 400])
def test_zero_bytes_are_taken_out_and_told_wherever_they_are(crm: Crm, before: int, encoding: str) -> None:
    rows = "".join(f"Hélène {number};h{number}@b.fr\n" for number in range(before))
    report = take(crm, f"Nom;Email\n{rows}An\0né;a@b.fr\0\n".encode(encoding))
    (problem,) = report.problems
    assert (problem.line, problem.reason) == (
        before + 2,
        "Octets nuls retirés du fichier\u00a0: 2, le premier à cette ligne. Vérifiez ce qu’elle dit.",
    )
    last = stored(crm)[before]
    assert (report.taken, last["name"], last["email_check"]) == (before + 1, "Anné", "valide")


def test_rows_cut_short_are_taken_with_what_they_have(crm: Crm) -> None:
    assert counts(take(crm, "Nom;Entreprise;Email\nAnne\nBob;Atelier\n")) == (2, 0, 0, 0, 0)
    assert [(lead["name"], lead["company"]) for lead in stored(crm)] == [("Anne", None), ("Bob", "Atelier")]


def test_invisible_and_right_to_left_characters_never_separate_people(crm: Crm) -> None:
    take(crm, "ID Lead;Nom;Email;Téléphone\nA1;Anne\u200e Petit;anne@atelier.fr\u200e;\nA2;שרה כהן;;\u202a+33 6 12 34 56 78\u202c\n")
    report = take(crm, "Nom;Email;Téléphone;Fonction\nAnne Petit;\u202aanne@atelier.fr;;Gérante\nשרה כהן\u200f;;06\u202f12345678;Juge\n")
    assert (report.taken, report.updated, report.problems) == (0, 2, [])
    assert [lead["name_fold"] for lead in stored(crm)] == ["anne petit", "שרה כהן"]
    found = crm.snapshot().leads
    assert found["email_check"].tolist() == ["valide", "manquant"]
    assert holding("petit \u202a06 12\u202c", found["search"]).tolist() == [False, False]
    assert holding("\u200eanne petit", found["search"]).tolist() == [True, False]
    assert holding("\u202a06 12 34 56\u202c", found["search"]).tolist() == [False, True]


def test_cell_errors_merged_titles_numbers_as_text_and_text_as_numbers(crm: Crm) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Leads")
        sheet.merge_range(0, 0, 0, 3, "Nos clients")
        sheet.write_row(1, 0, ["Nom", "Montant", "Téléphone", "Nom"])
        sheet.write_row(2, 0, ["Anne", "1 234,50", 612345678, "deuxième"])
        sheet.write_formula(3, 0, "=1/0", None, "#DIV/0!")
        sheet.write_row(3, 1, [12, "06 12 34 56 79"])
        sheet.write_row(4, 0, [42, 7])
    take(crm, buffer.getvalue())
    leads = stored(crm)
    assert [(lead["name"], lead["amount"]) for lead in leads] == [("Anne", 123450), (None, 1200), ("42", 700)]
    assert leads[0]["phone_e164"] == "+33612345678"


def test_a_text_merged_over_people_is_said_of_each_and_an_amount_of_the_first(crm: Crm) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Leads")
        sheet.merge_range(0, 0, 1, 0, "Entreprise")
        sheet.merge_range(0, 1, 0, 2, "Contact")
        sheet.write_row(1, 1, ["Nom", "Montant"])
        sheet.merge_range(2, 0, 5, 0, "Astruc SA")
        sheet.write_column(2, 1, ["Anne", "Marc", None, "Zoé"])
        sheet.merge_range(2, 2, 3, 2, 12)
        sheet.write_row(6, 0, ["Vial", "Léo"])
    report = take(crm, buffer.getvalue())
    assert [(lead["name"], lead["company"], lead["amount"]) for lead in stored(crm)] == [
        ("Anne", "Astruc SA", 1200),
        ("Marc", "Astruc SA", None),
        ("Zoé", "Astruc SA", None),
        ("Léo", "Vial", None),
    ]
    assert [problem.line for problem in report.problems if "fusionnées" in problem.reason] == [3] and report.blank == 1


ERRORS = ["#N/A", "#REF!", "#VALEUR!", "#NOM?", "#NOM ?", "#DIV/0!", "#NUL!", "#NOMBRE!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "Err:502"]


def test_an_error_of_the_spreadsheet_is_nobodys_name(crm: Crm) -> None:
    data = "Nom;Email;Montant\n" + "".join(f"{error};p{number}@atelier.fr;{error}\n" for number, error in enumerate(ERRORS))
    report = take(crm, data + "#PROMO!;promo@atelier.fr;\n")
    *broken, hashed = stored(crm)
    assert hashed["name"] == "#PROMO!"
    assert {(lead["name"], lead["amount"]) for lead in broken} == {(None, None)}
    assert [json.loads(lead["unread"]) for lead in broken] == [{"name": error, "amount": error} for error in ERRORS]
    told = [(line, label) for line in range(2, len(ERRORS) + 2) for label in ("Nom", "Montant estimé")]
    assert [(problem.line, problem.column) for problem in report.problems] == told
    assert all("Erreur de tableur" in problem.reason for problem in report.problems)
    assert counts(take(crm, data)) == (0, 0, len(ERRORS), 0, 0)


def test_errors_of_an_xlsx_are_told_where_they_are(crm: Crm) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("Notes").write(0, 0, "rien")
        sheet = book.add_worksheet("Leads")
        sheet.write_row("C3", ["Nom", "Montant"])
        sheet.write_formula("C4", "=VLOOKUP(1,A1:B2,2)", None, "#N/A")
        sheet.write_row("D4", [12])
        sheet.write_row("C5", ["Anne"])
        sheet.write_formula("D5", "=1/0", None, "#DIV/0!")
    report = take(crm, buffer.getvalue())
    told = [(problem.line, problem.column, problem.value) for problem in report.problems if problem.sheet == "Leads"]
    assert told == [(4, "Nom", "#N/A"), (5, "Montant estimé", "#DIV/0!")]
    assert (report.taken, report.set_aside) == (2, 1)


@pytest.mark.parametrize("row", ["#N/A;Petit", "Anne;#N/A", "#N/A;#REF!"])
def test_half_a_name_is_kept_when_the_other_is_an_error(crm: Crm, row: str) -> None:
    report = take(crm, f"Prénom;Nom de famille;Montant\n{row};12\n")
    (lead,) = stored(crm)
    assert lead["name"] == {"#N/A;Petit": "Petit", "Anne;#N/A": "Anne"}.get(row)
    assert [problem.line for problem in report.problems] == [2] * row.count("#")
    assert csv_file(lead_table(crm.snapshot().leads), crm.region)  # what is unread is written in its column


def test_dates_counted_from_1904_are_the_same_days(crm: Crm) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"date_1904": True, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Leads")
        sheet.write_row(0, 0, ["Nom", "Relance"])
        sheet.write_row(1, 0, ["Anne", datetime(2026, 11, 24)])
    take(crm, buffer.getvalue())
    assert stored(crm)[0]["next_follow_up"] == date(2026, 11, 24)


@pytest.mark.parametrize("name", ["b\udcff\0.csv", "\ud800.csv"])
def test_a_file_whose_name_is_no_text_is_imported_and_its_problems_written(crm: Crm, name: str) -> None:
    report = import_workbook(crm, "Léa", b"Nom;Montant estim\xc3\xa9\nAnne;beaucoup\n", name)
    assert (report.taken, len(report.problems)) == (1, 1)
    assert problems_csv(report.problems)
    report.filename.encode()


def test_a_workbook_too_large_once_unzipped_is_refused_with_advice(crm: Crm) -> None:
    strict = replace(crm, settings=replace(crm.settings, import_workbook_mb=0))
    with pytest.raises(UnreadableFile, match="CSV"):
        import_workbook(strict, "Léa", workbook(Leads=[["Nom"], ["Anne"]]), "f.xlsx")


def test_a_file_of_many_rows_is_not_held_in_memory(tmp_path: Path) -> None:
    # not ru_maxrss, which a process inherits from the one that starts it
    script = (
        "import re, sys\nfrom pathlib import Path\nfrom gnetics.imports.importer import import_workbook\n"
        "from gnetics.settings import Settings\nfrom gnetics.store.crm import create_crm\n"
        "peak = lambda: int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])\n"
        "crm = create_crm(Settings(data_dir=Path(sys.argv[1])), 'real')\nbefore = peak()\n"
        "print(import_workbook(crm, 'x', Path(sys.argv[2])).taken, peak() - before)\n"
    )
    file = tmp_path / "f.csv"
    file.write_text("Nom;Notes\n" + "".join(f"Personne {n};{'x' * 2000}{n}\n" for n in range(15_000)))
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path), str(file)], capture_output=True, text=True, check=True)
    taken, grown = map(int, done.stdout.split())
    assert taken == 15_000
    assert grown * 1024 < 4 * file.stat().st_size  # and 300 MB more are allowed
