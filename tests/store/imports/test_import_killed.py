"""An import stopped dead leaves nothing of itself; two at once, and somebody editing meanwhile, are all kept."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from gnetics.actions.leads import save_lead
from gnetics.cli import main
from gnetics.imports.importer import import_workbook
from gnetics.settings import Settings
from gnetics.store import schema, scratch
from gnetics.store.crm import Crm, open_crm
from tests.store import workers as jobs
from tests.store.workers import Workers

ROWS, FEW = 4000, 800


def file_of(rows: int) -> str:
    return "Nom;Email\n" + "".join(f"Personne {n};p{n}@exemple.fr\n" for n in range(rows))


FILE = file_of(ROWS)
KILLED = """
import sys
from pathlib import Path
from gnetics.imports.importer import import_workbook
from gnetics.settings import Settings
from gnetics.store.crm import open_crm

def told(done, total):
    if 2 * done > total:
        print("writing", flush=True)

import_workbook(open_crm(Settings(database_url=sys.argv[1])), "x", Path(sys.argv[2]), progress=told)
"""


def content(crm: Crm) -> list[int]:
    with crm.read() as connection:
        return [
            connection.execute(select(func.count()).select_from(schema.metadata.tables[name])).scalar_one()
            for name in ("leads", "history", "imports")
        ]


@pytest.mark.parametrize("wait", [pytest.param(0.0, marks=pytest.mark.soak), 0.15])
@pytest.mark.costly
def test_an_import_killed_while_it_writes_leaves_nothing_and_can_be_done_again(store_url: str, tmp_path: Path, wait: float) -> None:
    file = tmp_path / "f.csv"
    file.write_text(FILE, "utf-8")
    crm = open_crm(Settings(database_url=store_url))
    with subprocess.Popen([sys.executable, "-c", KILLED, store_url, str(file)], stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline()
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
    assert content(crm) in ([0, 0, 0], [ROWS, ROWS, 1])
    report = import_workbook(crm, "x", file)
    assert (report.taken + report.unchanged, content(crm)) == (ROWS, [ROWS, ROWS, 1])
    crm.close()


@pytest.mark.soak
def test_imports_killed_at_any_moment_are_whole_or_absent(store_url: str, workers: Workers) -> None:
    seen = [tuple(map(int, line.split())) for line in workers.run(jobs.imports_killed_at_random, store_url)]
    assert len(seen) == jobs.MOMENTS
    assert all(leads == history == jobs.ROWS * imports for leads, history, imports in seen)
    assert 1 <= seen[-1][2] < jobs.MOMENTS  # some were stopped in time
    crm = open_crm(Settings(database_url=store_url))
    assert import_workbook(crm, "x", FILE.encode(), "f.csv").taken == ROWS  # no lock is left behind
    assert len(crm.snapshot().leads) == seen[-1][0] + ROWS
    crm.close()


@pytest.mark.day
def test_the_command_clears_what_a_first_import_stopped_dead_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GNETICS_DATA_DIR", str(tmp_path))
    file, old = tmp_path / "f.csv", tmp_path / ".import-a"
    file.write_text("Nom;Statut\nAnne;Chaud\n", "utf-8")
    old.mkdir()
    with scratch.folder(tmp_path, ".import-b") as under_way:
        assert main(["import", str(file), "--status", "Chaud=Tiède"]) == 2 and "l’un de" in capsys.readouterr().err
        assert main(["import", str(file), "--status", "Chaud=qualifié"]) == 0
        assert under_way.exists(), "its process lives"
    assert "Statut « Chaud » (1) : lu « Qualifié »." in capsys.readouterr().out
    assert (old.exists(), (tmp_path / "gnetics.db").exists()) == (False, True)


def test_two_imports_and_an_edit_at_once_are_all_kept(store_url: str) -> None:
    crm = open_crm(Settings(database_url=store_url))
    import_workbook(crm, "x", b"ID Lead;Nom\nA1;Anne\n", "f.csv")
    snapshot = crm.snapshot()
    with ThreadPoolExecutor(3) as several:
        imports = [several.submit(import_workbook, crm, who, file_of(FEW).encode(), f"{who}.csv") for who in ("Ana", "Bob")]
        edit = several.submit(save_lead, crm, "alice", 1, {"amount": 500}, None, snapshot)
        reports = [each.result(120) for each in imports]
        edit.result(120)
    assert sorted(report.taken for report in reports) == [0, FEW]
    assert content(crm)[0] == FEW + 1
    assert crm.snapshot().lead(1)["amount"] == 500
    crm.close()
