"""« gnetics import »: what it is told is found in the file or refused, each remedy is named, and the report says every cell."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from gnetics import settings as settings_module
from gnetics.actions.leads import save_lead
from gnetics.cli import imports, main
from gnetics.imports import workbook
from gnetics.imports.report import Doubt, Report, SheetReport
from gnetics.settings import Settings
from gnetics.store.crm import create_crm, open_crm
from tests.conftest import copied

FILE = "Nom;Courriel pro;Étape vente;Montant\nJeanne Astruc;Jeanne@Astruc.example;Gagnée;1 500\nPaul Mercœur;N/A;Clos;beaucoup\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GNETICS_DATA_DIR", str(tmp_path / "data"))
    place = tmp_path / "clients.csv"
    place.write_text(FILE, "utf-8")
    return place


def settings_of(file: Path) -> Settings:
    return replace(settings_module.load({}), data_dir=file.parent / "data")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--map", "Couriel=Email"], "« Nom », « Courriel pro », « Étape vente », « Montant »"),
        (["--map", "Courriel pro=Adresse postale"], "l’un de"),
        (["--map", "étape vente=Statut", "--status", "Perdue=Perdu"], "« Gagnée »"),
        (["--status", "Gagnée=Clos"], "n’en a aucun à rattacher"),
        (["--status", "Gagnée=Tiède"], "l’un de"),
        (["--dates", "maj"], "jma"),
        (["--dates", "Naissance=mja"], "« Courriel pro »"),
        (["--sheet", "Devis"], "« clients »"),
    ],
)
def test_what_is_not_in_the_file_is_refused_with_what_it_has(
    options: list[str], told: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(file), *options]) == 2
    assert told in capsys.readouterr().err
    assert not settings_of(file).real_store.exists(), "nothing was written"


def test_a_slip_of_case_or_accent_is_understood(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--map", "ETAPE VENTE=statut", "--map", "courriel pro=Email", "--status", "gagnee=clos"]
    assert main(["import", str(file), *asked]) == 0
    with closing(open_crm(settings_of(file))) as crm:
        assert crm.snapshot().leads["status"].tolist() == ["Clos", "Clos"]
    assert "2 contacts ajoutés" in capsys.readouterr().out.replace("\u00a0", " ")


def test_titles_that_a_slip_cannot_tell_apart_are_asked_for(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("Nom;Ville;VILLE\nAnne;Pau;Dax\n", "utf-8")
    assert main(["import", str(file), "--map", "ville=Notes"]) == 2
    assert "« Ville », « VILLE »" in capsys.readouterr().err
    assert main(["import", str(file), "--map", "VILLE=Notes"]) == 0


def test_the_remedy_of_what_is_unknown_is_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("Nom;Statut\nAnne;Tiède\n", "utf-8")
    assert main(["import", str(file), "--dry-run"]) == 0
    assert '--status "Tiède=Statut"' in capsys.readouterr().out
    file.write_text("Qui;Poids\nRougette;3\n", "utf-8")
    assert main(["import", str(file)]) == 1
    assert '--map "Titre=Champ"' in capsys.readouterr().err


def test_a_doubt_and_a_sheet_left_aside_name_their_options(capsys: pytest.CaptureFixture[str]) -> None:
    doubt = Doubt("Feuil1", "Relance", "02/03/2026 : 2 mars ou 3 février ?", (("jma", "2 mars"), ("mja", "3 février")), "jma")
    people = SheetReport("Feuil1", "leads", rows=1, taken=1, doubts=[doubt])
    imports._tell(Report("f.xlsx", True, [people, SheetReport("Listes", "", aside="Ce n’est pas une liste de contacts.")]))
    told = capsys.readouterr().out
    assert 'Lu 2 mars ; --dates "Relance=mja" pour 3 février.' in told and '--sheet "Listes"' in told


def test_the_report_has_every_cell_that_is_not_kept_as_it_was(file: Path) -> None:
    out = file.with_name("report.xlsx")
    assert main(["import", str(file), "--map", "Étape vente=Statut", "--map", "Courriel pro=Email", "--status", "Gagnée=Clos",
                 "--report", str(out)]) == 0  # fmt: skip
    (sheet,) = workbook.read(out.read_bytes(), out.name, 500).sheets
    assert next(iter(sheet.rows()))[1] == ["Feuille", "Ligne", "Colonne", "Dans le fichier", "Gardé", "Pourquoi"]
    rows = {(row[1], row[2]): (row[3], row[4]) for _, row in sheet.rows()}
    assert rows[2.0, "Étape vente"] == ("Gagnée", "Clos")
    assert rows[3.0, "Montant"] == ("beaucoup", None)
    assert rows[3.0, "Courriel pro"][0] == "N/A" and rows[3.0, "Courriel pro"][1] is None
    assert (2.0, "Nom") not in rows and (3.0, "Étape vente") not in rows, "what was kept as it was"


def test_the_demo_that_is_open_gives_way_to_the_store_a_first_import_makes(file: Path, demo_store: Path) -> None:
    settings = settings_of(file)
    settings.data_dir.mkdir()
    copied(demo_store, settings.demo_store)
    with closing(open_crm(settings)) as served:
        snapshot = served.snapshot()
        assert (served.kind, len(snapshot.leads) > 100) == ("demo", True)
        assert main(["import", str(file)]) == 0
        assert served.kind == "real" and snapshot.refresh().replaced
        assert set(snapshot.leads["name"]) == {"Jeanne Astruc", "Paul Mercœur"}
        save_lead(served, "Ana", None, {"name": "Inès"}, None, snapshot)
    with closing(open_crm(replace(settings, database_url=f"sqlite:///{settings.demo_store}"))) as demo:
        assert "Inès" not in set(demo.snapshot().leads["name"])


def test_a_store_that_took_the_place_of_the_demo_never_gives_it_back(file: Path, demo_store: Path) -> None:
    settings = settings_of(file)
    settings.data_dir.mkdir()
    copied(demo_store, settings.demo_store)
    with closing(open_crm(settings)) as served:
        assert main(["import", str(file)]) == 0
        assert served.kind == "real"
        settings.real_store.rename(settings.real_store.with_name("moved"))
        with pytest.raises(Exception, match="n’existe pas"):
            _ = served.kind


def test_the_people_of_the_demo_keep_their_rights_in_the_store_that_takes_its_place(file: Path, demo_store: Path) -> None:
    settings = settings_of(file)
    settings.data_dir.mkdir()
    copied(demo_store, settings.demo_store)
    assert main(["user", "add", "Ana", "--role", "lecture", "--sans-mot-de-passe"]) == 0
    assert main(["import", str(file)]) == 0
    with closing(create_crm(settings, "real")) as crm:
        assert (crm.standing("Ana").role, crm.standing("Bob").role) == ("lecture", "")


def test_a_row_that_may_be_somebody_is_asked_with_both_records_and_taken_as_is_said(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(create_crm(settings_of(file), "real", trusted=True)) as crm:
        save_lead(crm, "Ana", None, {"name": "Rose Bel", "email": "jeanne@astruc.example"}, None, crm.snapshot())
    assert main(["import", str(file), "--map", "Courriel pro=Email", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "ligne 2 : est-ce Rose Bel ? Dites-le : --person 2=meme, ou --person 2=autre." in told
    assert "Nom : « Jeanne Astruc » dans le fichier, « Rose Bel » dans le CRM" in told
    assert main(["import", str(file), "--person", "2=peut-être"]) == 2
    assert main(["import", str(file), "--map", "Courriel pro=Email", "--person", "2=autre"]) == 0
    for _ in range(2):  # the row is then known by its content
        with closing(open_crm(settings_of(file))) as crm:
            assert sorted(crm.snapshot().leads["name"]) == ["Jeanne Astruc", "Paul Mercœur", "Rose Bel"]
        assert main(["import", str(file)]) == 0
