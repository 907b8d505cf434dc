"""The same three clients in each kind of file an office makes: read alike, to the cent and the day, and twice is once.

`tests/files/` holds what LibreOffice made of this module's XLSX: `soffice --headless --convert-to xls` (and `ods`).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import select

from gnetics.imports.importer import import_workbook
from gnetics.settings import Settings
from gnetics.store import schema
from gnetics.store.crm import Crm, open_crm
from tests.conftest import copied

FILES = Path(__file__).parents[2] / "files"
TITLES = ["ID Lead", "Nom", "Entreprise", "Email", "Téléphone", "Montant estimé", "Probabilité", "Prochaine relance", "Notes"]
# as people type them: each amount with another space, each phone and day written in another way
TYPED = [
    [
        "L-1",
        "Élodie Lefèvre",
        "L’Atelier d’Œuvres",
        "elodie@atelier.fr",
        "0612345678",
        "1 234,56 €",
        "75 %",
        "05/03/2026",
        "ligne 1\nligne 2",
    ],
    [
        "L-2",
        "Anne-Laure Noël",
        "Fonderie & Fils",
        "",
        "06.12.34.56.79",
        "1\u00a0234\u00a0567,8 €",
        "50%",
        "5/3/2026",
        "« à voir » ; VIP | 1, 2",
    ],
    ["L-3", "François Gaçon", "", "", "+33 6 12 34 56 80", "12\u202f000", "", "2026-03-05", ""],
]
KEPT = [
    ("L-1", "Élodie Lefèvre", "L’Atelier d’Œuvres", "elodie@atelier.fr", "+33612345678", 123456, 75, date(2026, 3, 5), "ligne 1\nligne 2"),
    ("L-2", "Anne-Laure Noël", "Fonderie & Fils", None, "+33612345679", 123456780, 50, date(2026, 3, 5), "« à voir » ; VIP | 1, 2"),
    ("L-3", "François Gaçon", None, None, "+33612345680", 1200000, None, date(2026, 3, 5), None),
]
FIELDS = ("lead_id", "name", "company", "email", "phone_e164", "amount", "probability", "next_follow_up", "notes")


def csv(sign: str, encoding: str) -> bytes:
    rows = ([f'"{cell}"' if set(cell) & {sign, "\n"} else cell for cell in row] for row in [TITLES, *TYPED])
    text = "".join(sign.join(row) + "\r\n" for row in rows)
    return (text.replace("\u202f", "\u00a0") if encoding == "cp1252" else text).encode(encoding)


def xlsx() -> bytes:
    """Numbers, percents and days as such on the first line (its phone as text, with its zero), the phone as a number on the second."""
    rows: list[list[Any]] = [list(row) for row in TYPED]
    rows[0][5:8] = [1234.56, 0.75, datetime(2026, 3, 5)]
    rows[1][4:7] = [612345679, 1234567.8, 0.5]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "dd/mm/yyyy"}) as book:
        percent = book.add_format({"num_format": "0%"})
        sheet = book.add_worksheet("Clients")
        for line, row in enumerate([TITLES, *rows]):
            sheet.write_row(line, 0, row)
        for line in (1, 2):
            sheet.write_number(line, 6, rows[line - 1][6], percent)
    return buffer.getvalue()


USUAL = {
    "point-virgule, UTF-8": csv(";", "utf-8"),
    "point-virgule, UTF-8 avec marque": csv(";", "utf-8-sig"),
    "point-virgule, Windows-1252": csv(";", "cp1252"),
    "virgule, UTF-8": csv(",", "utf-8"),
    "virgule, UTF-16 sans marque": csv(",", "utf-16-le"),
    "tabulation, UTF-16": csv("\t", "utf-16"),
    "barre, Windows-1252": csv("|", "cp1252"),
    "xlsx": xlsx(),
    "xls": (FILES / "clients.xls").read_bytes(),
    "ods": (FILES / "clients.ods").read_bytes(),
}


@pytest.fixture
def crm(empty_store: Path, tmp_path: Path) -> Iterator[Crm]:
    opened = open_crm(Settings(database_url=f"sqlite:///{copied(empty_store, tmp_path / 'real.db')}"))
    yield opened
    opened.close()


@pytest.mark.parametrize("form", USUAL)
def test_the_clients_of_a_usual_file_are_read_alike_and_twice_is_once(crm: Crm, form: str) -> None:
    report = import_workbook(crm, "Léa", USUAL[form], "clients")
    assert (report.problems, report.taken) == ([], 3)
    with crm.read() as connection:
        kept = connection.execute(select(*(schema.leads.c[name] for name in FIELDS)).order_by("key")).all()
    assert [tuple(row) for row in kept] == KEPT
    rev = crm.latest_rev()
    again = import_workbook(crm, "Léa", USUAL[form], "clients")
    assert (again.problems, again.unchanged, crm.latest_rev()) == ([], 3, rev)
