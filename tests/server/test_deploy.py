"""The files of `deploy/`, and the commands that its README gives, are understood; the nightly backup does what it tells."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from gnetics.actions.leads import save_lead
from gnetics.cli import parser
from gnetics.operations.backup import restore
from gnetics.settings import CONFIG, KEYS, PROJECT, WAYS, Settings, variable
from gnetics.store.crm import create_crm, open_crm
from tests.served import environment

DEPLOY = PROJECT / "deploy"
PROGRAM = "/opt/gnetics/.venv/bin/gnetics"
BACKUPS = "/var/lib/gnetics/backups"
DAY = 86_400


def _orders(unit: str) -> list[str]:
    """Its commands in order, as systemd reads them."""
    found = re.findall(r"^Exec\w+=(.+)$", (DEPLOY / unit).read_text("utf-8"), re.M)
    return [each.replace("$$", "$").replace("%%", "%") for each in found]


def test_every_command_of_the_units_and_of_their_readme_exists() -> None:
    units = ("gnetics@.service", "gnetics-worker.service", "gnetics-backup.service")
    texts = [*(order for unit in units for order in _orders(unit)), (DEPLOY / "README.md").read_text("utf-8")]
    found = [words for text in texts for words in re.findall(rf"{PROGRAM} ([^#\n']+)", re.sub(r"\$\(.*?\)", "DATE", text))]
    assert len(found) == 7
    for words in found:
        parser().parse_args(words.split())


def test_the_files_of_deploy_name_settings_that_exist() -> None:
    named = {name for file in DEPLOY.iterdir() for name in re.findall(r"GNETICS_[A-Z_]+", file.read_text("utf-8"))}
    assert named and named <= {CONFIG, *map(variable, KEYS)}


def test_the_units_that_serve_no_measures_are_told_no_way_to_their_token() -> None:
    ways = {variable("metrics_token" + suffix) for suffix in ("", *WAYS)}
    for unit in ("gnetics-worker.service", "gnetics-backup.service"):
        assert ways == set(" ".join(re.findall(r"^UnsetEnvironment=(.+)$", (DEPLOY / unit).read_text("utf-8"), re.M)).split())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data_dir=tmp_path / "data")
    with closing(create_crm(settings, "real")) as crm:
        save_lead(crm, "alice", None, {"name": "Zoé"}, None, crm.snapshot())
    return settings


@pytest.mark.day
def test_the_nightly_backup_writes_one_file_keeps_thirty_however_old_and_checks(settings: Settings, tmp_path: Path) -> None:
    """However old: a clock that jumped a year ahead finds all of them so."""
    backups = tmp_path / "backups"
    backups.mkdir()
    aged = {backups / f"{age}" for age in range(1, 31)}
    for file in aged:
        file.touch()
        os.utime(file, (time.time() - (365 + int(file.name)) * DAY,) * 2)

    def night() -> list[int]:
        here = {PROGRAM: str(Path(sys.executable).with_name("gnetics")), BACKUPS: str(backups)}
        surroundings, done = environment(data_dir=str(settings.data_dir)), list[int]()
        for order in _orders("gnetics-backup.service"):
            command = re.sub("|".join(here), lambda found: here[found[0]], order)
            done.append(subprocess.run(command, shell=True, env=surroundings, capture_output=True).returncode)
            if done[-1]:
                break  # as systemd does
            for file in set(backups.iterdir()) - aged:  # the file system has a clock of its own, which `make day` does not move
                os.utime(file, (time.time(),) * 2)
        return done

    assert night() == [0, 0, 0]
    (made,) = {each.name for each in backups.iterdir()} - {f"{age}" for age in range(1, 30)}
    assert re.fullmatch(r"\d{8}-\d{6}", made)
    settings.real_store.chmod(0o644)
    time.sleep(1)  # files are named by the second
    assert night() == [0, 0, 1], "what is to correct is a failure that systemd shows"
    settings.real_store.write_bytes(b"broken" * 2000)
    os.utime(backups / made, (time.time() - 32 * DAY,) * 2)
    assert night() == [1], "without a new backup the old ones stay"
    restore(settings, backups / made, force=True)
    with closing(open_crm(settings)) as crm:
        assert crm.snapshot().leads["name"].tolist() == ["Zoé"]
