"""The empty workbook that « Importer » hands out: what is filled into it lands where its titles say."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from gnetics.domain import sheets
from gnetics.domain.fields import LEAD_FIELDS
from gnetics.exports.sample_book import sample_book
from gnetics.imports.importer import import_workbook
from gnetics.store.crm import Crm

FILLED = {
    "Leads": {"Nom": "Zoé Lefèvre", "Entreprise": "Lumen", "Email": "zoe@lumen.fr", "Statut": "Qualifié", "Montant estimé": "1 500 €"},
    "Événements": {"Titre": "Point", "Début": "24/11/2026 10:00", "Fin": "24/11/2026 11:00", "Type": "Appel"},
}


def titles() -> dict[str, list[str]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(sample_book()))
    return {name: [str(cell) for cell in book.get_sheet_by_name(name).to_python()[0]] for name in book.sheet_names}


def test_it_has_a_sheet_of_each_kind_contacts_first_and_every_title() -> None:
    found = titles()
    tables = {table.label: table for table in sheets.TABLES if table is not sheets.HISTORY}
    assert set(found) == set(tables) and next(iter(found)) == sheets.LEADS.label
    for label, table in tables.items():
        wanted = [field.label for field in LEAD_FIELDS] if table is sheets.LEADS else [column.label for column in table.columns]
        assert sorted(found[label]) == sorted(wanted)


@pytest.mark.parametrize("sheet", FILLED)
def test_a_row_under_its_titles_is_taken_without_a_question(crm: Crm, tmp_path: Path, sheet: str) -> None:
    file = tmp_path / f"{sheet}.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, titles()[sheet], delimiter=";")
        writer.writeheader()
        writer.writerow(FILLED[sheet])
    report = import_workbook(crm, "Ana", file)
    assert (report.refused, report.problems) == (0, [])
    snapshot = crm.snapshot()
    if sheet == "Leads":
        (lead,) = snapshot.leads.to_dict("records")
        assert (lead["name"], lead["company"], lead["status"], lead["amount"]) == ("Zoé Lefèvre", "Lumen", "Qualifié", 150_000)
    else:
        assert snapshot.events["title"].tolist() == ["Point"]
