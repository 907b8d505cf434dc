"""Whole copies of the store that a killed process left are removed by the next one; those of a living one stay."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from gnetics.demo.store import build_demo
from gnetics.operations.backup import back_up, restore
from gnetics.settings import Settings
from gnetics.store import loading, scratch
from gnetics.store.crm import open_crm
from tests.conftest import copied
from tests.served import ROOT, environment

# stops where the copy is complete and says so
HANGS = """
import sys, time
from pathlib import Path
from gnetics.demo import store as demo
from gnetics.settings import Settings, load
from gnetics.operations import backup
from gnetics.store import loading
from gnetics.store.crm import open_crm
def hang(*_, **__):
    print("there", flush=True)
    time.sleep(60)
settings = load()
{what}
"""
LOADS = "loading._typed_answer = hang; open_crm(settings).snapshot()"
BACKS_UP = "backup._check_file = hang; backup.back_up(settings, settings.data_dir / 'saved')"
RESTORES = "backup._check_file = hang; backup.restore(settings, settings.data_dir / 'kept', force=True)"
BUILDS = "demo.import_workbook = hang; demo.build_demo(settings, force=True)"


@contextmanager
def _at_work(what: str, data: Path, memory: Path) -> Iterator[subprocess.Popen[str]]:
    program = HANGS.replace("{what}", f"loading.MEMORY = Path({str(memory)!r})\n{what}")
    surroundings = environment(data_dir=str(data)) | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=surroundings, cwd=ROOT) as process:
        try:
            assert process.stdout and process.stdout.readline().startswith("there")
            yield process
        finally:
            process.kill()


@pytest.fixture
def settings(empty_store: Path, tmp_path: Path) -> Settings:
    copied(empty_store, tmp_path / "gnetics.db")
    return Settings(data_dir=tmp_path)


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of the shared memory that no other test looks at."""
    if not os.access(loading.MEMORY, os.W_OK):
        pytest.skip("this system has no shared memory that is a folder")
    with scratch.folder(loading.MEMORY, "gnetics-test-") as made:
        monkeypatch.setattr(loading, "MEMORY", made)
        yield made


def _folders(place: Path) -> set[str]:
    return {each.name for each in place.iterdir() if each.is_dir()}


def test_copies_of_killed_processes_go_and_that_of_a_living_one_stays(settings: Settings, memory: Path) -> None:
    with ExitStack() as living:
        living.enter_context(_at_work(LOADS, settings.data_dir, memory))
        alive = _folders(memory)
        for _ in range(2):
            with _at_work(LOADS, settings.data_dir, memory):
                left = _folders(memory) - alive
        assert len(alive) == len(left) == 1 and (memory / next(iter(left)) / "copy.db").stat().st_size > 10_000
        assert _folders(memory) == alive | left, "the one killed first went with the second one's start"
        open_crm(settings).snapshot()
        assert _folders(memory) == alive
    open_crm(settings).snapshot()
    assert _folders(memory) == set()


@pytest.mark.parametrize(
    ("what", "again"),
    [
        (BACKS_UP, lambda settings: back_up(settings, settings.data_dir / "more")),
        (RESTORES, lambda settings: restore(settings, settings.data_dir / "kept", force=True)),
        (BUILDS, lambda settings: build_demo(settings, force=True)),
    ],
    ids=["backup", "restore", "demo"],
)
def test_so_do_those_of_other_work(what: str, again: Callable[[Settings], object], settings: Settings, memory: Path) -> None:
    back_up(settings, settings.data_dir / "kept")
    with _at_work(what, settings.data_dir, memory):
        assert len(_folders(settings.data_dir)) == 1
    again(settings)
    assert _folders(settings.data_dir) == set()


def test_a_folder_swept_before_its_maker_held_it_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make, made = scratch.tempfile.mkdtemp, list[str]()

    def swept_at_once(prefix: str, dir: Path) -> str:
        made.append(make(prefix=prefix, dir=dir))
        if len(made) == 1:
            scratch.sweep(tmp_path, "x-")
        return made[-1]

    monkeypatch.setattr(scratch.tempfile, "mkdtemp", swept_at_once)
    with scratch.folder(tmp_path, "x-") as folder:
        assert str(folder) == made[1] and folder.is_dir()
    assert _folders(tmp_path) == set()


def test_what_another_account_left_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").touch()
    (tmp_path / "x-link").symlink_to(tmp_path / "elsewhere")
    scratch.sweep(tmp_path, "x-")
    assert (tmp_path / "elsewhere" / "file").exists()
