"""A backup is complete and checked; restoring it replaces nothing by mistake and loses nothing."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text

from gnetics.actions.leads import save_lead
from gnetics.cli import main
from gnetics.errors import GneticsError, SchemaMismatch, StoreLocked
from gnetics.operations.backup import back_up, restore
from gnetics.operations.checkup import checkup
from gnetics.operations.finding import Finding
from gnetics.settings import Settings
from gnetics.store.crm import Crm, create_crm, open_crm
from gnetics.store.schema import attachments
from tests.served import ROOT, environment

ON_A_SMALL_DISK = """
import resource, sys
from gnetics.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
sys.exit(main())
"""


@pytest.fixture
def settings(store_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=store_url, data_dir=tmp_path)


@pytest.fixture
def backup(crm: Crm, settings: Settings, tmp_path: Path) -> Path:
    """Of a store with Zoé, made while it is open; Léo came after."""
    save_lead(crm, "alice", None, {"name": "Zoé"}, None, crm.snapshot())
    file = tmp_path / "sauvegarde"
    back_up(settings, file)
    save_lead(crm, "alice", None, {"name": "Léo"}, None, crm.snapshot())
    return file


def _names(settings: Settings) -> list[str]:
    crm = open_crm(settings)
    try:
        return list(crm.snapshot().leads["name"])
    finally:
        crm.close()


def test_a_backup_of_a_store_in_use_comes_back_whole(crm: Crm, settings: Settings, backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    crm.close()
    _, aside, _ = restore(settings, backup, force=True)
    assert _names(settings) == ["Zoé"]
    if settings.url.startswith("sqlite"):
        assert _names(replace(settings, database_url=f"sqlite:///{aside}")) == ["Zoé", "Léo"], "what was replaced is kept"
    restored = open_crm(settings)
    save_lead(restored, "alice", None, {"name": "Ana"}, None, restored.snapshot())
    restored.close()
    assert _names(settings) == ["Zoé", "Ana"]


def test_attachments_come_back_with_the_store(crm: Crm, settings: Settings, tmp_path: Path) -> None:
    row = {"message_key": 1, "position": 0, "name": "devis.pdf", "media_type": "application/pdf", "digest": "", "content": b"\0\xff%PDF"}
    with crm.engine.begin() as connection:
        connection.execute(insert(attachments), [row])
    back_up(settings, tmp_path / "copie")
    with crm.engine.begin() as connection:
        connection.execute(delete(attachments))
    crm.close()
    restore(settings, tmp_path / "copie", force=True)
    restored = open_crm(settings)
    with restored.read() as connection:
        assert [dict(each) for each in connection.execute(select(attachments)).mappings()] == [row]
    restored.close()


def test_a_store_is_replaced_only_when_asked(crm: Crm, settings: Settings, backup: Path) -> None:
    crm.close()
    with pytest.raises(GneticsError, match="--force"):
        restore(settings, backup)
    assert _names(settings) == ["Zoé", "Léo"]


def test_a_store_in_use_is_not_replaced(crm: Crm, settings: Settings, backup: Path) -> None:
    with pytest.raises(StoreLocked, match="arrêtez d’abord les serveurs"):
        restore(settings, backup, force=True)
    save_lead(crm, "alice", None, {"name": "Ana"}, None, crm.snapshot())
    assert list(crm.snapshot().leads["name"]) == ["Zoé", "Léo", "Ana"]


def test_a_backup_never_replaces_a_file(settings: Settings, backup: Path) -> None:
    with pytest.raises(GneticsError, match="existe déjà"):
        back_up(settings, backup)


def test_a_backup_of_a_newer_version_is_refused(crm: Crm, settings: Settings, tmp_path: Path) -> None:
    with crm.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    with pytest.raises(SchemaMismatch, match="plus récente"):
        back_up(settings, tmp_path / "nouvelle")
    assert not (tmp_path / "nouvelle").exists()


@pytest.mark.parametrize("content", [b"GIF89a" * 1000, b"", b"SQLite format 3\0" + b"x" * 5000, b"PGDMP" + b"x" * 100])
def test_what_is_no_backup_is_refused_before_anything_is_touched(content: bytes, crm: Crm, settings: Settings, tmp_path: Path) -> None:
    save_lead(crm, "alice", None, {"name": "Zoé"}, None, crm.snapshot())
    crm.close()
    file = tmp_path / "photo"
    file.write_bytes(content)
    with pytest.raises(GneticsError):
        restore(settings, file, force=True)
    with pytest.raises(GneticsError, match="n’existe pas"):
        restore(settings, tmp_path / "absente")
    assert _names(settings) == ["Zoé"]
    assert not list(tmp_path.glob(".restore*"))


def test_a_damaged_backup_is_refused(empty_store: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    create_crm(settings, "real").close()
    back_up(settings, tmp_path / "copie")
    with (tmp_path / "copie").open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(40_000))
    with pytest.raises(GneticsError, match=r"abîmé|pas une base lisible"):
        restore(settings, tmp_path / "copie", force=True)


def test_a_store_that_cannot_be_read_is_replaced_and_kept(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    create_crm(settings, "real").close()
    back_up(settings, tmp_path / "copie")
    settings.real_store.write_bytes(b"broken" * 2000)
    _, aside, _ = restore(settings, tmp_path / "copie", force=True)
    assert _names(settings) == []
    assert aside and aside.read_bytes() == b"broken" * 2000


def test_on_a_new_machine_each_kind_goes_to_its_place(copy_of_demo: Callable[[], str], demo_store: Path, tmp_path: Path) -> None:
    back_up(Settings(database_url=copy_of_demo()), tmp_path / "demo")
    elsewhere = Settings(data_dir=tmp_path / "neuf")
    place, aside, _ = restore(elsewhere, tmp_path / "demo")
    assert (place, aside) == (str(elsewhere.demo_store), None)
    assert elsewhere.demo_store.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(elsewhere.demo_store)) as restored:
        assert restored.execute("SELECT count(*) FROM leads").fetchone()[0] > 100


def test_a_full_disk_leaves_no_half_of_a_backup(copy_of_demo: Callable[[], str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ON_A_SMALL_DISK, "backup", str(tmp_path / "copie")],
        env=environment(database_url=copy_of_demo()) | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "plein" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_backs_up_and_restores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GNETICS_DATA_DIR", str(tmp_path))
    create_crm(Settings(data_dir=tmp_path), "real").close()
    file = str(tmp_path / "copie")
    assert main(["backup", file]) == 0
    assert main(["restore", file]) == 1
    assert main(["restore", file, "--force"]) == 0
    said = capsys.readouterr()
    assert "La base d’avant est gardée" in said.out
    assert "--force" in said.err


def _found(settings: Settings, subject: str) -> Finding:
    return next(each for each in checkup(settings) if each.subject == subject)


def test_a_sound_store_has_nothing_to_correct(crm: Crm, settings: Settings) -> None:
    save_lead(crm, "alice", None, {"name": "Zoé"}, None, crm.snapshot())
    findings = checkup(settings)
    assert [each for each in findings if not each.fine and each.subject != "Horloge"] == []
    assert {"Base", "Schéma", "Disque", "Horloge"} <= {each.subject for each in findings}


@pytest.fixture
def lone(tmp_path: Path) -> Settings:
    settings = Settings(data_dir=tmp_path)
    create_crm(settings, "real").close()
    return settings


def test_a_store_that_others_may_read_is_said(lone: Settings) -> None:
    assert _found(lone, "Droits").fine
    lone.real_store.chmod(0o644)
    found = _found(lone, "Droits")
    assert not found.fine
    assert "chmod 600" in found.sentence


def test_a_configuration_that_others_may_read_is_said(lone: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may hold passwords, wherever it is."""
    file = tmp_path / "crm.toml"
    file.touch(0o600)
    monkeypatch.setenv("GNETICS_CONFIG", str(file))
    assert _found(lone, "Droits") == Finding("Droits", True, "crm.toml (600)")
    file.chmod(0o640)
    assert "chmod 600 crm.toml" in _found(lone, "Droits").sentence


def test_a_clock_that_went_back_is_said(lone: Settings) -> None:
    assert _found(lone, "Horloge").fine
    crm = open_crm(lone)
    save_lead(crm, "alice", None, {"name": "Zoé"}, None, crm.snapshot())
    with crm.engine.begin() as connection:
        connection.execute(text("UPDATE history SET at = '2099-01-01T00:00:00.000000Z'"))
    crm.close()
    found = _found(lone, "Horloge")
    assert not found.fine
    assert "2099" in found.sentence


def test_too_little_room_is_said(lone: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gnetics.operations.checkup.ROOM", 1 << 60)
    assert "il en faut" in _found(lone, "Disque").sentence


def test_a_store_that_does_not_answer_is_all_that_is_said(tmp_path: Path) -> None:
    (only,) = checkup(Settings(database_url=f"sqlite:///{tmp_path}/absente.db"))
    assert (only.subject, only.fine) == ("Base", False)


def test_the_command_tells_each_line_and_its_exit_code(
    lone: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GNETICS_DATA_DIR", str(lone.data_dir))
    assert main(["check"]) == 0
    lone.real_store.chmod(0o644)
    assert main(["check"]) == 1
    said = capsys.readouterr()
    assert "ok          Intégrité : la base est saine" in said.out
    assert "à corriger  Droits" in said.out
    assert "point(s) à corriger" in said.err
