"""« gnetics calendar »: a file in and out, and the address of an account's calendar."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.cli import main
from gnetics.store.crm import open_crm
from gnetics.store.people import feeds

FILE = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a@x\nSUMMARY:Démo\nDTSTART;TZID=Paris:20261201T090000\nEND:VEVENT\nEND:VCALENDAR\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GNETICS_DATA_DIR", str(tmp_path / "data"))
    place = tmp_path / "agenda.ics"
    place.write_text(FILE, "utf-8")
    return place


def test_what_a_file_brought_leaves_as_a_file_that_brings_nothing_more(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", "import", str(file), "--dry-run"]) == 0
    assert "1\u00a0événement à ajouter" in capsys.readouterr().out.lower()
    assert main(["calendar", "import", str(file)]) == 0
    out = file.with_name("export.ics")
    assert main(["calendar", "export", str(out)]) == 0
    capsys.readouterr()
    assert main(["calendar", "import", str(out)]) == 0
    assert "1\u00a0événement inchangé" in capsys.readouterr().out


def test_what_is_no_calendar_and_choices_that_one_has_not_are_refused_before_anything_is_written(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = file.with_suffix(".csv")
    table.write_text("Nom\nAna\n", "utf-8")
    assert main(["calendar", "import", str(table)]) == 2
    assert main(["import", str(file), "--map", "Titre=Nom"]) == 2
    assert main(["calendar", "import", str(file.with_name("absent.ics"))]) == 1
    assert "sans choix de colonnes" in capsys.readouterr().err
    assert not (file.parent / "data" / "gnetics.db").exists()


def test_an_address_is_made_and_ended_for_an_account(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", "import", str(file)]) == 0
    with closing(open_crm(replace(settings_module.load({}), data_dir=file.parent / "data"), trusted=True)) as crm:
        accounts.add(crm, "root", "Ana", "lecture", None)
        capsys.readouterr()
        assert main(["calendar", "feed", "ana", "on"]) == 0
        secret = capsys.readouterr().out.rpartition("calendrier/")[2].strip().removesuffix(".ics")
        with crm.read() as connection:
            assert feeds.person_of(connection, secret) == "Ana"
        assert main(["calendar", "feed", "Ana", "off"]) == 0
        assert feeds.since(crm, "Ana") is None
        assert main(["calendar", "feed", "Bruno", "on"]) == 1
