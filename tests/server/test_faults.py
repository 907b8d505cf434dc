"""Two servers on one SQLite file, and kill -9 of a kernel and of a server while they save: whatever was confirmed is there."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from http.client import HTTPException
from pathlib import Path
from threading import Thread

import psutil

from tests.probes import write_probe
from tests.served import Served, serve

SAVE = """
from pathlib import Path
from gnetics.store.crm import open_crm
from gnetics.actions.leads import save_lead
crm = open_crm()
snapshot = crm.snapshot()
with Path(request.query["journal"]).open("a") as confirmed:
    for number in range(int(request.query["combien"])):
        save_lead(crm, request.user, None, {"name": f"{request.query['qui']} {number}"}, None, snapshot)
        confirmed.write(f"{request.query['qui']} {number}\\n")
        confirmed.flush()
"""


def test_whatever_was_confirmed_survives_a_kernel_and_a_server_killed_while_saving(tmp_path: Path, copy_of_demo: Callable[[], str]) -> None:
    store, journal = copy_of_demo(), tmp_path / "journal"
    folder = tmp_path / "notebooks"
    folder.mkdir()
    write_probe(folder, "accueil", "from gnetics.kernel.request import wait\nrequest = wait()", SAVE)
    settings = {"notebooks_dir": str(folder), "database_url": store, "pools": "", "user": "Ana"}

    def save(server: Served, who: str, times: int) -> Thread:
        def ask() -> None:
            with suppress(OSError, HTTPException):  # cut off when its server is killed
                server.get(f"voila/render/accueil.ipynb?qui={who}&combien={times}&journal={journal}")

        asking = Thread(target=ask)
        asking.start()
        return asking

    with serve(tmp_path / "a", **settings) as a, serve(tmp_path / "b", **settings) as b:
        threads = [save(a, "premier", 100_000), save(b, "second", 100_000)]
        _wait(lambda: {"premier 3", "second 3"} <= _confirmed(journal))
        (kernel,) = b.kernels()
        psutil.Process(kernel).kill()
        left = [psutil.Process(pid) for pid in a.kernels()]
        a.process.kill()
        a.process.wait()
        assert not psutil.wait_procs(left, 10)[1], "kernels end with their server"
        save(b, "ensuite", 3).join()
        assert b.get("sante").status == 200
        for thread in threads:
            thread.join(10)
    confirmed = _confirmed(journal)
    assert {"ensuite 2", "premier 3"} <= confirmed
    with closing(sqlite3.connect(store.removeprefix("sqlite:///"))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        names = {name for (name,) in connection.execute("SELECT name FROM leads")}
        unwritten = connection.execute(
            "SELECT count(*) FROM leads WHERE name LIKE 'premier %' AND key NOT IN (SELECT entity_key FROM history)"
        ).fetchone()
    assert confirmed <= names
    assert unwritten == (0,), "no lead without its history"


def _confirmed(journal: Path) -> set[str]:
    return set(journal.read_text("utf-8").splitlines()) if journal.exists() else set()


def _wait(done: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)
