"""How a row finds its lead, what each mode does, the columns a person chose, and other programs' exports."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from gnetics.actions.past_imports import undo_import
from gnetics.domain import money
from gnetics.domain.fields import BY_KEY
from gnetics.imports import workbook
from gnetics.imports.importer import import_workbook, refused_rows
from gnetics.imports.plan import Asked, ColumnsNeeded, Mode
from gnetics.imports.report import Report
from gnetics.settings import Settings
from gnetics.store import schema
from gnetics.store.crm import Crm, open_crm


def take(
    crm: Crm, text: str, mode: Mode = "both", columns: dict[str, str] | None = None, statuses: dict[str, str] | None = None, **options: Any
) -> Report:
    return import_workbook(crm, "Léa", text.encode(), "essai.csv", asked=Asked(mode, columns or {}, statuses or {}), **options)


def stored(crm: Crm, *names: str) -> list[tuple[Any, ...]]:
    with crm.read() as connection:
        columns = [schema.leads.c[name] for name in names]
        return [tuple(row) for row in connection.execute(select(*columns).where(~schema.leads.c.deleted).order_by("key"))]


def test_a_row_without_id_finds_its_lead_by_email_then_by_phone(crm: Crm) -> None:
    take(crm, "ID Lead;Nom;Email;Téléphone\nA1;Anne Petit;Anne@Atelier.fr;\nA2;Bob Roux;;01 99 00 12 34\n")
    data = "Nom;Email;Téléphone;Fonction\nAnne Leroy;anne@atelier.fr;;Gérante\nBob ROUX;;+33 1 99 00 12 34;Chef\n"
    report = take(crm, data)
    assert (report.taken, report.updated) == (0, 2)
    assert stored(crm, "lead_id", "name", "job_title") == [("A1", "Anne Leroy", "Gérante"), ("A2", "Bob ROUX", "Chef")]
    again = take(crm, data)
    assert (again.taken, again.updated, again.unchanged) == (0, 0, 2)


def test_a_shared_phone_never_names_somebody_else(crm: Crm) -> None:
    take(crm, "ID Lead;Nom;Téléphone\nA1;Anne Petit;01 99 00 12 34\n")
    assert take(crm, "Nom;Téléphone\nBob Roux;01 99 00 12 34\n").taken == 1


def test_the_id_of_another_program_finds_the_lead_by_email_and_does_not_replace_its_id(crm: Crm) -> None:
    take(crm, "ID Lead;Nom;Email\nA1;Anne;anne@atelier.fr\n")
    data = "ID Lead;Nom;Email\nX9;Anne;anne@atelier.fr\n"
    assert take(crm, data).unchanged == 1
    assert stored(crm, "lead_id") == [("A1",)]


def test_several_possible_leads_are_refused_rather_than_guessed(crm: Crm) -> None:
    take(crm, "ID Lead;Nom;Email\nA1;Anne;les.petit@atelier.fr\nA2;Bob;les.petit@atelier.fr\n")
    report = take(crm, "Nom;Email;Fonction\nChloé;les.petit@atelier.fr;Chef\nBob;les.petit@atelier.fr;Chef\n")
    assert (report.taken, report.updated, report.refused) == (0, 1, 1)
    assert "ID Lead" in report.problems[0].reason
    assert stored(crm, "job_title") == [(None,), ("Chef",)]


def test_two_rows_for_one_lead_are_told(crm: Crm) -> None:
    take(crm, "ID Lead;Nom;Email\nA1;Anne;anne@atelier.fr\n")
    report = take(crm, "Nom;Email\nAnne P;anne@atelier.fr\nAnne R;anne@atelier.fr\n")
    assert (report.updated, report.refused) == (1, 1)
    assert "ligne 2" in report.problems[0].reason


@pytest.mark.parametrize(("mode", "names"), [("create", ["Anne", "Chloé"]), ("update", ["Anne B"]), ("both", ["Anne B", "Chloé"])])
def test_each_mode_leaves_the_other_rows_aside(crm: Crm, mode: Mode, names: list[str]) -> None:
    take(crm, "ID Lead;Nom\nA1;Anne\n")
    report = take(crm, "ID Lead;Nom\nA1;Anne B\nA2;Chloé\n", mode)
    assert [name for (name,) in stored(crm, "name")] == names
    assert report.taken + report.updated + report.skipped == 2
    assert report.skipped == (mode != "both")


def test_the_preview_says_row_by_row_what_would_change(crm: Crm) -> None:
    take(crm, "ID Lead;Nom;Montant\nA1;Anne;10\n")
    report = take(crm, "ID Lead;Nom;Montant\nA1;Anne;20,5\nA2;Bob;\n", dry_run=True)
    added, updated = sorted(report.changes, key=lambda change: change.what)
    assert (added.line, added.what, added.title) == (3, "ajout", "Bob")
    assert (updated.line, updated.what) == (2, "mise à jour")
    assert updated.fields == (("Montant estimé", money.show(1000, crm.region), money.show(2050, crm.region)),)
    assert stored(crm, "amount") == [(1000,)]


def test_a_column_is_read_as_chosen_and_the_choice_is_found_again_for_the_same_headers(crm: Crm) -> None:
    data = "Qui;Où;Nom\nAnne;Atelier;x\n"
    first = take(crm, data, columns={"Qui": "name", "Où": "company", "Nom": ""})
    assert stored(crm, "name", "company") == [("Anne", "Atelier")]
    assert [(column.name, column.field, column.samples) for column in first.columns] == [
        ("Qui", "name", ("Anne",)), ("Où", "company", ("Atelier",)), ("Nom", "", ("x",)),
    ]  # fmt: skip
    take(crm, "Nom;Où;Qui\ny;Forêt;Bob\n")  # the same headers, in another order
    assert stored(crm, "name", "company")[1] == ("Bob", "Forêt")


def test_a_file_without_known_titles_gives_its_columns_to_choose_from(crm: Crm) -> None:
    with pytest.raises(ColumnsNeeded) as needed:
        take(crm, "Qui;Où\nAnne;Atelier\n")
    assert [(column.name, column.samples) for column in needed.value.columns] == [("Qui", ("Anne",)), ("Où", ("Atelier",))]


def test_titles_given_twice_are_chosen_apart_and_the_first_filled_is_read(crm: Crm) -> None:
    columns = {"Email": "email", "Email [2]": "email"}
    take(crm, "Nom;Email;Email\nAnne;;anne@b.fr\nBob;bob@b.fr;x@b.fr\n", columns=columns)
    assert stored(crm, "email") == [("anne@b.fr",), ("bob@b.fr",)]


def test_refused_rows_are_corrected_and_imported_again(crm: Crm) -> None:
    data = "ID Lead;Nom;Notes\nA1;Anne;=1+1\nA1;Bob;'=2\nA2;Chloé;;trop\nA3;Dan;\n"
    report = take(crm, data)
    assert (report.taken, report.refused) == (2, 2)
    content = refused_rows(crm, data.encode(), "essai.csv", Asked(), report)
    (sheet,) = workbook.read(content).sheets
    rows = [cells for _, cells in sheet.rows()]
    assert [row[:3] for row in rows] == [["ID Lead", "Nom", "Notes"], ["A1", "Bob", "=2"], ["A2", "Chloé", None]]
    assert rows[0][-1] == "Raison du refus"
    assert "déjà à la ligne 2" in str(rows[1][-1]) and "séparateur" in str(rows[2][-1])
    again = import_workbook(crm, "Léa", content, "refusées.xlsx")
    assert (again.taken, again.refused) == (1, 0)  # the other still has the ID of Anne: it corrects her, unless mended
    assert not [problem for problem in again.problems if problem.column == "Raison du refus"]


SHAPES = {
    "Google Contacts": (
        "First Name,Last Name,Organization Name,Organization Title,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,"
        "Phone 1 - Value\nAnne,Petit,Atelier,Gérante,* myContacts,Work,anne@atelier.fr,Mobile,06 12 34 56 78\n"
    ),
    "Outlook": (
        "Title,First Name,Last Name,Company,Job Title,E-mail Address,Business Phone,Mobile Phone\n"
        "Mme,Anne,Petit,Atelier,Gérante,anne@atelier.fr,,06 12 34 56 78\n"
    ),
    "HubSpot": (
        "Record ID,First Name,Last Name,Email,Phone Number,Job Title,Company Name,Lifecycle Stage\n"
        "12,Anne,Petit,anne@atelier.fr,06 12 34 56 78,Gérante,Atelier,Lead\n"
    ),
    "Salesforce": (
        "Lead Owner,First Name,Last Name,Title,Company / Account,Email,Phone,Lead Status\n"
        "Léa,Anne,Petit,Gérante,Atelier,anne@atelier.fr,06 12 34 56 78,Nouveau\n"
    ),
    "Pipedrive": (
        "Person - Name,Person - Organization,Person - Job title,Person - Email - Work,Person - Phone - Work\n"
        "Anne Petit,Atelier,Gérante,anne@atelier.fr,06 12 34 56 78\n"
    ),
    "Zoho": (
        "Record Id,Lead Owner,Company,First Name,Last Name,Title,Email,Phone,Lead Status\n"
        "zcrm_1,Léa,Atelier,Anne,Petit,Gérante,anne@atelier.fr,06 12 34 56 78,Nouveau\n"
    ),
    "atomic-crm": (
        "id,first_name,last_name,title,first_seen,last_seen,has_newsletter,company,email_work,email_home,phone_work\n"
        "3,Anne,Petit,Gérante,2024-07-01T00:00:00+00:00,2024-07-01T11:54:49.95+00:00,false,Atelier,,anne@atelier.fr,06 12 34 56 78\n"
    ),
}


@pytest.mark.parametrize("label", SHAPES)
def test_the_export_of_another_program_is_recognised(crm: Crm, label: str) -> None:
    report = take(crm, SHAPES[label])
    assert report.shape == label
    assert stored(crm, "name", "company", "job_title", "email", "phone_e164") == [
        ("Anne Petit", "Atelier", "Gérante", "anne@atelier.fr", "+33612345678")
    ]
    assert take(crm, SHAPES[label]).unchanged == 1


def test_the_status_words_of_another_program_are_ours_unless_one_says_otherwise(crm: Crm) -> None:
    head = "Record ID,First Name,Last Name,Email,Lead Status,Lifecycle Stage\n"
    rows = "1,A,A,a@a.fr,ATTEMPTED_TO_CONTACT,\n2,B,B,b@b.fr,,customer\n3,C,C,c@c.fr,Chaud,\n4,D,D,d@d.fr,Nouveau,\n5,E,E,e@e.fr,chaud,\n"
    first = take(crm, head + rows)
    assert first.words == {("ATTEMPTED_TO_CONTACT", "À contacter"): 1, ("customer", "Clos"): 1, ("Chaud", ""): 1, ("chaud", ""): 1}
    assert stored(crm, "status", "probability") == [("À contacter", 10), ("Clos", 100), ("Chaud", None), ("Nouveau", 5), ("chaud", None)]
    assert [(p.line, p.value) for p in first.problems] == [(4, "Chaud"), (6, "chaud")]
    second = take(crm, head + rows, statuses={"Chaud": "Qualifié", "customer": ""})
    assert (second.updated, second.unchanged) == (2, 3)
    assert [status for (status,) in stored(crm, "status")] == ["À contacter", "customer", "Qualifié", "Nouveau", "chaud"]
    third = take(crm, head + "6,F,F,f@f.fr,Chaud,\n")  # found again for the same headers
    assert third.words == {("Chaud", "Qualifié"): 1} and stored(crm, "status")[5] == ("Qualifié",)
    assert take(crm, "Nom;Statut\nZ;won\nY;Gagné\n").words == {("won", "Clos"): 1, ("Gagné", "Clos"): 1}  # of a program that nothing names


def test_another_status_does_not_make_another_contact_of_a_row_without_id(crm: Crm) -> None:
    data = "Nom;Statut\nAnne;Chaud\n"
    take(crm, data)
    assert take(crm, data, statuses={"Chaud": "Qualifié"}).taken == 0


def test_the_numbers_of_two_programs_are_never_the_same_contact(crm: Crm) -> None:
    take(crm, "ID Lead;Nom\n12;Zoé\n")
    take(crm, SHAPES["HubSpot"])
    assert stored(crm, "lead_id", "name") == [("12", "Zoé"), (None, "Anne Petit")]


PEOPLE = [
    ("A1", "Anne Petit", "anne@atelier.fr", "01 99 00 12 34"),
    ("A2", "Bob Roux", "bob@", "+33199001235"),
    ("", "Zoé Côté", "info@atelier.fr", "01 99 00 12 36"),
    ("X9", "Zoé Côté", "", ""),
]


@st.composite
def a_file(draw: st.DrawFn) -> list[dict[str, str]]:
    """What it says of some people, a line each."""
    lines = []
    for person in draw(st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True)):
        number, name, email, phone = (draw(st.sampled_from([text, ""])) for text in person)
        more = {"Montant": draw(st.sampled_from(["", "12", "1.234"])), "Notes": draw(st.sampled_from(["", "\xa0", "'=1", "a;b", '"']))}
        lines.append({"ID Lead": number, "Nom": name, "Email": email, "Téléphone": phone} | more)
    return lines


def as_csv(lines: list[dict[str, str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(lines[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()


@settings(max_examples=settings().max_examples // 8)  # 0.1 s each: a store, three imports and an undoing
@given(first=a_file(), second=a_file(), mode=st.sampled_from(get_args(Mode)))
def test_any_file_imported_twice_changes_nothing_and_its_undoing_gives_back_what_was(
    empty_store: Path, first: list[dict[str, str]], second: list[dict[str, str]], mode: Mode
) -> None:
    with TemporaryDirectory() as place:
        crm = open_crm(Settings(database_url=f"sqlite:///{shutil.copy(empty_store, Path(place) / 'f.db')}"))
        take(crm, as_csv(first))
        before = stored(crm, *BY_KEY, "unread", "email_check", "score_source")
        report = take(crm, as_csv(second), mode)
        after, rev = stored(crm, *BY_KEY), crm.latest_rev()
        again = take(crm, as_csv(second), mode)
        assert (again.taken, again.updated, stored(crm, *BY_KEY), crm.latest_rev()) == (0, 0, after, rev)
        if report.number is not None:
            undo_import(crm, "Léa", report.number)
        assert stored(crm, *BY_KEY, "unread", "email_check", "score_source") == before
        crm.close()


def test_whoever_the_file_names_by_id_is_not_reached_by_another_line(crm: Crm) -> None:
    take(crm, "ID Lead;Nom;Email\nA1;Anne;anne@atelier.fr\n")
    data = "ID Lead;Nom;Email;Notes\n;Anne;anne@atelier.fr;un\nA1;Anne;;deux\n"
    assert (take(crm, data).refused, stored(crm, "notes")) == (1, [("deux",)])
    assert (take(crm, data).refused, stored(crm, "notes")) == (1, [("deux",)])
