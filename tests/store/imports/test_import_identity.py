"""An import never writes over another person: what identifies nobody joins nobody, and a name that differs is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from gnetics.actions.bin import delete_lead, empty_bin
from gnetics.actions.leads import save_lead
from gnetics.actions.merging import merge_leads, undo_merge
from gnetics.actions.past_imports import undo_import
from gnetics.cli import main
from gnetics.clock import fixed
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.exports.csv_file import csv_file
from gnetics.exports.lead_table import lead_table
from gnetics.imports.importer import import_workbook
from gnetics.imports.plan import Asked, ColumnsNeeded
from gnetics.imports.report import Report
from gnetics.metrics.duplicates import pairs
from gnetics.operations.backup import back_up
from gnetics.settings import Settings
from gnetics.store.crm import Crm, create_crm, open_crm
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.reading.imports import past_imports
from gnetics.store.schema import counters, events, foreign_keys, leads
from tests.conftest import live

HUBSPOT = "Record ID,First Name,Last Name,Email,Job Title,Lifecycle Stage\n"
ANNE = "12,Anne,Petit,anne@atelier.fr,Gérante,\n"


def take(crm: Crm, text: str, **asked: Any) -> Report:
    return import_workbook(crm, "Léa", text.encode(), "essai.csv", asked=Asked(**asked))


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.taken, report.updated, report.unchanged, report.refused


def stored(crm: Crm, *names: str) -> list[tuple[Any, ...]]:
    with crm.read() as connection:
        query = select(*(leads.c[name] for name in names)).where(~leads.c.deleted).order_by(leads.c.key)
        return [tuple(row) for row in connection.execute(query)]


def numbers(crm: Crm) -> list[tuple[str, str, int]]:
    with crm.read() as connection:
        query = select(foreign_keys.c.source, foreign_keys.c.value, foreign_keys.c.lead_key)
        return sorted(tuple(row) for row in connection.execute(query))


# what identifies nobody


@pytest.mark.parametrize("word", ["n/a", "-", "aucun", "AUCUNE", "NULL", "non renseigné", "?", "unknown", "à demander", "voir standard"])
@pytest.mark.parametrize("field", ["Email", "Téléphone"])
def test_a_word_of_absence_joins_nobody(crm: Crm, field: str, word: str) -> None:
    take(crm, f"Nom;Entreprise;{field}\nAurore Vasseur;Tuilerie;{word}\n")
    report = take(crm, f"Nom;Montant;{field}\nBastien Quéré;4500;{word}\n")
    assert counts(report) == (1, 0, 0, 0)
    assert stored(crm, "name", "company") == [("Aurore Vasseur", "Tuilerie"), ("Bastien Quéré", None)]
    snapshot = crm.snapshot()
    assert pairs(snapshot.real, snapshot.pairs) == []


def test_a_word_of_absence_is_no_value_told_once_a_column(crm: Crm) -> None:
    take(crm, "ID Lead;Nom;Entreprise;Email;Fonction\nK1;Kévin Astruc;Lys;kevin@lys.fr;Acheteur\n")
    report = take(crm, "ID Lead;Nom;Entreprise;Email;Fonction\nK1;NULL;n/a;-;-\nK2;Ali;-;;-\n")
    assert stored(crm, "name", "company", "email", "job_title") == [
        ("Kévin Astruc", "Lys", "kevin@lys.fr", "Acheteur"),
        ("Ali", None, None, None),
    ]
    told = {(problem.line, problem.column, problem.value): problem.reason for problem in report.problems}
    assert told.keys() == {(1, "Nom", "NULL"), (1, "Entreprise", "n/a"), (1, "Entreprise", "-"), (1, "Email", "-"), (1, "Fonction", "-")}
    assert told[1, "Fonction", "-"] == "Lu comme une case vide, 2\u00a0fois."


def test_a_word_beside_a_first_name_is_a_surname(crm: Crm) -> None:
    take(crm, "ID Lead;Prénom;Nom;Entreprise\n1;Steve;Null;Alpha\n2;Yun;Na;Beta\n3;;None;Delta\n4;Anne;N/A;Zeta\n5;-;-;Eta\n")
    assert [name for (name,) in stored(crm, "name")] == ["Steve Null", "Yun Na", None, "Anne", None]


def test_the_next_column_of_a_field_is_read_when_the_first_says_nothing(crm: Crm) -> None:
    take(crm, "Nom;Mail;Courriel\nAnne;n/a;anne@atelier.fr\n", columns={"Mail": "email", "Courriel": "email"})
    assert stored(crm, "email") == [("anne@atelier.fr",)]


def test_a_row_of_absences_is_blank(crm: Crm) -> None:
    report = take(crm, "Nom;Email\n-;n/a\nNone;\n")
    assert (report.blank, stored(crm, "key")) == (2, [])


def test_a_file_of_before_is_the_same_file_since_its_words_of_absence_are_none(crm: Crm) -> None:
    with crm.write("Léa", Verb.IMPORT) as uow:  # the digest under which an older version kept this row
        digest = "66c3764170f9fbc27905a7b8bdf75ef16064b368147462142754e10871f67243"
        uow.insert("leads", {"name": "Anne N/A", "email": "n/a", "origin": digest})
        uow.commit()
    text = "Prénom;Nom;Email\nAnne;N/A;n/a\n"
    assert counts(take(crm, text)) == (0, 0, 1, 0)


# whose the email or the telephone is


def test_another_writing_of_ones_own_mailbox_joins_the_same_name_only(crm: Crm) -> None:
    take(crm, "Nom;Email;Notes\nNora Petitjean;nora.petitjean@gmail.com;Cliente\n")
    report = take(
        crm, "Nom;Email;Fonction\nPETITJEAN Nora;norapetitjean+crm@googlemail.com;Gérante\nYannis Petitjean;nora.petitjean+y@gmail.com;\n"
    )
    assert counts(report) == (1, 1, 0, 0)
    assert stored(crm, "name", "notes") == [("PETITJEAN Nora", "Cliente"), ("Yannis Petitjean", None)]


def test_two_companies_of_one_switchboard_are_told_apart_but_for_their_legal_form(crm: Crm) -> None:
    take(crm, "Entreprise;Téléphone;Notes\nAlpha Bois;01 99 00 10 10;Scierie\n")
    assert counts(take(crm, "Entreprise;Téléphone\nSARL Alpha-Bois;01 99 00 10 10\nBêta Bois;01 99 00 10 10\n")) == (1, 1, 0, 0)


def test_a_shared_mailbox_joins_nobody(crm: Crm) -> None:
    take(crm, "Nom;Entreprise;Email;Notes\nFlorine Tessier;Alba;contact@alba.fr;Directrice\n")
    data = "Nom;Entreprise;Email;Fonction\nGaspard Noël;Alba;contact@alba.fr;Comptable\nTESSIER Florine;Alba;contact@alba.fr;Gérante\n"
    assert counts(take(crm, data)) == (1, 1, 0, 0)
    assert stored(crm, "name", "job_title", "notes") == [("TESSIER Florine", "Gérante", "Directrice"), ("Gaspard Noël", "Comptable", None)]
    snapshot = crm.snapshot()
    assert [pair.verdict.kind for pair in pairs(snapshot.real, snapshot.pairs)] == ["partagé"]
    assert counts(take(crm, data)) == (0, 0, 2, 0)


@pytest.mark.parametrize("row", [";Alba;contact@alba.fr;", ";Autre;contact@alba.fr;", ";Alba;;01 99 00 12 34"])
def test_a_company_is_not_the_person_at_its_mailbox_or_switchboard(crm: Crm, row: str) -> None:
    take(crm, "Nom;Entreprise;Email;Téléphone\nFlorine Tessier;Alba;contact@alba.fr;01 99 00 12 34\n")
    assert counts(take(crm, f"Nom;Entreprise;Email;Téléphone\n{row}\n")) == (1, 0, 0, 0)
    assert stored(crm, "name") == [("Florine Tessier",), (None,)]


def test_a_company_is_found_by_its_mailbox(crm: Crm) -> None:
    take(crm, "Entreprise;Email\nAlba;contact@alba.fr\n")
    assert counts(take(crm, "Entreprise;Email;Montant\nALBA;contact@alba.fr;12\n")) == (0, 1, 0, 0)


@pytest.mark.parametrize("name", ["Julie Martin", "Martin Julie", "Martin", "J. Martin", ""])
def test_a_households_telephone_joins_nobody(crm: Crm, name: str) -> None:
    take(crm, "Nom;Téléphone\nPaul Martin;01 99 00 12 34\n")
    assert take(crm, f"Nom;Email;Téléphone\n{name};x.martin@free.fr;01 99 00 12 34\n").updated == 0
    assert stored(crm, "name")[0] == ("Paul Martin",)


def test_somebodys_own_email_under_another_name_is_refused_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GNETICS_DATA_DIR", str(tmp_path))
    for name, text in (
        ("un.csv", "Nom;Email\nAlice Durand;alice@durand.fr\n"),
        ("deux.csv", "Nom;Email\nBob;bob@b.fr\nHugo Roy;alice@durand.fr\n"),
    ):
        (tmp_path / name).write_text(text, "utf-8")
        assert main(["import", str(tmp_path / name)]) == 0
    said = capsys.readouterr().out
    assert "ligne 3 : Cet email est celui de «\u00a0Alice Durand\u00a0», qui a un autre nom" in said
    assert "1\u00a0contact ajouté, 1\u00a0ligne refusée" in said
    crm = create_crm(Settings(data_dir=tmp_path), "real")
    assert stored(crm, "name") == [("Alice Durand",), ("Bob",)]
    crm.close()


@pytest.mark.parametrize("name", ["DURAND Alice", "A. Durand", "Durand", "Alice Leroy", "Mme Alice Durand-Leroy", ""])
def test_somebodys_own_email_is_proof_when_the_name_may_be_theirs(crm: Crm, name: str) -> None:
    take(crm, "Nom;Email\nAlice Durand;alice@durand-conseil.fr\n")
    assert counts(take(crm, f"Nom;Email;Montant\n{name};ALICE@durand-conseil.fr;12\n")) == (0, 1, 0, 0)


# ID Leads and foreign keys


@pytest.mark.parametrize("form", ["12", "A-7", "001x0000002xLCV", "Client 3", "__export__.crm_lead_7", "王1"])
def test_what_a_column_id_lead_says_is_kept_and_identifies(crm: Crm, form: str) -> None:
    take(crm, f"ID Lead;Nom;Email\n{form};Anne Petit;anne@atelier.fr\n")
    assert stored(crm, "lead_id") == [(form,)]
    assert counts(take(crm, f"ID Lead;Nom;Email\n{form};Bob Roux;anne@atelier.fr\n")) == (0, 1, 0, 0)  # the name alone differs
    assert counts(take(crm, f"ID Lead;Nom;Email\n{form};Bob Roux;bob@roux.fr\n")) == (0, 1, 0, 0)  # the email alone
    report = take(crm, f"ID Lead;Nom;Email\n{form};Chloé Noël;chloe@noel.fr\n")
    assert counts(report) == (0, 0, 0, 1)
    assert report.problems[0].line == 2 and "Bob Roux" in report.problems[0].reason
    assert stored(crm, "name") == [("Bob Roux",)] and numbers(crm) == []


@pytest.mark.parametrize("title", ["ID", "Référence", "Record ID", "Identifiant", "Ref."])
def test_the_number_of_a_file_that_is_not_ours_is_no_proof(crm: Crm, title: str) -> None:
    take(crm, "ID Lead;Nom\n12;Zoé Martin\n")
    data = f"{title};Nom;Notes\n12;Anne Petit;un\n"
    assert counts(take(crm, data)) == (1, 0, 0, 0)
    assert counts(take(crm, f"{title};Nom;Notes\n12;Bob Roux;deux\n")) == (1, 0, 0, 0)
    assert stored(crm, "lead_id", "name", "notes") == [("12", "Zoé Martin", None), (None, "Anne Petit", "un"), (None, "Bob Roux", "deux")]
    # yet with the same name it finds whom it brought, whatever else the next export has
    assert counts(take(crm, f"{title};Nom;Notes;Montant\n12;PETIT Anne;trois;5\n12;Bob Roux;quatre;6\n")) == (0, 2, 0, 0)
    assert counts(take(crm, data)) == (0, 1, 0, 0)


def test_an_id_lead_of_a_store_of_before_is_found_by_its_number_and_name(crm: Crm) -> None:
    take(crm, "ID Lead;Nom;Entreprise\n12;Zoé Martin;\n13;;Alba\n")  # as « ID » was read
    assert counts(take(crm, "ID;Nom;Entreprise;Montant\n12;Zoé Martin;;5\n13;;ALBA;6\n")) == (0, 2, 0, 0)
    assert numbers(crm) == [("id", "12", 1), ("id", "13", 2)]


def test_numbers_of_our_form_are_id_leads_whatever_their_title(crm: Crm) -> None:
    take(crm, "ID;Nom\nL-000012;Anne\nL-13;Bob\n")
    assert stored(crm, "lead_id") == [("L-000012",), ("L-13",)]
    take(crm, "Référence;Nom\nL-000012;Anne B\n")
    assert stored(crm, "name")[0] == ("Anne B",)


def test_a_column_may_be_said_to_hold_id_leads(crm: Crm) -> None:
    take(crm, "ID;Nom\n12;Anne\n", columns={"ID": "lead_id"})
    assert stored(crm, "lead_id") == [("12",)]


def test_a_file_that_only_has_numbers_of_another_program_is_refused(crm: Crm) -> None:
    with pytest.raises(ColumnsNeeded):
        take(crm, "id,tracker,subject\nRED-IV,bug,Petit-fils\n")


def test_the_export_of_a_program_finds_again_whom_it_brought(crm: Crm) -> None:
    assert counts(take(crm, HUBSPOT + ANNE)) == (1, 0, 0, 0)
    assert (stored(crm, "lead_id"), numbers(crm)) == ([(None,)], [("hubspot", "12", 1)])
    rev = crm.latest_rev()
    assert (counts(take(crm, HUBSPOT + ANNE)), crm.latest_rev()) == ((0, 0, 1, 0), rev)
    assert counts(take(crm, HUBSPOT + "12,Anne,Leroy,anne@nouveau.fr,Directrice,\n")) == (0, 1, 0, 0)  # by the number alone
    refused = take(crm, HUBSPOT + "12,Bob,Roux,bob@roux.fr,,\n")
    assert counts(refused) == (0, 0, 0, 1) and "Anne Leroy" in refused.problems[0].reason
    assert counts(take(crm, HUBSPOT + "7,A,A,a@a.fr,,\n7,B,B,b@b.fr,,\n")) == (1, 0, 0, 1)  # given twice in one file


def test_numbers_of_two_programs_are_two_sources(crm: Crm) -> None:
    take(crm, HUBSPOT + ANNE)
    take(crm, "Record Id,Lead Owner,Company,First Name,Last Name,Email,Lead Status\n12,Léa,Forge,Bob,Roux,bob@roux.fr,\n")
    take(crm, "Record Id,Lead Owner,Company,First Name,Last Name,Email,Lead Status\n40,Léa,Atelier,Anne,Petit,anne@atelier.fr,\n")
    assert numbers(crm) == [("hubspot", "12", 1), ("zoho", "12", 2), ("zoho", "40", 1)]


def test_the_other_sheets_of_a_file_follow_its_own_numbers(crm: Crm) -> None:
    from tests.unit.imports.test_importer import workbook

    take(crm, "ID Lead;Nom\n12;Zoé Martin\n")
    book = workbook(
        Leads=[["ID", "Nom"], ["12", "Anne Petit"]], Événements=[["UID", "Titre", "Date", "ID Lead"], ["u", "Salon", "24/11/2026", "12"]]
    )
    for _ in range(2):
        import_workbook(crm, "Léa", book, "essai.xlsx")
        with crm.read() as connection:
            assert connection.execute(select(events.c.lead_key)).scalars().all() == [2]


# what becomes of foreign keys


def test_undoing_an_import_takes_its_foreign_keys_back(crm: Crm) -> None:
    take(crm, "ID Lead;Nom;Email\nA1;Zoé Martin;zoe@martin.fr\n")
    report = take(crm, HUBSPOT + ANNE + "13,Zoé,Martin,zoe@martin.fr,Cheffe,\n14,Bob,Roux,bob@roux.fr,,\n")
    assert counts(report) == (2, 1, 0, 0) and len(numbers(crm)) == 3
    save_lead(crm, "alice", 3, {"company": "Forge"}, None, crm.snapshot())  # Bob, who therefore stays
    undo_import(crm, "Ana", past_imports(crm, "Ana")[0].number)
    assert numbers(crm) == [("hubspot", "14", 3)]
    assert counts(take(crm, HUBSPOT + ANNE + "14,Bob,Roux,bob@roux.fr,,\n")) == (1, 0, 1, 0)


def test_a_merge_carries_foreign_keys_and_its_undoing_gives_them_back(crm: Crm) -> None:
    take(crm, HUBSPOT + ANNE)
    take(crm, "ID Lead;Nom\nA1;Anne P.\n")
    snapshot = crm.snapshot()
    done = merge_leads(crm, "alice", [2, 1], {}, {}, snapshot)
    assert crm.foreign_keys([1, 2]) == {2: "hubspot: 12"}
    data = HUBSPOT + "12,Anne,Petit,anne@atelier.fr,Directrice,\n"
    assert counts(take(crm, data)) == (0, 1, 0, 0) and stored(crm, "lead_id", "job_title") == [("A1", "Directrice")]
    undo_merge(crm, "alice", 2, done.rev, snapshot)
    assert crm.foreign_keys([1, 2]) == {1: "hubspot: 12"}


def test_a_contact_in_the_bin_comes_back_by_its_foreign_key_and_is_new_once_erased(crm: Crm) -> None:
    take(crm, HUBSPOT + ANNE)
    delete_lead(crm, "alice", 1, crm.snapshot())
    take(crm, HUBSPOT + ANNE)
    assert stored(crm, "key") == [(1,)]
    delete_lead(crm, "alice", 1, crm.snapshot())
    later = replace(crm, clock=fixed(crm.clock.now() + timedelta(days=KEPT_DAYS + 1), crm.region.zone))
    live(later, KEPT_DAYS)
    assert empty_bin(later) == 1 and numbers(crm) == []
    take(crm, HUBSPOT + ANNE)
    assert stored(crm, "key") == [(2,)]


def test_the_foreign_keys_of_a_merged_contact_outlive_the_bin_and_go_with_its_survivor(crm: Crm) -> None:
    take(crm, HUBSPOT + ANNE)
    take(crm, "ID Lead;Nom\nA1;Anne P.\n")
    merge_leads(crm, "alice", [2, 1], {}, {}, crm.snapshot())
    later = replace(crm, clock=fixed(crm.clock.now() + timedelta(days=KEPT_DAYS + 1), crm.region.zone))
    live(later, KEPT_DAYS)
    empty_bin(later)
    assert crm.foreign_keys([2]) == {2: "hubspot: 12"}
    delete_lead(later, "alice", 2, later.snapshot())
    last = replace(crm, clock=fixed(crm.clock.now() + timedelta(days=2 * KEPT_DAYS + 2), crm.region.zone))
    live(last, KEPT_DAYS)
    empty_bin(last)
    assert numbers(crm) == []


@contextmanager
def another(folder: Path) -> Iterator[Crm]:
    crm = create_crm(Settings(data_dir=folder), "real")
    yield crm
    crm.close()


def test_an_export_and_a_backup_keep_foreign_keys(crm: Crm, tmp_path: Path) -> None:
    take(crm, HUBSPOT + ANNE + "13,Bob,Roux,bob@roux.fr,,\n")
    take(crm, "Référence;Nom\nA: 7;Zoé Martin\n")
    leads_now = crm.snapshot().leads
    content = csv_file(lead_table(leads_now, crm.foreign_keys(leads_now.index.tolist())), crm.region)
    rev = crm.latest_rev()
    assert counts(import_workbook(crm, "Léa", content, "export.csv")) == (0, 0, 3, 0) and crm.latest_rev() == rev
    with another(tmp_path / "autre") as other:
        import_workbook(other, "Léa", content, "export.csv")
        assert numbers(other) == [("hubspot", "12", 1), ("hubspot", "13", 2), ("reference", "A: 7", 3)]
        assert counts(take(other, HUBSPOT + ANNE)) == (0, 0, 1, 0)
    back_up(crm.settings, tmp_path / "copie")
    assert (tmp_path / "copie").stat().st_size
    if crm.engine.dialect.name == "sqlite":
        copy = open_crm(Settings(database_url=f"sqlite:///{tmp_path / 'copie'}"))
        assert len(numbers(copy)) == 3
        copy.close()


# numbers only rise, and older stores


def test_a_number_is_above_the_highest_ever_given(crm: Crm) -> None:
    snapshot = crm.snapshot()

    def new() -> str | None:
        return save_lead(crm, "alice", None, {"name": "Nom"}, None, snapshot).lead_id

    assert (new(), new()) == ("L-000001", "L-000002")
    take(crm, "ID Lead;Nom\nL-000386;Anne\n")
    assert new() == "L-000387"
    delete_lead(crm, "alice", 4, snapshot)
    merge_leads(crm, "alice", [1, 2], {}, {}, snapshot)
    assert new() == "L-000388"
    take(crm, "ID Lead;Nom\nL-000900;Bob\nL-77;Chloé\nX-5000;Dan\nL-99999999999999999999;Eve\n")
    assert new() == "L-000901"
    undo_import(crm, "Ana", past_imports(crm, "Ana")[0].number)
    empty_bin(replace(crm, clock=fixed(crm.clock.now() + timedelta(days=KEPT_DAYS + 1), crm.region.zone)))
    assert new() == "L-000902"
    import_workbook(crm, "Léa", b"ID Lead;Nom\nL-002000;Flo\n", "essai.csv", dry_run=True)
    assert new() == "L-000903"


def test_an_older_store_is_given_its_highest_number_and_its_foreign_keys(crm: Crm, upgraded_from: Callable[[str], Crm]) -> None:
    with crm.write("Léa", Verb.IMPORT) as uow:
        rows = [
            {"lead_id": lead_id, "name": f"N {lead_id}"}
            for lead_id in ("L-000386", "hubspot-12", "zoho-a-7", "atomic-", "pipedrive-3", "12")
        ]
        uow.insert_many(
            "leads", [*rows, {"name": "n/a", "company": "-", "email": "aucun"}, {"lead_id": "L-000500", "name": "Bob"}], Action.IMPORTED
        )
        uow.connection.execute(update(leads).where(leads.c.lead_id == "L-000500").values(deleted=True))
        uow.connection.execute(update(leads).where(leads.c.name == "n/a").values(name_fold="n/a", company_fold="-", email_fold="aucun"))
        uow.connection.execute(update(counters).where(counters.c.name == "lead_id").values(value=76))  # as it was: the next hole
        uow.commit()
    older = upgraded_from("0008")
    assert numbers(older) == [("hubspot", "12", 2), ("pipedrive", "3", 5), ("zoho", "a-7", 3)]
    assert stored(older, "lead_id")[1:3] == [("hubspot-12",), ("zoho-a-7",)]
    assert stored(older, "name_fold", "company_fold", "email_fold")[6] == (None, None, None)
    assert save_lead(older, "alice", None, {"name": "Nom"}, None, older.snapshot()).lead_id == "L-000501"
    assert counts(take(older, HUBSPOT + "12,N,hubspot-12,n@h.fr,Chef,\n")) == (0, 1, 0, 0)


def test_an_upgrade_heeds_numbers_that_only_the_history_knows(crm: Crm, upgraded_from: Callable[[str], Crm]) -> None:
    with crm.write("Léa", Verb.IMPORT) as uow:
        key = uow.insert("leads", {"name": "Anne"})
        uow.update("leads", key, {"lead_id": "L-000700"})
        uow.update("leads", key, {"lead_id": "A1"})
        uow.connection.execute(update(counters).where(counters.c.name == "lead_id").values(value=0))
        uow.commit()
    older = upgraded_from("0008")
    assert save_lead(older, "alice", None, {"name": "Nom"}, None, older.snapshot()).lead_id == "L-000701"


def test_the_titles_that_the_dialog_kept_as_id_leads_are_read_anew(crm: Crm, upgraded_from: Callable[[str], Crm]) -> None:
    data = "ID;Nom;Où\n12;Anne;Atelier\n"
    take(crm, data, columns={"ID": "lead_id", "Nom": "name", "Où": "company"})
    older = upgraded_from("0008")
    take(older, "ID;Nom;Où\n12;Bob Roux;Forge\n")
    assert stored(older, "lead_id", "name", "company") == [("12", "Anne", "Atelier"), (None, "Bob Roux", "Forge")]
