"""The store gone under load, the disk full, the clock moved: a clear French sentence, and nothing confirmed is lost."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from gnetics.actions.leads import save_lead
from gnetics.clock import fixed
from gnetics.errors import StoreUnreachable
from gnetics.settings import Settings
from gnetics.store.crm import Crm, open_crm
from gnetics.store.frames import Snapshot
from tests import postgresql
from tests.conftest import copied
from tests.served import ROOT

FILL = """
import resource, sys
from gnetics.actions.leads import save_lead
from gnetics.errors import StoreError
from gnetics.settings import Settings
from gnetics.store.crm import open_crm
crm = open_crm(Settings(database_url=sys.argv[1]))
snapshot = crm.snapshot()
endless = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, endless[1]))
saved = 0
try:
    while saved < 1000:
        save_lead(crm, "alice", None, {"name": f"N {saved}", "notes": "x" * 5000}, None, snapshot)
        saved += 1
except StoreError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, endless)
assert crm.snapshot().leads["name"].tolist() == [f"N {n}" for n in range(saved)], "what was confirmed, and nothing more"
save_lead(crm, "alice", None, {"name": "De la place"}, None, snapshot)
crm.close()
crm = open_crm(Settings(database_url=sys.argv[1]))
assert len(crm.snapshot().leads) == saved + 1
print(saved > 0)
"""


def test_a_full_disk_is_said_and_the_store_goes_on_once_there_is_room(empty_store: Path, tmp_path: Path) -> None:
    store = f"sqlite:///{copied(empty_store, tmp_path / 'gnetics.db')}"
    done = subprocess.run([sys.executable, "-c", FILL, store], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    said, some = done.stdout.splitlines()
    assert "est plein ou ne répond plus. Rien n’a été enregistré." in said
    assert some == "True"


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.postgres
def test_a_server_gone_for_a_while_under_load_loses_nothing(postgresql_server: str) -> None:
    url = postgresql.empty_store(postgresql_server)
    crm = open_crm(Settings(database_url=url))
    confirmed: list[str] = []
    said: list[str] = []
    defects: list[BaseException] = []
    working = True

    def work(who: str, snapshot: Snapshot) -> None:
        number = 0
        while working:
            try:
                save_lead(crm, who, None, {"name": f"{who} {number}"}, None, snapshot)
                confirmed.append(f"{who} {number}")
                number += 1
            except StoreUnreachable as error:
                said.append(str(error))
                number += 1
                time.sleep(0.05)
            except BaseException as error:
                defects.append(error)
                raise

    threads = [Thread(target=work, args=[f"T{n}", crm.snapshot()], daemon=True) for n in range(4)]
    for thread in threads:
        thread.start()
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as administrator:
        _until(lambda: len(confirmed) > 0)
        administrator.execute("ALTER DATABASE gnetics ALLOW_CONNECTIONS false")
        administrator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'gnetics'")
        _until(lambda: len(said) >= len(threads))
        before = len(confirmed)
        administrator.execute("ALTER DATABASE gnetics ALLOW_CONNECTIONS true")
    _until(lambda: len(confirmed) > before)
    working = False
    for thread in threads:
        thread.join(20)
    assert defects == []
    assert before > 0 and len(confirmed) > before, "it went on by itself"
    assert said and all("ne répond pas" in sentence for sentence in said)
    assert set(confirmed) <= set(crm.snapshot().leads["name"])
    crm.close()


def test_a_clock_that_goes_back_hides_no_change(crm: Crm) -> None:
    mine, theirs = crm.snapshot(), crm.snapshot()
    save_lead(crm, "alice", None, {"name": "Zoé"}, None, mine)
    late = replace(crm, clock=fixed(datetime(2025, 1, 1, tzinfo=UTC), crm.region.zone))
    save_lead(late, "alice", 1, {"name": "Zoé Martin"}, None, mine)
    theirs.refresh()
    assert theirs.leads["name"].tolist() == ["Zoé Martin"]
    assert crm.snapshot().leads["name"].tolist() == ["Zoé Martin"]
