"""The worker as a process: alone, beside a server, killed at the worst moment; what it tells by mail."""

from __future__ import annotations

import email
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from email import policy
from pathlib import Path

import psutil
import pytest
from sqlalchemy import func, select, text, update

from gnetics import settings as settings_module
from gnetics.actions.bin import delete_lead
from gnetics.actions.leads import save_lead
from gnetics.domain.rights import Verb
from gnetics.domain.runs import Status
from gnetics.store.crm import Crm, open_crm
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.schema import history, leads, runs
from tests.conftest import live
from tests.served import ROOT, ZONE, environment, serve
from tests.server.mail_server import Box, mail_server

pytestmark = pytest.mark.costly
BIN, LOGS, QUIET, SCORE, CHECK = "nuit-corbeille", "nuit-journaux", "nuit-contacts", "nuit-scores", "nuit-controle"
LOOKED_AT_ONCE = "import gnetics.server.app as app, gnetics.server.worker as worker; app.WORKER_AFTER = 0; worker.LOOKED_AT_EVERY = 0.5"
# erases, says so, and hangs before it commits
HANGS = """
import time
from gnetics.store.unit_of_work import UnitOfWork
def erase(uow, into, original=UnitOfWork.forget_leads):
    original(uow, into)
    print("erased", flush=True)
    time.sleep(60)
UnitOfWork.forget_leads = erase
"""


@pytest.fixture
def old(crm: Crm) -> Crm:
    """A store with a contact whose 30 days and nights in the bin are over."""
    past = replace(crm, clock=replace(crm.settings.clock, source=lambda: crm.settings.clock.now() - timedelta(days=KEPT_DAYS + 1)))
    key = save_lead(past, "Ana", None, {"name": "Zoé"}, None, past.snapshot()).key
    delete_lead(past, "Ana", key, past.snapshot())
    live(past, KEPT_DAYS)
    return crm


@contextmanager
def _worker(crm: Crm, log: Path, before: str = "", **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    program = f"{before}\nimport sys\nfrom gnetics.cli import main\nsys.exit(main(['worker']))"
    surroundings = environment(database_url=crm.settings.database_url, **settings) | {"PYTHONPATH": str(ROOT)}
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-c", program], stdout=output, stderr=output, env=surroundings, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _until(true: Callable[[], object], log: Path, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, log.read_text("utf-8")
        time.sleep(0.05)


def _done(crm: Crm) -> set[str]:
    with crm.read() as connection:
        return set(connection.execute(select(runs.c.automation).where(runs.c.status == Status.SUCCEEDED)).scalars()) - {None}


def _erased(crm: Crm) -> bool:
    with crm.read() as connection:
        return connection.execute(select(func.count()).where(leads.c.name.is_not(None))).scalar_one() == 0


@pytest.mark.day
def test_it_does_the_nights_tasks_and_ends_when_asked(old: Crm, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with _worker(old, log, log_json="oui") as process:
        _until(lambda: _done(old) == {BIN, LOGS, QUIET, SCORE, CHECK}, log)
        assert _erased(old)
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
    assert '"levelname": "INFO", "name": "gnetics.worker"' in log.read_text("utf-8")


def test_killed_in_the_middle_it_has_done_nothing_by_halves_and_another_one_does_it_once(old: Crm, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with _worker(old, log, HANGS) as process:
        _until(lambda: "erased" in log.read_text("utf-8"), log)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not _erased(old) and _done(old) == set()
    with _worker(old, log) as process:
        _until(lambda: _done(old) == {LOGS, QUIET, SCORE, CHECK}, log)
        assert not _erased(old), "the one that was killed might still be at it"
    with old.engine.begin() as connection:
        connection.execute(update(runs).where(runs.c.automation == BIN).values(next_attempt_at=old.settings.clock.instant()))
    with _worker(old, log), _worker(old, log):
        _until(lambda: BIN in _done(old), log)
        time.sleep(1)
    assert _erased(old)
    with old.read() as connection:
        told = select(runs.c.status, runs.c.attempt).where(runs.c.automation == BIN).order_by(runs.c.attempt)
        assert [tuple(run) for run in connection.execute(told)] == [("interrompu", 1), ("réussi", 2)], "two workers, one line each"
        assert connection.execute(select(func.count()).where(history.c.entity == "lead")).scalar_one() == 0


def _worker_of(server: psutil.Process) -> psutil.Process | None:
    for child in server.children():
        with suppress(psutil.NoSuchProcess):  # or a zombie
            if "worker" in child.cmdline():
                return child
    return None


def test_a_server_has_one_which_is_replaced_when_it_is_killed_and_never_outlives_it(
    copy_of_demo: Callable[[], str], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with serve(log, before=LOOKED_AT_ONCE, database_url=copy_of_demo(), worker="oui", warm_kernels="non") as server:
        process = psutil.Process(server.process.pid)
        _until(lambda: _worker_of(process), log)
        first = _worker_of(process)
        assert first is not None
        first.kill()
        _until(lambda: (found := _worker_of(process)) and found != first, log)
        assert "The worker ended (-9)" in log.read_text("utf-8")
        last = _worker_of(process)
        assert last is not None
        _until(lambda: "planificateur de CRM GNETICS est prêt" in log.read_text("utf-8"), log)
        server.process.kill()
        _until(lambda: not last.is_running() or last.status() == psutil.STATUS_ZOMBIE, log, seconds=5)


def test_a_server_that_stops_takes_its_worker_along(copy_of_demo: Callable[[], str], tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serve(log, before=LOOKED_AT_ONCE, database_url=copy_of_demo(), worker="oui", warm_kernels="non") as server:
        process = psutil.Process(server.process.pid)
        _until(lambda: _worker_of(process), log)
        worker = _worker_of(process)
    assert worker is not None
    worker.wait(20)  # a server that a busy machine made us kill takes it along all the same
    assert "Traceback" not in log.read_text("utf-8")


@pytest.fixture
def demo(copy_of_demo: Callable[[], str]) -> Iterator[Crm]:
    with closing(open_crm(replace(settings_module.load({}), region_zone=ZONE, database_url=copy_of_demo()))) as crm:
        yield crm


def _alerts(box: Box) -> list[tuple[str, str]]:
    """Subject and text of each."""
    messages = [email.message_from_bytes(content, policy=policy.default) for _, _, content in box.taken]
    return [(message["Subject"], message.get_content()) for message in messages]


def _smtp(box: Box) -> dict[str, str]:
    return {"smtp_url": f"smtp://127.0.0.1:{box.port}", "mail_from": "crm@exemple.fr", "alerts_to": "ana@exemple.fr"}


@pytest.mark.day
def test_at_night_it_tells_once_by_mail_what_is_to_correct(demo: Crm, tmp_path: Path) -> None:
    log = tmp_path / "log"
    Path(str(demo.engine.url.database)).chmod(0o644)
    with mail_server() as box:
        with _worker(demo, log, **_smtp(box)):
            _until(lambda: CHECK in _done(demo), log)
        with _worker(demo, log, "from gnetics.operations import worker; worker.PAUSE = 0.1", **_smtp(box)) as process:
            _until(lambda: "est prêt" in log.read_text("utf-8"), log)
            time.sleep(1)  # several rounds
            process.send_signal(signal.SIGTERM)
            assert process.wait(5) == 0
        ((subject, text),) = _alerts(box)
    assert re.fullmatch("CRM GNETICS\u00a0: [123]\u00a0points? à corriger", subject)  # SQLite may have made two more files like it
    assert "faites chmod 600" in text


def _move(store: Path, place: Path) -> None:
    """With its logs, as whoever moves a store does: what is in them would be lost."""
    for suffix in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            store.with_name(store.name + suffix).rename(place.with_name(place.name + suffix))


def test_it_tells_once_by_mail_that_the_store_is_silent(demo: Crm, tmp_path: Path) -> None:
    log, store = tmp_path / "log", Path(str(demo.engine.url.database))
    impatient = "from gnetics.operations import worker; worker.SILENT_FOR, worker.PAUSE = 0, 0.1"
    with mail_server() as box, _worker(demo, log, impatient, **_smtp(box)):
        _until(lambda: CHECK in _done(demo), log)
        demo.close()
        for outages in (1, 2):
            _move(store, tmp_path / "gone")
            _until(lambda: len(box.taken) == outages, log)  # noqa: B023
            time.sleep(0.5)
            _move(tmp_path / "gone", store)
            time.sleep(0.5)
        alerts = _alerts(box)
    assert [subject for subject, _ in alerts] == ["CRM GNETICS\u00a0: la base ne répond plus"] * 2
    assert re.search("n’existe pas|n’est pas une base|a été supprimé ou remplacé", alerts[0][1])


def test_it_ends_when_the_code_was_changed_under_it_so_that_the_new_one_is_started(old: Crm, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with _worker(old, log, "from gnetics.operations import worker; worker.PAUSE = 0.1") as process:
        _until(lambda: CHECK in _done(old), log)
        with old.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        assert process.wait(10) == 1
    assert "plus récente" in log.read_text("utf-8")


def test_a_store_that_somebody_writes_in_for_long_is_not_told_as_silent(demo: Crm, tmp_path: Path) -> None:
    log = tmp_path / "log"
    impatient = "from gnetics.operations import worker; worker.SILENT_FOR, worker.PAUSE = 0, 0.1"
    locked = "from gnetics.store import engine; engine.make_engine.__defaults__ = (0.2,)\n"
    with mail_server() as box, demo.write("Ana", Verb.SAVE_LEAD), _worker(demo, log, locked + impatient, **_smtp(box)):
        _until(lambda: log.read_text("utf-8").count("occupée par une autre opération") > 2, log)
        assert box.taken == []


def test_an_outage_after_a_store_that_was_only_busy_is_another_one_and_told(demo: Crm, tmp_path: Path) -> None:
    log, store = tmp_path / "log", Path(str(demo.engine.url.database))
    impatient = "from gnetics.operations import worker; worker.SILENT_FOR, worker.PAUSE = 0, 0.1"
    locked = "from gnetics.store import engine; engine.make_engine.__defaults__ = (0.2,)\n"
    with mail_server() as box, demo.write("Ana", Verb.SAVE_LEAD), _worker(demo, log, locked + impatient, **_smtp(box)):
        for outages in (1, 2):
            store.rename(tmp_path / "gone")
            _until(lambda: len(box.taken) == outages, log)  # noqa: B023
            (tmp_path / "gone").rename(store)
            busy = log.read_text("utf-8").count("occupée par une autre opération")
            _until(lambda: log.read_text("utf-8").count("occupée par une autre opération") > busy, log)  # noqa: B023
