"""Other processes for the store's tests, each doing one job on the store at an address."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import psycopg  # noqa: F401 - imported once, before the forks
from sqlalchemy import event

from gnetics import settings as settings_module
from gnetics.actions.leads import save_lead
from gnetics.actions.merging import merge_leads
from gnetics.errors import StoreReadOnly
from gnetics.store.crm import Crm, open_crm
from gnetics.store.frames import Snapshot
from gnetics.store.unit_of_work import UnitOfWork

WRITERS, EACH = 4, 10
FIELDS = ("name", "company", "job_title", "source", "owner", "notes")


class Workers:
    """One process that imports everything once, then forks for each job it is given."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.store.workers"]
        root = Path(__file__).parent.parent.parent
        self._process = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, job: Callable[[str], None], url: str) -> list[str]:
        """The lines that the job printed; its failure is the test's."""
        print(job.__name__, url, file=self._process.stdin, flush=True)
        lines: list[str] = []
        while not lines or not lines[-1].startswith("END "):
            lines.append(self._process.stdout.readline().strip())  # type: ignore[union-attr]
            assert lines[-1], "the workers are gone"
        assert lines.pop() == "END 0", f"{job.__name__} failed: see above"
        return lines

    def close(self) -> None:
        self._process.communicate(timeout=10)


def increments(url: str) -> None:
    """Each of WRITERS processes adds one to the amount of lead 1, EACH times."""

    def work() -> None:
        crm = _open(url)
        for _ in range(EACH):
            with crm.write("compteur", "save_lead") as uow:
                uow.update("leads", 1, {"amount": uow.row("leads", 1)["amount"] + 1})
                uow.commit()

    _together([work] * WRITERS)


def add_lead(url: str) -> None:
    """Another process saves a new contact, then closes the store."""
    crm = _open(url)
    print(save_lead(crm, "autre", None, {"name": "Écrit ailleurs"}, None, crm.snapshot()).key)
    crm.close()


def killed_saves(url: str) -> None:
    """Saves of lead 1 that a kill -9 stops before their 1st, 2nd … statement; prints the lead before each and at the end."""
    number = 0
    while _killed_before_statement(url, number):
        number += 1
    with _open(url).write("lecture", "save_lead") as uow:
        _print_lead(uow)


def _killed_before_statement(url: str, number: int) -> bool:
    def save(crm: Crm) -> None:
        with crm.write("coupure", "save_lead") as uow:  # a lock left behind by the one killed before would show here
            _print_lead(uow)
            _kill_at(crm, number)
            uow.update("leads", 1, dict.fromkeys(FIELDS, f"coupure {number}"))
            uow.commit()

    return _killed(url, save)


def killed_merges(url: str) -> None:
    """Merges of leads 1 and 2 that a kill -9 stops before each statement; prints which lead has what before each and at the end."""

    def merge(crm: Crm, number: int) -> None:
        snapshot = crm.snapshot()
        if len(snapshot.leads) == 1:
            return  # the one killed before had committed
        _print_owners(snapshot)
        _kill_at(crm, number)
        merge_leads(crm, "coupure", [1, 2], {}, {}, snapshot)

    number = 0
    while _killed(url, partial(merge, number=number)):
        number += 1
    _print_owners(_open(url).snapshot())


def _print_owners(snapshot: Snapshot) -> None:
    living = snapshot.leads.index.tolist()
    print(" ".join(f"{living[min(place, len(living) - 1)]}:{key}" for place, key in enumerate(snapshot.events["lead_key"])), flush=True)


def _killed(url: str, job: Callable[[Crm], None]) -> bool:
    """Whether the job, done in another process, was killed."""
    child = os.fork()
    if child == 0:
        job(_open(url))
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _print_lead(uow: UnitOfWork) -> None:
    row = uow.row("leads", 1)
    print("/".join(sorted({row[name] for name in FIELDS})), flush=True)


def _kill_at(crm: Crm, number: int) -> None:
    left = [number]

    def before(*_: Any) -> None:
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1

    event.listen(crm.engine, "before_cursor_execute", before)
    event.listen(crm.engine, "commit", before)


def read_only(url: str) -> None:
    """Saves without the right to write, and prints what is said; root, who writes everywhere, becomes nobody."""
    first = _open(url)
    first.snapshot()  # loads every module while we may still read them all
    first.close()
    if os.geteuid() == 0:
        account = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
    try:
        crm = _open(url)
        save_lead(crm, "lecteur", None, {"name": "Zoé"}, None, crm.snapshot())
    except StoreReadOnly as refusal:
        print(refusal)


def _open(url: str) -> Crm:
    return open_crm(replace(settings_module.load({}), database_url=url))


def _together(jobs: list[Callable[[], None]]) -> None:
    children = []
    for job in jobs:
        child = os.fork()
        if child == 0:
            job()
            os._exit(0)
        children.append(child)
    if any(os.waitpid(child, 0)[1] for child in children):
        raise SystemExit("a process failed")


JOBS = {job.__name__: job for job in (increments, add_lead, killed_saves, killed_merges, read_only)}


def serve() -> None:
    """Jobs from the standard input, each in its own process, ended by a line « END status »."""
    for line in sys.stdin:
        job, url = line.split()
        child = os.fork()
        if child == 0:
            JOBS[job](url)
            sys.stdout.flush()
            os._exit(0)
        print(f"END {int(os.waitpid(child, 0)[1] != 0)}", flush=True)


if __name__ == "__main__":
    serve()
