"""« gnetics person »: finds, writes all that is held, forgets; and says what it did, or why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gnetics.cli import main


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.setenv("GNETICS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GNETICS_USER", "Ana")
    (tmp_path / "a.csv").write_text(
        "ID Lead;Nom;Email;Notes\nL-000001;Jean Élan;jean@x.fr;\nL-000002;Léa;lea@y.fr;voir Jean Élan, jean@x.fr\n", "utf-8"
    )
    assert main(["import", str(tmp_path / "a.csv")]) == 0
    capsys.readouterr()
    return tmp_path


def test_it_finds_exports_and_erases_and_a_restored_backup_is_erased_again(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", str(data / "saved.db")]) == 0 and main(["person", "find", "Jean@x.fr"]) == 0
    said = capsys.readouterr().out
    assert "Jean Élan (L-000001)" in said and "Fiches : 1\u00a0ligne, cité dans 1\u00a0ligne d’autrui" in said
    files = [str(data / "jean.json"), str(data / "jean.html")]
    assert main(["person", "export", "L-000001", "--out", files[0], "--out", files[1]]) == 0
    assert json.loads(Path(files[0]).read_text("utf-8"))["person"] == "Jean Élan" and "jean@x.fr" in Path(files[1]).read_text("utf-8")
    assert main(["person", "erase", "jean@x.fr"]) == 0
    said = capsys.readouterr().out
    assert "Personne effacée : " in said and "1\u00a0endroit la nomme encore" in said and "Fiches L-000002 : notes" in said
    assert main(["person", "find", "jean@x.fr"]) == 1 and "Personne n’est connu" in capsys.readouterr().err
    assert main(["restore", str(data / "saved.db"), "--force"]) == 0
    assert "1\u00a0contact effacé depuis la sauvegarde : effacé de nouveau." in capsys.readouterr().out
    assert main(["person", "find", "jean@x.fr"]) == 1
    listed = (data / "gnetics-effacements.txt").read_text("utf-8")
    assert len(listed.splitlines()) == 2 and "jean" not in listed.casefold()


def test_what_cannot_be_is_refused_in_a_sentence(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["person", "export", "L-000001", "--out", str(data / "jean.pdf")]) == 1
    assert "terminez-le par .json ou .html" in capsys.readouterr().err
    assert main(["person", "erase", "personne"]) == 1 and "donnez un ID Lead" in capsys.readouterr().err
    assert main(["import", str(data / "a.csv")]) == 0, "nobody was erased"


def test_an_import_says_who_comes_back_before_it_is_written(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["person", "erase", "jean@x.fr"]) == 0
    (data / "b.csv").write_text("Nom;Email\nJean Élan;jean@x.fr\nUgo;ugo@y.fr\n", "utf-8")
    capsys.readouterr()
    assert main(["import", str(data / "b.csv")]) == 0
    said = capsys.readouterr().out
    assert "effacée le" in said and "--person 2=autre" in said
    assert main(["person", "find", "jean@x.fr"]) == 1
    assert main(["import", str(data / "b.csv"), "--person", "2=autre"]) == 0 and main(["person", "find", "jean@x.fr"]) == 0
